"""A line of `smschat search`: what was found is marked, harmless, and on the screen however narrow it is."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from smschat.cli.searching import cut, line, pieces_of
from smschat.domain.delivery import Status
from smschat.domain.finding import Hit
from smschat.domain.sms import Direction, Encoding, Sms, SmsType
from tests.program import Program
from tests.store.samples import NOON, OWN_NUMBER, PEER

if TYPE_CHECKING:
    from pathlib import Path


def hit(text: str, *spans: tuple[int, int], **changed: Any) -> Hit:
    sms = Sms(
        id="8" * 32,
        seq=1,
        revision=1,
        direction=Direction.INBOUND,
        peer=PEER,
        sender=PEER,
        recipient=OWN_NUMBER,
        type=SmsType.TEXT,
        text=text,
        encoding=Encoding.GSM7,
        segments=1,
        status=Status.RECEIVED,
        created_at=NOON,
        updated_at=NOON,
    )
    return Hit(sms=sms, spans=spans, **changed)


def test_it_tells_when_with_whom_and_what_was_found() -> None:
    assert line(hit("see the demo", (8, 12), name="Anna")).split("  ")[1:] == ["← Anna", "see the [demo]"]
    assert line(hit("demo", (0, 4))).split("  ")[1] == f"← {PEER}"


def test_what_deceives_is_defused_and_a_line_stays_one() -> None:
    said = line(hit("a\nde\u202emo\x1b[2J", (2, 7)))
    assert said.endswith("a⏎[de⟨U+202E⟩mo]␛[2J")


def test_a_long_text_is_cut_around_the_first_find() -> None:
    text = "x" * 200 + " demo " + "y" * 200
    said = line(hit(text, (201, 205)), width=80)
    assert "[demo]" in said
    assert len(said) <= 80
    assert said.count("…") == 2


CHARACTERS = st.sampled_from("ab 日é😀")


@given(
    pieces=st.lists(st.tuples(st.text(CHARACTERS, min_size=1, max_size=30), st.booleans()), min_size=1, max_size=6),
    room=st.integers(min_value=10, max_value=80),
)
def test_whatever_is_cut_fits_and_begins_the_first_find(pieces: list[tuple[str, bool]], room: int) -> None:
    kept = cut(pieces, room)
    assert sum(2 if unicodedata.east_asian_width(c) == "W" else 1 for text, _ in kept for c in text) <= room
    if any(is_find for _, is_find in pieces):
        assert any(is_find for _, is_find in kept)
    whole, left = "".join(text for text, _ in pieces), "".join(text for text, _ in kept)
    assert left == whole or "…" in left
    assert all(part in whole for part in left.split("…"))


def test_pieces_are_the_text() -> None:
    assert pieces_of(hit("see the demo now", (4, 7), (8, 12))) == [
        ("see ", False),
        ("the", True),
        (" ", False),
        ("demo", True),
        (" now", False),
    ]


def test_what_is_not_there_is_told_by_the_exit_code(tmp_path: Path) -> None:
    program = Program(home=tmp_path, api_url="http://127.0.0.1:9")
    ended = program.run("search", "demo", "--json")
    assert (ended.code, ended.document()) == (20, [])
    ended = program.run("search", "demo", "--from", PEER)
    assert (ended.code, ended.out, ended.err) == (20, "", "nothing was found\n")
