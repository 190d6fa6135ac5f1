"""Found words in the lines of an SMS and in the rows of a search; the way back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from rich.cells import cell_len

from smschat.domain.finding import Hit
from smschat.ui import bubbles, hit_rows
from smschat.ui.bubbles import Look
from smschat.ui.marking import cut, marked
from smschat.ui.mask import Mask
from smschat.ui.render import Ink, Marks, Piece, safe
from smschat.ui.trail import MOST, Place, Trail
from tests.ui.reading import NOW, inbound, outbound
from tests.ui.test_render import HOSTILE

LONG = "the first harbour is far away, and then there is nothing for a long time but water, and the last harbour comes"


def spans_of(word: str, text: str) -> tuple[tuple[int, int], ...]:
    return tuple(found.span() for found in re.finditer(word, text, re.IGNORECASE))


def found(lines: object) -> list[str]:
    return [piece.text for line in lines for piece in line if piece.ink is Ink.FOUND]  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [30, 50, 90])
@pytest.mark.parametrize("make", [inbound, outbound])
def test_every_find_is_marked_wherever_the_lines_break(width: int, make: type) -> None:
    sms = make(1, LONG)
    plain = bubbles.lines_of(sms, Look(width=width, marks=Marks()))
    lines = marked(plain, LONG, spans_of("harbour", LONG))
    assert found(lines) == ["harbour", "harbour"]
    assert ["".join(piece.text for piece in line) for line in lines] == [
        "".join(piece.text for piece in line) for line in plain
    ]


def test_a_find_that_is_broken_over_two_lines_is_marked_in_both() -> None:
    text = "x" * 40 + "harbour" + "y" * 40
    lines = marked(bubbles.lines_of(inbound(1, text), Look(width=60, marks=Marks())), text, spans_of("harbour", text))
    assert "".join(found(lines)) == "harbour"


def test_a_time_in_the_text_is_not_taken_for_the_one_beside_it() -> None:
    sms = inbound(1, "14:02 or 15:00")
    line = bubbles.lines_of(sms, Look(width=60, marks=Marks()))[0]
    clock = line[0].text.strip()
    text = f"{clock} or 15:00"
    lines = marked(bubbles.lines_of(inbound(1, text), Look(width=60, marks=Marks())), text, [(0, len(clock))])
    assert found(lines) == [clock]
    assert lines[0][0].ink is Ink.TIME


def test_finds_behind_what_is_shown_otherwise_stay_in_their_place() -> None:
    text = "a\u202eb\tc harbour"
    lines = marked(bubbles.lines_of(inbound(1, text), Look(width=60, marks=Marks())), text, spans_of("harbour", text))
    assert found(lines) == ["harbour"]


def test_cutting_leaves_the_text_as_it_was() -> None:
    piece = Piece("abcdef", Ink.OUTBOUND)
    pieces = [*cut(piece, [(-3, 2), (3, 4), (5, 99), (200, 201)])]
    assert [(part.text, part.ink is Ink.FOUND) for part in pieces] == [
        ("ab", True), ("c", False), ("d", True), ("e", False), ("f", True),
    ]  # fmt: skip


def row(text: str, width: int, *, word: str = "harbour", is_ascii: bool = False) -> tuple[str, list[str]]:
    hit = Hit(sms=inbound(1, text, at=NOW - timedelta(days=400)), name="Anna", spans=spans_of(word, text))
    head, below = hit_rows.lines_of(hit, width, NOW, Marks(ascii=is_ascii), Mask())
    assert all(sum(cell_len(safe(piece.text)) for piece in line) < width for line in (head, below))
    return "".join(piece.text for piece in below), found([below])


@pytest.mark.parametrize("width", [50, 80, 88])
def test_a_row_shows_the_text_around_the_first_find(width: int) -> None:
    text, marks = row("word " * 200 + "the harbour is here " + "word " * 200, width)
    assert "harbour" in text
    assert marks == ["harbour"]
    assert text.strip().startswith("…")
    assert text.endswith("…")


def test_a_short_text_is_shown_from_its_beginning() -> None:
    assert row("see the harbour\nand the sea", 80)[0].strip() == "see the harbour and the sea"


def test_in_ascii_brackets_stand_around_a_find() -> None:
    assert row("see the harbour", 80, is_ascii=True)[0].strip() == "see the [harbour]"


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [20, 50])
def test_a_row_of_a_strangers_text_fits_and_is_safe(text: str, width: int) -> None:
    shown, _ = row(f"{text} harbour {text}", width)
    assert safe(shown) == shown


def test_what_is_masked_is_masked_in_a_row() -> None:
    mask = Mask()
    mask.is_on = True
    hit = Hit(sms=inbound(1, "the secret harbour"), name="Anna", spans=((4, 10),))
    shown = "".join(piece.text for line in hit_rows.lines_of(hit, 80, NOW, Marks(), mask) for piece in line)
    assert not re.search("secret|harbour|Anna|3161111", shown)


def test_the_way_back_has_each_place_once_and_not_for_ever() -> None:
    trail = Trail()
    for number in (1, 1, *range(2, 2 * MOST)):
        trail.leave(Place(f"{number}"))
    back = []
    while (place := trail.back()) is not None:
        back.append(place.peer)
    assert back == [f"{number}" for number in range(2 * MOST - 1, MOST - 1, -1)]
