"""Shortcodes: what is one, what it may become, and what is left alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from smschat.ui.shortcodes import MOST, Shortcodes, begun, load

NAMES = Shortcodes(
    {"smile": "😄", "smiley": "😃", "smirk": "😏", "grin": "😁", "big_smile": "😄", "+1": "👍", "100": "💯"}
)


@pytest.mark.parametrize(
    ("before", "letters"),
    [(":sm", "sm"), ("hi :smi", "smi"), ("(:smi", "smi"), (":+1", "+1"), (":s", None), ("", None), (":smi le", None)],
)
def test_a_shortcode_begins_with_a_colon_and_two_letters(before: str, letters: str | None) -> None:
    assert begun(before) == letters


@pytest.mark.parametrize(
    "before", ["at 10:30", "10:30:00", ":30", "https://ex", "a:bc", "::ab", ":-)", ":D", "TEL;TYPE=CELL:ab", "./:ab"]
)
def test_a_time_an_address_and_a_face_are_no_shortcodes(before: str) -> None:
    assert begun(before) is None
    assert load().closed(before + ":") is None


def test_the_likeliest_are_offered_first_each_emoji_once() -> None:
    offers = NAMES.offers("hi :smi")
    assert [offer.name for offer in offers] == ["smile", "smirk", "smiley"]
    assert {offer.length for offer in offers} == {4}


def test_the_name_itself_comes_before_those_that_begin_so() -> None:
    assert [offer.name for offer in NAMES.offers(":smiley")] == ["smiley"]
    assert NAMES.offers(":smile")[0].name == "smile"


def test_what_was_typed_out_is_named_by_its_colons() -> None:
    offer = NAMES.closed("hi :100:")
    assert offer is not None
    assert (offer.emoji, offer.length) == ("💯", 5)
    assert NAMES.closed("hi :nothing:") is None


def test_no_more_are_offered_than_fit_into_a_line() -> None:
    assert len(load().offers(":sm")) == MOST


def test_the_names_are_those_that_people_know() -> None:
    names = load()
    for name in ("smile", "thumbsup", "tada", "heart", "joy", "pray", "fire", "wave"):
        assert names.closed(f":{name}:") is not None, name


def test_the_library_is_loaded_by_nothing_but_a_shortcode() -> None:
    code = "import sys, smschat.ui.app, smschat.ui.shortcodes; print('emoji' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
