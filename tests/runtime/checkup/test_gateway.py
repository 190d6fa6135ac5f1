"""What a look at the gateway amounts to: lines about the clock and the quota."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from smschat.domain.checks import Check, Finding
from smschat.gateway import Look
from smschat.runtime.checkup.gateway import lasting, of_clock, of_look, of_quota, of_version
from tests.gateway.client_parts import NOON

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.mark.parametrize(
    ("ahead_s", "finding", "words"),
    [
        (0, Finding.OK, "within 30 s"),
        (30, Finding.OK, "within 30 s"),
        (-30, Finding.OK, "within 30 s"),
        (31, Finding.NOTE, "31 s ahead of"),
        (300, Finding.NOTE, "5 min ahead of"),
        (-301, Finding.FAULT, "5 min 1 s behind"),
        (3600, Finding.FAULT, "1 h ahead of"),
        (-90_061, Finding.FAULT, "1 day behind"),
    ],
)
def test_a_clock_that_is_wrong_says_how_far_and_which_way(ahead_s: int, finding: Finding, words: str) -> None:
    check = of_clock(Look(level="demo", date=NOON - timedelta(seconds=ahead_s), asked_at=NOON))
    assert check.finding is finding
    assert words in check.text
    assert bool(check.fix) is (finding is not Finding.OK)


def test_a_gateway_without_a_clock_leaves_ours_unknown() -> None:
    assert of_clock(Look(level=None, date=None, asked_at=NOON)).finding is Finding.UNKNOWN


@pytest.mark.parametrize(
    ("said", "finding", "words"),
    [
        ({}, Finding.UNKNOWN, "tells none"),
        ({"quota-limit": "many", "quota-used": "1"}, Finding.UNKNOWN, "tells none"),
        ({"quota-limit": "1000", "quota-used": "12"}, Finding.OK, "12 of 1000 calls used"),
        (
            {"quota-limit": "1000", "quota-used": "12", "quota-time-unit": "month", "quota-interval": "1"},
            Finding.OK,
            "12 of 1000 calls used this month",
        ),
        (
            {"quota-limit": "10", "quota-used": "8", "quota-time-unit": "day", "quota-interval": "2"},
            Finding.NOTE,
            "8 of 10 calls used in 2 days",
        ),
        (
            {"quota-limit": "10", "quota-used": "10", "quota-reset-UTC": "2026-02-01"},
            Finding.FAULT,
            "reset at 2026-02-01",
        ),
    ],
)
def test_a_quota_is_told_and_one_that_is_used_up_is_a_fault(
    said: Mapping[str, str], finding: Finding, words: str
) -> None:
    check = of_quota(said)
    assert check.finding is finding
    assert words in check.text


def test_where_the_gateway_refuses_its_refusal_is_the_fault_and_the_rest_is_not_known() -> None:
    refused = Check(name="gateway", finding=Finding.FAULT, text="it refuses", fix="look")
    assert [check.finding for check in of_look(refused)] == [Finding.FAULT, Finding.UNKNOWN, Finding.UNKNOWN]
    assert of_look(refused)[0] is refused


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.6, "1 min"), (61, "1 min 1 s"), (3600, "1 h"), (3661, "1 h 1 min"), (200_000, "2 days")],
)
def test_a_length_of_time_is_told_in_two_units(seconds: float, text: str) -> None:
    assert lasting(seconds) == text


@pytest.mark.parametrize("sunset", ["2027-01-01", "2027-01-01T00:00:00Z", "Fri, 01 Jan 2027 00:00:00 GMT"])
def test_the_day_on_which_a_version_ends_is_told(sunset: str) -> None:
    seen = Look(level="demo", date=NOON, asked_at=NOON, quota={"sunset": sunset, "api-version": "1.2"})
    check = of_look(seen)[-1]
    assert (check.finding, check.text) == (Finding.NOTE, "version 1.2 of the API ends on 2027-01-01")
    assert check.fix


def test_a_version_that_has_ended_is_a_fault() -> None:
    (check,) = of_version({"sunset": "2026-01-31"}, today=NOON.date())
    assert (check.finding, check.text) == (Finding.FAULT, "version of the API ended on 2026-01-31")


@pytest.mark.parametrize("said", [{}, {"sunset": "n/a"}, {"sunset": "soon"}, {"sunset": "99999999999"}])
def test_a_version_without_an_end_is_no_line(said: Mapping[str, str]) -> None:
    assert of_version(said, today=NOON.date()) == ()
