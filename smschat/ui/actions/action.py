"""What an action is, and where its keys act.

The rule: an action is a row of data; what it does is a method of the place that it names.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Where(StrEnum):
    """Where an action has its keys; single letters act in panes only."""

    EVERYWHERE = "everywhere"
    LIST = "list"
    MESSAGES = "messages"
    COMPOSER = "composer"
    WIRE = "wire"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that a key can do.

    Attributes:
        id: the name under which `config.toml` binds other keys to it.
        keys: as Textual names them; the first is the one that hints show. Empty: by the palette only.
        label: two or three words, for the palette and the hints.
        help: one sentence.
        where: where the keys act.
        method: `action_…` of the pane in which it acts, or of the chat screen when it acts everywhere.
        in_palette: whether the command palette offers it; moving a cursor is no command.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    where: tuple[Where, ...]
    method: str
    in_palette: bool = False


PANES: Final = (Where.LIST, Where.MESSAGES)
LISTS: Final = (*PANES, Where.WIRE, Where.NUMBERS)
ALL: Final = (Where.EVERYWHERE,)
