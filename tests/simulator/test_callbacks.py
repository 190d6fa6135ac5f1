"""Callbacks: repeated until taken, in order, in three forms, and never out of this machine unasked."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import httpx
import pytest

from smschat.simulator import Simulator, people
from smschat.simulator.callbacks import CallbackSender, repeat_after_s
from smschat.simulator.exchange import Callback
from smschat.simulator.journal import Entry, Journal, Kind, line
from smschat.simulator.timeline import Timeline
from smschat.simulator.wire import Transport
from tests.simulator.rig import OWN, STRANGER, Rig

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def test_repeats_come_after_5_s_doubling_to_15_minutes_for_a_day() -> None:
    waits = [repeat_after_s(tries) for tries in range(1, 300)]
    given_up = waits.index(None)
    made = [wait for wait in waits[:given_up] if wait is not None]
    assert made[:9] == [5, 10, 20, 40, 80, 160, 320, 640, 900]
    assert set(made[8:]) == {900}
    assert sum(made) <= 24 * 3600 < sum(made) + 900
    assert set(waits[given_up:]) == {None}


@pytest.mark.parametrize("refused", [[503], [500, 404, 429], [302, 301]])
async def test_a_callback_is_repeated_until_the_answer_is_2xx(rig: Rig, refused: list[int]) -> None:
    rig.hook.refuse = list(refused)
    await rig.send("31600000001")
    await rig.simulator.settled()
    entries = rig.simulator.journal.of(Kind.RECEIPT)
    assert [entry.http for entry in entries] == [*refused, 200]
    assert [entry.tries for entry in entries] == list(range(1, len(refused) + 2))
    assert len({receipt["messageId"] for receipt in rig.hook.receipts}) == 1


async def test_a_callback_that_nobody_takes_is_given_up(rig: Rig) -> None:
    rig.hook.refuse = [503] * 1000
    await rig.send("31600000001")
    await rig.simulator.settled()
    last = max(tries for tries in range(1, 300) if repeat_after_s(tries) is not None)
    assert len(rig.hook.receipts) == last + 1


async def test_a_receiver_that_is_down_gets_it_at_the_address_registered_meanwhile() -> None:
    async with Rig(Simulator(pace=1000)) as rig:
        await rig.register(url="http://127.0.0.1:9/token")
        rig.simulator.write(sender=STRANGER, to=OWN, text="hello")
        await rig.noted(lambda entry: entry.kind is Kind.INBOUND and entry.http is None)
        await rig.register()
        await rig.noted(lambda entry: entry.kind is Kind.INBOUND and entry.http == 200)
        assert [inbound["text"] for inbound in rig.hook.inbound] == ["hello"]


async def test_callbacks_of_one_number_come_in_the_order_of_their_times(rig: Rig) -> None:
    await rig.register()
    for number in range(20):
        rig.simulator.write(sender=STRANGER, to=OWN, text=str(number))
    await rig.simulator.settled()
    assert [inbound["text"] for inbound in rig.hook.inbound] == [str(number) for number in range(20)]


@pytest.mark.parametrize("style", list(Transport))
async def test_the_fields_are_the_same_in_json_form_and_query(style: Transport) -> None:
    async with Rig(Simulator(pace=math.inf, style=style)) as rig:
        await rig.talk(people.ECHO.number, "a&b=c +1 ü€", {"type": "unicode"})
        (got,) = (got for got in rig.hook.got if got.path == "/token")
        assert got.fields["text"] == "a&b=c +1 ü€"
        assert set(got.fields) == {"msisdn", "to", "messageId", "text", "type", "keyword", "message-timestamp"}
        assert got.method == ("GET" if style is Transport.GET else "POST")
        assert got.headers["user-agent"] == "Nexmo/MessagingHUB/v1.0"
        types = {Transport.JSON: "application/json", Transport.FORM: "application/x-www-form-urlencoded"}
        assert got.headers.get("content-type") == types.get(style)


async def test_a_query_of_the_address_itself_survives() -> None:
    async with Rig(Simulator(pace=math.inf, style=Transport.GET)) as rig:
        await rig.register(url=f"{rig.hook.url}/token?mine=1")
        rig.simulator.write(sender=STRANGER, to=OWN, text="hello")
        await rig.simulator.settled()
        assert [(got["mine"], got["text"]) for got in rig.hook.inbound] == [("1", "hello")]


async def test_nothing_is_sent_without_a_registered_address(rig: Rig) -> None:
    await rig.send(people.ECHO.number)
    await rig.simulator.settled()
    (entry,) = rig.simulator.journal.of(Kind.INBOUND)
    assert (entry.http, entry.note) == (None, "not sent: no callback is registered")


@pytest.mark.parametrize("address", ["https://hook.example/r/1", "https://127.0.0.1.example/r/1", "https://10.0.0.1/r"])
async def test_it_never_calls_another_machine_by_itself(rig: Rig, address: str) -> None:
    await rig.send("31600000001", form={"callback": address})
    await rig.simulator.settled()
    (entry,) = rig.simulator.journal.of(Kind.RECEIPT)
    assert (entry.http, entry.note) == (None, "not sent: not an address of this machine")


async def test_it_calls_another_machine_when_told_to() -> None:
    called: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        called.append(str(request.url))
        return httpx.Response(200)

    journal, timeline = Journal(), Timeline(pace=math.inf)
    told = CallbackSender(journal, timeline, now=lambda: NOON, calls_out=True, transport=httpx.MockTransport(answer))
    address = "https://hook.example/r/1"
    await told.push(Callback(kind=Kind.RECEIPT, peer=STRANGER, address=lambda: address, fields={"status": "delivered"}))
    await told.close()
    assert called == [address]


async def test_the_journal_has_requests_and_callbacks_without_the_secret(rig: Rig) -> None:
    await rig.talk(people.ECHO.number, "words of mine")
    kinds = [entry.kind.value for entry in rig.simulator.journal]
    assert kinds == ["token", "register", "send", "receipt", "inbound"]
    assert [entry.inbound for entry in rig.simulator.journal.of(Kind.SEND)] == ["yes"]
    told = "\n".join(line(entry) for entry in rig.simulator.journal)
    raw = repr(list(rig.simulator.journal)) + repr([dict(entry.fields) for entry in rig.simulator.journal])
    for secret in ("zq7-secret", rig.bearer):
        assert secret not in told + raw
    for private in ("words of mine", "/token/r/ref"):
        assert private not in told + repr(list(rig.simulator.journal))


async def test_each_entry_is_told_as_one_line() -> None:
    lines: list[str] = []
    async with Rig(Simulator(pace=math.inf, log=lines.append)) as rig:
        await rig.send("31600000001")
        await rig.simulator.settled()
        assert len(lines) == len(rig.simulator.journal) == 3
        assert "send POST /communication/nexmo/sms/send to=31600000001" in lines[1]
        assert lines[1].endswith("text=3 characters · 200")
        assert f"receipt POST {rig.hook.url}/…" in lines[2]


def test_the_journal_forgets_the_oldest() -> None:
    journal = Journal(kept=2)
    for note in "abc":
        journal.add(Entry(at=NOON, kind=Kind.OTHER, method="GET", address="/", http=404, note=note))
    assert [entry.note for entry in journal] == ["b", "c"]
