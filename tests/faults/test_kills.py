"""SIGKILL of the chat and of `listen`, again and again, while SMS are queued, going out and arriving.

What must hold: no acknowledged SMS is lost, none is posted twice, what was going out is `unknown`, and a late receipt
settles it. The number of kills is `SMSCHAT_TEST_KILLS`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pty
import random
import sqlite3
import subprocess
import sys
import termios
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pytest

from smschat.domain.delivery import Status
from smschat.domain.sms import Encoding, NewSms, SmsType
from smschat.store import SqliteStore
from tests.program import NUMBER, PATIENCE_S, Program, free_port
from tests.standin import REGISTER, SEND, Reply, inbound, receipt

if TYPE_CHECKING:
    from tests.standin import Standin

KILLS = int(os.environ.get("SMSCHAT_TEST_KILLS", "200"))


class Warm:
    """The warm parent, from outside."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.warm"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert self._answer() == "warm"

    def start(self, *arguments: str, env: dict[str, str], tty: str | None = None) -> int:
        """Fork `smschat …`; its process id."""
        return int(self._ask({"start": list(arguments), "env": env, "tty": tty}))

    def kill(self, pid: int) -> None:
        """SIGKILL, and wait until it is gone."""
        self._ask({"kill": pid})

    def _ask(self, request: dict[str, Any]) -> str:
        assert self._process.stdin is not None
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE_S)
        assert self._process.stdout is not None
        self._process.stdout.close()


class Screen:
    """A pseudo-terminal that somebody reads."""

    def __init__(self) -> None:
        self._master, self._slave = pty.openpty()
        termios.tcsetwinsize(self._slave, (24, 80))
        self.name = os.ttyname(self._slave)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            while os.read(self._master, 65536):
                pass

    def close(self) -> None:
        """Give it back; the program in it is gone already."""
        os.close(self._slave)
        self._thread.join(PATIENCE_S)
        os.close(self._master)


@dataclass
class Ledger:
    """What was acknowledged to whom."""

    outgoing: list[str] = field(default_factory=list)
    incoming: list[str] = field(default_factory=list)
    posted: int = 0


class Caller:
    """Posts callbacks, one after the other, for as long as a round takes."""

    def __init__(self, standin: Standin, url: str, ledger: Ledger, name: str) -> None:
        self._standin, self._url, self._ledger, self._name = standin, url, ledger, name
        self._over = threading.Event()
        self.answered = threading.Event()
        self._thread = threading.Thread(target=self._call)
        self._thread.start()

    def _call(self) -> None:
        number = 0
        while not self._over.is_set():
            message_id = f"{self._name}-{number}"
            try:
                status = self._standin.callback(self._url, inbound(f"in {message_id}", message_id=message_id))
            except OSError:
                self._over.wait(0.005)
                continue
            if status == 200:
                self._ledger.incoming.append(message_id)
                self.answered.set()
            number += 1

    def end(self) -> None:
        """Call no more."""
        self._over.set()
        self._thread.join()


def queued(text: str, peer: str) -> NewSms:
    return NewSms(
        id=os.urandom(16).hex(),
        peer=peer,
        sender=NUMBER,
        recipient=peer,
        type=SmsType.TEXT,
        text=text,
        encoding=Encoding.GSM7,
        segments=1,
    )


def answer(number: int, gate: threading.Event | None) -> Reply:
    part = {"to": "31611111111", "message-id": f"0C{number:06X}", "status": "0", "network": "20408"}
    return Reply(body={"message-count": "1", "messages": [part]}, until=gate)


@pytest.mark.timeout(900)
async def test_nothing_is_lost_and_nothing_is_sent_twice(standin: Standin, tmp_path: Path) -> None:
    port = free_port()
    more = {
        "SMSCHAT_TUNNEL": "fixed",
        "SMSCHAT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SMSCHAT_LISTEN": f"127.0.0.1:{port}",
        "SMSCHAT_RATE": "1000",
        "TERM": "xterm-256color",
    }
    program = Program(home=tmp_path / "home", api_url=standin.url, more=more)
    chance, ledger = random.Random(20), Ledger()
    store = await SqliteStore.open(program.home / "data" / "default.db")
    try:
        url = f"http://127.0.0.1:{port}/{await store.path_token()}"
        with Warm() as warm:
            for number in range(KILLS):
                await _round(number, warm, store, standin, program, url, ledger, chance)
            standin.always(SEND, None)
            await _settle(warm, store, standin, program)
        await _check(store, standin, ledger)
        standin.forgive()  # a kill cuts a request off in its middle
    finally:
        await store.close()
    with contextlib.closing(sqlite3.connect(program.home / "data" / "default.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def _round(
    number: int,
    warm: Warm,
    store: SqliteStore,
    standin: Standin,
    program: Program,
    url: str,
    ledger: Ledger,
    chance: random.Random,
) -> None:
    gate = threading.Event()
    for _ in range(chance.randrange(4)):
        standin.script(SEND, answer(ledger.posted, gate if chance.random() < 0.6 else None))
        ledger.posted += 1
        text = f"out {len(ledger.outgoing)}"
        await store.add_outbound(queued(text, f"3161111{chance.randrange(1000):04}"))
        ledger.outgoing.append(text)
    screen = Screen() if number % 2 else None
    sends, registrations = len(standin.sends), len(standin.registrations)
    is_due = bool(await _in(store, Status.QUEUED))  # one that was killed before its POST is `unknown`, and never posted
    pid = warm.start(*([] if screen else ["listen", "--json"]), env=program.env, tty=screen.name if screen else None)
    caller = Caller(standin, url, ledger, f"round-{number}")
    moment = chance.randrange(4)
    if moment == 1:
        await asyncio.to_thread(standin.wait_for, REGISTER, registrations + 1)
    elif moment == 2 and is_due:
        await asyncio.to_thread(standin.wait_for, SEND, sends + 1)
    elif moment == 3:
        assert await asyncio.to_thread(caller.answered.wait, PATIENCE_S)
    await asyncio.to_thread(caller.answered.wait, chance.random() * 0.05)
    warm.kill(pid)
    caller.end()
    gate.set()
    if screen:
        screen.close()


async def _settle(warm: Warm, store: SqliteStore, standin: Standin, program: Program) -> None:
    """A last start finds what the dead left, and sends what was never tried."""
    pid = warm.start("listen", "--json", env=program.env)
    async with asyncio.timeout(120):
        while await _in(store, Status.QUEUED, Status.SENDING):
            await asyncio.to_thread(standin.stopping.wait, 0.05)
    warm.kill(pid)


async def _check(store: SqliteStore, standin: Standin, ledger: Ledger) -> None:
    rows = [sms for sms in await _everything(store) if sms.is_outbound]
    assert sorted(sms.text for sms in rows) == sorted(ledger.outgoing)
    posts = Counter(request.form["text"] for request in standin.sends if "text" in request.form)
    assert {text: times for text, times in posts.items() if times > 1} == {}
    states = {sms.text: sms.status for sms in rows}
    assert set(states.values()) <= {Status.ACCEPTED, Status.UNKNOWN}
    never_read = set(states) - set(posts)
    assert {states[text] for text in never_read} <= {Status.UNKNOWN}
    unanswered = [text for text in posts if states[text] is Status.UNKNOWN]
    assert unanswered, "no kill hit an SMS that was going out: the test has lost its teeth"
    arrived = Counter(sms.text for sms in await _everything(store) if not sms.is_outbound)
    assert {text: times for text, times in arrived.items() if times > 1} == {}
    assert {f"in {message_id}" for message_id in ledger.incoming} <= set(arrived)
    assert ledger.incoming


async def _in(store: SqliteStore, *statuses: Status) -> bool:
    return any(sms.status in statuses for sms in await _everything(store))


async def _everything(store: SqliteStore) -> list[Any]:
    found = []
    for conversation in await store.conversations(limit=100_000):
        found += await store.transcript(conversation.peer, limit=100_000)
    return found


async def test_a_late_receipt_settles_what_a_kill_left_unknown(standin: Standin, tmp_path: Path) -> None:
    port = free_port()
    more = {
        "SMSCHAT_TUNNEL": "fixed",
        "SMSCHAT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SMSCHAT_LISTEN": f"127.0.0.1:{port}",
    }
    program = Program(home=tmp_path / "home", api_url=standin.url, more=more)
    gate = threading.Event()
    standin.script(SEND, answer(1, gate))
    assert program.run("send", "31611111111", "on its way", "--queue").code == 0
    with program.start("listen", "--json") as first:
        (sent,) = await asyncio.to_thread(standin.wait_for, SEND)
        first.process.kill()
        first.process.wait(PATIENCE_S)
    gate.set()
    assert program.run("read", "31611111111", "--json").document()[0]["status"] == "unknown"
    with program.start("listen", "--json") as second:
        second.wait_for("listening")
        standin.callback(sent.form["callback"], receipt(sent, message_id="0C000001"))
        assert second.wait_for("receipt")["sms"]["status"] == "delivered"
    assert len(standin.sends) == 1
