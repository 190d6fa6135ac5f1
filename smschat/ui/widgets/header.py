"""The header's words: profile, number, and how receiving is, because silent death is what hurts most.

The rule: trouble is said in words and never left out for want of room; what is well may be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from textual.content import Content

from smschat.domain.changes import BalanceChanged, Condition, Subsystem
from smschat.ui.render import clock, safe
from smschat.ui.widgets.bar import Bar
from smschat.ui.widgets.count_line import decimal_of, money

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from textual.app import RenderResult

    from smschat.domain.changes import HealthChanged
    from smschat.ui.desk import Desk
    from smschat.ui.render import Marks

_ASIDE: Final = {
    Subsystem.STORE: "store",
    Subsystem.TUNNEL: "tunnel",
    Subsystem.CALLBACK: "callback",
    Subsystem.GATEWAY: "gateway",
    Subsystem.OUTBOX: "outbox",
}
_LONGEST: Final = 46
"""Characters of one part's words: as many as `another smschat is receiving (process N)` has with N of 7 digits."""

_MINUTE_S: Final = 60.0
_LATE_S: Final = 0.01
"""Seconds after the full minute, so that the timer never fires before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything that the header tells.

    Attributes:
        health: what was said last of each part.
        balance: decimals as text; None while no answer told it.
        now: local time.
        is_masked: the presenter's mask is on.
    """

    profile: str
    number: str = field(repr=False)
    health: Mapping[Subsystem, HealthChanged]
    balance: str | None
    now: datetime
    is_masked: bool = False


class Header(Bar):
    """The first line of the screen. Its clock moves with the minute, and nothing else moves by itself."""

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(fill=desk.marks.rule, id=id)
        self._desk = desk
        self._health: dict[Subsystem, HealthChanged] = {}
        self._balance: str | None = None

    def hear(self, change: HealthChanged | BalanceChanged) -> None:
        """A part of the runtime, or the balance, has changed."""
        if isinstance(change, BalanceChanged):
            self._balance = change.balance
        else:
            self._health[change.part] = change
        self._say()

    def on_mount(self) -> None:
        """Start the clock."""
        self._tick()

    def render(self) -> RenderResult:
        """As much as this width can hold."""
        self._left, self._right = self._words()
        return super().render()

    def remask(self) -> None:
        """The mask was put on or taken off."""
        self._say()

    def _tick(self) -> None:
        self._say()
        now = self._desk.now()
        self.set_timer(_MINUTE_S - now.second - now.microsecond / 1e6 + _LATE_S, self._tick)

    def _say(self) -> None:
        if self.size:
            self.show(*self._words())

    def _words(self) -> tuple[Content, Content]:
        options = self._desk.options
        standing = Standing(
            profile=options.profile + (", exploring" if options.preferences.is_explore else ""),
            number=self._desk.mask.number(options.number),
            is_masked=self._desk.mask.is_on,
            health=self._health,
            balance=self._balance,
            now=self._desk.now(),
        )
        return header(standing, self.size.width, self._desk.marks)


def header(standing: Standing, width: int, marks: Marks) -> tuple[Content, Content]:
    """The left and the right of the header line, as much of it as so many cells can hold, trouble first."""
    receiving = _receiving(standing, marks)
    trouble = [*_masked(standing), *_troubles(standing)]
    fine = [*_tunnel(standing), *_balance(standing, marks), Content(clock(standing.now))]
    lefts = _lefts(standing, marks)
    room = width - 2
    while fine and _width(lefts[-1], receiving, *trouble, *fine) > room:
        fine.pop(0 if len(fine) > 1 else -1)
    while len(lefts) > 1 and _width(lefts[-1], receiving, *trouble, *fine) > room:
        lefts.pop()
    right = Content("  ").join([receiving, *trouble, *fine])
    right = right.truncate(max(0, room - lefts[-1].cell_length - 3), ellipsis=True)
    return lefts[-1], Content.assemble(" ", right, " ")


def _width(left: Content, *rights: Content) -> int:
    return left.cell_length + sum(right.cell_length + 2 for right in rights) + 2


def _lefts(standing: Standing, marks: Marks) -> list[Content]:
    """Ever longer forms of the left side."""
    name = Content.assemble(" ", ("smschat", "bold $primary"), " ")
    profile = Content.assemble(" ", ("smschat", "bold $primary"), f" {marks.dot} {safe(standing.profile)} ")
    rule = (marks.rule * 2, "$border")
    return [name, profile, Content.assemble(profile, rule, f" {safe(standing.number)} ")]


def _receiving(standing: Standing, marks: Marks) -> Content:
    listener = standing.health.get(Subsystem.LISTENER)
    up, down = ("*", "o") if marks.ascii else ("●", "○")
    if listener is None or listener.state is Condition.STARTING:
        return Content.styled(f"{down} starting", "$foreground 70%")
    words = _short(listener)
    match listener.state:
        case Condition.UP:
            return Content.styled(f"{up} listening", "$success")
        case Condition.OFF:
            return Content.styled(f"{down} {words or 'not receiving'}", "$warning")
        case _:
            return Content.styled(f"{down} not receiving{': ' if words else ''}{words}", "bold $error")


def _troubles(standing: Standing) -> list[Content]:
    return [
        Content.styled(f"{_ASIDE[part]}: {_short(health) or 'down'}", "bold $error")
        for part, health in standing.health.items()
        if part in _ASIDE
        and (health.state is Condition.DOWN or _is_without_account(health) or _is_elsewhere(standing, health))
    ]


def _masked(standing: Standing) -> list[Content]:
    return [Content.styled("masked", "bold $warning")] if standing.is_masked else []


def _is_without_account(health: HealthChanged) -> bool:
    """Whether something that the gateway needs is not set: it is never off by choice."""
    return health.part is Subsystem.GATEWAY and health.state is Condition.OFF


def _is_elsewhere(standing: Standing, health: HealthChanged) -> bool:
    """Whether everything works but the callback, which leads to somebody else: silence would be mistaken for peace."""
    if health.part is not Subsystem.CALLBACK or health.state is not Condition.OFF:
        return False
    tunnel, gateway = (standing.health.get(part) for part in (Subsystem.TUNNEL, Subsystem.GATEWAY))
    is_reachable = tunnel is not None and tunnel.state is Condition.UP
    return is_reachable and (gateway is None or gateway.state is not Condition.OFF)


def _tunnel(standing: Standing) -> list[Content]:
    tunnel = standing.health.get(Subsystem.TUNNEL)
    if tunnel is None or tunnel.state is Condition.DOWN or not tunnel.text:
        return []
    return [Content.styled(_short(tunnel), _TUNNEL_STYLES[tunnel.state])]


_TUNNEL_STYLES: Final = {Condition.UP: "", Condition.STARTING: "$foreground 70%", Condition.OFF: "$warning"}


def _balance(standing: Standing, marks: Marks) -> list[Content]:
    amount = decimal_of(standing.balance)
    return [] if amount is None else [Content(money(amount, marks))]


def _short(health: HealthChanged) -> str:
    text = safe(health.text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
