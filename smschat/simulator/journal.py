"""What the simulator was asked and what it called back, newest last, for tests and for whoever watches it work.

The rule: no secret, token, path of a callback or text of an SMS is in a line or a `repr`; `fields` has them for tests,
without the client secret.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

KEPT: Final = 2_000
"""Entries kept; the oldest go first."""

_TOLD: Final = (
    "grant_type", "to", "from", "country", "msisdn", "type", "status", "err-code", "messageId", "client-ref",
)  # fmt: skip
"""The fields that a line shows, in this order."""


class Kind(StrEnum):
    """What an entry is about."""

    TOKEN = "token"  # noqa: S105 - the name of an entry
    SEND = "send"
    REGISTER = "register"
    NUMBERS = "numbers"
    OTHER = "other"
    RECEIPT = "receipt"
    INBOUND = "inbound"
    TEST = "test"


_CALLBACKS: Final = frozenset({Kind.RECEIPT, Kind.INBOUND, Kind.TEST})
_ADDRESSES: Final = frozenset({"callback", "callback_url", "moHttpUrl", "voiceStatusCallback"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request answered, or one callback tried.

    Attributes:
        kind: `receipt` and `inbound` are callbacks, `test` is the empty GET that asks whether a number's address is
            there; the rest are requests.
        address: the path of a request; the whole address of a callback, empty when there was none.
        http: status of the answer; None: there was none (or the callback was not sent).
        fields: form and query of a request, or the fields of a callback.
        inbound: the request's header `inbound`; empty when missing.
        tries: of a callback: the how manieth try, from 1.
        note: why there was no answer, or what else the fields do not tell; empty otherwise.
    """

    at: datetime
    kind: Kind
    method: str
    address: str = field(repr=False)
    http: int | None
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    inbound: str = ""
    tries: int = 1
    note: str = ""

    @property
    def is_callback(self) -> bool:
        """Whether the simulator called, and was not called."""
        return self.kind in _CALLBACKS


class Journal:
    """The newest entries; `hear` is called with each new one, on the simulator's loop."""

    def __init__(self, *, kept: int = KEPT) -> None:
        self._entries: deque[Entry] = deque(maxlen=kept)
        self._hearers: list[Callable[[Entry], None]] = []

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: Entry) -> None:
        """Keep it, and tell it."""
        self._entries.append(entry)
        for hear in tuple(self._hearers):
            hear(entry)

    def subscribe(self, hear: Callable[[Entry], None]) -> None:
        """Hear of every entry from now on; `hear` must not block."""
        self._hearers.append(hear)

    def of(self, *kinds: Kind) -> list[Entry]:
        """The entries of these kinds, oldest first."""
        return [entry for entry in self._entries if entry.kind in kinds]


def line(entry: Entry) -> str:
    """One line for a person: time (UTC), direction, what, the fields without text or secret, and how it ended."""
    arrow = "→" if entry.is_callback else "←"
    where = origin(entry.address) if entry.is_callback else entry.address
    told = [f"{name}={entry.fields[name]}" for name in _TOLD if name in entry.fields]
    parts = [entry.at.strftime("%H:%M:%S"), arrow, entry.kind.value, entry.method, where, *told, *_size(entry)]
    return " ".join(part for part in (*parts, _ending(entry)) if part)


def origin(address: str) -> str:
    """An address without its path, which may hold a token; `-` for none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "-"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/…" if parts.netloc else "-"


def masked(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields with the addresses of callbacks cut to their origins: a path may hold the token that opens it."""
    return {name: origin(value) if name in _ADDRESSES and value else value for name, value in fields.items()}


def _size(entry: Entry) -> list[str]:
    text = entry.fields.get("text")
    return [] if text is None else [f"text={len(text)} characters"]


def _ending(entry: Entry) -> str:
    result = "no answer" if entry.http is None else str(entry.http)
    again = f" (try {entry.tries})" if entry.tries > 1 else ""
    note = f": {entry.note}" if entry.note else ""
    return f"· {result}{again}{note}"
