"""Going to somebody by a few letters of the name or a few digits of the number.

The rule: everybody is read once, when it opens; a key costs one pass over them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content

from smschat.domain.directory import Directory
from smschat.domain.finding import Person
from smschat.ui.screens.picking import Picking
from smschat.ui.widgets.person_list import PersonList

if TYPE_CHECKING:
    from smschat.ui.bridge import Taken
    from smschat.ui.desk import Desk

_NOBODY: Final = "nobody has this in the name or number; ctrl+n writes to a new one"
_NOBODY_YET: Final = "there is nobody yet; ctrl+n writes to a number"


class Switcher(Picking[Person | None]):
    """Asks to whom, and is dismissed with somebody; None: never mind."""

    def __init__(self, desk: Desk, *, is_whole: bool) -> None:
        self._people = PersonList(desk, id="people")
        self._directory: Directory | None = None
        label = Content.styled(" switch to ", "bold")
        super().__init__(desk, self._people, label=label, ghost="letters of a name, or digits", is_whole=is_whole)

    async def look(self, text: str) -> None:
        """Show who matches."""
        if self._directory is None:
            self._directory = Directory(await self.desk.bridge.call(lambda messenger: messenger.finding.people()))
        self._people.show(self._directory.find(text))
        self._say_count()

    def _say_count(self) -> None:
        count = self._people.count
        nobody = _NOBODY if self.line.value.strip() else _NOBODY_YET
        self.say(f"{count:,} {'person' if count == 1 else 'people'}" if count else nobody)

    def hear(self, taken: Taken) -> None:
        """Who is shown stays where it is while one chooses."""

    def pick(self) -> None:
        """Go to whom the cursor is on."""
        if self._people.chosen is not None:
            self.dismiss(self._people.chosen)
