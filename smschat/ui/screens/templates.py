"""Choose a template: its text goes in at the cursor, with the name and number of the conversation in their places.

The rule: a template is put into the composer and never sent by itself; a file that cannot be read is said, and can be
mended from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding
from textual.content import Content
from textual.fuzzy import FuzzySearch

from smschat.errors import SettingsError
from smschat.settings import templates
from smschat.ui.screens.picking import Picking
from smschat.ui.widgets.bar import hints_of
from smschat.ui.widgets.template_list import TemplateList

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from textual.binding import BindingType

    from smschat.domain.conversation import Conversation
    from smschat.ui.desk import Desk

_NONE_YET: Final = "no templates yet: F4 makes the file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """What was chosen.

    Attributes:
        text: filled in; None: the file is to be edited.
        told: what could not be filled in; empty: nothing.
    """

    text: str | None = field(default=None, repr=False)
    told: str = ""


class Templates(Picking[Picked | None]):
    """Asks which template.

    Args:
        conversation: whose name and number go into it.
        path: of `templates.toml`; it may not be there.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4,ctrl+o", "edit", "Edit the file", show=False, priority=True),
        Binding("ctrl+t", "leave", "Back", show=False, priority=True),
    ]

    def __init__(self, desk: Desk, conversation: Conversation, path: Path) -> None:
        self._list = TemplateList(desk.marks)
        super().__init__(desk, self._list, label=Content(" template "), ghost="its name or its words")
        self._conversation = conversation
        self._path = path
        self._fault = ""
        self._all = self._read()

    async def look(self, text: str) -> None:
        """Those with these letters in this order; all of them where nothing is typed."""
        rows = list(self._all.items())
        if text.strip():
            search = FuzzySearch()
            scored = [(max(search.match(text, name)[0], search.match(text, body)[0] / 2), name) for name, body in rows]
            best = sorted((one for one in scored if one[0] > 0), key=lambda one: -one[0])
            rows = [(name, self._all[name]) for _, name in best]
        self._list.show(rows)
        found = f"{len(rows)} {'template' if len(rows) == 1 else 'templates'}"
        self.say(self._fault or (found if self._all else _NONE_YET))

    def say(self, words: str, *hints: str, shorter: str = "") -> None:
        """Say how many there are, or what is wrong with the file, and what the keys do."""
        first, *fewer = hints_of(("Enter put in", *hints, "F4 edit the file", "Esc back"))
        said = Content(f" {words}") if not self._fault else Content.styled(f" {words}", "$text-error")
        self._foot.show(said, first, shorter_lefts=[Content(f" {shorter}")] if shorter else [], shorter_rights=fewer)

    def pick(self) -> None:
        """Fill it in."""
        row = self._list.picked
        if row is None:
            return
        name = self._conversation.name or ""
        text, missing = templates.fill(row[1], {"name": name, "number": self._conversation.peer})
        told = " and ".join(f"{{{one}}}" for one in missing)
        self.dismiss(
            Picked(text=text, told=f"{told} stays as it is: there is no name for this number." if told else "")
        )

    def action_edit(self) -> None:
        """Edit the file, and come back."""
        self.dismiss(Picked())

    def _read(self) -> Mapping[str, str]:
        try:
            return templates.read(self._path)
        except SettingsError as error:
            self._fault = error.message
            return {}

    def hear(self, taken: object) -> None:
        """What changes in the chat changes nothing here."""
