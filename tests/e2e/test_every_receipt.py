"""Every receipt that the gateway can give, over HTTP: real callbacks to the real listener, and what the SMS says then.

Each row of the tables of receipt statuses and of error codes is a test that is named after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from smschat.domain.delivery import Status
from tests.document import receipt
from tests.e2e.wired import listening, wired
from tests.standin import Standin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from smschat.domain.sms import Sms
    from tests.e2e.wired import Wired

pytestmark = pytest.mark.usefixtures("few_certificates")

Form = Literal["json", "form", "get"]
LONG = "a" * 400
"""Three parts."""


@pytest.fixture(scope="module")
def server() -> Iterator[Standin]:
    with Standin() as made:
        yield made


@pytest.fixture
async def world(server: Standin, tmp_path: Path) -> AsyncIterator[Wired]:
    async with wired(server, tmp_path) as made, listening(made):
        yield made
    assert server.violations == []


async def told(world: Wired, sms: Sms, status: str, err_code: str = "0", *, part: int = 0, as_: Form = "json") -> Sms:
    """A receipt for a part, at the address that the send named; the SMS as it is then."""
    (sent,) = world.sent
    message_id = sms.parts[part].message_id
    assert message_id is not None
    fields = receipt(sent, status=status, message_id=message_id, err_code=err_code)
    return await world.call_back(sent.form["callback"], fields, as_)


STATUSES = {
    "accepted": Status.ACCEPTED,
    "buffered": Status.BUFFERED,
    "delivered": Status.DELIVERED,
    "expired": Status.EXPIRED,
    "failed": Status.FAILED,
    "rejected": Status.REJECTED,
    "unknown": Status.ACCEPTED,
    "submitted": Status.ACCEPTED,
    "undeliverable": Status.ACCEPTED,
    "DELIVRD": Status.ACCEPTED,
    "UNDELIV": Status.ACCEPTED,
    "": Status.ACCEPTED,
}
"""The receipt's word, and what it makes of an SMS that was accepted; other products' words move nothing."""


WITHOUT_CODE = {
    Status.EXPIRED: "not delivered in time",
    Status.FAILED: "which gave no reason",
    Status.REJECTED: "which gave no reason",
}
"""What is said of a receipt that names no error."""


@pytest.mark.parametrize("as_", ["json", "form", "get"])
@pytest.mark.parametrize("word", STATUSES)
async def test_a_status_moves_an_accepted_sms_as_its_row_says(world: Wired, word: str, as_: Form) -> None:
    sms, _ = await world.send()
    sms = await told(world, sms, word, as_=as_)
    assert sms.status is STATUSES[word]
    assert WITHOUT_CODE.get(sms.status, "") in (sms.reason or "")
    assert bool(sms.reason) is (sms.status in WITHOUT_CODE)


@pytest.mark.parametrize("word", STATUSES)
async def test_nothing_takes_a_delivery_back(world: Wired, word: str) -> None:
    sms, _ = await world.send()
    await told(world, sms, "delivered")
    sms = await told(world, sms, word, "1")
    assert (sms.status, sms.reason) == (Status.DELIVERED, None)


@pytest.mark.parametrize("final", ["expired", "failed", "rejected"])
async def test_a_late_delivery_mends_what_was_final(world: Wired, final: str) -> None:
    sms, _ = await world.send()
    await told(world, sms, final, "2")
    for word in ("accepted", "buffered", "unknown"):
        assert (await told(world, sms, word)).status == final
    sms = await told(world, sms, "delivered")
    assert (sms.status, sms.reason) == (Status.DELIVERED, None)


ERRORS = {
    "1": "gave no reason",
    "2": "off or without coverage",
    "3": "no longer in use",
    "4": "barred",
    "5": "moved to another carrier",
    "6": "spam",
    "7": "busy",
    "8": "network had an error",
    "9": "refused messages of this kind",
    "10": "encoding",
    "11": "no route",
    "12": "cannot be reached",
    "13": "age",
    "14": "carrier blocks",
    "15": "prepaid card is empty",
    "16": "quota is used up",
    "50": "entity",
    "51": "sender ID is not registered",
    "52": "text is not registered",
    "53": "consent",
    "54": "regulation",
    "95": "code 95",
    "99": "route to the recipient had an error",
    "77": "error code 77",
    "-1": "error code -1",
}
"""err-code, and words of what it means; the last two are not in any list."""


@pytest.mark.parametrize("word", ["failed", "rejected", "expired"])
@pytest.mark.parametrize("code", ERRORS)
async def test_an_error_code_is_told_as_what_it_means(world: Wired, code: str, word: str) -> None:
    sms, _ = await world.send()
    sms = await told(world, sms, word, code, as_="form")
    assert sms.status == word
    assert ERRORS[code] in (sms.reason or "")
    assert [part.error_code for part in sms.parts] == [code]


async def test_a_receipt_without_an_error_code_is_one_all_the_same(world: Wired) -> None:
    sms, _ = await world.send()
    (sent,) = world.sent
    fields = receipt(sent, status="accepted", message_id=sms.parts[0].message_id or "")
    fields.pop("err-code")
    await world.call_back(sent.form["callback"], fields, "get")
    sms = await told(world, sms, "delivered")
    assert sms.status is Status.DELIVERED


@pytest.mark.parametrize("failing", [0, 1, 2])
async def test_one_part_that_failed_is_not_hidden_by_the_others(world: Wired, failing: int) -> None:
    world.server.usual.parts = 3
    try:
        sms, _ = await world.send(LONG)
    finally:
        world.server.usual.parts = 1
    for part in range(3):
        code = "6" if part == failing else "0"
        sms = await told(world, sms, "failed" if part == failing else "delivered", code, part=part)
    assert sms.status is Status.FAILED
    assert "spam" in (sms.reason or "")
    assert sms.parts[failing].error_code == "6"
    assert [part.status for part in sms.parts].count(Status.DELIVERED) == 2
