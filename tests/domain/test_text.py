"""Foreign text passes two doors; whatever it holds, it comes out of the second one harmless, and the same next time."""

# ruff: noqa: RUF001 - characters that look like others are the matter of this file

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.domain.text import from_wire, shown

WITCHES = (
    "\u200c\u200d\ufe0e\ufe0f\u0301\u0300\u20e3\u094d\u200b\U000e0067\U000e007f\u202e\t\n\u2028"
    "…1#ae\xa9❤👩🏽🏴بकക\ud83d\x1b"
)
hostile = st.text(st.one_of(st.sampled_from(WITCHES), st.characters()), max_size=60)

FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029]"
)

FAMILY = "👩\u200d👩\u200d👧\u200d👦"
KISS = "👩🏻\u200d❤\ufe0f\u200d💋\u200d👩🏿"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize(
    "text",
    [
        "plain words, 5 €, één “quote” – and a Straße",
        "[/] [@click=app.quit]x[/] [red] $m :bomb: \\[b]",
        "two\nlines",
        FAMILY,
        KISS,
        SCOTLAND,
        "👍🏽 🇳🇱🇧🇪 ❤\ufe0f 1\ufe0f\u20e3 #\ufe0f\u20e3 🏴\u200d☠\ufe0f 🏳\ufe0f\u200d🌈 ©\ufe0f",
        "می\u200cخواهم السَّلَامُ عَلَيْكُمْ",
        "क्\u200dष नमस्ते हिन्दी श्री",
        "ക്\u200d ന്\u200d.",
        "শ্রী র\u200d্যাম",
        "ශ්\u200dරී ලංකා",
        "สวัสดีครับ ที่ ปู่",
        "שָׁלוֹם",
        "你好，世界 こんにちは 안녕하세요",
        "привет й и\u0306",
        "z\u0300\u0301\u0302\u0303",
        "\u0600\u0661",
        "\U0001fadf",
    ],
)
def test_honest_text_is_shown_as_it_is(text: str) -> None:
    assert shown(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b]52;c;cm0=\x07", "␛]52;c;cm0=␇"),
        ("\x1b]2;ING Bank\x1b\\", "␛]2;ING Bank␛\\"),
        ("\x1b[?1049l\x1b[1;1H\x1b[c", "␛[?1049l␛[1;1H␛[c"),
        ("\x9b31m\x9d0;x\x9c\x85", "\ufffd31m\ufffd0;x\ufffd\ufffd"),
        ("\x00\x05\x0e\x0f\x13\x7f\x08\x0b\x0c\r", "␀␅␎␏␓␡␈␋␌␍"),
        ("a\tb", "a    b"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("\u202eevil\u202c \u2066x\u2069", "⟨U+202E⟩evil⟨U+202C⟩ ⟨U+2066⟩x⟨U+2069⟩"),
        ("\u200e\u200f\u061c", "⟨U+200E⟩⟨U+200F⟩⟨U+061C⟩"),
        ("a\u200bb\u2060c\ufeffd\u00ade\u2061f\u180eg\u3164h\u115fi", "abcdefghi"),
        ("hi\U000e0068\U000e0069", "hi"),
        ("🏴\U000e0078\U000e0078\U000e007f", "🏴"),
        ("a\u200db \u200c x\u200d👩 👩\u200dx 👩\u200c👩", "ab  x👩 👩x 👩👩"),
        ("a\ufe0f 1\ufe0f 1\ufe0e", "a 1 1"),
        ("❤\ufe0f\ufe0f\ufe00", "❤\ufe0f"),
        ("z" + "\u0301" * 200 + "a", "z" + "\u0301" * 4 + "…a"),
        ("क" + "\u093e" * 9, "क" + "\u093e" * 4 + "…"),
        ("a\u0301\u0301\u200b\u0301\u0301\u200d\u0301", "a\u0301\u0301\u0301\u0301…"),
        (
            "\ud83d \ue000 \ufdd0 \uffff \U0010ffff \U000f0000 \u0378",
            "\ufffd \ufffd \ufffd \ufffd \ufffd \ufffd \ufffd",
        ),
    ],
)
def test_what_deceives_or_commands_is_defused(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_on_one_line_a_line_feed_is_a_picture() -> None:
    assert shown("a\nb\u2028c", multiline=False) == "a⏎b⏎c"


@pytest.mark.parametrize(
    ("limit", "lines", "expected"),
    [
        (None, None, "one\ntwo\nthree"),
        (13, 3, "one\ntwo\nthree"),
        (5, None, "one\n…"),
        (None, 2, "one\ntwo…"),
        (8, 2, "one\ntwo…"),
        (7, 2, "one\ntw…"),
        (1, 1, "…"),
    ],
)
def test_a_long_text_is_cut_with_an_ellipsis(limit: int | None, lines: int | None, expected: str) -> None:
    assert shown("one\ntwo\nthree", limit=limit, lines=lines) == expected


def test_a_cut_leaves_no_joiner_behind() -> None:
    assert shown(FAMILY, limit=3) == "👩…"


@given(hostile, st.booleans())
def test_nothing_forbidden_is_shown(text: str, multiline: bool) -> None:  # noqa: FBT001
    safe = shown(text, multiline=multiline)
    assert not FORBIDDEN.search(safe)
    assert multiline or "\n" not in safe
    assert all(unicodedata.category(character) not in {"Cc", "Co", "Cs"} or character == "\n" for character in safe)


@given(hostile)
def test_no_letter_carries_more_than_four_marks(text: str) -> None:
    kinds = "".join("m" if unicodedata.category(character).startswith("M") else "b" for character in shown(text))
    assert "mmmmm" not in kinds


@given(hostile, st.booleans(), st.none() | st.integers(1, 70), st.none() | st.integers(1, 5))
def test_showing_twice_changes_nothing(text: str, multiline: bool, limit: int | None, lines: int | None) -> None:  # noqa: FBT001
    once = shown(text, multiline=multiline, limit=limit, lines=lines)
    assert shown(once, multiline=multiline, limit=limit, lines=lines) == once
    assert limit is None or len(once) <= limit
    assert lines is None or once.count("\n") < lines


@given(st.text(st.characters(categories=("L", "N", "P", "Zs"), exclude_characters="\u3164\u115f\u1160\uffa0")))
def test_letters_digits_and_punctuation_are_never_touched(text: str) -> None:
    assert shown(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"),
        ("\x00\x07\x1b[2J\x7f\x85\x9b31m", "[2J31m"),
        ("\ud83d", ""),
        ("x\ud83d\ude00\ude00y", "x😀y"),
        ("\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0010ffff!", "!"),
        ("\u202e\u200b\ue000 stay", "\u202e\u200b\ue000 stay"),
        (FAMILY + " één", FAMILY + " één"),
    ],
)
def test_the_door_drops_only_what_no_sms_can_mean(text: str, expected: str) -> None:
    assert from_wire(text) == expected


@given(hostile)
def test_what_came_in_can_be_stored_and_comes_in_unchanged_again(text: str) -> None:
    taken = from_wire(text)
    assert taken.encode().decode() == taken
    assert from_wire(taken) == taken
