"""Who is told of an SMS that came in, or of one that did not arrive; pure.

The rule: nothing is told of what somebody is looking at, of who is muted or blocked, of what is old, or of the same
thing twice; and what comes in a burst is told at once, in one notice.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from smschat.domain.delivery import Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from smschat.domain.conversation import Conversation
    from smschat.domain.sms import Sms

NEWS_FOR: Final = timedelta(minutes=10)
"""What came earlier is no news: it was imported, or found at the start."""

_INBOUND: Final = frozenset({Status.RECEIVED, Status.PARTIAL})
_WORDS: Final = {
    Status.FAILED: "failed",
    Status.EXPIRED: "expired",
    Status.REJECTED: "was rejected",
    Status.REFUSED: "was refused",
    Status.UNKNOWN: "may not have been sent",
}
_NO_TEXT: Final = "(no text)"
_NAMED: Final = 2
_MOST_KNOWN: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is told of one SMS, or of several.

    Attributes:
        who: the name, or the number where there is none, of whom it is from or to.
        text: what it says, or why it failed; empty: that is not told.
        is_failure: it is one of ours that did not arrive.
        word: of a failure: what became of it.
    """

    who: str = field(repr=False)
    text: str = field(default="", repr=False)
    is_failure: bool = False
    word: str = ""

    @property
    def title(self) -> str:
        """The line above the text."""
        return f"SMS to {self.who} {self.word}" if self.is_failure else self.who


def is_news(sms: Sms, now: datetime) -> bool:
    """Whether an SMS in this state can be told of at all: just come in, or just failed.

    Args:
        now: aware.
    """
    if sms.is_outbound:
        return sms.status in _WORDS and now - sms.updated_at < NEWS_FOR
    return sms.status in _INBOUND and now - sms.created_at < NEWS_FOR


def tell_of(
    sms: Sms,
    conversation: Conversation | None,
    *,
    is_watched: bool,
    now: datetime,
    hides_text: bool = False,
) -> Notice | None:
    """What is told of an SMS that is new or has moved; None: nothing.

    Args:
        conversation: whose it is; None: there is none any more.
        is_watched: the terminal has the focus, the conversation is open, and the SMS is on the screen.
        now: aware.
        hides_text: who it is from is told, and not what it says.
    """
    if conversation is None or conversation.muted or conversation.blocked or is_watched or not is_news(sms, now):
        return None
    if sms.is_outbound:
        return Notice(who=conversation.title, text=sms.reason or "", is_failure=True, word=_WORDS[sms.status])
    return Notice(who=conversation.title, text="" if hides_text else sms.text or _NO_TEXT)


def gathered(notices: Sequence[Notice]) -> Notice:
    """One notice for several, oldest first; at least one."""
    newest = notices[-1]
    if len(notices) == 1:
        return newest
    people = list(OrderedDict.fromkeys(notice.who for notice in reversed(notices)))
    failed = sum(notice.is_failure for notice in notices)
    counted = f"{len(notices)} SMS" if not failed else f"{len(notices)} SMS, {failed} of them failed"
    if len(people) == 1 and failed in {0, len(notices)}:
        who = f"{people[0]}: {counted}" if not failed else f"{people[0]}: {failed} SMS failed"
        return Notice(who=who, text=newest.text)
    more = f" and {len(people) - _NAMED} more" if len(people) > _NAMED else ""
    return Notice(who=counted, text=", ".join(people[:_NAMED]) + more)


class Known:
    """What was told or passed over already, so that nothing is told twice; the oldest is forgotten first."""

    def __init__(self, most: int = _MOST_KNOWN) -> None:
        self._most = most
        self._ids: OrderedDict[tuple[str, str], None] = OrderedDict()

    def is_new(self, sms: Sms) -> bool:
        """Whether it is met for the first time; of ours: in this state. A part that comes late makes nothing new."""
        key = (sms.id, sms.status if sms.is_outbound else "")
        if key in self._ids:
            return False
        self._ids[key] = None
        while len(self._ids) > self._most:
            self._ids.popitem(last=False)
        return True
