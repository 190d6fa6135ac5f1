"""What was written in the demo world before the demo began: who, what, and how long ago.

The rule: data only, and nothing in it waits to be sent. Times are either a clock time some days ago, at most 21:00, or
minutes ago, at most 180, so that their order holds at any hour.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from smschat.domain import codes
from smschat.domain.delivery import Status
from smschat.simulator import people, phrases

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A moment before now.

    Attributes:
        clock: on that day, in the time zone of now; None: so many minutes ago.
    """

    days: int = 0
    clock: time | None = None
    minutes: float = 0.0

    def before(self, now: datetime) -> datetime:
        """The moment itself."""
        if self.clock is None:
            return now - timedelta(minutes=self.minutes)
        return datetime.combine((now - timedelta(days=self.days)).date(), self.clock, now.tzinfo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One SMS of the past.

    Attributes:
        status: `received` for inbound.
        error_code: of its receipt, or the gateway's status where it was refused; None: none.
        error_text: what the gateway wrote with a refusal.
    """

    when: When
    text: str = field(repr=False)
    status: Status
    reason: str | None = None
    error_code: str | None = None
    error_text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One conversation of the past.

    Attributes:
        unread: how many of its newest inbound SMS are new.
    """

    peer: str = field(repr=False)
    name: str = field(default="", repr=False)
    lines: Sequence[Line] = field(repr=False)
    unread: int = 0
    draft: str = field(default="", repr=False)
    pinned: bool = False
    opted_out: bool = False


def _on(days: int, hour: int, minute: int) -> When:
    return When(days=days, clock=time(hour, minute))


def _ago(minutes: float) -> When:
    return When(minutes=minutes)


def _they(when: When, text: str) -> Line:
    return Line(when=when, text=text, status=Status.RECEIVED)


def _refused(status: str, error_text: str) -> str:
    meaning = codes.send_status(status, error_text)
    return f"{meaning.sentence}; {meaning.hint}" if meaning.hint else meaning.sentence


def _we(when: When, text: str, status: Status = Status.DELIVERED, reason: str | None = None) -> Line:
    return Line(when=when, text=text, status=status, reason=reason)


_ANNA: Final = Thread(
    peer=people.ANNA.number,
    name=people.ANNA.name,
    pinned=True,
    lines=(
        _they(_on(9, 12, 30), "did you get the room for the demo?"),
        _we(_on(9, 12, 41), "yes! 4.12, the one with the big screen"),
        _they(_on(9, 12, 42), "and everybody in it can text you?"),
        _we(_on(9, 12, 50), "that's the plan: they text my number, and it shows up while they watch"),
        _they(_on(9, 12, 51), "what if the wifi dies?"),
        _we(_on(9, 12, 55), "then the gateway keeps them for a day, and they arrive when we are back"),
        _they(_on(9, 13, 2), "you thought of everything 😅"),
        _they(_on(6, 19, 5), "are you coming to the meetup on Thursday?"),
        _we(_on(6, 19, 11), "wouldn't miss it, I'm showing two-way SMS"),
        _they(_on(6, 19, 12), "ooh 🎉 from your terminal, right?"),
        _we(_on(6, 19, 15), "where else :-)"),
        _they(_on(1, 20, 40), "slides done?"),
        _we(_on(1, 20, 52), "almost, one picture to go"),
        _they(_ago(30), "hi, is the demo still on?"),
        _we(_ago(29), "yes, room 4.12 at three"),
        _they(_ago(12), "perfect  https://maps.example/r/4.12"),
        _we(_ago(1), "see you at 8", Status.ACCEPTED),
    ),
)

_BAKKER: Final = Thread(
    peer=people.BAKKER.number,
    name=people.BAKKER.name,
    unread=2,
    lines=(
        _we(_on(3, 10, 2), "Good morning, can the 14 chairs be delivered before Friday?"),
        _they(_on(3, 10, 40), "Good morning. Thursday between 9 and 12 is possible. Regards, Bakker BV"),
        _we(_on(3, 10, 42), "Thursday it is, thank you"),
        _they(_ago(14), "Your order is at our depot, but the label of the second pallet is missing."),
        _they(_ago(12), "can you call me?"),
    ),
)

_NAMELESS: Final = Thread(
    peer="31655555555",
    draft="order is ready, but your phone seems to be off",
    lines=(
        _they(_on(2, 16, 30), "Is this the number for orders?"),
        _we(_on(2, 16, 34), "It is! What can we do for you?"),
        _they(_on(2, 16, 41), "Two boxes of the blue ones please"),
        Line(
            when=_ago(34),
            text="Your order is ready, you can pick it up until six.",
            status=Status.FAILED,
            reason=codes.receipt_error("2").sentence,
            error_code="2",
        ),
    ),
)

_ECHO: Final = Thread(
    peer=people.ECHO.number,
    name=people.ECHO.name,
    lines=(
        _we(_on(1, 11, 20), "testing, one two three"),
        _they(_on(1, 11, 21), "testing, one two three"),
        _we(
            _ago(95),
            "does this one get through?",
            Status.UNKNOWN,
            "the connection broke before the gateway had answered: it may have been sent",
        ),
    ),
)

_NOOR: Final = Thread(
    peer=people.NOOR.number,
    name=people.NOOR.name,
    lines=(
        _we(_on(1, 17, 58), "how's the weekend?"),
        _they(_on(1, 18, 3), phrases.emoji("how's the weekend?", 1)),
        _we(_on(1, 18, 6), "😂 save me some"),
        _they(_on(1, 18, 7), "too late 🍦🍦🍦"),
    ),
)

_MAMA: Final = Thread(
    peer="31621212121",
    name="Mama",
    lines=(
        _they(_on(2, 20, 10), "Bel je me even als je thuis bent? x"),
        _we(_on(2, 20, 31), "Doe ik! Ik ben er rond half negen"),
        _they(_on(1, 9, 2), "We zitten in het vliegtuig, telefoon gaat uit. Tot zondag!"),
        _we(_on(1, 9, 15), "Goede reis! Stuur je een foto vanaf het strand?", Status.BUFFERED),
    ),
)

_LAYLA: Final = Thread(
    peer=people.LAYLA.number,
    name=people.LAYLA.name,
    lines=(
        Line(
            when=_on(8, 14, 1),
            text="Hi Layla, is the meeting still at eight?",
            status=Status.REFUSED,
            reason=_refused("29", "Non White-listed Destination - rejected"),
            error_code="29",
            error_text="Non White-listed Destination - rejected",
        ),
        _we(_on(8, 14, 20), "Hi Layla, is the meeting still at eight?"),
        _they(_on(8, 14, 22), phrases.arabic(1)),
        _we(_on(8, 14, 25), "شكراً، إلى اللقاء"),
    ),
)

_PARCEL: Final = Thread(
    peer="PakketPunt",
    lines=(
        _they(_on(4, 9, 41), "Your parcel comes today between 14:10 and 16:40. Follow it: https://pakket.example/3SKA"),
        _they(_on(4, 15, 22), "Your parcel was left with the neighbours at number 12."),
    ),
)

_HENK: Final = Thread(
    peer=people.HENK.number,
    name=people.HENK.name,
    opted_out=True,
    lines=(
        _we(
            _on(9, 10, 0),
            "Rowing club news: the regatta is on Saturday the 6th, coffee in the boathouse from nine, first start at "
            "ten. Bring cake if you can, and a towel whatever the forecast says. See you there!",
        ),
        _they(_on(9, 10, 3), phrases.STOP),
    ),
)

THREADS: Final = (_ANNA, _BAKKER, _NAMELESS, _ECHO, _NOOR, _MAMA, _PARCEL, _LAYLA, _HENK)
