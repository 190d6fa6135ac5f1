"""The steps of the set-up and how far each is; pure values, drawn by `steps`.

The rule: every step can be passed over and come back to, so the order is a way through them and never a gate.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Step(IntEnum):
    """A step, by its number on the screen."""

    ACCOUNT = 1
    NUMBER = 2
    TUNNEL = 3
    TRIP = 4

    @property
    def title(self) -> str:
        """As the list of steps names it."""
        return _TITLES[self]


_TITLES: Final = {Step.ACCOUNT: "Account", Step.NUMBER: "Number", Step.TUNNEL: "Tunnel", Step.TRIP: "Round trip"}


class State(StrEnum):
    """How a step is; the value is the word on the screen."""

    TO_DO = "to do"
    NOW = "now"
    OK = "ok"
    SKIPPED = "skipped"
    FAULT = "fault"


_UNICODE: Final = {State.TO_DO: "○", State.NOW: "●", State.OK: "✓", State.SKIPPED: "-", State.FAULT: "✗"}
_ASCII: Final = {State.TO_DO: ".", State.NOW: ">", State.OK: "v", State.SKIPPED: "-", State.FAULT: "x"}


def mark_of(state: State, *, is_ascii: bool) -> str:
    """The sign of a state, one cell; different for each."""
    return (_ASCII if is_ascii else _UNICODE)[state]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the set-up is.

    Attributes:
        now: the step on the screen; None: past the last one.
        states: of the steps that were ended in some way.
        notes: a few words on what a step came to, such as the public address.
    """

    now: Step | None = Step.ACCOUNT
    states: Mapping[Step, State] = field(default_factory=lambda: MappingProxyType({}))
    notes: Mapping[Step, str] = field(default_factory=lambda: MappingProxyType({}))

    def state(self, step: Step) -> State:
        """What the screen says of a step: that one is at it, unless it failed, or was the last and is done."""
        ended = self.states.get(step, State.TO_DO)
        is_said = ended is State.FAULT or (ended is State.OK and step is Step.TRIP)
        return ended if is_said or step is not self.now else State.NOW

    def ended(self, step: Step, state: State, note: str = "") -> Progress:
        """A step has come to this."""
        notes = {**self.notes, step: note} if note else {s: n for s, n in self.notes.items() if s is not step}
        return replace(self, states=MappingProxyType({**self.states, step: state}), notes=MappingProxyType(notes))

    def onward(self) -> Progress:
        """The step after this one, or past the last."""
        return replace(self, now=None if self.now is None or self.now is Step.TRIP else Step(self.now + 1))

    def back(self) -> Progress:
        """The step before this one; the first stays."""
        if self.now is None:
            return replace(self, now=Step.TRIP)
        return replace(self, now=Step(max(self.now - 1, Step.ACCOUNT)))

    @property
    def left_out(self) -> tuple[Step, ...]:
        """The steps that did not come to an end that works."""
        return tuple(step for step in Step if self.states.get(step) is not State.OK)


def later(progress: Progress) -> str:
    """What was left out and how to do it later, in one line; empty where nothing was."""
    names = [step.title.lower() for step in progress.left_out]
    if not names:
        return ""
    *some, last = names
    listed = f"{', '.join(some)} and {last}" if some else last
    return f"Not done: {listed}. `smschat login` does it later, in any terminal."
