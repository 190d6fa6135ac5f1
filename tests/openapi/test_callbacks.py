"""What the simulator calls back, against the documents' definitions, as it arrives over HTTP."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from smschat.domain.signing import Method, is_signed, signature
from smschat.simulator import Simulator, people
from smschat.simulator.wire import Transport
from tests.openapi.facts import ADDED, BINARY_LACKS, INBOUND_NEEDED, INBOUND_TYPES, RECEIPT_STATUSES
from tests.simulator.rig import Rig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.openapi.facts import Facts

SECRET = "zq7-signing"
ASKED = ("hi", "visitekaartje?", "afspraak?", "foto?", "🎉")


def _sign(fields: Mapping[str, str]) -> str:
    return signature(fields, SECRET, Method.SHA256)


async def _everything_said(rig: Rig) -> list[dict[str, Any]]:
    await rig.register()
    for person in people.PEOPLE:
        for text in ASKED:
            await rig.send(person.number, text, {"type": "unicode"})
    await rig.send(people.ECHO.number, "", {"type": "binary", "body": "00FF", "udh": "0605040B8423F0"})
    await rig.simulator.settled()
    return rig.hook.inbound


@pytest.mark.parametrize("style", list(Transport))
async def test_every_inbound_sms_is_one_of_the_document(facts: Facts, style: Transport) -> None:
    async with Rig(Simulator(pace=math.inf, style=style)) as rig:
        said = await _everything_said(rig)
    assert {inbound["type"] for inbound in said} == INBOUND_TYPES
    for inbound in said:
        needed = INBOUND_NEEDED - (BINARY_LACKS if inbound["type"] == "binary" else set())
        assert facts.wrong_fields("InboundMessage", inbound) == []
        assert needed <= set(inbound)


async def test_every_receipt_is_one_of_the_document(facts: Facts) -> None:
    async with Rig(Simulator(pace=math.inf)) as rig:
        for number in range(1, 7):
            await rig.send(f"3160000000{number}")
        await rig.simulator.settled()
        receipts = rig.hook.receipts
    assert {receipt["status"] for receipt in receipts} <= RECEIPT_STATUSES
    assert len({receipt["status"] for receipt in receipts}) >= 5
    for receipt in receipts:
        assert facts.wrong_fields("DeliveryReceipt", receipt) == []
        assert set(receipt) == set(facts.definitions["DeliveryReceipt"])


async def test_a_signed_callback_adds_what_signing_adds_and_nothing_else(facts: Facts) -> None:
    async with Rig(Simulator(pace=math.inf, sign=_sign)) as rig:
        said, receipts = await _everything_said(rig), rig.hook.receipts
    assert said
    assert receipts
    for name, signed in [("InboundMessage", said), ("DeliveryReceipt", receipts)]:
        for fields in signed:
            assert facts.wrong_fields(name, fields, more=ADDED[name].what) == []
            assert {"timestamp", "nonce", "sig"} <= set(fields)
            assert is_signed(fields, SECRET, Method.SHA256)


@pytest.mark.parametrize("method", list(Method))
async def test_every_method_of_signing_is_one_that_can_be_checked(method: Method) -> None:
    async with Rig(Simulator(pace=math.inf, sign=lambda fields: signature(fields, SECRET, method))) as rig:
        (answer,) = await rig.talk(people.ECHO.number, "a&b=c €")
    assert is_signed(answer, SECRET, method)
    assert not is_signed({**answer, "text": "a&b=c"}, SECRET, method)
