"""Cards, calendar entries and pictures that people send when they are asked, and binary SMS in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.domain import segments
from smschat.domain.user_data import VCAL_PORT, ports_of, read_header
from smschat.simulator import attachments, octets
from smschat.simulator.octets import LARGEST, Octets
from smschat.simulator.people import ANNA, BAKKER, ECHO, JOOST

if TYPE_CHECKING:
    from tests.simulator.rig import Rig

BINARY = {"msisdn", "to", "messageId", "type", "data", "udh", "message-timestamp"}


def _place(udh: str) -> tuple[int, int, int]:
    """Reference, total and part, as the header of a part has them."""
    (element,) = (one for one in read_header(bytes.fromhex(udh)) if one.identifier in {0x00, 0x08})
    return int.from_bytes(element.data[:-2]), element.data[-2], element.data[-1]


def _joined(parts: list[dict[str, Any]]) -> bytes:
    by_part = {_place(part["udh"])[2]: bytes.fromhex(part["data"]) for part in parts}
    return b"".join(by_part[number] for number in sorted(by_part))


@pytest.mark.parametrize("text", ["Send me your card", "visitekaartje?", "VCARD please"])
async def test_anna_sends_her_card_as_text(rig: Rig, text: str) -> None:
    answers = await rig.talk(ANNA.number, text)
    assert "".join(answer["text"] for answer in answers) == attachments.ANNAS_CARD
    assert {answer["type"] for answer in answers} == {"text"}
    assert len(answers) == segments.count(attachments.ANNAS_CARD).segments > 1


@pytest.mark.parametrize("text", ["make an appointment", "afspraak?", "kan dat in mijn agenda"])
async def test_the_office_sends_an_appointment_to_the_calendars_port(rig: Rig, text: str) -> None:
    answers = await rig.talk(BAKKER.number, text)
    assert all(set(answer) == BINARY for answer in answers)
    assert _joined(answers) == attachments.BAKKERS_ENTRY.encode()
    ports = {ports_of(read_header(bytes.fromhex(answer["udh"]))) for answer in answers}
    assert {port[0] for port in ports if port} == {octets.VCAL_PORT} == {VCAL_PORT}
    assert len({_place(answer["udh"])[0] for answer in answers}) == 1


async def test_the_storyteller_sends_a_picture_in_parts_out_of_order_and_twice(rig: Rig) -> None:
    answers = await rig.talk(JOOST.number, "foto?")
    order = [_place(answer["udh"])[2] for answer in answers]
    assert order == [3, 2, 1, 1, 2, 3]
    assert len({answer["messageId"] for answer in answers}) == 3
    assert _joined(answers) == attachments.PICTURE
    assert {read_header(bytes.fromhex(answer["udh"]))[0].identifier for answer in answers} == {0x08}


async def test_the_echo_of_a_binary_sms_is_the_same_octets_under_the_same_header(rig: Rig) -> None:
    form = {"type": "binary", "body": "00ff10", "udh": "0605040b8423f0", "text": ""}
    (answer,) = await rig.talk(ECHO.number, "", form)
    assert set(answer) == BINARY
    assert (answer["type"], answer["data"], answer["udh"]) == ("binary", "00FF10", "0605040B8423F0")


async def test_a_binary_sms_without_a_header_comes_back_without_one(rig: Rig) -> None:
    (answer,) = await rig.talk(ECHO.number, "", {"type": "binary", "body": "00ff10", "text": ""})
    assert set(answer) == BINARY - {"udh"}


@pytest.mark.parametrize("text", ["thanks", "hoi", "is dat een discard?", "the contactor broke"])
async def test_nobody_sends_what_was_not_asked_for(rig: Rig, text: str) -> None:
    for person in (ANNA, BAKKER, JOOST):
        answers = await rig.talk(person.number, text)
        assert all("BEGIN:" not in answer["text"] for answer in answers)


@given(
    data=st.binary(max_size=2000),
    port=st.none() | st.integers(0, 65535),
    is_wide=st.booleans(),
    reference=st.integers(0, 10**6),
)
def test_every_part_fits_and_says_where_it_belongs(
    data: bytes, port: int | None, *, is_wide: bool, reference: int
) -> None:
    parts = list(Octets(data=data, port=port, has_wide_reference=is_wide).parts(reference))
    assert b"".join(piece for _, piece in parts) == data
    assert all(len(udh) + len(piece) <= LARGEST for udh, piece in parts)
    for number, (udh, _) in enumerate(parts, start=1):
        ports = ports_of(read_header(udh))
        assert ports == (None if port is None else (port, 0))
        if len(parts) > 1:
            assert _place(udh.hex()) == (reference % (65536 if is_wide else 256), len(parts), number)


def test_octets_stay_out_of_repr() -> None:
    assert "b'" not in repr(Octets(data=b"secret", udh=b"\x00"))
