"""The text of a TOML file with one value changed: pure, and nothing but that value changes.

A new line goes to the end of its table, before what is written about the next one; a value that is there is replaced
where it stands, its comment kept. Each way is tried in turn, and taken only if the file then says what it should.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Where: TypeAlias = tuple[str, ...]
Value: TypeAlias = str | int | float
"""A key and the tables around it, the outermost first."""

Way: TypeAlias = "Callable[[str, Where, Value | None], str]"

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_HEADER: Final = re.compile(r"\s*\[")
_REMARK: Final = re.compile(r"\s*#")
_MISFITS: Final = (ValueError, KeyError, TypeError, AttributeError)  # tomlkit's own errors are some of the first two


def changed(text: str, says: dict[str, object], where: Where, value: Value | None) -> str | None:
    """The text with a value in its place, or without it; None where that cannot be done without changing more.

    Args:
        says: what the text says now.
        value: None takes the key out, and each table that is empty then.
    """
    if value is None and not _has(says, where):
        return text
    wanted = copy.deepcopy(says)
    try:
        _set(wanted, where, value)
    except _MISFITS:  # what should be a table is something else
        return None
    if wanted == says:
        return text
    ways = (_inserted, _edited) if value is not None else (_taken_out, _taken_out_with_table, _edited)
    attempts = (_attempt(way, text, where, value) for way in ways)
    return next((attempt for attempt in attempts if attempt is not None and _is_right(attempt, text, wanted)), None)


def _attempt(way: Way, text: str, where: Where, value: Value | None) -> str | None:
    try:
        return way(text, where, value)
    except _MISFITS:
        return None


def _is_right(attempt: str, text: str, wanted: dict[str, object]) -> bool:
    """Whether it says what it should, and has every comment that was there."""
    import tomllib  # noqa: PLC0415 - only where something is written

    try:
        return tomllib.loads(attempt) == wanted and _remarks(attempt) == _remarks(text)
    except tomllib.TOMLDecodeError:
        return False


def _has(says: object, where: Where) -> bool:
    for name in where:
        if not isinstance(says, dict) or name not in says:
            return False
        says = says[name]
    return True


def _remarks(text: str) -> list[str]:
    """The lines that are comments, those that look so in a text of several lines too."""
    return [line.strip() for line in text.splitlines() if _REMARK.match(line)]


def _set(table: Any, where: Where, value: Value | None) -> None:
    """Set or take out in any mapping of mappings, tomlkit's too."""
    name, *inner = where
    if not inner and value is not None:
        table[name] = value
    elif not inner:
        del table[name]
    else:
        _set(table.setdefault(name, {}), tuple(inner), value)
        if not table[name]:
            del table[name]


def _edited(text: str, where: Where, value: Value | None) -> str:
    import tomlkit  # noqa: PLC0415 - slow to load, and only where a value is replaced

    document = tomlkit.parse(text)
    _set(document, where, value)
    return tomlkit.dumps(document)


def _inserted(text: str, where: Where, value: Value | None) -> str:
    import tomlkit  # noqa: PLC0415 - writes a text as TOML wants it

    *tables, name = where
    lines, end = _lines(text)
    line = f"{name} = {tomlkit.item('' if value is None else value).as_string()}{end}"
    first = _begin_of_table(lines, tables)
    if first is None:
        header = f"[{'.'.join(map(_key, tables))}]{end}"
        return "".join([*lines, *([end] if lines else []), header, line])
    at = _end_of_table(lines, first)
    return "".join([*lines[:at], line, *lines[at:]])


def _taken_out(text: str, where: Where, value: Value | None) -> str:  # noqa: ARG001 - one of several ways
    """Without the line; what is written above and below it may be about something else, and stays."""
    *tables, name = where
    lines, _ = _lines(text)
    first = _begin_of_table(lines, tables)
    if first is None:
        raise KeyError(name)
    line = re.compile(rf"\s*{re.escape(name)}\s*=")
    at = next((at for at in range(first, _next_header(lines, first)) if line.match(lines[at])), None)
    if at is None:
        raise KeyError(name)
    return "".join([*lines[:at], *lines[at + 1 :]])


def _taken_out_with_table(text: str, where: Where, value: Value | None) -> str:
    """Without the line, and without the header of its table, of which it was all."""
    lines, _ = _lines(_taken_out(text, where, value))
    first = _begin_of_table(lines, where[:-1])
    if not first:
        raise KeyError(where[-1])
    return "".join([*lines[: first - 1], *lines[first:]])


def _lines(text: str) -> tuple[list[str], str]:
    """The lines with their ends, the last one's too, and what ends a line."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = re.findall(r"[^\n]*\n|[^\n]+$", text)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += end
    return lines, end


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else f'"{name}"'


def _begin_of_table(lines: list[str], tables: Sequence[str]) -> int | None:
    """Where the lines of a table begin, behind its header; None where it has none."""
    if not tables:
        return 0
    header = f"[{'.'.join(map(_key, tables))}]"
    found = (at for at, line in enumerate(lines, start=1) if line.split("#")[0].strip() == header)
    return next(found, None)


def _next_header(lines: list[str], first: int) -> int:
    return next((at for at in range(first, len(lines)) if _HEADER.match(lines[at])), len(lines))


def _end_of_table(lines: list[str], first: int) -> int:
    """Where a line is added to the table that begins at `first`: before the next header and what is said above it."""
    at = _next_header(lines, first)
    if at == len(lines):
        return at
    while at > first and _REMARK.match(lines[at - 1]):
        at -= 1
    while at > first and not lines[at - 1].strip():
        at -= 1
    return at
