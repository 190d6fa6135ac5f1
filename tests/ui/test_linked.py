"""Links in the lines of a text: numbered, underlined, and nothing else of it changed."""

from __future__ import annotations

from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from smschat.ui import bubbles, render
from smschat.ui.bubbles import Look
from smschat.ui.linked import lines_in, wrapped
from smschat.ui.marking import marked
from smschat.ui.render import Ink, Marks, Piece
from tests.ui.reading import inbound, outbound

TEXTS = st.lists(
    st.sampled_from(
        ["see ", "https://a.example/x?y=1", "www.b.example", "\n", "  ", "日本", "👩‍👩‍👧", "é", ".", "(", ")"]
    )
    | st.text(max_size=8),
    max_size=12,
).map("".join)


@given(text=TEXTS, width=st.integers(8, 60))
def test_every_line_fits_and_nothing_but_blanks_and_numbers_is_added(text: str, width: int) -> None:
    safe = render.safe(text, multiline=True)
    lines = wrapped(safe, width, Ink.LINK, Ink.HINT)
    assert len(lines) == lines_in(safe, width)
    assert all(cell_len("".join(piece.text for piece in line)) <= width for line in lines)
    kept = "".join(piece.text for line in lines for piece in line if piece.ink is not Ink.HINT)
    assert kept.replace(" ", "") == safe.replace(" ", "").replace("\n", "")


def test_a_link_has_its_number_behind_it() -> None:
    lines = wrapped("see https://a.example, or www.b.example", 80, Ink.LINK, Ink.HINT)
    assert lines == [
        (
            Piece("see "),
            Piece("https://a.example", Ink.LINK),
            Piece(" "),
            Piece("[1]", Ink.HINT),
            Piece(", or "),
            Piece("www.b.example", Ink.LINK),
            Piece(" "),
            Piece("[2]", Ink.HINT),
        )
    ]


def test_a_link_that_is_wrapped_is_underlined_in_each_of_its_lines() -> None:
    lines = wrapped("https://a.example/" + "x" * 30, 16, Ink.LINK, Ink.HINT)
    assert [piece.ink for line in lines[:-1] for piece in line] == [Ink.LINK] * (len(lines) - 1)
    assert lines[-1][-1] == Piece("[1]", Ink.HINT)


@given(text=TEXTS, width=st.integers(30, 120))
def test_the_ground_of_an_outbound_text_with_links_has_one_width(text: str, width: int) -> None:
    look = Look(width=width, marks=Marks(), zone=UTC)
    lines = bubbles.lines_of(outbound(1, text or "-"), look)
    inks = {Ink.OUTBOUND, Ink.LINK_OUT}  # what has the ground
    widths = {sum(cell_len(piece.text) for piece in line if piece.ink in inks) for line in lines}
    assert len(widths - {0}) == 1


def test_found_words_are_marked_behind_a_link() -> None:
    text = "at https://a.example the room is blue"
    start = text.index("room")
    lines = bubbles.lines_of(inbound(1, text), Look(width=90, marks=Marks(), zone=UTC))
    found = [
        piece.text for line in marked(lines, text, [(start, start + 4)]) for piece in line if piece.ink is Ink.FOUND
    ]
    assert found == ["room"]
