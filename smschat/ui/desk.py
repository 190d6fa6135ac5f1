"""What the screens share: the way to the runtime, the drafts, who we are, the clock and the signs."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Protocol

from smschat import paths
from smschat.runtime.preferences import Preferences
from smschat.ui.mask import Mask
from smschat.ui.rebinding import rebinding_of
from smschat.ui.render import Marks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Self

    from smschat.runtime import RuntimeThread
    from smschat.ui.bridge import Bridge
    from smschat.ui.drafts import Drafts
    from smschat.ui.rebinding import Rebinding


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatOptions:
    """What the chat is told when it is started.

    Attributes:
        number: our own number; empty when none is set.
        sender: the sender ID that recipients see.
        country: where a search for numbers begins, ISO 3166 alpha-2.
        preferences: how the user wants it.
        report_folder: where the report of a crash goes; None: nowhere.
        now: the time, as an aware datetime.
    """

    profile: str
    number: str = field(repr=False)
    sender: str = field(repr=False)
    country: str = "NL"
    preferences: Preferences = field(default_factory=Preferences)
    report_folder: Path | None = None
    now: Callable[[], datetime] = lambda: datetime.now().astimezone()

    @classmethod
    def of(cls, thread: RuntimeThread) -> Self:
        """What the runtime knows."""
        return cls(
            profile=thread.profile,
            number=thread.number,
            sender=thread.sender,
            country=thread.country,
            preferences=thread.preferences,
            report_folder=paths.state_dir(),
        )


class Asks(Protocol):
    """Puts a question to the user; False when in doubt."""

    async def __call__(self, question: str, yes: str) -> bool:
        """Ask."""
        ...


@dataclass(slots=True, kw_only=True)
class Desk:
    """One for each chat.

    Attributes:
        options: changed only by `prefer`; whoever needs one of the user's wishes reads it here when it acts.
        mask: the presenter's mask; whatever shows a number, a name or a text of somebody passes it.
    """

    bridge: Bridge
    drafts: Drafts
    options: ChatOptions
    marks: Marks
    ask: Asks
    mask: Mask = field(default_factory=Mask)

    @property
    def rebound(self) -> Mapping[str, tuple[str, ...]]:
        """The keys that are not those of the table, by action."""
        return self.rebinding.keys

    @property
    def rebinding(self) -> Rebinding:
        """What became of the user's own keys."""
        preferences = self.options.preferences
        return _rebinding(tuple(sorted(preferences.keys.items())), preferences.enter == "newline")

    def prefer(self, preferences: Preferences) -> None:
        """The user wants the chat otherwise from now on."""
        self.options = replace(self.options, preferences=preferences)

    def now(self) -> datetime:
        """The time, as an aware datetime."""
        return self.options.now()


@cache
def _rebinding(wanted: tuple[tuple[str, str], ...], newline_on_enter: bool) -> Rebinding:  # noqa: FBT001 - cached
    return rebinding_of(dict(wanted), newline_on_enter=newline_on_enter)


def marks_of_terminal() -> Marks:
    """The signs that this terminal can show: ASCII where its encoding or its type has no more."""
    encoding = (getattr(sys.__stderr__, "encoding", None) or "ascii").lower().replace("-", "")
    term = os.environ.get("TERM", "")
    return Marks(ascii=not encoding.startswith("utf") or term == "dumb" or term.startswith("vt"))
