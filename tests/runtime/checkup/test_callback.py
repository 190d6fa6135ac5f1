"""What the gateway was told last, against what it should have been told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smschat import settings
from smschat.domain.account import Registration
from smschat.domain.checks import Finding
from smschat.runtime.checkup.callback import of_registration
from tests.gateway.client_parts import NOON

if TYPE_CHECKING:
    from smschat.domain.checks import Check
    from smschat.settings import Settings

TOKEN = "AbCdEfGhIjKlMnOpQrStUv"
OURS = f"https://ours.example/{TOKEN}"
FOREIGN = "https://elsewhere.example/a-secret-of-theirs"
NUMBER = "31612345678"


def loaded(**more: str) -> Settings:
    env = {"SMSCHAT_CONFIG_DIR": str(Path("/nowhere")), "SMSCHAT_NUMBER": NUMBER, "SMSCHAT_TUNNEL": "ngrok"}
    return settings.load({}, env | {f"SMSCHAT_{name.upper()}": value for name, value in more.items()})


def looked_at(
    url: str | None,
    *,
    number: str = NUMBER,
    error: str | None = None,
    public_url: str | None = "https://ours.example",
    **more: str,
) -> Check:
    told = None if url is None else Registration(number=number, url=url, at=NOON, error=error)
    return of_registration(loaded(**more), told, token=TOKEN, public_url=public_url)


def test_our_address_for_our_number_is_well() -> None:
    assert looked_at(OURS).finding is Finding.OK


def test_a_foreign_callback_is_a_fault_and_registering_is_the_fix() -> None:
    check = looked_at(FOREIGN)
    assert check.is_fault
    assert "foreign callback" in check.text
    assert "https://elsewhere.example" in check.text
    assert "smschat webhook register" in check.fix


def test_an_address_of_ours_that_is_no_longer_ours_is_foreign_too() -> None:
    assert looked_at(f"https://earlier.example/{TOKEN}").is_fault


def test_while_nobody_receives_an_address_with_our_token_is_ours() -> None:
    assert looked_at(f"https://earlier.example/{TOKEN}", public_url=None).finding is Finding.OK
    foreign = looked_at(FOREIGN, public_url=None)
    assert foreign.is_fault
    assert "start `smschat`" in foreign.fix


def test_a_refused_registration_has_the_gateways_words_and_what_to_look_at() -> None:
    check = looked_at(OURS, error="the gateway refuses the request: to is no test number (HTTP 400)")
    assert check.is_fault
    assert "to is no test number" in check.text
    assert NUMBER in check.text
    assert "`number`" in check.fix


def test_a_refusal_for_a_number_that_was_mended_is_no_fault_any_more() -> None:
    assert looked_at(OURS, number="31687654321", error="refused").finding is Finding.NOTE


def test_a_registration_for_another_number_is_a_fault() -> None:
    check = looked_at(OURS, number="31687654321")
    assert check.is_fault
    assert "31687654321" in check.text


@pytest.mark.parametrize(("url", "more"), [(None, {}), (None, {"tunnel": "off"}), (OURS, {"account": "production"})])
def test_where_nothing_should_be_registered_that_is_no_fault(url: str | None, more: dict[str, str]) -> None:
    assert looked_at(url, **more).finding is Finding.NOTE


@pytest.mark.parametrize("url", [OURS, FOREIGN])
def test_neither_our_path_nor_a_foreign_one_is_shown(url: str) -> None:
    for public_url in ("https://ours.example", None):
        check = looked_at(url, public_url=public_url)
        assert TOKEN not in check.text + check.fix
        assert "secret" not in check.text + check.fix
