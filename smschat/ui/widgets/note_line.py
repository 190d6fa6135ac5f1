"""What the writer should know before sending, in the line above the composer.

The rule: what would be refused comes first, then that nobody can answer, then what is known of the country; the first
is said whole, and the rest counted: the options have all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from smschat.ui.keys import key_name, keys_of
from smschat.ui.mask import OPEN
from smschat.ui.render import content

if TYPE_CHECKING:
    from smschat.domain.countries import CountryNote
    from smschat.messaging.compose import Advice
    from smschat.ui.mask import Mask
    from smschat.ui.render import Marks


def note_line(problem: str, advice: Advice | None, marks: Marks, width: int, mask: Mask = OPEN) -> Content:
    """One line; empty where there is nothing to know.

    Args:
        problem: why the SMS would be refused as it stands; empty: nothing is known that speaks against it.
        width: cells; what does not fit is cut, with the key that shows all of it.
    """
    told = [problem] if problem else []
    if advice is not None:
        told += [_one_way(advice, mask)] * advice.is_one_way + [_in_short(note) for note in advice.country_notes]
    if not told:
        return Content("")
    key = key_name(keys_of("composer.options")[0])
    first = content(f" ! {told[0]}").stylize("$warning" if not problem else "bold $warning")
    more = f" {marks.dot} {len(told) - 1} more: {key} " if len(told) > 1 else ""
    room = width - len(more)
    if first.cell_length > room and not more:
        more = f" {key} "
        room = width - len(more)
    return Content.assemble(first.truncate(max(room, 1), ellipsis=not marks.ascii), (more, "$foreground 75%"))


def sentences(advice: Advice, marks: Marks, mask: Mask = OPEN) -> list[str]:
    """All of it, a sentence each, with what to do and the source."""
    told = [_one_way(advice, mask)] * advice.is_one_way
    return [f"{marks.dot} {one}" for one in (*told, *map(_whole, advice.country_notes))]


def _one_way(advice: Advice, mask: Mask) -> str:
    return f"the recipient cannot answer {mask.number(advice.sender)}"


def _in_short(note: CountryNote) -> str:
    return f"{note.country}: {note.sentence} ({note.source})"


def _whole(note: CountryNote) -> str:
    hint = f": {note.hint}" if note.hint else ""
    return f"{note.country}: {note.sentence}{hint} ({note.source})"
