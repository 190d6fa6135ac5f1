"""What the gateway was told last, against what it should have been told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smschat import settings
from smschat.domain.account import Loan, Registration
from smschat.domain.checks import Finding
from smschat.domain.identity import Identity
from smschat.domain.secret import Secret
from smschat.gateway import KpnGateway
from smschat.runtime import Plan
from smschat.runtime.checkup.callback import of_number, of_registration
from smschat.tunnel import NoTunnel
from tests.gateway.client_parts import NOON

if TYPE_CHECKING:
    from smschat.domain.checks import Check
    from smschat.settings import Settings
    from tests.standin import Standin

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


@pytest.mark.parametrize("more", [{}, {"tunnel": "off"}])
def test_where_nothing_should_be_registered_that_is_no_fault(more: dict[str, str]) -> None:
    assert looked_at(None, **more).finding is Finding.NOTE


@pytest.mark.parametrize("url", [OURS, FOREIGN])
def test_neither_our_path_nor_a_foreign_one_is_shown(url: str) -> None:
    for public_url in ("https://ours.example", None):
        check = looked_at(url, public_url=public_url)
        assert TOKEN not in check.text + check.fix
        assert "secret" not in check.text + check.fix


VIRTUAL = "3197010000001"


async def asked(
    standin: Standin, *, address: str | None, loans: tuple[Loan, ...] = (), is_received: bool = True, **more: str
) -> Check:
    """What is told of a production number whose address is asked for at the gateway."""
    standin.numbers.owns(VIRTUAL, mo_http_url=address, **more)
    made = Plan(
        profile="default",
        store_path=Path("/nowhere/default.db"),
        identity=Identity(number=VIRTUAL, sender=VIRTUAL, country="NL", is_test=False),
        make_gateway=lambda: KpnGateway(api_url=standin.url, client_id="an-id", client_secret=Secret("a-secret")),
        tunnel=NoTunnel(),
    )
    return await of_number(made, loans, token=TOKEN, public_url="https://ours.example", is_received=is_received)


def loan(error: str | None) -> Loan:
    return Loan(number=VIRTUAL, country="NL", url=FOREIGN, since=NOON, error=error)


async def test_a_production_number_with_our_address_is_well_and_tells_what_it_had(standin: Standin) -> None:
    check = await asked(standin, address=OURS, loans=(loan(None),))
    assert check.finding is Finding.OK
    assert "borrowed from https://elsewhere.example/…" in check.text


async def test_a_production_number_with_an_earlier_address_of_ours_is_registered_again(standin: Standin) -> None:
    earlier = f"https://earlier.example/{TOKEN}"
    assert (await asked(standin, address=earlier)).is_fault
    assert (await asked(standin, address=earlier, is_received=False)).finding is Finding.OK


@pytest.mark.parametrize("address", [FOREIGN, None])
async def test_a_production_number_without_our_address_is_a_fault_while_smschat_receives(
    standin: Standin, address: str | None
) -> None:
    check = await asked(standin, address=address)
    assert check.is_fault
    assert "smschat webhook register" in check.fix
    assert "a-secret-of-theirs" not in check.text
    assert (await asked(standin, address=address, is_received=False)).finding is Finding.NOTE


async def test_an_address_that_is_owed_is_a_fault_with_the_way_to_give_it_back(standin: Standin) -> None:
    check = await asked(standin, address=OURS, loans=(loan("it answered 503"),))
    assert check.is_fault
    assert "it answered 503" in check.text
    assert "smschat webhook restore" in check.fix


async def test_a_number_of_an_application_or_of_nobody_is_a_fault(standin: Standin) -> None:
    assert "application" in (await asked(standin, address=OURS, app_id="an-application")).text
    standin.numbers.is_in_production = False
    assert (await asked(standin, address=OURS)).is_fault
