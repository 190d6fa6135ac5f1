"""Any usual form of a number comes in, digits with country code go out; possible is enough, valid is not asked."""

# ruff: noqa: RUF001 - digits that look like others are among the cases

from __future__ import annotations

import contextlib
import re
import subprocess
import sys

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.domain.phone import (
    can_be_answered,
    country_of,
    parse_peer,
    parse_sender,
    peer_from_wire,
    pretty,
    same_peer,
)
from smschat.errors import NumberError, SenderError


@pytest.mark.parametrize("text", ["06123", "+3106123", "06 12 3"])
def test_a_trunk_zero_does_not_make_up_for_digits_that_are_missing(text: str) -> None:
    with pytest.raises(NumberError):
        parse_peer(text, "NL")


@pytest.mark.parametrize("text", ["0612345678", "+39 06 1234 5678"])
def test_italian_numbers_keep_their_zero(text: str) -> None:
    assert parse_peer(text, "IT") == "39" + text.removeprefix("+39").replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        "+31 6 12345678",
        "+31612345678",
        "0031612345678",
        "00 31 6 1234 5678",
        "06 12 34 56 78",
        "06-12345678",
        "06.1234.5678",
        "(06) 12345678",
        "+31 (0)6 12345678",
        "0031 (0) 6 12345678",
        "+310612345678",
        "31 (0)6 12345678",
        "31612345678",
        "612345678",
        "tel:+31-6-12345678",
        "TEL:0612345678;phone-context=+31",
        "sms:+31612345678?body=hi",
        "\u202a+31\xa06\u201112345678\u202c",
        "+３１６１２３４５６７８",
        "٠٦١٢٣٤٥٦٧٨",
        "  0612345678\n",
    ],
)
def test_any_usual_form_of_a_dutch_number_is_read(text: str) -> None:
    assert parse_peer(text, "NL") == "31612345678"


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("0470 12 34 56", "BE", "32470123456"),
        ("31612345678", "BE", "31612345678"),
        ("07700 900000", "GB", "447700900000"),
        ("(415) 555-0123", "US", "14155550123"),
        ("1 202 555 0123", "US", "12025550123"),
        ("011 31 6 12345678", "US", "31612345678"),
        ("31612345678", "US", "31612345678"),
        ("612 34 56 78", "ES", "34612345678"),
        ("34612345678", "ES", "34612345678"),
        ("06 1234567", "IT", "39061234567"),
        ("8 916 123-45-67", "RU", "79161234567"),
        ("097 012345678", "NL", "3197012345678"),
        ("0612345678", "nl", "31612345678"),
    ],
)
def test_the_national_form_is_that_of_the_country(text: str, country: str, expected: str) -> None:
    assert parse_peer(text, country) == expected


@pytest.mark.parametrize(
    "digits",
    [
        "31600000001",
        "31611111111",
        "31600000903",
        "31655555555",
        "31970000000",
        "3197000000000",
        "3197012345678",
        "447700900000",
        "4915112345678",
        "352271234",
        "33612345678",
        "12025550123",
    ],
)
def test_possible_is_enough_and_bare_digits_with_country_code_stay(digits: str) -> None:
    assert parse_peer(digits, "NL") == digits
    assert parse_peer("+" + digits, "NL") == digits


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "12",
        "+",
        "++31612345678",
        "1234567",
        "+31",
        "0000000",
        "+999123456789",
        "+3161234567890123",
        "MTN",
        "31611111111,31622222222",
        "06 12345678 x3",
        "06123456789012345678901234567890",
        "1" * 5000,
        "6️⃣",
        "²³⁴",
    ],
)
def test_what_is_no_possible_number_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(NumberError) as caught:
        parse_peer(text, "NL")
    assert "+31 6 12345678" in caught.value.hint


def test_a_country_that_does_not_exist_is_said() -> None:
    with pytest.raises(NumberError, match="no country 'XX'"):
        parse_peer("0612345678", "XX")


def test_a_refusal_does_not_repeat_the_number() -> None:
    with pytest.raises(NumberError) as caught:
        parse_peer("+999123456789", "NL")
    assert "123456789" not in f"{caught.value} {caught.value.hint}"


STARTS = st.sampled_from(["31", "3197", "316000", "49", "44", "1", "352"])
NINE_OR_ELEVEN = st.integers(10**8, 10**9 - 1) | st.integers(97 * 10**9, 98 * 10**9 - 1)


@given(STARTS, st.integers(1000, 10**12 - 1))
def test_what_was_read_once_is_read_as_itself(start: str, rest: int) -> None:
    """Of other countries only valid numbers are sure of it: 61 234 5678 is a Dutch mobile without its zero."""
    try:
        peer = parse_peer(f"+{start}{rest}", "NL")
    except NumberError:
        return
    assert re.fullmatch(r"[0-9]{7,15}", peer)
    assert parse_peer("+" + peer, "NL") == peer
    if peer.startswith("31") or phonenumbers.is_valid_number(phonenumbers.parse("+" + peer)):
        assert parse_peer(peer, "NL") == peer


@given(st.sampled_from(["+31", "0031", "31", "0"]), NINE_OR_ELEVEN)
def test_the_short_way_of_a_dutch_number_agrees_with_the_tables(start: str, rest: int) -> None:
    number = phonenumbers.parse(f"{start}{rest}" if start != "31" else f"+31{rest}", "NL")
    assert phonenumbers.is_possible_number(number)
    assert parse_peer(f"{start}{rest}", "NL") == f"31{number.national_number}"
    assert country_of(f"31{rest}") == phonenumbers.region_code_for_number(number) == "NL"


@given(st.text(max_size=40))
def test_reading_ends_in_digits_or_in_a_refusal(text: str) -> None:
    with contextlib.suppress(NumberError):
        assert parse_peer(text, "NL").isdigit()


@pytest.mark.parametrize(
    ("text", "peer"),
    [
        ("31612345678", "31612345678"),
        ("+31612345678", "31612345678"),
        ("0031612345678", "31612345678"),
        (" 31612345678 ", "31612345678"),
        ("0612345678", "31612345678"),
        ("4040", "4040"),
        ("012", "012"),
        ("MTN", "MTN"),
        ("ING Bank", "ING Bank"),
        ("00", "00"),
        ("", ""),
    ],
)
def test_a_peer_from_the_wire_is_digits_or_the_name_as_it_came(text: str, peer: str) -> None:
    assert peer_from_wire(text, "NL") == peer


def test_a_national_form_from_the_wire_stays_without_a_country() -> None:
    assert peer_from_wire("0612345678") == "0612345678"


def test_peers_are_the_same_in_any_international_form() -> None:
    assert same_peer("+31 6 12345678", "31612345678")
    assert same_peer("Mtn", "MTN")
    assert not same_peer("31612345678", "31612345679")


@pytest.mark.parametrize(
    ("digits", "country"),
    [
        ("31600000001", "NL"),
        ("3197012345678", "NL"),
        ("447700900000", "GB"),
        ("12025550123", "US"),
        ("14165550123", "CA"),
        ("4040", None),
        ("MTN", None),
        ("", None),
        ("999123456789", None),
        ("80012345678", None),
    ],
)
def test_a_number_has_a_country_and_a_name_has_none(digits: str, country: str | None) -> None:
    assert country_of(digits) == country


@pytest.mark.parametrize(
    ("digits", "country", "expected"),
    [
        ("31612345678", None, "+31 6 12345678"),
        ("31612345678", "BE", "+31 6 12345678"),
        ("31612345678", "NL", "06 12345678"),
        ("3197012345678", None, "+31 970 123 45678"),
        ("MTN", "NL", "MTN"),
        ("4040", None, "4040"),
    ],
)
def test_a_number_is_written_for_people_and_anything_else_as_it_is(
    digits: str, country: str | None, expected: str
) -> None:
    assert pretty(digits, country) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KPN", "KPN"),
        ("a1b2c3d4e5f", "a1b2c3d4e5f"),
        (" Bakker ", "Bakker"),
        ("31612345678", "31612345678"),
        ("+31 6 1234 5678", "31612345678"),
        ("0031612345678", "31612345678"),
        ("06 12345678", "31612345678"),
        ("4040", "4040"),
        ("123456789012345", "123456789012345"),
    ],
)
def test_a_sender_is_a_number_or_a_short_name(text: str, expected: str) -> None:
    assert parse_sender(text, "NL") == expected


@pytest.mark.parametrize("text", ["", "twelveletter", "two words", "Bäcker", "A-B", "1234567890123456", "0612"])
def test_any_other_sender_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(SenderError) as caught:
        parse_sender(text, "NL")
    assert caught.value.hint


def test_a_national_sender_needs_a_country() -> None:
    with pytest.raises(SenderError, match="without country code"):
        parse_sender("0612345678")


def test_a_name_cannot_be_answered() -> None:
    assert can_be_answered("31612345678")
    assert not can_be_answered("KPN")
    assert not can_be_answered("")


def test_a_dutch_number_loads_no_tables_and_another_only_those_of_its_country() -> None:
    program = (
        "import sys, smschat.domain.phone as p\n"
        "p.parse_peer('+31 6 12345678', 'BE'), p.parse_peer('0612345678', 'NL'), p.country_of('3197012345678')\n"
        "assert not [name for name in sys.modules if 'phonenumbers' in name]\n"
        "p.parse_peer('0470 12 34 56', 'BE')\n"
        "print([name.rpartition('_')[2] for name in sys.modules if 'data.region_' in name])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "['BE']\n"
