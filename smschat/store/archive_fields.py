"""What an entry of an export says, checked field by field; the place of what is wrong is told with it.

The rule: a field that an export always has must be there, and of its own kind.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from smschat.errors import ArchiveError
from smschat.store.times import to_us

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from enum import StrEnum

    from smschat.domain.archive import Entry

E = TypeVar("E", bound="StrEnum")

LARGEST: Final = 2**40
"""Of whole numbers: far above what a store comes to, far below what SQLite takes."""

HINT: Final = "nothing was imported; export again, or look at this place in the file"


def place_of(entry: Entry) -> str:
    """How an entry is told from others."""
    return f"entry {entry.number} of `{entry.section}`"


class Fields:
    """An object of JSON; `place` names it."""

    def __init__(self, value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise ArchiveError(f"{place} is no object", hint=HINT, code="archive_damaged")
        self._value = value
        self.place = place

    @classmethod
    def of(cls, entry: Entry) -> Fields:
        """Those of an entry."""
        return cls(entry.document, place_of(entry))

    def text(self, name: str, *, one_of: Collection[str] = ()) -> str:
        """A text; one of these, if any are given."""
        value = self._get(name, str)
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise self.wrong(name, "has half a character in it") from error
        if one_of and value not in one_of:
            raise self.wrong(name, "has a value that smschat does not know")
        return str(value)

    def maybe_text(self, name: str) -> str | None:
        """A text, or null."""
        return None if self._is_null(name) else self.text(name)

    def whole(self, name: str, *, least: int = 0) -> int:
        """A whole number, `least` or more."""
        value = self._get(name, int)
        if isinstance(value, bool) or not least <= value <= LARGEST:
            raise self.wrong(name, "is no such number")
        return int(value)

    def maybe_whole(self, name: str) -> int | None:
        """A whole number, or null."""
        return None if self._is_null(name) else self.whole(name)

    def flag(self, name: str) -> bool:
        """True or false."""
        return bool(self._get(name, bool))

    def moment(self, name: str) -> int:
        """Microseconds since 1970."""
        try:
            return to_us(datetime.fromisoformat(self.text(name)))
        except (ValueError, TypeError, OverflowError) as error:
            raise self.wrong(name, "is no time") from error

    def maybe_moment(self, name: str) -> int | None:
        """Microseconds since 1970, or None for null."""
        return None if self._is_null(name) else self.moment(name)

    def octets(self, name: str) -> bytes:
        """Octets from base64."""
        try:
            return b64decode(self.text(name), validate=True)
        except (binascii.Error, ValueError) as error:
            raise self.wrong(name, "is no base64") from error

    def digits(self, name: str) -> bytes:
        """Octets from hex digits."""
        try:
            return bytes.fromhex(self.text(name))
        except ValueError as error:
            raise self.wrong(name, "is no hex") from error

    def member(self, name: str, kind: type[E]) -> E:
        """One of a closed set."""
        return kind(self.text(name, one_of=[each.value for each in kind]))

    def inner(self, name: str) -> Fields | None:
        """An object in it; None where there is none, or null."""
        value = self._value.get(name)
        return None if value is None else Fields(value, f"{self.place}, `{name}`")

    def all(self, name: str) -> Iterator[Fields]:
        """The objects of a list in it."""
        for number, value in enumerate(self._get(name, list), start=1):
            yield Fields(value, f"{self.place}, `{name}` {number}")

    def milliseconds(self, name: str) -> int | None:
        """Milliseconds from seconds; None where there is none."""
        value = self._value.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LARGEST:
            raise self.wrong(name, "is no such number")
        return round(value * 1000)

    def optional(self, name: str) -> Any:
        """Whatever it is; None where there is none. For what is checked elsewhere, or kept as it is."""
        return self._value.get(name)

    def wrong(self, name: str, what: str) -> ArchiveError:
        """The error that names the place."""
        return ArchiveError(f"{self.place}: `{name}` {what}", hint=HINT, code="archive_damaged")

    def _is_null(self, name: str) -> bool:
        return self._get(name, object) is None

    def _get(self, name: str, kind: type) -> Any:
        if name not in self._value:
            raise self.wrong(name, "is missing")
        value = self._value[name]
        if not isinstance(value, kind):
            raise self.wrong(name, "is of another kind than an export has it")
        return value
