"""Several real processes on one store, some of them killed."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack, contextmanager
from typing import IO, TYPE_CHECKING

from smschat.domain.delivery import Status
from tests.store.samples import new_sms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from smschat.store import SqliteStore
    from tests.store.conftest import OpenStore


@contextmanager
def child(path: Path, act: str) -> Iterator[subprocess.Popen[str]]:
    """A process that carries out an act of `child.py`; killed at the end if it still runs."""
    command = [sys.executable, "-m", "tests.store.child", str(path), act]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    return output(process).readline().strip()


def output(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def ask(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdin is not None
    process.stdin.write(word + "\n")
    process.stdin.flush()


async def test_what_a_killed_process_had_under_way_is_settled(store: SqliteStore, path: Path) -> None:
    with child(path, "leave_orphans") as process:
        claimed, begun = line(process), line(process)
        assert line(process) == "ready"
        assert await store.settle_orphans() == 0
        assert [sms.status for sms in await store.sms_many([claimed, begun])] == [Status.QUEUED, Status.SENDING]
        process.kill()
        process.wait()
    assert await store.settle_orphans() == 2
    assert [sms.status for sms in await store.sms_many([claimed, begun])] == [Status.REFUSED, Status.UNKNOWN]
    assert [place.name for place in store._files.folder.iterdir()] == [store.holder]


async def test_what_was_acknowledged_survives_a_kill(path: Path, open_store: OpenStore) -> None:
    with child(path, "write_on") as process:
        acknowledged = [line(process) for _ in range(40)]
        process.kill()
        acknowledged += [rest.strip() for rest in output(process) if rest.endswith("\n")]
    store = await open_store()
    kept = await store._read(lambda db: {row[0] for row in db.execute("SELECT message_id FROM inbound_part")})
    assert set(acknowledged) <= kept
    assert len(kept) <= len(acknowledged) + 4
    assert await store._read(lambda db: db.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"


def test_a_new_store_is_opened_by_many_at_once_and_owned_by_one(path: Path) -> None:
    with ExitStack() as all_of_them:
        processes = [all_of_them.enter_context(child(path, "own")) for _ in range(4)]
        assert sorted(line(process) for process in processes) == ["False", "False", "False", "True"]


async def test_two_processes_never_both_begin_an_sms(path: Path, open_store: OpenStore) -> None:
    writer = await open_store()
    ids = [(await writer.add_outbound(new_sms())).id for _ in range(30)]
    with child(path, "race") as first, child(path, "race") as second:
        assert (line(first), line(second)) == ("ready", "ready")
        begun: list[set[str]] = [set(), set()]
        for sms_id in ids:
            ask(first, sms_id)
            ask(second, sms_id)
            for found, process in zip(begun, (first, second), strict=True):
                found.add(line(process))
    assert sorted(map(len, begun)) == [1, len(ids)]
    assert set().union(*begun) == {*ids, "none"}
