"""The way back: where one was before, as a browser keeps it; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

MOST: Final = 100
"""Places that are kept."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a conversation.

    Attributes:
        seq: of the SMS that was looked at; None: the newest.
    """

    peer: str = field(repr=False)
    seq: int | None = None


class Trail:
    """Where one was, the last place at the end."""

    def __init__(self) -> None:
        self._places: list[Place] = []

    def leave(self, place: Place) -> None:
        """One goes elsewhere from here."""
        if not self._places or self._places[-1] != place:
            self._places = [*self._places, place][-MOST:]

    def back(self) -> Place | None:
        """The place before, which is taken off; None: there is none."""
        return self._places.pop() if self._places else None
