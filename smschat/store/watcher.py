"""The one path for news: rows with a revision newer than seen become changes, whoever wrote them.

Poked after our own commits; others' commits are felt twice a second. Nothing is read while nobody listens.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smschat.domain.changes import ConversationChanged, ConversationDeleted, SmsChanged, SmsDeleted
from smschat.errors import StoreError
from smschat.store import rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from smschat.domain.changes import Change
    from smschat.domain.conversation import Conversation
    from smschat.domain.sms import Sms
    from smschat.store.database import Database, Pulse

    Hear = Callable[[tuple[Change, ...]], None]

PAGE: Final = 500
BETWEEN_PULSES_S: Final = 0.5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """How far somebody has heard: the revision, and the row within it, of SMS and of conversations."""

    sms: tuple[int, int]
    conversation: tuple[int, int]
    gone: tuple[int, int]

    @classmethod
    def all_upto(cls, revision: int) -> Seen:
        """Everything of this revision and before."""
        return cls(*(((revision, _AFTER_ALL),) * 3))


_AFTER_ALL: Final = 2**63 - 1


def changes_since(db: sqlite3.Connection, seen: Seen) -> tuple[tuple[Change, ...], Seen]:
    """The next page of changes by revision, and how far it goes; one shorter than `PAGE` is the last."""
    db.execute("BEGIN")
    try:
        sms = rows.all_sms(
            db, "WHERE (s.revision, s.seq) > (?, ?) ORDER BY s.revision, s.seq LIMIT ?", (*seen.sms, PAGE)
        )
        numbered = rows.numbered_conversations(
            db, "WHERE (revision, id) > (?, ?) ORDER BY revision, id LIMIT ?", (*seen.conversation, PAGE)
        )
        gone = db.execute(
            "SELECT id, revision, peer, sms FROM gone WHERE (revision, id) > (?, ?) ORDER BY revision, id LIMIT ?",
            (*seen.gone, PAGE),
        ).fetchall()
    finally:
        db.execute("COMMIT")
    horizon = min(
        _horizon([each.revision for each in sms]),
        _horizon([each.revision for _, each in numbered]),
        _horizon([row["revision"] for row in gone]),
    )
    gone = [row for row in gone if row["revision"] <= horizon]
    sms = [each for each in sms if each.revision <= horizon]
    numbered = [(number, each) for number, each in numbered if each.revision <= horizon]
    return _in_order(gone, sms, [each for _, each in numbered]), _seen_upto(seen, gone, sms, numbered)


def _horizon(revisions: list[int]) -> float:
    """Up to where a page tells everything, its last revision perhaps not whole."""
    return revisions[-1] if len(revisions) == PAGE else float("inf")


def _in_order(gone: list[sqlite3.Row], sms: list[Sms], conversations: list[Conversation]) -> tuple[Change, ...]:
    """By revision; of one revision what is gone comes first."""
    changes: list[tuple[int, Change]] = [(row["revision"], _deleted(row)) for row in gone]
    changes += [(each.revision, SmsChanged(each)) for each in sms]
    changes += [(each.revision, ConversationChanged(each)) for each in conversations]
    return tuple(change for _, change in sorted(changes, key=lambda pair: pair[0]))


def _deleted(row: sqlite3.Row) -> Change:
    if row["sms"] is None:
        return ConversationDeleted(peer=row["peer"])
    return SmsDeleted(sms_id=row["sms"], peer=row["peer"])


def _seen_upto(seen: Seen, gone: list[sqlite3.Row], sms: list[Sms], numbered: list[tuple[int, Conversation]]) -> Seen:
    return Seen(
        gone=(gone[-1]["revision"], gone[-1]["id"]) if gone else seen.gone,
        sms=(sms[-1].revision, sms[-1].seq) if sms else seen.sms,
        conversation=(numbered[-1][1].revision, numbered[-1][0]) if numbered else seen.conversation,
    )


class Watcher:
    """Tells subscribers of changes, on the event loop it was made on."""

    def __init__(self, reader: Database, pulse: Pulse) -> None:
        self._reader = reader
        self._pulse = pulse
        self._hearers: list[Hear] = []
        self._seen = Seen.all_upto(pulse.revision())
        self._poked = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name="store watcher")
        self._timer = asyncio.get_running_loop().call_later(BETWEEN_PULSES_S, self._feel)

    def poke(self) -> None:
        """Something was committed here."""
        if self._hearers:
            self._poked.set()

    def subscribe(self, hear: Hear) -> Callable[[], None]:
        """Hear of what is committed from now on; the returned call ends it, once or more often."""
        if not self._hearers:
            self._seen = Seen.all_upto(self._pulse.revision())
        self._hearers.append(hear)

        def stop() -> None:
            with contextlib.suppress(ValueError):
                self._hearers.remove(hear)

        return stop

    async def close(self) -> None:
        """Tell nothing any more."""
        self._timer.cancel()
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    def _feel(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(BETWEEN_PULSES_S, self._feel)
        if self._hearers and self._pulse.has_moved():
            self._poked.set()

    async def _run(self) -> None:
        while True:
            await self._poked.wait()
            self._poked.clear()
            try:
                await self._tell()
            except StoreError:
                log.exception("news cannot be read from the store")

    async def _tell(self) -> None:
        while True:
            changes, self._seen = await self._reader.run(lambda db: changes_since(db, self._seen))
            for hear in self._hearers if changes else ():
                asyncio.get_running_loop().call_soon(self._hand_over, hear, changes)
            if len(changes) < PAGE:
                return

    def _hand_over(self, hear: Hear, changes: tuple[Change, ...]) -> None:
        """In a call of its own: a subscriber that raises is reported by the loop and stops nobody else's news."""
        if hear in self._hearers:
            hear(changes)
