"""The user's own program: what it is told, by whom, and what becomes of one that misbehaves."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from smschat.domain.callbacks import Inbound, RawCallback
from smschat.domain.changes import Condition, Subsystem
from smschat.domain.conversation import Flags
from smschat.messaging.health import Health
from smschat.runtime.notify_command import AT_ONCE, NotifyCommand, environment_of
from smschat.store import SqliteStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from smschat.domain.changes import HealthChanged

ANNA = "31611111111"
PATIENCE_S = 60.0

KEEPS = """
import os, pathlib, sys
folder = pathlib.Path(sys.argv[1])
told = sys.stdin.read()
part = folder / f"{os.getpid()}.part"
part.write_text(told)
part.rename(folder / f"{os.getpid()}.json")
print("this is dropped" * 100_000)
"""
HANGS = "import pathlib, sys, time; pathlib.Path(sys.argv[1], 'begun').touch(); time.sleep(600)"


@dataclass
class Rig:
    store: SqliteStore
    folder: Path
    told: list[HealthChanged]
    number: int = 0

    def command(self, program: str) -> str:
        return shlex.join([sys.executable, "-c", program, str(self.folder)])

    async def hear(self, text: str = "hi", peer: str = ANNA) -> str:
        self.number += 1
        raw = RawCallback(received_at=datetime.now(UTC), method="POST", body=str(self.number).encode())
        means = Inbound(message_id=f"m{self.number}", sender=peer, recipient="31970000000", text=text)
        taken = await self.store.take_callback(raw, means)
        assert taken.sms_id is not None
        return taken.sms_id

    def documents(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in sorted(self.folder.glob("*.json"))]

    @asynccontextmanager
    async def running(self, program: str, **more: Any) -> AsyncIterator[NotifyCommand]:
        health = Health(self.told.append)
        command = NotifyCommand(
            program, self.store, health, subscribe=self.store.subscribe, clock=lambda: datetime.now(UTC), **more
        )
        task = asyncio.create_task(command.run())
        try:
            yield command
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def until(self, holds: Any) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not holds():  # noqa: ASYNC110 - a file of another program tells nobody that it is there
                await asyncio.sleep(0.01)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    folder = tmp_path / "told"
    folder.mkdir()
    store = await SqliteStore.open(tmp_path / "test.db")
    yield Rig(store, folder, [])
    await store.close()


async def test_it_gets_the_sms_as_json_with_the_name(rig: Rig) -> None:
    await rig.store.open_conversation(ANNA, name="Anna de Vries")
    sms_id = await rig.hear("see you at 8")
    async with rig.running(rig.command(KEEPS)) as command:
        command.tell(sms_id)
        await rig.until(rig.documents)
        await rig.until(lambda: rig.told)
    (document,) = rig.documents()
    assert document["id"] == sms_id
    assert document["text"] == "see you at 8"
    assert document["name"] == "Anna de Vries"
    assert document["direction"] == "inbound"
    assert [news.state for news in rig.told] == [Condition.UP]


async def test_hidden_text_is_null(rig: Rig) -> None:
    sms_id = await rig.hear("see you at 8")
    async with rig.running(rig.command(KEEPS), hides_text=True) as command:
        command.tell(sms_id)
        await rig.until(rig.documents)
    (document,) = rig.documents()
    assert document["text"] is None
    assert document["keyword"] is None
    assert document["peer"] == ANNA
    assert document["name"] is None


async def test_it_runs_once_for_each_sms_however_often_it_is_told(rig: Rig) -> None:
    first, second = await rig.hear("one"), await rig.hear("two")
    async with rig.running(rig.command(KEEPS)) as command:
        for sms_id in (first, first, second, first):
            command.tell(sms_id)
        await rig.until(lambda: len(rig.documents()) == 2)
    assert {document["text"] for document in rig.documents()} == {"one", "two"}


@pytest.mark.parametrize("flags", [Flags(muted=True), Flags(blocked=True)])
async def test_it_does_not_run_for_muted_and_blocked_ones(rig: Rig, flags: Flags) -> None:
    quiet = await rig.hear("quiet")
    await rig.store.set_flags(ANNA, flags)
    loud = await rig.hear("loud", peer="31622222222")
    async with rig.running(rig.command(KEEPS)) as command:
        command.tell(quiet)
        command.tell(loud)
        await rig.until(rig.documents)
        await rig.until(lambda: rig.told)
    assert [document["text"] for document in rig.documents()] == ["loud"]


async def test_one_that_hangs_is_killed_and_told_of_once(rig: Rig) -> None:
    ids = [await rig.hear(f"{number}") for number in range(AT_ONCE + 1)]
    async with rig.running(rig.command(HANGS), limit_s=0.3) as command:
        for sms_id in ids:
            command.tell(sms_id)
        await rig.until(lambda: rig.told)
    assert [(news.part, news.state) for news in rig.told] == [(Subsystem.NOTIFY, Condition.DOWN)]
    assert "within 0.3 seconds" in rig.told[0].text


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("/nowhere/at/all", "No such file"),
        ("'unclosed", "quotes must be closed"),
        ("   ", "a program named"),
        (f"{sys.executable} -c 'raise SystemExit(3)'", "ended with 3"),
    ],
)
async def test_one_that_fails_is_told_with_the_reason_and_not_with_the_text(rig: Rig, command: str, why: str) -> None:
    sms_id = await rig.hear("a secret text")
    async with rig.running(command) as running:
        running.tell(sms_id)
        await rig.until(lambda: rig.told)
    assert why in rig.told[0].text
    assert "a secret text" not in rig.told[0].text


async def test_one_that_does_not_read_its_input_does_no_harm(rig: Rig) -> None:
    sms_id = await rig.hear("x" * 1000)
    async with rig.running(f"{sys.executable} -c pass") as command:
        command.tell(sms_id)
        await rig.until(lambda: rig.told)
    assert rig.told[0].state is Condition.UP


async def test_what_still_runs_at_the_end_is_killed(rig: Rig) -> None:
    sms_id = await rig.hear()
    async with rig.running(rig.command(HANGS)) as command:
        command.tell(sms_id)
        await rig.until((rig.folder / "begun").exists)


def test_no_secret_is_in_its_environment() -> None:
    secrets = ("SMSCHAT_CLIENT_SECRET", "SMSCHAT_CLIENT_SECRET_COMMAND", "SMSCHAT_SIGNATURE_SECRET", "NGROK_AUTHTOKEN")
    env = dict.fromkeys((*secrets, "SMSCHAT_PROXY"), "zq7-canary")
    assert environment_of({**env, "PATH": os.defpath}) == {"PATH": os.defpath}
