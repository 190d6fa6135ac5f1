"""Whatever stands in an export that somebody has edited: it is imported, or refused with its place; nothing else."""

from __future__ import annotations

import asyncio
import copy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smschat.domain.archive import Entry
from smschat.errors import ArchiveError
from smschat.store import SqliteStore, archive_in
from smschat.store.times import to_us
from smschat.store.work import Work
from tests.store import rich
from tests.store.conftest import memory_db
from tests.store.samples import NOON, Clock

if TYPE_CHECKING:
    from pathlib import Path


async def _exported(path: Path) -> list[Entry]:
    clock = Clock()
    async with await SqliteStore.open(path, clock=clock) as store:
        await store.own("receiving")
        await rich.fill(store, clock)
        return [entry async for page in store.archive() for entry in page]


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    return asyncio.run(_exported(tmp_path_factory.mktemp("fuzz") / "data" / "default.db"))


VALUES: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(max_size=4)
    | st.sampled_from(["queued", "sending", "received", "inbound", "2026-01-01T00:00:00Z", "0001-01-01", "AAAA"])
    | st.lists(st.integers(), max_size=2)
    | st.just({})
)


LIVE = "SELECT count(*) FROM sms WHERE status IN ('scheduled', 'sending') OR (status = 'queued' AND held = 0)"


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way for key, each in inner for way in ((*path, key), *places(each, (*path, key)))]


def outcome(edited: list[Entry]) -> tuple[str | None, int]:
    """What the refusal says, if it is one, and how many SMS could be sent by themselves."""
    db = memory_db()
    try:
        db.execute("BEGIN")
        archive_in.restore(Work(db, now=to_us(NOON), holder="us"), edited)
        return None, db.execute(LIVE).fetchone()[0]
    except ArchiveError as error:
        return error.message, 0
    finally:
        db.close()


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_an_edited_export_is_imported_or_refused_with_its_place(entries: list[Entry], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(entries) - 1))
    document = copy.deepcopy(entries[number].document)
    *way, last = data.draw(st.sampled_from(places(document)))
    inner: Any = document
    for key in way:
        inner = inner[key]
    inner[last] = data.draw(VALUES)
    edited = [*entries]
    edited[number] = Entry(section=entries[number].section, document=document, number=entries[number].number)
    refusal, live = outcome(edited)
    assert live == 0
    assert refusal is None or f"`{entries[number].section}`" in refusal or "does not fit" in refusal
