"""The text of a TOML file with one value changed: pure, and nothing but that value changes.

A new line goes to the end of its table, before what is written about the next one; a value that is there is replaced
where it stands, its comment kept. Each way is tried in turn, and taken only if the file then says what it should.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    Where: TypeAlias = tuple[str, ...]
    Way: TypeAlias = Callable[[str, Where, str | None], str]

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_HEADER: Final = re.compile(r"\s*\[")
_REMARK: Final = re.compile(r"\s*#")


def changed(text: str, says: dict[str, object], where: Where, value: str | None) -> str | None:
    """The text with a value in its place, or without it; None where that cannot be done without changing more.

    Args:
        says: what the text says now.
        where: a key, and the tables around it, the outermost first.
        value: None takes the key out, and each table that is empty then.
    """
    import tomllib  # noqa: PLC0415 - only where something is written

    wanted = _applied(says, where, value)
    if wanted == says:
        return text
    ways: tuple[Way, ...] = (_inserted, _edited) if value is not None else (_edited,)
    for way in ways:
        try:
            attempt = way(text, where, value)
            if tomllib.loads(attempt) == wanted:
                return attempt
        except (ValueError, KeyError, TypeError):  # tomlkit's errors are ValueErrors, or KeyErrors of its dictionaries
            continue
    return None


def _applied(says: dict[str, object], where: Where, value: str | None) -> dict[str, object]:
    wanted = copy.deepcopy(says)
    _set(wanted, where, value)
    return wanted


def _set(table: Any, where: Where, value: str | None) -> None:
    """Set or take out in any mapping of mappings, tomlkit's too."""
    name, *inner = where
    if not inner and value is not None:
        table[name] = value
    elif not inner:
        table.pop(name, None)
    elif value is not None or name in table:
        _set(table.setdefault(name, {}), tuple(inner), value)
        if not table[name]:
            del table[name]


def _edited(text: str, where: Where, value: str | None) -> str:
    import tomlkit  # noqa: PLC0415 - slow to load, and only where a value is replaced

    document = tomlkit.parse(text)
    _set(document, where, value)
    return tomlkit.dumps(document)


def _inserted(text: str, where: Where, value: str | None) -> str:
    import tomlkit  # noqa: PLC0415

    *tables, name = where
    end = "\r\n" if "\r\n" in text else "\n"
    line = f"{name} = {tomlkit.string(value or '').as_string()}{end}"
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += end
    first = 0
    if tables:
        header = f"[{'.'.join(map(_key, tables))}]"
        found = [number for number, written in enumerate(lines) if written.split("#")[0].strip() == header]
        if not found:
            return "".join([*lines, *([end] if lines else []), header + end, line])
        first = found[0] + 1
    at = _end_of_table(lines, first)
    return "".join([*lines[:at], line, *lines[at:]])


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else f'"{name}"'


def _end_of_table(lines: list[str], first: int) -> int:
    """Where a line is added to the table that begins at `first`: before the next header and what is said above it."""
    at = next((number for number in range(first, len(lines)) if _HEADER.match(lines[number])), len(lines))
    if at == len(lines):
        return at
    while at > first and _REMARK.match(lines[at - 1]):
        at -= 1
    while at > first and not lines[at - 1].strip():
        at -= 1
    return at
