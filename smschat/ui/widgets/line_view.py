"""A view that paints its own lines: what transcript and list have in common.

Rules: no scrollbars (a windowed view has no honest one, and none ever triggers a layout), no animation, no key
bindings of its own; the number of lines changes without a layout, so that a key press costs one repaint; strips are
cached by content, and the cache is dropped when colours change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from smschat.ui import render
from smschat.ui.render import Ink, Marks, Piece

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from rich.style import Style
    from textual.selection import Selection

    from smschat.errors import SmschatError
    from smschat.ui.render import Line

_STRIPS = 512


class LineView(ScrollView, can_focus=True, inherit_bindings=False):
    """A scrolling column of lines, each made of pieces.

    A subclass names its inks in `INKS`, and its component classes `PREFIX--ink` in `COMPONENT_CLASSES`.
    """

    @dataclass
    class ReadFailed(Message):
        """A page could not be read in the background; it is tried again when the edge is neared again."""

        error: SmschatError

    PREFIX: ClassVar[str]
    INKS: ClassVar[tuple[Ink, ...]]

    DEFAULT_CSS = """
    LineView {
        overflow: hidden hidden;
    }
    """

    def __init__(self, *, marks: Marks | None = None, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.marks = marks or Marks()
        self._strips: LRUCache[tuple[Line, int, bool], Strip] = LRUCache(_STRIPS)
        self._styles_by_ink: Mapping[Ink, Style] | None = None

    @property
    def allow_vertical_scroll(self) -> bool:
        """Always: by wheel and by key, without a bar."""
        return True

    @property
    def top(self) -> int:
        """The first visible line."""
        return self.scroll_offset.y

    def notify_style_update(self) -> None:
        """Forget everything painted in the old colours."""
        super().notify_style_update()
        self._styles_by_ink = None
        self._strips.clear()

    def set_line_count(self, count: int, *, top: int) -> None:
        """Say how many lines there are and which is the first visible one; repaints only if that moves.

        `virtual_size` is set past its watcher: that one lays out the whole screen, for scrollbars that are not there.
        """
        self.set_reactive(ScrollView.virtual_size, Size(self.size.width, count))
        self.jump(top)

    def jump(self, top: int) -> None:
        """Make a line the first visible one, as far as there are lines."""
        self.scroll_to(y=top, animate=False)

    def show_lines(self, first: int, count: int) -> None:
        """Scroll as little as possible to have these lines on the screen; their first where they do not fit."""
        height = self.size.height
        if first < self.top or count >= height:
            self.jump(first)
        elif first + count > self.top + height:
            self.jump(first + count - height)

    def refresh_lines(self, y_start: int, line_count: int = 1) -> None:
        """Repaint lines, as far as they are on the screen."""
        first = max(y_start - self.top, 0)
        last = min(y_start + line_count - self.top, self.size.height)
        if first < last:
            self.refresh(Region(0, first, self.size.width, last - first))

    def line_at(self, y: int) -> tuple[Line, bool]:
        """A line of the whole, and whether the cursor's bar stands before it; an empty one past the last."""
        raise NotImplementedError

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint; laid out anew first where the width is another one: a view that is hidden hears of no resize."""
        if self.laid_out_width != self.size.width:
            self.lay_out()
        return super().render_lines(crop)

    @property
    def laid_out_width(self) -> int:
        """The width, in cells, that the lines were made for."""
        raise NotImplementedError

    def lay_out(self) -> None:
        """Make the lines for the size that there is."""
        raise NotImplementedError

    def remask(self) -> None:
        """The presenter's mask was put on or taken off: make the lines anew."""
        self.lay_out()
        self.refresh()

    def on_resize(self) -> None:
        """Another size."""
        self.lay_out()

    def render_line(self, y: int) -> Strip:
        """A line of the screen; where text may be selected, with the offsets and the highlight that this needs."""
        line, is_cursor = self.line_at(self.top + y)
        strip = self.paint(line, is_cursor=is_cursor)
        return self._selectable(strip, self.top + y) if self.allow_select else strip

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text that is selected by mouse, line by line as it stands on the screen."""
        first = selection.start.y if selection.start else 0
        last = selection.end.y if selection.end else self.virtual_size.height - 1
        lines: list[str] = []
        for y in range(first, last + 1):
            start, end = selection.get_span(y) or (0, 0)
            text = self.paint(self.line_at(y)[0], is_cursor=False).text
            lines.append(text[start : None if end < 0 else end].rstrip())
        return "\n".join(lines), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 - Textual's signature
        """Show what is selected."""
        self.refresh()

    def _selectable(self, strip: Strip, y: int) -> Strip:
        offset = strip.apply_offsets(0, y)
        selection = self.text_selection
        span = None if selection is None else selection.get_span(y)
        if span is None:
            return offset
        first = strip.index_to_cell_position(span[0])
        last = strip.cell_length if span[1] < 0 else strip.index_to_cell_position(span[1])
        style = self.screen.get_component_rich_style("screen--selection")
        before, chosen, after = offset.crop(0, first), offset.crop(first, last), offset.crop(last)
        return Strip.join([before, Strip(Segment.apply_style(chosen, post_style=style)), after])

    def read_aside(self, reading: Callable[[], Awaitable[object]], group: str) -> None:
        """Read in the background; a read of the same group that is still under way is given up."""
        self.run_worker(reading, group=group, exclusive=True)

    def paint(self, line: Line, *, is_cursor: bool) -> Strip:
        """A line behind the cell of the cursor's bar."""
        width = self.size.width
        key = (line, width, is_cursor)
        strip = self._strips.get(key)
        if strip is None:
            styles = self._inks()
            bar = Piece(self.marks.bar, Ink.CURSOR) if is_cursor else Piece(" ")
            strip = render.paint((bar, *line), width, styles, styles[Ink.SELECTED] if is_cursor else None)
            self._strips[key] = strip
        return strip

    def _inks(self) -> Mapping[Ink, Style]:
        if self._styles_by_ink is None:
            styles = {ink: self.get_visual_style(f"{self.PREFIX}--{ink}").rich_style for ink in self.INKS}
            ground = styles[Ink.SELECTED]
            styles[Ink.SELECTED] = ground.background_style
            self._styles_by_ink = styles
        return self._styles_by_ink
