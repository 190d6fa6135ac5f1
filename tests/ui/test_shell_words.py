"""The lines around the chat: what the header says and leaves out, and how a line uses its width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.content import Content

from smschat.domain.changes import Condition, HealthChanged, Subsystem
from smschat.domain.conversation import Totals
from smschat.ui.render import Marks
from smschat.ui.widgets.bar import spread
from smschat.ui.widgets.chats import totals_line
from smschat.ui.widgets.header import Standing, header
from tests.ui.reading import NOW

if TYPE_CHECKING:
    from collections.abc import Mapping

UP, DOWN, OFF, STARTING = Condition.UP, Condition.DOWN, Condition.OFF, Condition.STARTING
WELL = (
    (Subsystem.LISTENER, UP, "listening"),
    (Subsystem.TUNNEL, UP, "fixed ok"),
    (Subsystem.CALLBACK, UP, "registered"),
)


def health(*parts: tuple[Subsystem, Condition, str]) -> Mapping[Subsystem, HealthChanged]:
    return {part: HealthChanged(part=part, state=state, text=text) for part, state, text in parts}


def said(
    *parts: tuple[Subsystem, Condition, str], width: int = 118, balance: str | None = None, marks: Marks | None = None
) -> str:
    standing = Standing(profile="work", number="31970000000", health=health(*parts), balance=balance, now=NOW)
    marks = marks or Marks()
    return spread(*header(standing, width, marks), width, fill=marks.rule).plain


def test_all_is_well() -> None:
    line = said(*WELL, balance="12.50000000")
    assert line.startswith("─ smschat · work ── 31970000000 ───")
    assert line.endswith("── ● listening  fixed ok  € 12.50  14:32 ─")
    assert len(line) == 118


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((), "○ starting"),
        (((Subsystem.LISTENER, STARTING, ""),), "○ starting"),
        (((Subsystem.LISTENER, DOWN, "port 80 is taken"),), "○ not receiving: port 80 is taken"),
        (((Subsystem.LISTENER, OFF, "another smschat is receiving (process 7)"),), "another smschat is receiving"),
        ((*WELL, (Subsystem.GATEWAY, DOWN, "out of reach")), "● listening  gateway: out of reach"),
        ((*WELL, (Subsystem.CALLBACK, DOWN, "not registered")), "● listening  callback: not registered"),
        ((*WELL, (Subsystem.CALLBACK, OFF, "SMS go to crm.example")), "● listening  callback: SMS go to crm.example"),
        ((WELL[0], (Subsystem.TUNNEL, STARTING, "ngrok is opening")), "● listening  ngrok is opening"),
        (
            (
                WELL[0],
                (Subsystem.TUNNEL, DOWN, "the agent ended, opening it again"),
                (Subsystem.CALLBACK, STARTING, ""),
            ),
            "● listening  tunnel: the agent ended, opening it again",
        ),
        (
            ((Subsystem.LISTENER, OFF, "another smschat is receiving (process 4194304)"),),
            "○ another smschat is receiving (process 4194304)",
        ),
        ((WELL[0], (Subsystem.TUNNEL, OFF, "off: no public address")), "● listening  off: no public address"),
    ],
)
def test_what_is_not_well_is_said_in_words(parts: tuple[tuple[Subsystem, Condition, str], ...], words: str) -> None:
    assert words in said(*parts)


@pytest.mark.parametrize("width", range(30, 130, 7))
def test_trouble_is_never_left_out_for_want_of_room(width: int) -> None:
    line = said(*WELL[1:], (Subsystem.LISTENER, DOWN, "no port"), width=width, balance="12.50")
    assert "○ not receiving" in line
    assert len(line) == width


def test_what_is_well_gives_way_first() -> None:
    line = said(*WELL, width=44, balance="12.50")
    assert "● listening" in line
    assert "fixed ok" not in line


def test_the_header_in_ascii() -> None:
    line = said(*WELL, marks=Marks(ascii=True), balance="12.5")
    assert line.isascii()
    assert "* listening" in line
    assert "EUR 12.50" in line


@pytest.mark.parametrize("balance", [None, "*****", "soon"])
def test_a_balance_that_is_no_number_is_not_shown(balance: str | None) -> None:
    assert "€" not in said(*WELL, balance=balance)


def test_words_from_outside_are_made_safe() -> None:
    line = said((Subsystem.LISTENER, DOWN, "\x1b[2J[/foo]\x07"))
    assert "\x1b" not in line
    assert "[/foo]" in line


@pytest.mark.parametrize(
    ("left", "right", "width", "line"),
    [
        ("ab", "cd", 8, "ab    cd"),
        ("abcdefghijkl", "cd", 12, "abcdefgh… cd"),
        ("abcdefghijkl", "cd", 8, "abcdefg…"),
        ("ab", "", 4, "ab  "),
        ("ab", "cd", 0, ""),
    ],
)
def test_a_line_uses_its_width(left: str, right: str, width: int, line: str) -> None:
    assert spread(Content(left), Content(right), width).plain == line


def test_a_rule_stands_at_both_ends() -> None:
    assert spread(Content(" ab "), Content(" cd "), 14, fill="─").plain == "─ ab ──── cd ─"


@pytest.mark.parametrize(
    ("totals", "is_narrow", "line"),
    [
        (Totals(chats=4, unread=2), False, " 4 chats · 2 unread"),
        (Totals(chats=1, unread=0), False, " 1 chat · 0 unread"),
        (Totals(chats=4, unread=2), True, " 2 unread"),
        (Totals(chats=4, unread=0), True, " 4 chats"),
    ],
)
def test_the_line_under_the_list(totals: Totals, is_narrow: bool, line: str) -> None:  # noqa: FBT001 - a case
    assert totals_line(totals, Marks(), is_narrow=is_narrow).plain == line
