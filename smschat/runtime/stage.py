"""The demo's stage: who is on it, and speaking as one of them; only the demo has one.

The rule: what is spoken goes the way of every SMS, through the simulator and the real listener.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from smschat.domain.changes import Condition, HealthChanged, Subsystem
from smschat.errors import UnreachableError, UsageError
from smschat.runtime.plan import Companion

if TYPE_CHECKING:
    from smschat.runtime.root import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """Somebody whom the simulator plays.

    Attributes:
        number: digits with country code.
        habit: one sentence on how they answer.
    """

    number: str
    name: str
    habit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbill:
    """Who is on the stage.

    Attributes:
        outcomes: numbers that decide what becomes of an SMS, as they are written, and what that is.
    """

    players: tuple[Player, ...]
    outcomes: tuple[tuple[str, str], ...] = field(repr=False)


@runtime_checkable
class Stage(Companion, Protocol):
    """A companion that one can speak through."""

    def playbill(self) -> Playbill:
        """Who is on it."""
        ...

    def speak(self, number: str, text: str) -> None:
        """Somebody writes to the account; there is a simulator by then."""
        ...


async def playbill(runtime: Runtime) -> Playbill | None:
    """Who is on the stage; None: this is not the demo."""
    companion = runtime.plan.companion
    return companion.playbill() if isinstance(companion, Stage) else None


async def speak(runtime: Runtime, number: str, text: str) -> None:
    """Write to the account as somebody; the SMS comes in as every other does.

    Raises:
        UsageError: this is not the demo.
        UnreachableError: nothing of this process listens, so that it would come in nowhere.
    """
    companion = runtime.plan.companion
    if not isinstance(companion, Stage):
        raise UsageError("there is no simulator here", hint="`smschat demo` has one")
    if not _is_registered(runtime):
        raise UnreachableError("nothing can come in here yet", hint="wait until the header says listening")
    companion.speak(number, text)


def _is_registered(runtime: Runtime) -> bool:
    return any(
        isinstance(news, HealthChanged) and news.part is Subsystem.CALLBACK and news.state is Condition.UP
        for news in runtime.known()
    )
