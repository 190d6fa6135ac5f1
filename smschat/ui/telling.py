"""Being told: SMS that nobody is looking at ring the bell and show on the desktop.

The rule: a burst is one notice; what is written goes through the driver, between two frames; the mask covers what is
told as it covers what is shown.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from smschat.domain.changes import SmsChanged
from smschat.errors import SmschatError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from smschat.domain.sms import Sms
    from smschat.messaging.notify import Known, Notice
    from smschat.ui.bridge import Taken
    from smschat.ui.desk import Desk
    from smschat.ui.widgets.talk import Talk

GATHER_S: Final = 0.3
"""Seconds of quiet after which what has come is told."""

_MOST_WAITS: Final = 5
"""How often that is put off: a stream that never rests is told of all the same."""

_MOST: Final = 500
"""SMS of one burst that are looked at; more are counted as passed over."""


class Clock(Protocol):
    """The app's timers."""

    def __call__(self, delay: float, callback: Callable[[], Awaitable[None]], /) -> object:
        """Call it after so many seconds."""
        ...


class Telling:
    """One for each chat.

    Args:
        desk: what the screens share.
        later: the app's timers.
        is_seen: whether somebody is looking at this SMS.
        write: writes to the terminal; nothing while it is lent to another program.
    """

    def __init__(
        self, desk: Desk, *, later: Clock, is_seen: Callable[[Sms], bool], write: Callable[[str], None]
    ) -> None:
        self._desk = desk
        self._later = later
        self._is_seen = is_seen
        self._write = write
        self._known: Known | None = None
        self._waiting: list[Sms] = []
        self._is_timed = False
        self._has_more = False
        self._waits = 0

    def hear(self, taken: Taken) -> None:
        """SMS are new, or have moved."""
        if not self._desk.options.preferences.notify:
            return
        for change in taken.changes:
            if isinstance(change, SmsChanged):
                self._hear(change.sms)

    def _hear(self, sms: Sms) -> None:
        from smschat.messaging.notify import Known, is_news  # noqa: PLC0415 - after the first frame

        self._known = self._known or Known()
        if not is_news(sms, self._desk.now()) or not self._known.is_new(sms) or len(self._waiting) >= _MOST:
            return
        self._waiting.append(sms)
        self._has_more = True
        self._wait()

    def _wait(self) -> None:
        if not self._is_timed:
            self._is_timed, self._has_more = True, False
            self._later(GATHER_S, self._rested)

    async def _rested(self) -> None:
        self._is_timed = False
        if self._has_more and self._waits < _MOST_WAITS:
            self._waits += 1
            self._wait()
            return
        self._waits = 0
        waiting, self._waiting = self._waiting, []
        notices = await self._notices(waiting)
        if notices:
            self._tell(notices)

    async def _notices(self, waiting: Sequence[Sms]) -> list[Notice]:
        from smschat.messaging.notify import tell_of  # noqa: PLC0415 - as above

        desk, notices = self._desk, []
        conversations = {}
        for sms in waiting:
            if sms.peer not in conversations:
                try:
                    conversations[sms.peer] = await desk.bridge.call(
                        lambda messenger, peer=sms.peer: messenger.conversation(peer)  # type: ignore[misc]  # bound now
                    )
                except SmschatError:
                    return []
            notice = tell_of(
                sms,
                conversations[sms.peer],
                is_watched=self._is_seen(sms),
                now=desk.now(),
                hides_text=desk.options.preferences.hides_text,
            )
            if notice is not None:
                mask = desk.mask
                notices.append(replace(notice, who=mask.name(notice.who), text=mask.text(notice.text)))
        return notices

    def _tell(self, notices: Sequence[Notice]) -> None:
        from smschat.messaging.notify import gathered  # noqa: PLC0415 - as above
        from smschat.ui.notices import sequences_of  # noqa: PLC0415 - as above

        ways = self._desk.options.preferences.notify
        self._write(sequences_of(gathered(notices), ways, os.environ, is_ascii=self._desk.marks.ascii))


def is_watched(talk: Talk, sms: Sms) -> bool:
    """Whether somebody is looking at it: the terminal has the focus, the conversation is open, and it is in sight.

    Of our own SMS it is enough that its conversation is.
    """
    if not talk.is_attached:
        return True  # the chat is ending, and tells nothing any more
    if not (talk.is_open and talk.app.app_focus and talk.screen.is_active):
        return False
    if not talk.peer == talk.messages.peer == sms.peer:
        return False
    newest = talk.messages.newest_seq_on_screen
    return sms.is_outbound or (newest is not None and newest >= sms.seq)
