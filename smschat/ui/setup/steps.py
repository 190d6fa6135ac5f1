"""The steps with the state of each in a mark and a word: a column at the left, or one line where there is no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from smschat.ui.render import clip, safe
from smschat.ui.setup.progress import Progress, State, Step, mark_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import RenderResult

    from smschat.ui.render import Marks

_STYLES = {
    State.TO_DO: "$foreground 60%",
    State.NOW: "bold $primary",
    State.OK: "$success",
    State.SKIPPED: "$foreground 60%",
    State.FAULT: "bold $error",
}
_NAME_AT = 6
_NAME_CELLS = 12


class Steps(Widget, can_focus=False):
    """The list of steps; a column where it is higher than one line."""

    ALLOW_SELECT = False

    def __init__(self, marks: Marks, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._marks = marks
        self._progress = Progress()

    def show(self, progress: Progress) -> None:
        """Say this."""
        self._progress = progress
        self.refresh()

    def render(self) -> RenderResult:
        """As much as there is room for."""
        if self.size.height > 1:
            return column(self._progress, self.size.width, self._marks)
        return row(self._progress, self.size.width, self._marks)


def column(progress: Progress, width: int, marks: Marks) -> Content:
    """A line for each step, and one beneath with what it came to."""
    lines: list[Content] = []
    for step in Step:
        state = progress.state(step)
        name = f" {mark_of(state, is_ascii=marks.ascii)} {int(step)} {step.title}".ljust(_NAME_CELLS + 5)
        style = _STYLES[state]
        lines.append(Content.assemble((name, style), (state.value, style)))
        note = clip(safe(progress.notes.get(step, "")), width - _NAME_AT, marks.ellipsis)
        lines.extend((Content.styled(" " * (_NAME_AT - 1) + note, "$foreground 60%"), Content("")))
    return Content("\n").join(lines)


def row(progress: Progress, width: int, marks: Marks) -> Content:
    """One line, in the longest form that fits."""
    forms = list(_forms(progress, marks))
    return next((form for form in forms if form.cell_length <= width), forms[-1])


def _forms(progress: Progress, marks: Marks) -> Iterator[Content]:
    """Ever shorter: names and words of all; names of all; the step at hand by name, the others by number."""
    for gap, has_names, silent in (
        ("   ", True, ()),
        ("  ", True, ()),
        ("   ", True, (State.TO_DO, State.NOW, State.OK)),
        ("  ", False, (State.NOW,)),
        ("  ", False, (State.TO_DO, State.NOW, State.OK)),
    ):
        parts = []
        for step in Step:
            state = progress.state(step)
            name = step.title if has_names or step is progress.now else ""
            said = "" if state in silent else state.value
            words = [mark_of(state, is_ascii=marks.ascii), str(int(step)), name, said]
            parts.append(Content.styled(" ".join(filter(None, words)), _STYLES[state]))
        yield Content(gap).join(parts)
