"""An export as a file: the same bytes again, whatever its layout, and a clear word on what is no export."""

from __future__ import annotations

import asyncio
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.domain.archive import Entry, Section
from smschat.errors import ArchiveError
from smschat.messaging import archive_file
from smschat.messaging.archive import Archive
from smschat.store import SqliteStore
from tests.store import rich
from tests.store.samples import Clock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path


async def text_of(archive: Archive) -> str:
    return "".join([piece async for piece in archive.export()])


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def opened(path: Path, clock: Clock) -> SqliteStore:
    return await SqliteStore.open(path / "default.db", clock=clock)


async def test_export_import_export_gives_the_same_bytes(tmp_path: Path, clock: Clock) -> None:
    async with await opened(tmp_path / "a", clock) as full, await opened(tmp_path / "b", clock) as empty:
        await full.own("receiving")
        await rich.fill(full, clock)
        first = await text_of(Archive(full, clock))
        there = Archive(empty, clock)
        await there.restore(io.StringIO(first))
        assert await text_of(there) == first
        assert json.loads(first)["smschat_export"] == 1


async def test_nothing_that_is_secret_leaves(tmp_path: Path, clock: Clock) -> None:
    async with await opened(tmp_path, clock) as store:
        await store.own("receiving")
        token = await store.path_token()
        await rich.fill(store, clock)
        assert token not in await text_of(Archive(store, clock))


async def test_another_layout_is_read_as_well(tmp_path: Path, clock: Clock) -> None:
    async with await opened(tmp_path / "a", clock) as full, await opened(tmp_path / "b", clock) as empty:
        await full.own("receiving")
        await rich.fill(full, clock)
        first = await text_of(Archive(full, clock))
        there = Archive(empty, clock)
        await there.restore(io.StringIO(json.dumps(json.loads(first), indent=7)))
        assert await text_of(there) == first


@pytest.mark.parametrize("cut", [1, 30, 400, 5000, -2, -4])
async def test_a_file_that_was_cut_off_changes_nothing(tmp_path: Path, clock: Clock, cut: int) -> None:
    async with await opened(tmp_path / "a", clock) as full, await opened(tmp_path / "b", clock) as empty:
        await full.own("receiving")
        await rich.fill(full, clock)
        first = await text_of(Archive(full, clock))
        there = Archive(empty, clock)
        nothing = await text_of(there)
        with pytest.raises(ArchiveError):
            await there.restore(io.StringIO(first[:cut]))
        assert await text_of(there) == nothing


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "archive_not_ours"),
        ("[]", "archive_not_ours"),
        ("BEGIN:VCARD", "archive_not_ours"),
        ('{"contacts": []}', "archive_not_ours"),
        ('{"smschat_export": true}', "archive_not_ours"),
        ('{"smschat_export": 2}', "archive_newer"),
        ('{"smschat_export": 1', "archive_damaged"),
        ('{"smschat_export": 1} x', "archive_damaged"),
        ('{"smschat_export": 1, "sms": 5}', "archive_damaged"),
        ('{"smschat_export": 1, "sms": [{} {}]}', "archive_damaged"),
        ('{"smschat_export": 1, "sms": [' + "[" * 100_000, "archive_damaged"),
    ],
)
def test_what_is_no_export_is_told_so(text: str, code: str) -> None:
    with pytest.raises(ArchiveError) as told:
        list(archive_file.entries(io.StringIO(text)))
    assert told.value.code == code
    assert told.value.hint


def test_the_line_of_the_damage_is_named() -> None:
    text = '{"smschat_export": 1,\n "contacts": [\n  {"peer": "1"},\n  {"peer" "2"}\n ]}'
    with pytest.raises(ArchiveError, match="line 4 "):
        list(archive_file.entries(io.StringIO(text)))


def test_what_is_not_known_in_this_version_is_skipped() -> None:
    text = '{"smschat_export": 1, "more": {"a": [1]}, "contacts": [{"peer": "1"}]}'
    assert [entry.document for entry in archive_file.entries(io.StringIO(text))] == [{"peer": "1"}]


class Slow(io.StringIO):
    """Gives a few characters at a time, as a pipe may."""

    def read(self, size: int | None = -1) -> str:
        return super().read(min(size or 7, 7))


class Endless(io.StringIO):
    """An export without an end; calls `then` when it is read the second time."""

    def __init__(self, then: Callable[[], object]) -> None:
        super().__init__('{"smschat_export": 1, "contacts": [')
        self._then = then
        self._reads = 0

    def read(self, size: int | None = -1) -> str:
        self._reads += 1
        if self._reads == 2:
            self._then()
        entry = f'{{"peer": "{self._reads}", "name": "x", "notes": ""}}'
        return super().read(size) or (entry if self._reads == 2 else f", {entry}")


async def test_an_import_that_is_given_up_ends_and_changes_nothing(tmp_path: Path, clock: Clock) -> None:
    async with await opened(tmp_path, clock) as store:
        loop = asyncio.get_running_loop()
        file = Endless(lambda: loop.call_soon_threadsafe(importing.cancel))
        importing = asyncio.create_task(Archive(store, clock).restore(file))
        with pytest.raises(asyncio.CancelledError):
            await importing
        assert await store.contacts() == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 10**15) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
DOCUMENTS = st.dictionaries(st.text(max_size=4), VALUES, max_size=3)


@given(documents=st.lists(st.tuples(st.sampled_from(Section), DOCUMENTS), max_size=8))
async def test_entries_are_read_as_they_were_written(documents: list[tuple[Section, dict[str, Any]]]) -> None:
    order = list(Section)
    written = [
        Entry(section=section, document=document)
        for section, document in sorted(documents, key=lambda each: order.index(each[0]))
    ]

    async def pages() -> AsyncGenerator[list[Entry], None]:
        yield written[:3]
        yield written[3:]

    text = "".join([piece async for piece in archive_file.written(pages())])
    assert not any("\x7f" <= character < "\xa0" for character in text)
    read = list(archive_file.entries(Slow(text)))
    assert [(each.section, each.document) for each in read] == [(each.section, each.document) for each in written]
