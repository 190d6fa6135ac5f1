"""The wire as lines: in order, with times from the first on, and nothing past the edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from smschat.domain.details import PastAttempt, PastReceipt, SmsDetails
from smschat.domain.exchanges import Exchange, Step
from smschat.ui.mask import Mask
from smschat.ui.render import Marks
from smschat.ui.wire_rows import WireLook, lines_of
from tests.ui.reading import NOW, outbound

SMS = outbound(1, "hello")
REF = "a1b2"


def exchange(step: Step, after_ms: int, **fields: str) -> Exchange:
    is_answer = step is Step.ANSWER
    return Exchange(
        at=NOW + timedelta(milliseconds=after_ms),
        step=step,
        sms_id=SMS.id,
        line="HTTP 200" if is_answer else "POST /send",
        fields=tuple(fields.items()),
        took_ms=38.2 if is_answer else None,
    )


LIVE = (exchange(Step.SEND, 0, text="hello", to="31611111111", callback=f"https://a.example/*****/{REF}"),)
ANSWERED = (*LIVE, exchange(Step.ANSWER, 38, status="0"))
PAST = SmsDetails(
    sms=SMS,
    attempts=(PastAttempt(ref=REF, state="accepted", begun_at=NOW, ended_at=NOW + timedelta(seconds=1)),),
    receipts=(PastReceipt(callback_id="1", received_at=NOW + timedelta(seconds=2.1), place=1, status="delivered"),),
)


def said(live: tuple[Exchange, ...], *, width: int = 44, is_masked: bool = False, marks: Marks | None = None) -> str:
    mask = Mask(is_on=is_masked)
    lines = lines_of(PAST, live, WireLook(width=width, marks=marks or Marks(), mask=mask))
    return "\n".join("".join(piece.text for piece in line) for line in lines)


def test_what_was_kept_is_told_where_nobody_looked() -> None:
    text = said(())
    assert "0 → POST /send" in text
    assert "+1.0 s ← accepted" in text
    assert "+2.1 s ← receipt: delivered" in text


def test_what_was_seen_stands_for_what_was_kept_of_the_same_attempt() -> None:
    text = said(ANSWERED)
    assert text.count("POST /send") == 1
    assert "+38 ms ← HTTP 200  38 ms" in text
    assert "    text hello" in text
    assert "accepted" not in text
    assert "receipt: delivered" in text


def test_another_attempt_is_told_beside_what_was_seen() -> None:
    again = replace(PAST.attempts[0], ref="another")
    lines = lines_of(replace(PAST, attempts=(again,)), ANSWERED, WireLook(width=60, marks=Marks(), mask=Mask()))
    assert sum("POST /send" in piece.text for line in lines for piece in line) == 2


def test_the_mask_covers_who_and_what() -> None:
    text = said(ANSWERED, is_masked=True)
    assert "hello" not in text
    assert "31611111111" not in text
    assert "HTTP 200" in text


def test_arrows_in_ascii() -> None:
    assert said(ANSWERED, marks=Marks(ascii=True)).isascii()


@pytest.mark.parametrize("is_masked", [False, True])
@given(width=st.integers(24, 70), value=st.text(max_size=60))
def test_nothing_stands_past_the_edge(width: int, value: str, *, is_masked: bool) -> None:
    live = (exchange(Step.SEND, 0, text=value, callback="https://a.example/" + "x" * 70),)
    assert all(cell_len(line) < width for line in said(live, width=width, is_masked=is_masked).split("\n"))
