"""The first frame: the list as it stands on disk, on the screen before the screen's toolkit is loaded.

Loading the toolkit takes most of the start. The runtime's thread has read the list long before, so it is drawn at
once, in the places and colours in which the chat draws it; the chat then paints over it without clearing.

The rule: what is drawn here has passed the display gate, and whatever happens the terminal is given back: to the
chat's driver, or as it was found.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import termios
from concurrent.futures import TimeoutError as NotReadyError
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len

from smschat.errors import SmschatError
from smschat.ui import colours, rows, shelves
from smschat.ui.desk import marks_of_terminal
from smschat.ui.render import Ink, Piece, safe
from smschat.ui.rows import RowLook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType

    from smschat.domain.conversation import Conversation
    from smschat.runtime import RuntimeThread
    from smschat.ui.colours import Colours
    from smschat.ui.render import Line, Marks

WAIT_S: Final = 0.15
"""Seconds that the first frame waits for the list; a store that takes longer shows it with the chat."""

LIST_WIDTH: Final = 30
RAIL_WIDTH: Final = 18

ENTER: Final = "\x1b[?1049h\x1b[?25l"
LEAVE: Final = "\x1b[0m\x1b[?1049l\x1b[?25h"


class FirstFrame:
    """A first frame on the screen, and how the terminal was before it.

    Attributes:
        page: the conversations that were read for it.
        attributes: the terminal's, as it was found.
    """

    def __init__(self, page: Sequence[Conversation], fd: int, attributes: list[int | list[bytes | int]]) -> None:
        self.page = page
        self.attributes = attributes
        self._fd = fd

    def take_back(self) -> None:
        """Give the terminal back as it was found; for a start that ends before the chat has it."""
        with contextlib.suppress(OSError, termios.error):
            os.write(self._fd, LEAVE.encode())
            termios.tcsetattr(self._fd, termios.TCSANOW, self.attributes)


def show(thread: RuntimeThread) -> FirstFrame | None:
    """Draw the list, if there is one and this terminal is one for it; None where the chat begins without."""
    asked = thread.submit(lambda messenger: messenger.conversations(limit=rows.PAGE))
    palette = colours.BY_THEME.get(thread.preferences.theme)
    output = sys.__stderr__
    if palette is None or output is None or not output.isatty() or marks_of_terminal().ascii:
        return None
    try:
        page = asked.result(WAIT_S)
    except (NotReadyError, SmschatError):
        return None
    return _draw(page, palette, thread, output.fileno()) if page else None


def _draw(page: Sequence[Conversation], palette: Colours, thread: RuntimeThread, fd: int) -> FirstFrame | None:
    try:
        size = os.get_terminal_size(fd)
        frame = FirstFrame(page, fd, termios.tcgetattr(fd))
    except (OSError, termios.error):
        return None
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, partial(_leave, frame))
    _silence(fd)
    title = f"{thread.profile} {thread.number}"
    text = picture(page, Place(size.columns, size.lines), _styles(palette), marks_of_terminal(), title)
    os.write(fd, (ENTER + text).encode(errors="replace"))
    return frame


def _leave(frame: FirstFrame, _number: int, _frame: FrameType | None) -> None:
    """A signal before the chat hears them: nothing was typed or sent yet."""
    frame.take_back()
    os._exit(0)


def _silence(fd: int) -> None:
    """What is typed from now on is kept for the chat as it is, and not echoed into the picture."""
    attributes = termios.tcgetattr(fd)
    attributes[0] &= ~(termios.ICRNL | termios.IXON)
    attributes[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(fd, termios.TCSANOW, attributes)


class Place(NamedTuple):
    """The size of the screen, in cells."""

    columns: int
    lines: int


class Styles(NamedTuple):
    """Escape sequences: of the ground, of the cursor's row, of the pane's border, and of every ink."""

    ground: str
    selected: str
    border: str
    inks: Mapping[Ink, str]


def picture(page: Sequence[Conversation], place: Place, styles: Styles, marks: Marks, title: str) -> str:
    """The whole screen as text: every line from its first cell on, so that nothing needs to be cleared.

    Args:
        title: profile and number, for the header.
    """
    width, is_rail = _extent(place.columns)
    look = RowLook(width=width, marks=marks, rail=is_rail, own=title.rpartition(" ")[2])
    now = datetime.now().astimezone()
    lines = [_header(title, place.columns, styles, marks)]
    if place.lines >= rows.TALL_FROM:
        line = (Piece(shelves.FILTER[1:], Ink.HINT),)
        lines.append(_row(line, width, place.columns, styles, marks, is_cursor=False))
    for index, conversation in enumerate(page):
        if len(lines) + look.height >= place.lines:
            break
        drawn = rows.lines_of(conversation, look, now)
        lines += [_row(line, width, place.columns, styles, marks, is_cursor=index == 0) for line in drawn]
    blank = _row((), width, place.columns, styles, marks, is_cursor=False)
    lines += [blank] * (place.lines - len(lines))
    return "".join(f"\x1b[{number};1H{line}" for number, line in enumerate(lines[: place.lines], 1))


def _extent(columns: int) -> tuple[int, bool]:
    """How wide the list is, and whether it is a rail."""
    if columns >= rows.TWO_PANES_FROM:
        return LIST_WIDTH, False
    return (RAIL_WIDTH, True) if columns >= rows.RAIL_FROM else (columns, False)


def _header(title: str, columns: int, styles: Styles, marks: Marks) -> str:
    profile, _, number = safe(title).partition(" ")
    words = f" {marks.dot} {profile} {marks.rule * 2} {number} " if number else f" {marks.dot} {profile} "
    rest = max(0, columns - cell_len(words) - 9)
    brand = f"\x1b[1m{styles.inks[Ink.DELIVERED]}smschat\x1b[22m{styles.ground}"
    return f"{styles.ground}{marks.rule} {brand}{words}{styles.border}{marks.rule * rest}"


def _row(line: Line, width: int, columns: int, styles: Styles, marks: Marks, *, is_cursor: bool) -> str:
    ground = styles.ground + styles.selected if is_cursor else styles.ground
    pieces = (Piece(marks.bar if is_cursor else " ", Ink.CURSOR), *line)
    texts = [(safe(piece.text), styles.inks.get(piece.ink, "")) for piece in pieces]
    used = sum(cell_len(text) for text, _ in texts)
    inked = "".join(f"{ground}{style}{text}\x1b[22m" for text, style in texts)
    row = f"{inked}{ground}{' ' * max(0, width - used)}{styles.ground}"
    if columns <= width:
        return row
    edge = "|" if marks.ascii else "│"
    return f"{row}{styles.border}{edge}{styles.ground}{' ' * (columns - width - 1)}"


def _styles(palette: Colours) -> Styles:
    """Escape sequences for this terminal; without colours bold stands for what must be seen."""
    bold = "\x1b[1m"
    if "NO_COLOR" in os.environ:
        plain = dict.fromkeys(Ink, "")
        return Styles("\x1b[0m", bold, "", {**plain, Ink.UNREAD: bold, Ink.DOUBT: bold})
    pen = _pen(palette)
    ground = "\x1b[0m" + _colour(palette.background, 48) + pen[Ink.TEXT]
    selected = _colour(_blend(palette.foreground, palette.background, 0.12), 48)
    return Styles(ground, selected, _colour(palette.border, 38), {**pen, Ink.UNREAD: pen[Ink.DRAFT] + bold})


def _pen(palette: Colours) -> dict[Ink, str]:
    muted = _colour(_blend(palette.foreground, palette.background, 0.6), 38)
    text, accent = _colour(palette.foreground, 38), _colour(palette.accent, 38)
    own = {
        Ink.TEXT: text,
        Ink.NAME: text,
        Ink.UNREAD: accent,
        Ink.DRAFT: accent,
        Ink.CURSOR: accent,
        Ink.DOUBT: _colour(palette.warning, 38),
        Ink.DELIVERED: _colour(palette.success, 38),
        Ink.FAILED: _colour(palette.error, 38),
    }
    return {ink: own.get(ink, muted) for ink in Ink}


def _blend(over: str, under: str, share: float) -> str:
    pairs = zip(_rgb(over), _rgb(under), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def _colour(value: str, kind: int) -> str:
    """Foreground (38) or background (48), in as many colours as the terminal says it has."""
    red, green, blue = _rgb(value)
    if os.environ.get("COLORTERM", "").lower() in {"truecolor", "24bit"}:
        return f"\x1b[{kind};2;{red};{green};{blue}m"
    cube = [round(part / 255 * 5) for part in (red, green, blue)]
    return f"\x1b[{kind};5;{16 + 36 * cube[0] + 6 * cube[1] + cube[2]}m"


def _rgb(value: str) -> tuple[int, int, int]:
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)
