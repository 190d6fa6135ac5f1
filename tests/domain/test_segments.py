"""Counting is what the bill will say, and the plain replacement never touches what already fits."""

# ruff: noqa: RUF001 - characters that look like others are the matter of this file

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import smsutil
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from smschat.domain.segments import (
    DEFAULT_TABLE,
    EXTENSION_TABLE,
    Culprit,
    count,
    count_card,
    count_octets,
    count_push,
    is_gsm7,
    plain,
    split,
)
from smschat.domain.sms import Encoding

if TYPE_CHECKING:
    from smschat.domain.segments import SegmentCount

GSM = DEFAULT_TABLE.replace("\x1b", "") + "".join(EXTENSION_TABLE)

gsm_texts = st.text(st.sampled_from(GSM), max_size=700)
extended_texts = st.text(st.sampled_from("a[]€~"), min_size=140, max_size=500)
any_texts = st.text(st.one_of(st.sampled_from("aë😀🍔€"), st.characters()), max_size=300)


def figures(found: SegmentCount) -> tuple[Encoding, int, int, int]:
    return found.encoding, found.segments, found.units, found.units_left


def test_the_alphabet_has_127_characters_and_ten_more_by_escape() -> None:
    assert len(set(GSM)) == 137
    assert len(DEFAULT_TABLE) == 128
    assert DEFAULT_TABLE[0x1B] == "\x1b"


@pytest.mark.parametrize(
    ("character", "septet"),
    list(zip("@Ç\n\rΔÉ¤à¡Ä§¿üΞÆ", bytes.fromhex("00 09 0a 0d 10 1f 24 7f 40 5b 5f 60 7e 1a 1c"), strict=True)),
)
def test_a_character_has_the_septet_of_the_standard(character: str, septet: int) -> None:
    assert DEFAULT_TABLE.index(character) == septet


@pytest.mark.parametrize("character", "çáíóúëïêâÁÍÓÚ`’“”…–—\t\xa0°•☺ΑΒ\x1b")
def test_what_the_alphabet_lacks_makes_the_text_ucs2(character: str) -> None:
    assert figures(count(character)) == (Encoding.UCS2, 1, 1, 69)


@pytest.mark.parametrize("text", ["één coördinatie à 5 €", "{extended}", " basic", "@åspecial", "^{}\\[~]|€\f", ""])
def test_what_the_alphabet_has_travels_in_seven_bits(text: str) -> None:
    assert is_gsm7(text)
    assert count(text).encoding is Encoding.GSM7
    assert count(text).culprits == ()


@pytest.mark.parametrize(
    ("text", "encoding", "segments", "units", "units_left"),
    [
        ("", Encoding.GSM7, 1, 0, 160),
        ("x" * 160, Encoding.GSM7, 1, 160, 0),
        ("x" * 161, Encoding.GSM7, 2, 161, 145),
        ("x" * 306, Encoding.GSM7, 2, 306, 0),
        ("x" * 307, Encoding.GSM7, 3, 307, 152),
        ("€" * 80, Encoding.GSM7, 1, 160, 0),
        ("€" * 81, Encoding.GSM7, 2, 162, 143),
        ("x" * 152 + "€" + "x" * 7, Encoding.GSM7, 2, 161, 144),
        ("\r\n", Encoding.GSM7, 1, 2, 158),
        ("ideeën", Encoding.UCS2, 1, 6, 64),
        ("ë" * 70, Encoding.UCS2, 1, 70, 0),
        ("ë" * 71, Encoding.UCS2, 2, 71, 63),
        ("😀", Encoding.UCS2, 1, 2, 68),
        ("😀" * 35, Encoding.UCS2, 1, 70, 0),
        ("\U0001f354" * 80, Encoding.UCS2, 3, 160, 39),
        ("ë€[", Encoding.UCS2, 1, 3, 67),
    ],
)
def test_units_and_segments(text: str, encoding: Encoding, segments: int, units: int, units_left: int) -> None:
    assert figures(count(text)) == (encoding, segments, units, units_left)


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("x" * 158 + "€", [159]),
        ("x" * 159 + "€", [153, 7]),
        ("x" * 152 + "€" + "x" * 7, [152, 8]),
        ("x" * 151 + "€" + "x" * 8, [152, 8]),
        ("x" * 152 + "€" * 5, [152, 5]),
        ("x" * 305 + "€" + "x", [153, 152, 2]),
        ("€" * 153, [76, 76, 1]),
        ("x" * 152 + "€" + "x" * 150 + "€" + "x", [152, 151, 2]),
    ],
)
def test_an_escape_pair_is_not_cut_in_two(text: str, lengths: list[int]) -> None:
    assert [len(part) for part in split(text)] == lengths


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("ë" * 68 + "😀", [69]),
        ("ë" * 69 + "😀", [67, 3]),
        ("ë" * 66 + "😀" + "ë" * 3, [66, 4]),
        ("ë" * 65 + "😀" + "ë" * 4, [66, 4]),
        ("\U0001f354" * 80, [33, 33, 14]),
        ("ë" * 70 + "\ud83d", [67, 4]),
    ],
)
def test_a_surrogate_pair_is_not_cut_in_two(text: str, lengths: list[int]) -> None:
    assert [len(part) for part in split(text)] == lengths


def test_type_unicode_counts_two_octets_for_gsm_characters_too() -> None:
    assert figures(count("x" * 71, force_ucs2=True)) == (Encoding.UCS2, 2, 71, 63)
    assert count("x", force_ucs2=True).culprits == ()


@pytest.mark.parametrize(("octets", "segments", "left"), [(0, 1, 140), (140, 1, 0), (141, 2, 127), (269, 3, 133)])
def test_binary_counts_octets(octets: int, segments: int, left: int) -> None:
    assert figures(count_octets(octets)) == (Encoding.BINARY, segments, octets, left)


@pytest.mark.parametrize(("octets", "segments", "left"), [(1, 1, 132), (133, 1, 0), (134, 2, 122), (257, 3, 127)])
def test_a_card_gives_up_room_for_its_ports_in_each_part(octets: int, segments: int, left: int) -> None:
    assert figures(count_card("x" * octets)) == (Encoding.BINARY, segments, octets, left)


def test_a_card_is_counted_in_octets_and_a_push_with_its_frame() -> None:
    assert count_card("ë€😀").units == 9
    assert count_push("ë", "https://example.com").units == 30 + 2 + 19
    assert (
        count_push("x" * 84, "https://example.com").segments,
        count_push("x" * 85, "https://example.com").segments,
    ) == (1, 2)


def test_a_culprit_is_named_once_where_it_stands_first() -> None:
    assert count("ideeën, ideeën “nu”").culprits == (
        Culprit(character="ë", index=4, suggestion="e"),
        Culprit(character="“", index=15, suggestion='"'),
        Culprit(character="”", index=18, suggestion='"'),
    )


def test_a_culprit_without_counterpart_has_no_suggestion() -> None:
    assert count("hi 😀").culprits == (Culprit(character="😀", index=3, suggestion=None),)


def test_a_combining_mark_goes_with_its_letter_or_not_at_all() -> None:
    assert [culprit.suggestion for culprit in count("ide\u0308").culprits] == [""]
    assert [culprit.suggestion for culprit in count("и\u0306").culprits] == [None, None]
    assert [culprit.suggestion for culprit in count("\u0306").culprits] == [None]


def test_a_text_never_shows_in_the_repr_of_its_count() -> None:
    assert "ë" not in repr(count("ë"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ideeën en één café à 5 €", "ideeen en één café à 5 €"),
        ("“quoted” ‘n’ «x» ‹y›", "\"quoted\" 'n' \"x\" 'y'"),
        ("wait… – no — yes", "wait... - no - yes"),
        ("a\xa0b\u202fc\u2003d\te", "a b c d e"),
        ("fa\u00e7ade ÇA ĳs ﬁn Łódź œuvre", "facade ÇA ijs fin Lodz oeuvre"),
        ("ideee\u0308n e\u0301e\u0301n a\u0302b", "ideeen één ab"),
        ("\u200bzero\ufeff", "zero"),
        ("½ × ２ ≥ 3²", "1/2 x 2 >= 32"),
        ("©\ufe0f 2026 ™", "(c) 2026 TM"),
        ("ΚΑΛΗΜΕΡΑ ΆΛΦΑ", "KAΛHMEPA AΛΦA"),
        ("nice 👍🏽 1\ufe0f\u20e3 ❤️", "nice 👍🏽 1\ufe0f\u20e3 ❤️"),
        ("привет й и\u0306 中文 ha\u0308", "привет й и\u0306 中文 hä"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
    ],
)
def test_plain_takes_the_nearest_and_leaves_the_rest(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(any_texts)
def test_plain_says_the_same_the_second_time(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(gsm_texts)
def test_plain_never_touches_what_fits(text: str) -> None:
    assert plain(text) == text


@given(any_texts)
def test_the_culprits_are_what_keeps_a_text_out_of_gsm7(text: str) -> None:
    culprits = count(text).culprits
    assert {culprit.character for culprit in culprits} == set(text) - set(GSM)
    assert all(text.index(culprit.character) == culprit.index for culprit in culprits)
    assert all(is_gsm7(culprit.suggestion) for culprit in culprits if culprit.suggestion is not None)


@given(st.text(st.sampled_from(GSM + "ëïêóáúâîôçÁÍÓÚÊËãõñÿŠžœ“”„‘’‚–—…•·«»´`\u00a0\u2009\u202f\t×÷¼½™©\u0301\u0308")))
def test_following_every_suggestion_fits_gsm7(text: str) -> None:
    if all(culprit.suggestion is not None for culprit in count(text).culprits):
        assert is_gsm7(plain(text))


@given(st.one_of(gsm_texts, extended_texts, any_texts), st.booleans())
def test_the_parts_are_as_many_as_counted_and_make_the_text(text: str, force_ucs2: bool) -> None:  # noqa: FBT001
    parts = split(text, force_ucs2=force_ucs2)
    assert len(parts) == count(text, force_ucs2=force_ucs2).segments
    assert "".join(parts) == text


@given(st.one_of(gsm_texts, extended_texts, any_texts))
def test_exactly_units_left_more_units_fit(text: str) -> None:
    found = count(text)
    filler = "x" * found.units_left
    assert count(text + filler).segments == found.segments
    assert count(text + filler + "x").segments == found.segments + 1


@settings(max_examples=3000, deadline=None)
@given(st.one_of(gsm_texts, extended_texts, any_texts))
def test_an_independent_counter_agrees(text: str) -> None:
    """Known differences of smsutil: U+001B is a character to it, an empty text is UCS-2, and it counts octets."""
    assume(text and "\x1b" not in text)
    found, theirs = count(text), smsutil.split(text)
    assert [part.content for part in theirs.parts] == list(split(text))
    if found.encoding is Encoding.GSM7:
        assert (theirs.encoding, theirs.total_bytes) == ("gsm0338", found.units)
    else:
        assert (theirs.encoding, theirs.total_bytes) == ("utf_16_be", 2 * found.units)


def parts_one_by_one(text: str, *, force_ucs2: bool) -> list[str]:
    """The rule as it is written, character by character: nothing of it is shared with what is tested."""
    is_gsm = not force_ucs2 and all(character in GSM for character in text)

    def units(character: str) -> int:
        if is_gsm:
            return 2 if character in "\f^{}\\[~]|€" else 1
        return 2 if ord(character) > 0xFFFF else 1

    alone, each = (160, 153) if is_gsm else (70, 67)
    if sum(map(units, text)) <= alone:
        return [text]
    parts, used = [""], 0
    for character in text:
        if used + units(character) > each:
            parts, used = [*parts, ""], 0
        parts[-1] += character
        used += units(character)
    return parts


@settings(max_examples=3000, deadline=None)
@given(st.one_of(gsm_texts, extended_texts, any_texts), st.booleans())
def test_the_rule_applied_by_hand_agrees(text: str, force_ucs2: bool) -> None:  # noqa: FBT001
    assert list(split(text, force_ucs2=force_ucs2)) == parts_one_by_one(text, force_ucs2=force_ucs2)
