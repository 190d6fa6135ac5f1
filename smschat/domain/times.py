"""Moments as people write them: a time to come (`tomorrow 9:00`, `in 2h`), and a day that was (`12 may`, `3d`).

The rule: what can be read in two ways is read as the nearest one that fits; what cannot be read is told what can.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
"""By the first letter of what is written."""
_SPAN: Final = re.compile(r"(\d{1,4}) ?(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?)")
_SPANS: Final = re.compile(rf"(?:{_SPAN.pattern} ?)+")
_CLOCK: Final = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?")
_NUMBERS: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}))?")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED: Final = re.compile(r"(\d{1,2})\.? ([a-z]{3,9})\.?(?: (\d{4}))?")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DUTCH: Final = {"mei": 5, "maa": 3, "mrt": 3, "okt": 10}
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK: Final = 7
_NOON: Final = 12

AHEAD: Final = "a time is written 14:30, tomorrow 9:00, mon 8:00, 2026-05-12 14:30, in 2h or +30m"
PAST_DAY: Final = "a day is written 2026-05-12, 12-5, 12 may 2025, yesterday, monday, 3d or last year"


def ahead(text: str, now: datetime) -> datetime:
    """A time to come, in UTC.

    Args:
        now: aware, in the reader's zone. A time that the clock skips in spring is the one an hour later.

    Raises:
        ValueError: not a time, or one that has passed; the message says what can be written.
    """
    words = " ".join(text.lower().split())
    try:
        moment = _span_ahead(words, now) or _rfc(words, now) or _on_a_day(words, now)
        moment = None if moment is None else moment.astimezone(UTC)
    except OverflowError:  # before the year 1, or after 9999
        moment = None
    if moment is None:
        raise ValueError(AHEAD)
    if moment <= now:
        raise ValueError("that time has passed: " + AHEAD)
    return moment


def _span_ahead(words: str, now: datetime) -> datetime | None:
    written = words.removeprefix("in ").removeprefix("+").strip()
    if words[:1] not in {"i", "+"} or _SPANS.fullmatch(written) is None:
        return None
    spans = (timedelta(**{_UNITS[unit[0]]: int(count)}) for count, unit in _SPAN.findall(written))
    return now.astimezone(UTC) + sum(spans, timedelta())


def _rfc(words: str, now: datetime) -> datetime | None:
    if "t" not in words or not words[:1].isdigit():
        return None
    try:
        moment = datetime.fromisoformat(words.upper())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else _in_zone(moment, now)


def _on_a_day(words: str, now: datetime) -> datetime | None:
    """A day and a clock, or a clock alone: its next time."""
    day_text, _, clock_text = words.removeprefix("at ").rpartition(" ")
    if clock_text in {"am", "pm"}:
        day_text, _, hour = day_text.rpartition(" ")
        clock_text = hour + clock_text
    clock = _clock(clock_text, is_hour_enough=bool(day_text))
    if clock is None:
        return None
    if not day_text or day_text == "today":
        moment = _at(now.date(), clock, now)
        is_next = not day_text and moment <= now
        return _at(now.date() + timedelta(days=1), clock, now) if is_next else moment
    day = _day_ahead(day_text.removesuffix(" at"), now.date())
    return None if day is None else _at(day, clock, now)


def _clock(text: str, *, is_hour_enough: bool) -> tuple[int, int] | None:
    """An hour alone is a time behind a day only: `9` might be anything."""
    found = _CLOCK.fullmatch(text)
    if found is None or (found[2] is None and found[3] is None and not is_hour_enough):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] is not None:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if found[3] == "pm" else 0)
    return (hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004 - hours and minutes


def _at(day: date, clock: tuple[int, int], now: datetime) -> datetime:
    """On the reader's clock; a named zone knows its own summer time, and so does the system's."""
    naive = datetime(day.year, day.month, day.day, *clock)  # noqa: DTZ001 - the zone comes with the next line
    return _in_zone(naive, now)


def _in_zone(naive: datetime, now: datetime) -> datetime:
    return naive.replace(tzinfo=now.tzinfo) if hasattr(now.tzinfo, "key") else naive.astimezone()


def _day_ahead(text: str, today: date) -> date | None:
    if text in {"tomorrow", "morgen"}:
        return today + timedelta(days=1)
    if text[:3] in _WEEKDAYS and "monday tuesday wednesday thursday friday saturday sunday".find(text) >= 0:
        return today + timedelta(days=(_WEEKDAYS.index(text[:3]) - today.weekday() - 1) % _WEEK + 1)
    return _written_day(text, today, is_past=False)


def past_day(text: str, today: date) -> date:
    """A day that was, or is today.

    Raises:
        ValueError: not a day; the message says what can be written.
    """
    words = " ".join(text.lower().split())
    found = _named_past(words, today) or _written_day(words, today, is_past=True)
    if found is None:
        raise ValueError(PAST_DAY)
    return found


def _named_past(words: str, today: date) -> date | None:
    spans = {"today": 0, "yesterday": 1, "last week": 7, "last month": 30}
    if words in spans:
        return today - timedelta(days=spans[words])
    if words == "last year":
        return date(today.year - 1, 1, 1)
    span = _SPAN.fullmatch(words.removesuffix(" ago"))
    if span is not None and span[2][0] in "dw":
        return today - timedelta(days=int(span[1]) * (_WEEK if span[2][0] == "w" else 1))
    if words[:3] in _WEEKDAYS and "monday tuesday wednesday thursday friday saturday sunday".find(words) >= 0:
        return today - timedelta(days=(today.weekday() - _WEEKDAYS.index(words[:3])) % _WEEK)
    if re.fullmatch(r"\d{4}", words):
        return _date(int(words), 1, 1)
    return None


def _written_day(words: str, today: date, *, is_past: bool) -> date | None:
    """A day as it is written; without a year the nearest one, before or after today."""
    found = _ISO.fullmatch(words)
    if found is not None:
        return _date(int(found[1]), int(found[2]), int(found[3]))
    parts = _day_and_month(words)
    if parts is None:
        return None
    day, month, year = parts
    if year is not None:
        return _date(year, month, day)
    this_year = _date(today.year, month, day)
    if this_year is not None and (this_year > today if is_past else this_year < today):
        return _date(today.year + (-1 if is_past else 1), month, day)
    return this_year


def _day_and_month(words: str) -> tuple[int, int, int | None] | None:
    found = _NUMBERS.fullmatch(words)
    if found is not None:
        return int(found[1]), int(found[2]), int(found[3]) if found[3] else None
    found = _NAMED.fullmatch(words)
    if found is None:
        return None
    name = found[2][:3]
    month = _MONTHS.index(name) + 1 if name in _MONTHS else _DUTCH.get(name)
    return None if month is None else (int(found[1]), month, int(found[3]) if found[3] else None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
