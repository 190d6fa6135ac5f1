"""Leaving and coming from a shell: files, questions, exit codes, and what stays private."""

from __future__ import annotations

import asyncio
import json
import stat
from typing import TYPE_CHECKING

import pytest

from smschat.store import SqliteStore
from tests.program import Program
from tests.store import rich
from tests.store.samples import PEER, Clock

if TYPE_CHECKING:
    from pathlib import Path

NOBODY = "http://127.0.0.1:9"


async def _fill(path: Path) -> None:
    clock = Clock()
    async with await SqliteStore.open(path, clock=clock) as store:
        await store.own("receiving")
        await rich.fill(store, clock)


@pytest.fixture
def full(tmp_path: Path) -> Program:
    """A user with a store that has everything in it."""
    home = tmp_path / "full"
    asyncio.run(_fill(home / "data" / "default.db"))
    return Program(home=home, api_url=NOBODY)


@pytest.fixture
def empty(tmp_path: Path) -> Program:
    return Program(home=tmp_path / "empty", api_url=NOBODY)


def test_an_export_that_was_imported_is_exported_in_the_same_bytes(
    full: Program, empty: Program, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert full.run("export", "-o", str(first)).code == 0
    done = empty.run("import", str(first), "--json")
    assert (done.code, done.document()["known"]) == (0, 0)
    again = empty.run("import", str(first), "--json").document()
    assert again == {"sms": 0, "known": done.document()["sms"], "conversations": 0, "contacts": 0, "callbacks": 0}
    assert empty.run("export", "-o", str(second), "--json").document() == {"file": str(second), "format": "json"}
    assert first.read_bytes() == second.read_bytes()
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert full.run("export").out.encode() == first.read_bytes()


def test_a_file_is_replaced_only_when_somebody_says_yes(full: Program, tmp_path: Path) -> None:
    file = tmp_path / "file"
    for command in (["export", "-o", str(file)], ["backup", str(file)]):
        file.write_text("mine")
        assert full.run(*command).code == 3
        assert file.read_text() == "mine"
        assert full.run(*command, "--yes").code == 0
        assert file.read_bytes() != b"mine"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_store_itself_is_never_written_over(full: Program) -> None:
    store = full.home / "data" / "default.db"
    for command in (["export", "-o", str(store)], ["backup", str(store)]):
        assert full.run(*command, "--yes").code == 2
    assert full.run("threads").code == 0


def test_what_cannot_be_written_or_read_is_told(full: Program, empty: Program, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere" / "file")
    for program, command in (
        (full, ["export", "-o", nowhere]),
        (full, ["backup", nowhere]),
        (empty, ["import", nowhere]),
    ):
        ended = program.run(*command, "--json")
        assert (ended.code, ended.document()["error"]["code"]) == (1, "archive")
    damaged = tmp_path / "damaged.json"
    damaged.write_text(full.run("export").out[:-30])
    ended = empty.run("import", str(damaged), "--json")
    assert (ended.code, ended.document()["error"]["code"]) == (1, "archive_damaged")
    assert empty.run("threads", "--json").document() == []


def test_one_conversation_leaves_in_any_format(full: Program) -> None:
    assert full.run("export", PEER, "--format", "csv").out.count("\n") > 10
    assert full.run("export", PEER, "--format", "md").out.startswith("# Anna")
    assert full.run("export", PEER, "--format", "txt").out.splitlines()[0].endswith("long ago")
    assert {row["peer"] for row in json.loads(full.run("export", PEER).out)["sms"]} == {PEER}
    assert full.run("export", "31600000000").code == 20


def test_where_there_is_no_store_there_is_nothing_to_leave_with(empty: Program, tmp_path: Path) -> None:
    assert empty.run("export").code == 20
    assert empty.run("backup", str(tmp_path / "b.db")).code == 20
    assert empty.run("prune", "--older-than", "9", "--json").document() == {"sms": 0, "callbacks": 0, "compact": True}
    assert not (empty.home / "data" / "default.db").exists()


def test_a_backup_is_a_store_again(full: Program, empty: Program) -> None:
    place = empty.home / "data" / "default.db"
    place.parent.mkdir(parents=True, mode=0o700)
    ended = full.run("backup", str(place), "--json")
    assert (ended.code, ended.document()["octets"]) == (0, place.stat().st_size)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert len(empty.run("threads", "--json").document()) == len(full.run("threads", "--json").document())
    assert "restore" in full.run("backup", str(place), "--yes").err


def test_a_prune_asks_and_says_what_it_did(full: Program) -> None:
    ended = full.run("prune", "--older-than", "90", "--json")
    assert (ended.code, ended.document()["error"]["code"]) == (3, "not_confirmed")
    done = full.run("prune", "--older-than", "90", "--yes", "--json").document()
    assert done["sms"] >= 1
    assert done["compact"]
    assert "nothing" in full.run("prune", "--older-than", "90", "--yes").out
    assert full.run("prune", "--older-than", "0").code == 2


def test_a_search_prints_what_it_found(full: Program) -> None:
    assert "your [parcel]" in full.run("search", "parc").out
    assert [sms["text"] for sms in full.run("search", "LONG -parcel", "--json").document()] == ["long ago"]
    assert full.run("search", "parcel", "--from", PEER).code == 20
