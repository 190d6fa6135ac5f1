"""Every row of the table of recipients, pure and over HTTP."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING

import httpx
import pytest

from smschat.simulator import Simulator, outcomes
from smschat.simulator.outcomes import Reply, outcome_of
from tests.simulator.rig import STRANGER, Rig

if TYPE_CHECKING:
    from smschat.simulator.journal import Entry


def _steps(recipient: str, text: str = "") -> list[tuple[float, str, str]]:
    return [(due.after_s, due.status, due.error_code) for due in outcome_of(recipient, text).after]


@pytest.mark.parametrize(
    ("recipient", "steps"),
    [
        ("31600000001", [(0, "delivered", "0")]),
        ("31600000002", [(0, "buffered", "0"), (5, "delivered", "0")]),
        ("31600000003", [(1, "expired", "2")]),
        ("31600000004", [(1, "failed", "1")]),
        ("31600000005", [(1, "rejected", "6")]),
        ("31600000006", [(0, "delivered", "0"), (0, "delivered", "0")]),
        ("31600000901", [(1, "delivered", "0")]),
        ("31600000900", []),
        ("31600000902", []),
        ("31600000101", []),
        ("31600000500", []),
        ("31600000903", [(1, "delivered", "0")]),
        (STRANGER, [(1, "delivered", "0")]),
        ("31600000777", [(1, "delivered", "0")]),
    ],
)
def test_the_number_decides_the_receipts_and_their_times(recipient: str, steps: list[tuple[float, str, str]]) -> None:
    assert _steps(recipient) == steps


@pytest.mark.parametrize(("text", "code"), [("err=7", "7"), ("now err=012 please", "12"), ("terr=7", "1"), ("", "1")])
def test_the_text_names_the_error_code_of_a_failure(text: str, code: str) -> None:
    assert _steps("31600000004", text) == [(1, "failed", code)]


def test_an_error_code_in_the_text_fails_nothing_elsewhere() -> None:
    assert _steps("31600000001", "err=7") == [(0, "delivered", "0")]


@pytest.mark.parametrize("code", range(1, 35))
def test_101_to_134_are_refused_with_gateway_status_1_to_34(code: int) -> None:
    outcome = outcome_of(f"31600000{100 + code}")
    assert (outcome.reply, outcome.gateway_status) == (Reply.REFUSED, str(code))


@pytest.mark.parametrize("recipient", ["31600000100", "31600000135", "31600000402"])
def test_the_neighbours_of_a_range_are_ordinary_numbers(recipient: str) -> None:
    assert outcome_of(recipient) == outcomes.DELIVERED


@pytest.mark.parametrize(
    ("recipient", "statuses"),
    [
        ("31600000001", ["delivered"]),
        ("31600000002", ["buffered", "delivered"]),
        ("31600000003", ["expired"]),
        ("31600000004", ["failed"]),
        ("31600000005", ["rejected"]),
        ("31600000903", ["delivered"]),
        (STRANGER, ["delivered"]),
    ],
)
async def test_an_accepted_sms_gets_its_receipts_in_order(rig: Rig, recipient: str, statuses: list[str]) -> None:
    answer = (await rig.send(recipient)).json()
    await rig.simulator.settled()
    assert [receipt["status"] for receipt in rig.hook.receipts] == statuses
    assert {receipt["messageId"] for receipt in rig.hook.receipts} == {answer["messages"][0]["message-id"]}


async def test_006_has_its_receipt_before_the_answer_and_then_twice(rig: Rig) -> None:
    answer = await rig.send("31600000006")
    first = list(rig.hook.receipts)
    await rig.simulator.settled()
    assert first[0]["messageId"] == answer.json()["messages"][0]["message-id"]
    assert [receipt["status"] for receipt in rig.hook.receipts] == ["delivered"] * 3
    kinds = [entry.kind.value for entry in rig.simulator.journal]
    assert kinds[-4:] == ["send", "receipt", "receipt", "receipt"]


@pytest.mark.parametrize("code", [1, 2, 9, 21, 29, 34])
async def test_a_refusal_is_http_200_with_the_status_and_a_text(rig: Rig, code: int) -> None:
    answer = await rig.send(f"31600000{100 + code}")
    await rig.simulator.settled()
    (element,) = answer.json()["messages"]
    assert (answer.status_code, element["status"]) == (200, str(code))
    assert element["error-text"]
    assert "message-id" not in element
    assert rig.hook.got == []


@pytest.mark.parametrize("http", [401, 403, 429, 500, 503])
async def test_an_http_error_is_the_flat_envelope_of_strings(rig: Rig, http: int) -> None:
    answer = await rig.send(f"31600000{http}")
    document = answer.json()
    assert answer.status_code == http
    assert set(document) == {"transactionId", "status", "name", "message", "info"}
    assert all(isinstance(value, str) and value for value in document.values())


async def test_900_gets_no_answer_while_the_simulator_lives(rig: Rig) -> None:
    waiting = asyncio.create_task(rig.send("31600000900"))
    entry = await rig.noted(lambda entry: entry.note == "left hanging")
    await rig.send("31600000001")
    assert entry.http is None
    assert not waiting.done()
    await rig.simulator.stop()
    with pytest.raises(httpx.RemoteProtocolError):
        await waiting


async def test_901_drops_the_connection_without_a_byte_and_delivers(rig: Rig) -> None:
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        await rig.send("31600000901")
    await rig.noted(lambda entry: entry.kind.value == "receipt")
    assert [receipt["status"] for receipt in rig.hook.receipts] == ["delivered"]


async def test_902_answers_200_with_what_is_not_json(rig: Rig) -> None:
    answer = await rig.send("31600000902")
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()


async def test_903_waits_ten_seconds_and_ends_at_once_with_the_simulator() -> None:
    assert outcome_of("31600000903").answer_after_s == 10
    async with Rig(Simulator(pace=1)) as rig:
        waiting = asyncio.create_task(rig.send("31600000903"))
        await rig.noted(_is_send)
        assert not waiting.done()
        await rig.simulator.stop()
        await asyncio.gather(waiting, return_exceptions=True)
        assert rig.hook.got == []


async def test_what_is_due_when_it_stops_is_forgotten() -> None:
    async with Rig(Simulator(pace=1)) as rig:
        await rig.send("31600000002")
        await rig.noted(lambda entry: entry.is_callback)
        await rig.simulator.stop()
        assert [receipt["status"] for receipt in rig.hook.receipts] == ["buffered"]


def test_a_pace_of_nothing_is_refused() -> None:
    for pace in (0, -1, math.nan):
        with pytest.raises(ValueError, match="pace"):
            Simulator(pace=pace)


def _is_send(entry: Entry) -> bool:
    return entry.kind.value == "send"
