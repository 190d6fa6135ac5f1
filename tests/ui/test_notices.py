"""What is written to a terminal so that it tells."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.messaging.notify import Notice
from smschat.ui.notices import BELL, sequences_of

BOTH = frozenset({"bell", "desktop"})
XTERM = {"TERM": "xterm-256color"}
ANNA = Notice(who="Anna", text="see you; at 8")
ONE = re.compile(r"\x1b\](?:9;|777;notify;[^;\x00-\x1f\x7f-\x9f]*;)[^;\x00-\x1f\x7f-\x9f]*\x1b\\")


def test_a_terminal_that_is_not_known_gets_both_and_the_bell() -> None:
    assert sequences_of(ANNA, BOTH, XTERM) == (
        "\x1b]9;smschat: Anna: see you, at 8\x1b\\\x1b]777;notify;Anna;see you, at 8\x1b\\\x07"
    )


@pytest.mark.parametrize(
    ("env", "number"),
    [
        ({"TERM_PROGRAM": "iTerm.app"}, "9"),
        ({"KITTY_WINDOW_ID": "1"}, "9"),
        ({"WT_SESSION": "x"}, "9"),
        ({"TERM_PROGRAM": "WezTerm"}, "777"),
        ({"TERM": "foot"}, "777"),
        ({"TERM": "rxvt-unicode-256color"}, "777"),
        ({"VTE_VERSION": "7600"}, "777"),
    ],
)
def test_a_terminal_that_is_known_gets_its_own(env: dict[str, str], number: str) -> None:
    written = sequences_of(ANNA, BOTH, {**XTERM, **env})
    assert re.findall(r"\x1b\](\d+);", written) == [number]


@pytest.mark.parametrize("term", ["linux", "dumb", "vt100", ""])
def test_a_terminal_that_would_print_it_gets_the_bell_alone(term: str) -> None:
    assert sequences_of(ANNA, BOTH, {"TERM": term}) == BELL


def test_the_user_chooses_the_ways() -> None:
    assert sequences_of(ANNA, frozenset({"bell"}), XTERM) == BELL
    assert BELL not in sequences_of(ANNA, frozenset({"desktop"}), XTERM)
    assert sequences_of(ANNA, frozenset(), XTERM) == ""


def test_in_tmux_it_is_wrapped_with_every_escape_doubled() -> None:
    written = sequences_of(ANNA, BOTH, {**XTERM, "TMUX": "/tmp/tmux", "TERM_PROGRAM": "tmux", "KITTY_WINDOW_ID": "1"})
    assert written == "\x1bPtmux;\x1b\x1b]9;smschat: Anna: see you, at 8\x1b\x1b\\\x1b\\\x07"


def test_in_screen_it_is_wrapped_and_short_enough() -> None:
    long = Notice(who="語" * 500, text="語" * 5000)
    for sequence in re.findall(r"\x1bP(.*?)\x1b\\", sequences_of(long, BOTH, {**XTERM, "STY": "1.x"})):
        assert len(sequence.encode()) < 768
        assert sequence.endswith(BELL)
        assert "\x1b\\" not in sequence


def test_what_is_long_is_cut() -> None:
    assert len(sequences_of(Notice(who="x" * 9999, text="y" * 9999), BOTH, XTERM)) < 700


def test_an_ascii_terminal_gets_ascii() -> None:
    assert sequences_of(Notice(who="Zoë", text="語"), BOTH, XTERM, is_ascii=True).isascii()


@given(who=st.text(), text=st.text())
def test_hostile_words_cannot_leave_their_sequence(who: str, text: str) -> None:
    written = sequences_of(Notice(who=who, text=text), frozenset({"desktop"}), XTERM)
    assert ONE.sub("", written) == ""
    assert len(ONE.findall(written)) == 2
    written.encode()


@pytest.mark.parametrize(
    "text", ["\x1b\\\x1b]0;pwned\x07", "\x07\x1b[2J", "\x9c\x9b31m", "4;1;50", "\x1b\x1b\\", "a\nb\rc", "\ud800"]
)
def test_a_sequence_in_an_sms_is_only_text(text: str) -> None:
    written = sequences_of(Notice(who=text, text=text), frozenset({"desktop"}), XTERM)
    assert ONE.sub("", written) == ""
