"""What is measured here is what a terminal does: wide characters, emoji and combining marks in bubbles."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from smschat.ui import bubbles, render
from smschat.ui.bubbles import Look
from smschat.ui.render import Ink, Marks
from tests.ui.reading import ZONE, inbound, outbound

STYLES = {ink: Style() for ink in Ink}
CLUSTERS = (
    "a", " ", "日", "한", "ｱ", "é", "e\u0301", "ก็", "🎉", "👍🏽", "👩\u200d👩\u200d👧\u200d👦", "🏳️\u200d🌈", "🇳🇱",
    "1️⃣", "❤️", "☎", "ﷺ", "\u200b", "שלום",
)  # fmt: skip
KNOWN_TO_THE_EMULATOR = (
    "日本語のテキスト " * 6,
    "한국어 " * 12,
    "🎉 party 🎉 " * 8,
    "e\u0301te\u0301 cafe\u0301 " * 9,
    "a日b한c🎉d" * 8,
)


@given(text=st.lists(st.sampled_from(CLUSTERS), max_size=60).map("".join), width=st.integers(30, 130))
def test_the_time_of_an_outbound_sms_stands_in_its_column_whatever_it_says(text: str, width: int) -> None:
    look = Look(width=width, marks=Marks(), zone=ZONE)
    plain, strange = (bubbles.lines_of(outbound(1, words), look) for words in ("x", text or "-"))
    ends = [
        next(
            sum(cell_len(piece.text) for piece in line[: line.index(piece)])
            for line in lines
            for piece in line
            if piece.ink is Ink.TIME
        )
        for lines in (plain, strange)
    ]
    assert ends[0] == ends[1]
    for sms in (inbound(1, text), outbound(1, text)):
        assert all(
            render.paint(line, width - 1, STYLES).cell_length == width - 1
            and sum(cell_len(piece.text) for piece in line) <= look.column
            for line in bubbles.lines_of(sms, look)
        )


@pytest.mark.parametrize("text", KNOWN_TO_THE_EMULATOR)
def test_a_terminal_shows_the_time_in_the_column_that_was_measured(text: str) -> None:
    look = Look(width=80, marks=Marks(), zone=ZONE)
    lines = bubbles.lines_of(outbound(1, text), look)
    screen = pyte.Screen(79, 24)
    pyte.Stream(screen).feed("\r\n".join("".join(piece.text for piece in line) for line in lines))
    time = next(piece for piece in lines[-1] if piece.ink is Ink.TIME)
    column = sum(cell_len(piece.text) for piece in lines[-1][: lines[-1].index(time)])
    row = [screen.buffer[len(lines) - 1][x].data for x in range(79)]
    assert len(lines) > 1
    assert "".join(row[column : column + 5]) == time.text[:5]
