"""The place of a part, from its user data header, and the header without it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.domain.callbacks import Concat
from smschat.domain.concatenation import place_in, possible, without_place

PORTS = "0504 23F4 0000".replace(" ", "")
"""To port 9204, from port 0 (TS 23.040 §9.2.3.24.4)."""


@pytest.mark.parametrize(
    ("udh", "place"),
    [
        ("050003CC0301", Concat(ref="8 bit 204", total=3, part=1)),
        ("060804012C0302", Concat(ref="16 bit 300", total=3, part=2)),
        ("050003cc0303", Concat(ref="8 bit 204", total=3, part=3)),
        (f"0B{PORTS}0003070201", Concat(ref="8 bit 7", total=2, part=1)),
        (f"0B0003070201{PORTS}", Concat(ref="8 bit 7", total=2, part=1)),
        ("0A00030702010003080202", Concat(ref="8 bit 8", total=2, part=2)),
        ("050003FFFFFF", Concat(ref="8 bit 255", total=255, part=255)),
    ],
)
def test_a_header_tells_the_place_of_a_part(udh: str, place: Concat) -> None:
    assert place_in(udh) == place


@pytest.mark.parametrize(
    "udh",
    [
        None,
        "",
        "0",
        "no",
        "00",
        f"06{PORTS}",
        "050003070200",  # part 0
        "050003070203",  # part 3 of 2
        "050003070001",  # a total of 0
        "050003070101",  # one part is no long SMS
        "040003070201",  # the length lies
        "060003070201",
        "05000407020100",  # an element that is cut off
        "0400020701",  # an element that is too short
        "0608030702010000",
    ],
)
def test_what_cannot_be_is_no_place(udh: str | None) -> None:
    assert place_in(udh) is None


def test_a_reference_of_16_bits_is_another_one() -> None:
    eight, sixteen = place_in("050003070201"), place_in("06080400070201")
    assert eight is not None
    assert sixteen is not None
    assert eight.ref != sixteen.ref


@pytest.mark.parametrize(
    ("udh", "rest"),
    [
        (None, None),
        ("050003CC0301", None),
        (f"0B{PORTS}0003070201", f"06{PORTS}".lower()),
        (f"0C{PORTS}080400070201", f"06{PORTS}".lower()),
        (f"06{PORTS}", f"06{PORTS}"),
        ("no hex", "no hex"),
        ("040003070201", "040003070201"),
    ],
)
def test_a_joined_sms_keeps_the_rest_of_the_header(udh: str | None, rest: str | None) -> None:
    assert without_place(udh) == rest


@pytest.mark.parametrize(("total", "part"), [(0, 1), (1, 1), (256, 1), (2, 0), (2, 3), (-1, -1)])
def test_an_impossible_place_is_none(total: int, part: int) -> None:
    assert possible("7", total, part) is None


@given(st.binary(max_size=140))
def test_whatever_the_octets_what_is_left_tells_no_place(udh: bytes) -> None:
    place_in(udh.hex())
    if place_in(udh.hex()) is not None:
        assert place_in(without_place(udh.hex())) is None
