"""Lines that say what checks found: a mark, a sentence, and beneath it what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from smschat.domain.checks import Finding
from smschat.ui.render import wrap
from smschat.ui.setup.words import inked, mark_of, sentence, spelled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import RenderResult
    from textual.geometry import Size

    from smschat.domain.checks import Check
    from smschat.ui.render import Marks

_STYLES = {
    Finding.OK: "$success",
    Finding.NOTE: "$foreground 75%",
    Finding.UNKNOWN: "$warning",
    Finding.FAULT: "$error",
}
_INDENT = "  "


class Findings(Widget, can_focus=False):
    """What was found, or that something is being looked at; nothing takes no room.

    Args:
        comes_into_view: whether the page scrolls to what is said: it is the answer to a key.
    """

    DEFAULT_CSS = "Findings { height: auto; width: 1fr; }"

    def __init__(
        self,
        marks: Marks,
        *,
        comes_into_view: bool = True,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._marks = marks
        self._comes_into_view = comes_into_view
        self._checks: tuple[Check, ...] = ()
        self._busy = ""
        self.display = False

    @property
    def said(self) -> str:
        """All of it as plain text."""
        return "\n".join(line.plain for line in self._lines(1_000))

    def say(self, checks: Iterable[Check] = (), *, busy: str = "") -> None:
        """Say this instead; `busy` names what is under way."""
        self._checks, self._busy = tuple(checks), busy
        self.display = bool(self._checks or busy)
        self.refresh(layout=True)
        if self.display and self._comes_into_view:
            self.call_after_refresh(self.scroll_visible, animate=False)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """As many lines as it takes."""
        return len(self._lines(width))

    def render(self) -> RenderResult:
        """The lines."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        lines = [line for check in self._checks for line in lines_of(check, width, self._marks)]
        if self._busy:
            lines += _wrapped(
                f"{self._marks.ellipsis} ", sentence(f"{self._busy}…"), "$foreground 75%", width, self._marks
            )
        return lines


def lines_of(check: Check, width: int, marks: Marks) -> list[Content]:
    """A check in so many cells."""
    style = _STYLES[check.finding]
    is_loud = check.finding is Finding.FAULT
    lines = _wrapped(
        f"{mark_of(check.finding, marks)} ", sentence(check.text), f"bold {style}" if is_loud else style, width, marks
    )
    return lines + (_wrapped(_INDENT, sentence(check.fix), "", width, marks) if check.fix else [])


def _wrapped(lead: str, text: str, style: str, width: int, marks: Marks) -> list[Content]:
    lines = inked(wrap(spelled(text, marks), width - len(lead)), style)
    return [Content.assemble((_INDENT if number else lead, style), line) for number, line in enumerate(lines)]
