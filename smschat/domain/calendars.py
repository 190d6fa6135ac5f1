"""Calendar entries: the title, the times and the place of a vCalendar 1.0 or iCalendar event or task.

The rule: times as they are written, in a form that people read; a time zone is named, never worked out.
Source: RFC 5545; vCalendar 1.0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from smschat.domain import content_lines

if TYPE_CHECKING:
    from smschat.domain.content_lines import ContentLine

_LABELS: Final = {
    "SUMMARY": "Title",
    "DTSTART": "Starts",
    "DTEND": "Ends",
    "DUE": "Due",
    "DURATION": "Lasts",
    "LOCATION": "Place",
    "DESCRIPTION": "Description",
    "RRULE": "Repeats",
    "ORGANIZER": "Organiser",
    "ATTENDEE": "With",
    "STATUS": "Status",
    "COMPLETED": "Completed",
    "PRIORITY": "Priority",
    "URL": "Web",
    "AALARM": "Alarm",
    "DALARM": "Alarm",
    "CATEGORIES": "Categories",
    "COMMENT": "Comment",
    "CONTACT": "Contact",
}
_NOT_SHOWN: Final = frozenset(
    {"BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD", "UID", "DTSTAMP", "SEQUENCE", "CLASS", "CREATED", "TZ"}
    | {"LAST-MODIFIED", "TRANSP", "DCREATED", "DAYLIGHT"}
)
_TIMES: Final = frozenset({"DTSTART", "DTEND", "DUE", "COMPLETED", "AALARM", "DALARM"})
_ENTRIES: Final = frozenset({"VEVENT", "VTODO"})
_DEEPEST: Final = 8
"""Components within components; an alarm in an event in a calendar are three."""

_WHEN: Final = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
_SCHEME: Final = re.compile(r"mailto:", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A calendar entry.

    Attributes:
        title, place: as they are written; empty where there is none.
        starts, ends: `2026-01-31 12:00 UTC`, a date alone, or as it came; the end may be a duration; empty for none.
        lines: label and text of everything worth showing, the four above included.
    """

    title: str = field(repr=False)
    starts: str = field(default="", repr=False)
    ends: str = field(default="", repr=False)
    place: str = field(default="", repr=False)
    lines: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def read_event(text: str) -> Event | None:
    """The first event or task of a calendar; None where nothing in the text is worth showing."""
    found = _first_entry(content_lines.read(text))
    lines = [
        (_LABELS.get(line.name, line.name.removeprefix("X-").capitalize()), said)
        for line in found
        if line.name not in _NOT_SHOWN and (said := _said(line))
    ]
    if not lines:
        return None
    first = dict(reversed(lines))
    return Event(
        title=first.get("Title", ""),
        starts=first.get("Starts", ""),
        ends=first.get("Ends") or first.get("Due") or first.get("Lasts", ""),
        place=first.get("Place", ""),
        lines=tuple(lines),
    )


def _first_entry(found: tuple[ContentLine, ...]) -> list[ContentLine]:
    """The lines of the first entry, without those of what is nested in it; all lines where no entry begins."""
    inside: list[str] = []
    entry: list[ContentLine] = []
    for line in found:
        word = line.value.strip().upper()
        if line.name == "BEGIN":
            inside = [*inside[:_DEEPEST], word]
        elif line.name == "END" and word in inside:
            del inside[inside.index(word) :]
            if word in _ENTRIES and entry:
                return entry
        elif inside and inside[-1] in _ENTRIES:
            entry.append(line)
    return entry or [line for line in found if line.name not in {"BEGIN", "END"}]


def _said(line: ContentLine) -> str:
    if line.octets is not None:
        return f"{line.octets} octets"
    if line.name in _TIMES:
        return _time(line)
    text = _SCHEME.sub("", line.text().strip(), count=1)
    common_name = line.parameters.get("CN", ("",))[0]
    return f"{common_name} <{text}>" if common_name and common_name != text else text


def _time(line: ContentLine) -> str:
    value = line.fields()[0].strip()
    match = _WHEN.fullmatch(value)
    if match is None:
        return value
    year, month, day, hour, minute, second, zone = match.groups()
    if hour is None:
        return f"{year}-{month}-{day}"
    zone = "UTC" if zone in {"Z", "z"} else zone or line.parameters.get("TZID", ("",))[0]
    seconds = f":{second}" if second not in {None, "00"} else ""
    return f"{year}-{month}-{day} {hour}:{minute}{seconds} {zone}".rstrip()
