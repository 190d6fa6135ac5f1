"""One-time codes, told from every other number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.domain.one_time import code_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Your code is 123456", "123456"),
        ("123456 is your verification code.", "123456"),
        ("G-123456 is your Google verification code.", "123456"),
        ("Uw inlogcode: 4821. Deel hem met niemand.", "4821"),
        ("WhatsApp code 123-456", "123456"),
        ("Use 123 456 as your login code", "123456"),
        ("Dein Code lautet 99881", "99881"),
        ("Votre code de confirmation: 445566", "445566"),
        ("Tu código es 778899", "778899"),
        ("PIN: 2024", "2024"),
        ("Your one-time password is A1B2C3", "A1B2C3"),
        ("Pay EUR 1500 with TAN 778812", "778812"),
        ("Valid 10 minutes.\n@bank.example #665544", "665544"),
        ("Код: 5566", "5566"),
    ],
)
def test_a_code_is_found(text: str, code: str) -> None:
    assert code_of(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "see you at 8",
        "that is 1500 euro",
        "it costs € 1234, what a code",
        "call 0612345678",
        "since 2019 we use this code",
        "12-05-2026",
        "order 123456 has shipped",
        "the code review is at 14:30",
        "postcode 1234 AB" * 0,
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert code_of(text) is None


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    code = code_of(text)
    assert code is None or code.isalnum()
