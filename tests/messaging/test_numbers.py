"""The account's numbers over a real store, the real gateway client, and a strict stand-in for the gateway."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from smschat.domain.account import Loan
from smschat.domain.numbers import NumberChange, NumberType, Where
from smschat.errors import (
    GatewayRefusedError,
    NotAuthorisedError,
    NotConfirmedError,
    NotFoundError,
    OutcomeUnknownError,
)
from smschat.gateway import KpnGateway
from smschat.messaging import numbers as numbers_module
from smschat.messaging.numbers import Numbers
from smschat.settings import Secret
from smschat.store import SqliteStore
from tests.numbers_document import BUY, CANCEL, OWN, SEARCH, UPDATE
from tests.standin import Manner, Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from smschat.domain.numbers import VirtualNumber
    from tests.standin import Standin

MINE, OTHER, FREE = "3197000000001", "3197000000002", "3197000000009"
THEIRS, OURS = "https://other.example/sms", "https://ours.example/AAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = await SqliteStore.open(tmp_path / "test.db")
    yield opened
    await opened.close()


@pytest.fixture
async def numbers(standin: Standin, store: SqliteStore) -> AsyncIterator[Numbers]:
    gateway = KpnGateway(api_url=standin.url, client_id="demo", client_secret=Secret("zq7-secret"))
    yield Numbers(gateway.numbers, store)
    await gateway.aclose()


def lent(number: str) -> Loan:
    return Loan(number=number, country="NL", url=THEIRS, since=datetime(2026, 1, 31, 12, tzinfo=UTC))


async def offer(numbers: Numbers, msisdn: str = FREE) -> VirtualNumber:
    found = await numbers.find_offer(msisdn, country="NL")
    assert found is not None
    return found


async def test_all_pages_are_read_and_those_for_sms_are_kept(
    standin: Standin, numbers: Numbers, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers_module, "LARGEST_PAGE", 2)
    for last in range(1, 6):
        standin.numbers.owns(f"319700000000{last}", features=["VOICE"] if last == 3 else ["SMS", "VOICE"])
    assert [number.msisdn[-1] for number in await numbers.every_own()] == list("12345")
    assert [dict(request.query)["index"] for request in standin.of(OWN)] == ["1", "2", "3"]
    assert [kept[-1] for kept in await store.own_numbers()] == list("1245")


async def test_a_list_that_promises_more_than_it_has_comes_to_an_end(standin: Standin, numbers: Numbers) -> None:
    standin.script(OWN, Reply(body={"count": 900, "numbers": []}))
    assert await numbers.every_own() == ()
    assert len(standin.of(OWN)) == 1
    standin.always(OWN, Reply(body={"count": 90_000, "numbers": [{"country": "NL", "msisdn": MINE}]}))
    assert [number.msisdn for number in await numbers.every_own()] == [MINE]
    assert len(standin.of(OWN)) == 3


async def test_a_list_that_counts_too_little_is_read_to_its_end(
    standin: Standin, numbers: Numbers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers_module, "LARGEST_PAGE", 2)
    pages = [[MINE, OTHER], [FREE]]
    standin.script(OWN, *(Reply(body={"count": 0, "numbers": [{"msisdn": one} for one in page]}) for page in pages))
    assert [number.msisdn for number in await numbers.every_own()] == [MINE, OTHER, FREE]


async def test_a_part_of_the_numbers_replaces_nothing_that_is_kept(
    standin: Standin, numbers: Numbers, store: SqliteStore
) -> None:
    standin.numbers.owns(MINE)
    standin.numbers.owns(OTHER)
    await numbers.own(1, 100)
    await numbers.own(1, 1)
    await numbers.own(1, 100, MINE, Where.START)
    assert sorted(await store.own_numbers()) == [MINE, OTHER]


async def test_an_own_number_is_found_by_all_of_its_digits(standin: Standin, numbers: Numbers) -> None:
    standin.numbers.owns(f"{MINE}5")
    standin.numbers.owns(MINE)
    found = await numbers.find_own(MINE)
    assert found is not None
    assert found.msisdn == MINE
    assert await numbers.find_own(MINE[:-1]) is None


@pytest.mark.parametrize("kind", list(NumberType))
async def test_an_offer_is_found_whatever_its_type_with_what_it_costs(
    standin: Standin, numbers: Numbers, kind: NumberType
) -> None:
    standin.numbers.lets(FREE, cost="1.25", type=kind.value, features=["VOICE"])
    found = await offer(numbers)
    assert (found.type, found.cost) == (kind, "1.25")


async def test_nothing_is_rented_without_a_yes_and_the_sentence_has_the_cost(
    standin: Standin, numbers: Numbers
) -> None:
    standin.numbers.lets(FREE, cost="1.25")
    with pytest.raises(NotConfirmedError, match=r"€ 1\.25 a month"):
        await numbers.buy(await offer(numbers), confirmed=False)
    assert standin.of(BUY) == []


async def test_a_rented_number_is_among_those_to_send_from(
    standin: Standin, numbers: Numbers, store: SqliteStore
) -> None:
    standin.numbers.lets(FREE)
    await numbers.buy(await offer(numbers), confirmed=True)
    assert [request.form for request in standin.of(BUY)] == [{"country": "NL", "msisdn": FREE}]
    assert await store.own_numbers() == [FREE]


@pytest.mark.parametrize("manner", [Manner.CLOSE, Manner.RUBBISH])
async def test_what_may_have_been_rented_is_not_tried_again(
    standin: Standin, numbers: Numbers, store: SqliteStore, manner: Manner
) -> None:
    standin.numbers.lets(FREE)
    found = await offer(numbers)
    standin.script(BUY, Reply(manner=manner))
    with pytest.raises(OutcomeUnknownError, match=f"{FREE} may have been rented") as caught:
        await numbers.buy(found, confirmed=True)
    assert "numbers list" in caught.value.hint
    assert len(standin.of(BUY)) == 1
    assert await store.own_numbers() == []


@pytest.mark.parametrize("http", [200, 420])
async def test_the_code_in_the_body_refuses_whatever_the_status(standin: Standin, numbers: Numbers, http: int) -> None:
    standin.numbers.lets(FREE)
    found = await offer(numbers)
    standin.numbers.refuses_with = http
    standin.script(BUY, Reply(status=http, body={"error-code": "420", "error-code-label": "method failed"}))
    with pytest.raises(GatewayRefusedError) as caught:
        await numbers.buy(found, confirmed=True)
    assert caught.value.code == "number_420"


async def test_a_project_that_is_not_in_production_is_told_so(standin: Standin, numbers: Numbers) -> None:
    standin.numbers.is_in_production = False
    with pytest.raises(NotAuthorisedError) as caught:
        await numbers.own()
    assert "production" in caught.value.hint


async def test_nothing_is_given_up_without_a_yes(standin: Standin, numbers: Numbers) -> None:
    standin.numbers.owns(MINE)
    with pytest.raises(NotConfirmedError, match="for good"):
        await numbers.cancel(MINE, country="NL", confirmed=False)
    assert standin.of(CANCEL) == []


@pytest.mark.parametrize(("msisdn", "country"), [(MINE[:-1], "NL"), (OTHER, "NL"), (MINE, "BE")])
async def test_only_an_own_number_in_full_is_given_up(
    standin: Standin, numbers: Numbers, msisdn: str, country: str
) -> None:
    standin.numbers.owns(MINE)
    with pytest.raises(NotFoundError):
        await numbers.cancel(msisdn, country=country, confirmed=True)
    assert standin.of(CANCEL) == []


async def test_a_number_that_was_given_up_is_forgotten_with_what_is_owed_to_it(
    standin: Standin, numbers: Numbers, store: SqliteStore
) -> None:
    standin.numbers.owns(MINE)
    standin.numbers.owns(OTHER)
    await numbers.every_own()
    await store.save_loan(lent(MINE))
    await numbers.cancel(MINE, country="NL", confirmed=True)
    assert [request.form for request in standin.of(CANCEL)] == [{"country": "NL", "msisdn": MINE}]
    assert await store.own_numbers() == [OTHER]
    assert await store.loans() == []


async def test_a_change_sends_every_other_field_back_as_it_was(standin: Standin, numbers: Numbers) -> None:
    """The stand-in clears what is left out, which the documents allow."""
    voice = {"voiceCallbackType": "app", "voiceCallbackValue": "aaaa-bbbb", "voiceStatusCallback": "https://v.example"}
    standin.numbers.owns(MINE, mo_http_url=THEIRS, moSmppSysType="inbound", **voice)
    standin.numbers.answers[OURS] = 200
    changed = await numbers.update(MINE, country="NL", change=NumberChange(mo_http_url=OURS))
    assert changed.mo_http_url == OURS
    wanted = {"country": "NL", "msisdn": MINE, "moHttpUrl": OURS, "moSmppSysType": "inbound", **voice}
    assert [request.form for request in standin.of(UPDATE)] == [wanted]
    assert standin.numbers.number(MINE)["voiceCallbackValue"] == "aaaa-bbbb"


async def test_empty_text_clears_a_field(standin: Standin, numbers: Numbers) -> None:
    standin.numbers.owns(MINE, mo_http_url=THEIRS)
    changed = await numbers.update(MINE, country="NL", change=NumberChange(mo_http_url=""))
    assert changed.mo_http_url is None
    assert standin.of(UPDATE)[0].form == {"country": "NL", "msisdn": MINE, "moHttpUrl": ""}


async def test_a_type_of_voice_that_cannot_be_set_is_not_sent_back(standin: Standin, numbers: Numbers) -> None:
    standin.numbers.owns(MINE, voiceCallbackType="vxml", voiceCallbackValue="https://v.example")
    await numbers.update(MINE, country="NL", change=NumberChange(mo_http_url=""))
    assert standin.of(UPDATE)[0].form == {"country": "NL", "msisdn": MINE, "moHttpUrl": ""}


async def test_an_address_that_does_not_answer_the_test_changes_nothing(standin: Standin, numbers: Numbers) -> None:
    standin.numbers.owns(MINE, mo_http_url=THEIRS)
    standin.numbers.answers[OURS] = 404
    with pytest.raises(GatewayRefusedError) as caught:
        await numbers.update(MINE, country="NL", change=NumberChange(mo_http_url=OURS))
    assert "empty GET" in caught.value.hint
    assert standin.numbers.number(MINE)["moHttpUrl"] == THEIRS


async def test_an_address_that_is_set_by_hand_ends_what_was_owed(
    standin: Standin, numbers: Numbers, store: SqliteStore
) -> None:
    standin.numbers.owns(MINE, mo_http_url=OURS)
    standin.numbers.answers |= {OURS: 200, "https://new.example/": 200}
    await store.save_loan(lent(MINE))
    await numbers.update_by_hand(MINE, country="NL", change=NumberChange(mo_smpp_sys_type="inbound"))
    assert [loan.number for loan in await store.loans()] == [MINE]
    ours = f"https://ours.example/{await store.path_token()}"
    standin.numbers.answers[ours] = 200
    await numbers.update_by_hand(MINE, country="NL", change=NumberChange(mo_http_url=ours))
    assert [loan.number for loan in await store.loans()] == [MINE]
    await numbers.update_by_hand(MINE, country="NL", change=NumberChange(mo_http_url="https://new.example/"))
    assert await store.loans() == []


async def test_a_search_always_names_the_type(standin: Standin, numbers: Numbers) -> None:
    """The gateway takes a missing one for a landline."""
    await numbers.search("NL")
    assert dict(standin.of(SEARCH)[0].query)["type"] == "mobile-lvn"
