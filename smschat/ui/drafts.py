"""What was typed and not sent, on its way to the disk; one text for each conversation.

The rule: a draft is on disk within three seconds of being typed, at once when the conversation is left, and before the
chat ends; and what was typed in one conversation never shows in another.
"""

from __future__ import annotations

import concurrent.futures
import logging
import threading
from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from smschat.domain.conversation import Conversation
    from smschat.ui.bridge import Bridge

REST_S: Final = 0.6
"""Seconds without a key after which a draft is written."""

LONGEST_S: Final = 3.0
"""Seconds of typing without a pause after which it is written all the same."""

log = logging.getLogger(__name__)


class Drafts:
    """Keeps drafts until the store has them.

    Args:
        later: calls a function after so many seconds, on the screen's loop.
    """

    def __init__(self, bridge: Bridge, later: Callable[[float, Callable[[], None]], object]) -> None:
        self._bridge = bridge
        self._later = later
        self._lock = threading.Lock()
        self._unsaved: dict[str, str] = {}
        self._told: dict[str, str] = {}
        self._saving: set[concurrent.futures.Future[None]] = set()
        self._typed_at = self._first_at = 0.0
        self._is_waiting = False

    def text_of(self, conversation: Conversation) -> str:
        """What stands in the composer of this conversation: what was typed here, else what the store has."""
        peer = conversation.peer
        return self._unsaved.get(peer, self._told.get(peer, conversation.draft))

    def note(self, peer: str, text: str) -> None:
        """Somebody typed; it is written down when they rest."""
        self._typed_at = monotonic()
        if not self._unsaved:
            self._first_at = self._typed_at
        self._unsaved[peer] = text
        if not self._is_waiting:
            self._is_waiting = True
            self._later(REST_S, self._look)

    def forget(self, peer: str) -> None:
        """The text is about to be sent, and the draft cleared with it."""
        with self._lock:
            self._unsaved.pop(peer, None)
            self._told[peer] = ""

    def confirm(self, conversation: Conversation) -> None:
        """The store has told of a conversation; what it has and what was written agree, or somebody else wrote."""
        if self._told.get(conversation.peer) == conversation.draft:
            del self._told[conversation.peer]

    def save(self) -> None:
        """Write down everything now; returns at once. From any thread."""
        with self._lock:
            unsaved, self._unsaved = self._unsaved, {}
            self._told.update(unsaved)
        for peer, text in unsaved.items():
            self._submit(peer, text)

    def flush(self, timeout_s: float) -> None:
        """Write down everything and wait until it is on disk, so many seconds at most. From any thread."""
        self.save()
        _, late = concurrent.futures.wait(tuple(self._saving), timeout_s)
        if late:
            log.warning("%d drafts were not written in time", len(late))

    def _look(self) -> None:
        now = monotonic()
        rested_s = now - self._typed_at
        if rested_s >= REST_S or now - self._first_at >= LONGEST_S:
            self._is_waiting = False
            self.save()
        else:
            self._later(REST_S - rested_s, self._look)

    def _submit(self, peer: str, text: str) -> None:
        saving = self._bridge.submit(lambda messenger: messenger.save_draft(peer, text))
        self._saving.add(saving)
        saving.add_done_callback(self._saved)

    def _saved(self, saving: concurrent.futures.Future[None]) -> None:
        self._saving.discard(saving)
        if not saving.cancelled() and (error := saving.exception()) is not None:
            log.warning("a draft could not be written: %s", type(error).__name__)
