"""The Phone Numbers API of the simulator: paging, patterns, renting, and where the SMS of a number go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smschat.domain.numbers import NumberType
from smschat.simulator import catalogue, people
from smschat.simulator.catalogue import OWN, OWN_TOO, OWN_VOICE
from smschat.simulator.gateway_app import BUY_PATH, CANCEL_PATH, OWN_PATH, SEARCH_PATH, UPDATE_PATH
from smschat.simulator.journal import Kind, line
from tests.simulator.rig import STRANGER

if TYPE_CHECKING:
    import httpx

    from tests.simulator.rig import Rig

FREE = "3197000001101"
UNAVAILABLE = "http://127.0.0.1:9/mo"


async def _get(rig: Rig, path: str, **query: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {rig.bearer}"}
    return await rig.http.get(rig.simulator.url + path, params=query, headers=headers)


async def _own(rig: Rig, **query: str) -> Any:
    return (await _get(rig, OWN_PATH, **query)).json()


async def _search(rig: Rig, **query: str) -> Any:
    return (await _get(rig, SEARCH_PATH, **query)).json()


async def _update(rig: Rig, msisdn: str = OWN, country: str = "NL", **form: str) -> httpx.Response:
    return await rig.post(UPDATE_PATH, {"country": country, "msisdn": msisdn, **form})


def _msisdns(document: Any) -> list[str]:
    return [number["msisdn"] for number in document.get("numbers", [])]


async def test_the_account_begins_with_two_numbers_for_sms_and_one_for_calls_only(rig: Rig) -> None:
    document = await _own(rig)
    assert document["count"] == 3
    assert _msisdns(document) == [OWN, OWN_TOO, OWN_VOICE]
    assert [number["msisdn"] for number in document["numbers"] if "SMS" in number["features"]] == [OWN, OWN_TOO]
    assert all(set(number) == {"country", "msisdn", "type", "features"} for number in document["numbers"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"pattern": "3197"}, [OWN, OWN_TOO]),
        ({"pattern": "3197", "search_pattern": "0"}, [OWN, OWN_TOO]),
        ({"pattern": "0000", "search_pattern": "1"}, [OWN, OWN_TOO]),
        ({"pattern": "018", "search_pattern": "2"}, [OWN_VOICE]),
        ({"size": "2"}, [OWN, OWN_TOO]),
        ({"size": "2", "index": "2"}, [OWN_VOICE]),
        ({"size": "2", "index": "3"}, []),
        ({"index": "0"}, [OWN, OWN_TOO, OWN_VOICE]),
        ({"pattern": ""}, [OWN, OWN_TOO, OWN_VOICE]),
    ],
)
async def test_own_numbers_come_by_page_and_pattern(rig: Rig, query: dict[str, str], found: list[str]) -> None:
    assert _msisdns(await _own(rig, **query)) == found


async def test_the_count_is_of_all_pages(rig: Rig) -> None:
    assert (await _own(rig, size="1"))["count"] == 3
    assert (await _own(rig, size="2", index="9"))["count"] == 3


async def test_no_own_number_is_an_empty_object_and_no_free_one_a_count_of_0(rig: Rig) -> None:
    assert await _own(rig, pattern="999") == {}
    assert await _search(rig, country="NL", pattern="999") == {"count": 0, "numbers": []}
    assert await _search(rig, country="FR") == {"count": 0, "numbers": []}


async def test_a_search_without_a_type_finds_landlines(rig: Rig) -> None:
    found = (await _search(rig, country="NL"))["numbers"]
    assert {number["type"] for number in found} == {"landline"}


@pytest.mark.parametrize("country", ["NL", "GB", "DE", "BE", "US"])
async def test_a_search_finds_mobile_numbers_of_a_country_with_what_they_cost(rig: Rig, country: str) -> None:
    document = await _search(rig, country=country.lower(), type="mobile-lvn", features="SMS", size="100")
    assert document["count"] > 10
    for number in document["numbers"]:
        assert (number["country"], number["type"]) == (country, "mobile-lvn")
        assert "SMS" in number["features"]
        assert float(number["cost"]) > 0


async def test_pages_of_a_search_are_disjoint_and_together_everything(rig: Rig) -> None:
    pages = [await _search(rig, country="NL", type="mobile-lvn", size="50", index=str(index)) for index in (1, 2, 3, 4)]
    found = [msisdn for page in pages for msisdn in _msisdns(page)]
    assert len(found) == len(set(found)) == pages[0]["count"]
    assert [len(_msisdns(page)) for page in pages] == [50, 50, pages[0]["count"] - 100, 0]


async def test_a_page_has_10_numbers_unless_a_size_is_given(rig: Rig) -> None:
    assert len(_msisdns(await _search(rig, country="NL", type="mobile-lvn"))) == 10


@pytest.mark.parametrize("features", ["SMS,VOICE", "VOICE,SMS"])
async def test_features_are_all_of_those_with_commas_between_them(rig: Rig, features: str) -> None:
    found = (await _search(rig, country="NL", type="mobile-lvn", features=features, size="100"))["numbers"]
    assert found
    assert all({"SMS", "VOICE"} <= {*number["features"]} for number in found)


async def test_features_may_come_as_several_values_too(rig: Rig) -> None:
    url = f"{rig.simulator.url}{SEARCH_PATH}?country=NL&type=mobile-lvn&features=SMS&features=VOICE"
    document = (await rig.http.get(url, headers={"Authorization": f"Bearer {rig.bearer}"})).json()
    assert document == await _search(rig, country="NL", type="mobile-lvn", features="SMS,VOICE")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"country": "Netherlands"},
        {"country": "NL", "type": "pigeon"},
        {"country": "NL", "features": "FAX"},
        {"country": "NL", "size": "101"},
        {"country": "NL", "size": "0"},
        {"country": "NL", "size": "many"},
        {"country": "NL", "index": "-1"},
        {"country": "NL", "search_pattern": "3"},
        {"country": "NL", "pattern": "31*"},
    ],
)
async def test_a_search_that_is_not_in_order_is_420(rig: Rig, query: dict[str, str]) -> None:
    answer = await _get(rig, SEARCH_PATH, **query)
    assert (answer.status_code, answer.json()) == (420, {"error-code": "420", "error-code-label": "method failed"})


async def test_a_number_that_is_rented_is_ours_and_not_free_any_more_until_it_is_given_up(rig: Rig) -> None:
    form = {"country": "NL", "msisdn": FREE}
    bought = await rig.post(BUY_PATH, form)
    assert (bought.status_code, bought.json()) == (200, {"error-code": "200", "error-code-label": "success"})
    assert FREE in _msisdns(await _own(rig))
    assert _msisdns(await _search(rig, country="NL", type="mobile-lvn", pattern=FREE)) == []
    assert (await rig.post(BUY_PATH, form)).json()["error-code"] == "420"
    assert (await rig.post(CANCEL_PATH, form)).json()["error-code"] == "200"
    assert FREE not in _msisdns(await _own(rig))
    assert _msisdns(await _search(rig, country="NL", type="mobile-lvn", pattern=FREE)) == [FREE]


@pytest.mark.parametrize("path", [BUY_PATH, CANCEL_PATH, UPDATE_PATH])
@pytest.mark.parametrize(
    ("form", "http", "code"),
    [
        ({"country": ""}, 420, "420"),
        ({"country": "NL"}, 420, "420"),
        ({"msisdn": "31999999999"}, 420, "420"),
        ({"country": "NL", "msisdn": "31999999999"}, 420, "420"),
        ({"country": "NL", "msisdn": "31999999200"}, 200, "420"),
        ({"country": "NL", "msisdn": "31999999401"}, 401, "401"),
    ],
)
async def test_a_refusal_has_its_code_in_the_body_whatever_the_http_status(
    rig: Rig, path: str, form: dict[str, str], http: int, code: str
) -> None:
    answer = await rig.post(path, form)
    assert (answer.status_code, answer.json()["error-code"]) == (http, code)
    assert set(answer.json()) == {"error-code", "error-code-label"}


@pytest.mark.parametrize("path", [CANCEL_PATH, UPDATE_PATH])
async def test_a_number_of_another_country_is_not_meant(rig: Rig, path: str) -> None:
    assert (await rig.post(path, {"country": "GB", "msisdn": OWN})).json()["error-code"] == "420"


async def test_a_number_of_germany_needs_an_address_first(rig: Rig) -> None:
    (msisdn, *_) = _msisdns(await _search(rig, country="DE", type="mobile-lvn"))
    answer = await rig.post(BUY_PATH, {"country": "DE", "msisdn": msisdn})
    assert answer.json()["error-code"] == "420"
    assert "address" in answer.json()["error-code-label"]


async def test_an_update_sets_what_is_given_and_clears_what_is_left_out(rig: Rig) -> None:
    voice = {"voiceCallbackType": "tel", "voiceCallbackValue": "31612345678"}
    told = {"voiceStatusCallback": "https://crm.example/ended"}
    assert (await _update(rig, moHttpUrl="https://crm.example/mo", **voice, **told)).json()["error-code"] == "200"
    (number, *_) = (await _own(rig))["numbers"]
    assert {name: number[name] for name in ("moHttpUrl", *voice, *told)} == {
        "moHttpUrl": "https://crm.example/mo", **voice, **told,
    }  # fmt: skip
    await _update(rig, moHttpUrl="")
    (number, *_) = (await _own(rig))["numbers"]
    assert set(number) == {"country", "msisdn", "type", "features"}


@pytest.mark.parametrize(
    "form",
    [
        {"voiceCallbackType": "pigeon", "voiceCallbackValue": "1"},
        {"voiceCallbackType": "tel"},
        {"voiceCallbackValue": "31612345678"},
        {"moHttpUrl": "crm.example/mo"},
        {"moHttpUrl": "ftp://crm.example/mo"},
        {"moHttpUrl": "https://crm.example/a b"},
        {"voiceStatusCallback": "soon"},
    ],
)
async def test_an_update_that_is_not_in_order_changes_nothing(rig: Rig, form: dict[str, str]) -> None:
    before = await _own(rig)
    assert (await _update(rig, **form)).json()["error-code"] == "420"
    assert await _own(rig) == before
    assert rig.simulator.journal.of(Kind.TEST) == []


async def test_an_address_is_tested_with_an_empty_get_before_it_is_taken(rig: Rig) -> None:
    assert (await _update(rig, moHttpUrl=f"{rig.hook.url}/token")).json()["error-code"] == "200"
    (got,) = rig.hook.got
    assert (got.method, got.path, got.query, got.body) == ("GET", "/token", b"", b"")


@pytest.mark.parametrize("http", [204, 302, 404, 503])
async def test_an_address_that_does_not_answer_200_is_refused_and_the_old_one_stays(rig: Rig, http: int) -> None:
    await _update(rig, moHttpUrl=f"{rig.hook.url}/old")
    rig.hook.refuse = [http]
    answer = await _update(rig, moHttpUrl=f"{rig.hook.url}/new")
    assert (answer.status_code, answer.json()["error-code"]) == (420, "420")
    assert (await _own(rig))["numbers"][0]["moHttpUrl"] == f"{rig.hook.url}/old"


async def test_an_address_that_nobody_answers_is_refused(rig: Rig) -> None:
    answer = await _update(rig, moHttpUrl=UNAVAILABLE)
    assert (answer.status_code, answer.json()["error-code"]) == (420, "420")
    inside = await _update(rig, OWN_TOO, moHttpUrl=UNAVAILABLE)
    assert (inside.status_code, inside.json()["error-code"]) == (200, "420")


async def test_an_address_of_another_machine_counts_as_good_and_is_not_called(rig: Rig) -> None:
    assert (await _update(rig, moHttpUrl="https://crm.example/mo")).json()["error-code"] == "200"
    (entry,) = rig.simulator.journal.of(Kind.TEST)
    assert (entry.http, entry.note) == (None, "not tested: not an address of this machine")
    assert "crm.example/…" in line(entry)


async def test_a_number_that_is_not_ours_has_nothing_tested(rig: Rig) -> None:
    await _update(rig, "31999999999", moHttpUrl=f"{rig.hook.url}/token")
    assert rig.hook.got == []


async def test_sms_for_a_number_go_to_its_own_address_before_any_registered_one(rig: Rig) -> None:
    await rig.register(url=f"{rig.hook.url}/registered")
    await _update(rig, moHttpUrl=f"{rig.hook.url}/mine")
    rig.hook.got.clear()
    rig.simulator.write(sender=STRANGER, to=OWN, text="to the number")
    rig.simulator.write(sender=STRANGER, to=OWN_TOO, text="to the other")
    await rig.simulator.settled()
    assert [inbound["text"] for inbound in rig.hook.at("/mine")] == ["to the number"]
    assert [inbound["text"] for inbound in rig.hook.at("/registered")] == ["to the other"]


async def test_who_is_written_to_from_a_rented_number_answers_it_without_any_header(rig: Rig) -> None:
    await _update(rig, moHttpUrl=f"{rig.hook.url}/mine")
    rig.hook.got.clear()
    await rig.send(people.ECHO.number, "hello", sender=OWN, wants_inbound=False)
    await rig.simulator.settled()
    (answer,) = rig.hook.at("/mine")
    assert (answer["to"], answer["text"]) == (OWN, "hello")


async def test_a_project_without_the_product_may_not_rent(rig: Rig) -> None:
    granted = await rig.token(client_secret="no-product")
    headers = {"Authorization": f"Bearer {granted.json()['access_token']}"}
    answer = await rig.http.get(rig.simulator.url + OWN_PATH, headers=headers)
    assert (answer.status_code, "NoApiProduct" in answer.text) == (401, True)


@pytest.mark.parametrize(("path", "method"), [(OWN_PATH, "POST"), (SEARCH_PATH, "POST"), (BUY_PATH, "GET")])
async def test_a_call_with_another_method_is_405(rig: Rig, path: str, method: str) -> None:
    headers = {"Authorization": f"Bearer {rig.bearer}"}
    assert (await rig.http.request(method, rig.simulator.url + path, headers=headers)).status_code == 405


def test_the_catalogue_has_every_type_and_each_number_once() -> None:
    numbers = catalogue.rentable()
    assert len(numbers) == len({number.msisdn for number in numbers}) > 300
    assert {number.type for number in numbers} == {known.value for known in NumberType}
    assert all(7 <= len(number.msisdn) <= 15 and number.msisdn.isdigit() for number in numbers)
    assert not {number.msisdn for number in catalogue.own_at_first()} & {number.msisdn for number in numbers}


def test_a_dutch_number_for_programs_has_13_digits() -> None:
    dutch = [number for number in catalogue.rentable() if (number.country, number.type) == ("NL", "mobile-lvn")]
    assert {(number.msisdn[:5], len(number.msisdn)) for number in dutch} == {("31970", 13)}
