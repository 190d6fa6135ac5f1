"""Moments as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.domain.times import AHEAD, PAST_DAY, ahead, past_day

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 5, 12, 14, 0, tzinfo=ZONE)
"""A Tuesday."""


@pytest.mark.parametrize(
    ("text", "on_the_clock"),
    [
        ("14:30", "2026-05-12 14:30"),
        ("9:00", "2026-05-13 09:00"),
        ("13:00", "2026-05-13 13:00"),
        ("tomorrow 9:00", "2026-05-13 09:00"),
        ("morgen 10:00", "2026-05-13 10:00"),
        ("tomorrow 9", "2026-05-13 09:00"),
        ("12 june at 8", "2026-06-12 08:00"),
        ("Mon 8:00", "2026-05-18 08:00"),
        ("tuesday 8:00", "2026-05-19 08:00"),
        ("2026-05-13 14:30", "2026-05-13 14:30"),
        ("2026-05-13T14:30", "2026-05-13 14:30"),
        ("2026-05-13T14:30Z", "2026-05-13 16:30"),
        ("in 2h", "2026-05-12 16:00"),
        ("in 90s", "2026-05-12 14:01"),
        ("+30m", "2026-05-12 14:30"),
        ("in 3 days", "2026-05-15 14:00"),
        ("in 1h30m", "2026-05-12 15:30"),
        ("in 2 hours 5 minutes", "2026-05-12 16:05"),
        ("12-6 8:00", "2026-06-12 08:00"),
        ("11 may 8:00", "2027-05-11 08:00"),
        ("12 june at 8.30", "2026-06-12 08:30"),
        ("3 pm", "2026-05-12 15:00"),
        ("at 15:00", "2026-05-12 15:00"),
    ],
)
def test_a_time_to_come_is_the_nearest_that_fits(text: str, on_the_clock: str) -> None:
    assert f"{ahead(text, NOW).astimezone(ZONE):%Y-%m-%d %H:%M}" == on_the_clock


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "25:00",
        "9",
        "in 0m",
        "today 13:00",
        "2026-05-11 8:00",
        "31-2 8:00",
        "0001-01-01T00:00+05:00",
        "9999-12-31T23:59-05:00",
    ],
)
def test_what_is_no_time_to_come_is_told_what_is(text: str) -> None:
    with pytest.raises(ValueError, match="a time is written 14:30"):
        ahead(text, NOW)


def test_a_time_that_the_clock_skips_is_an_hour_later() -> None:
    night = datetime(2026, 3, 28, 12, tzinfo=ZONE)
    assert ahead("tomorrow 2:30", night) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-05-12", date(2026, 5, 12)),
        ("12-5", date(2026, 5, 12)),
        ("13-5", date(2025, 5, 13)),
        ("12/5/2025", date(2025, 5, 12)),
        ("1 mei 2024", date(2024, 5, 1)),
        ("yesterday", date(2026, 5, 11)),
        ("monday", date(2026, 5, 11)),
        ("3d", date(2026, 5, 9)),
        ("2 weeks ago", date(2026, 4, 28)),
        ("2 w ago", date(2026, 4, 28)),
        ("last year", date(2025, 1, 1)),
        ("2024", date(2024, 1, 1)),
    ],
)
def test_a_day_that_was_is_the_nearest_that_fits(text: str, day: date) -> None:
    assert past_day(text, NOW.date()) == day


@pytest.mark.parametrize("text", ["", "x", "31-2", "12 foo", "2h"])
def test_what_is_no_day_is_told_what_is(text: str) -> None:
    with pytest.raises(ValueError, match="a day is written 2026-05-12"):
        past_day(text, NOW.date())


WORDS = st.text(alphabet="0123456789:-/. tomorwindyahlsTZ+", max_size=20)


@given(WORDS)
def test_no_time_is_too_strange(text: str) -> None:
    try:
        moment = ahead(text, NOW)
    except ValueError as error:
        assert AHEAD in str(error)  # noqa: PT017 - both ends are right
    else:
        assert moment > NOW


@given(WORDS)
def test_no_day_is_too_strange(text: str) -> None:
    try:
        day = past_day(text, NOW.date())
    except ValueError as error:
        assert str(error) == PAST_DAY  # noqa: PT017 - as above
    else:
        assert isinstance(day, date)
