"""Chat and two `listen` on one store: one receives, the others follow, and one of them takes over from the dead.

What must hold: one registration for each owner, no acknowledged SMS lost or doubled, and all that live tell of each.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

import pytest

from smschat.store import SqliteStore
from tests.agent import Agent
from tests.program import PATIENCE_S, Program, Stream, free_port, until
from tests.standin import REGISTER, call_webhook, inbound
from tests.terminal import Terminal, smschat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.standin import Standin

MARKER_PEER = "31655555555"


class Caller:
    """The gateway's end of the webhook: numbered SMS, each repeated until it is answered 200, to the address of now.

    Attributes:
        address: where the gateway was told to call.
        acknowledged: the texts that were answered 200, in order.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.acknowledged: list[str] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._call)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _call(self) -> None:
        number = 0
        while not self._over.wait(0.02):
            text = f"number {number}"
            if deliver(self.address, inbound(text, message_id=f"0D{number}")):
                self.acknowledged.append(text)
                number += 1

    def wait_for_more(self) -> None:
        """Wait until a few more were answered."""
        wanted = len(self.acknowledged) + 5
        until(lambda: len(self.acknowledged) >= wanted)


def deliver(address: str, fields: dict[str, str]) -> bool:
    """One try; whether it was answered 200."""
    try:
        return call_webhook(address, fields) == 200
    except OSError:
        return False


class House:
    """The processes of one store that still live, by process id."""

    def __init__(self, program: Program, standin: Standin) -> None:
        self.program = program
        self.standin = standin
        self.alive: dict[int, Stream | Terminal] = {}
        self._markers = 0

    def owner(self) -> int | None:
        """Who receives."""
        owner = asyncio.run(self._owner())
        return owner if owner in self.alive else None

    async def _owner(self) -> int | None:
        async with await SqliteStore.open(self.program.home / "data" / "default.db") as store:
            owner = await store.owner()
        return owner.pid if owner else None

    def add(self, process: Stream | Terminal) -> None:
        self.alive[process.process.pid] = process

    def kill(self, pid: int) -> None:
        """SIGKILL, and wait until it is gone."""
        process = self.alive.pop(pid).process
        process.kill()
        process.wait(PATIENCE_S)

    def told_of_one_more(self) -> None:
        """An SMS comes in, and all that live tell of it."""
        self._markers += 1
        text = f"marker {self._markers}"
        fields = inbound(text, msisdn=MARKER_PEER, message_id=f"0E{self._markers}")
        address = self.standin.registrations[-1].form["callback_url"]
        until(lambda: deliver(address, fields))
        for process in self.alive.values():
            if isinstance(process, Terminal):
                process.wait_for(text)
            else:
                while process.wait_for("inbound")["sms"]["text"] != text:
                    pass

    def says_that_it_receives(self, pid: int) -> None:
        process = self.alive[pid]
        if isinstance(process, Terminal):
            process.wait_for("● listening")
        else:
            assert process.wait_for("listening")["registered"]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def opened(house: House, stack: ExitStack) -> None:
    """A `listen` that owns, then the chat and another `listen` that follow it and say so."""
    first = stack.enter_context(house.program.start("listen", "--json"))
    house.add(first)
    assert first.wait_for("listening")["registered"]
    named = f"another smschat is receiving (process {first.process.pid})"
    chat = stack.enter_context(Terminal(smschat(), env=house.program.env, columns=140))
    house.add(chat)
    chat.wait_for(named)
    second = stack.enter_context(house.program.start("listen", "--json"))
    house.add(second)
    assert second.wait_for("health")["text"] == named


def test_the_next_takes_over_from_each_owner_that_is_killed(standin: Standin, tmp_path: Path, stack: ExitStack) -> None:
    port = free_port()
    more = {
        "SMSCHAT_TUNNEL": "fixed",
        "SMSCHAT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SMSCHAT_LISTEN": f"127.0.0.1:{port}",
    }
    house = House(Program(home=tmp_path / "home", api_url=standin.url, more=more), standin)
    opened(house, stack)
    house.told_of_one_more()
    owners = [house.owner()]
    with Caller(standin.registrations[0].form["callback_url"]) as caller:
        while len(house.alive) > 1:
            caller.wait_for_more()
            assert owners[-1] is not None
            house.kill(owners[-1])
            standin.wait_for(REGISTER, len(owners) + 1)
            caller.wait_for_more()
            owners.append(house.owner())
            assert owners[-1] is not None
            house.says_that_it_receives(owners[-1])
    house.told_of_one_more()
    assert len(standin.registrations) == len(set(owners)) == 3
    in_store = Counter(asyncio.run(texts(house.program)))
    assert set(in_store.values()) == {1}
    assert set(caller.acknowledged) <= set(in_store)
    (survivor,) = house.alive.values()
    if isinstance(survivor, Stream):
        heard = Counter(told["sms"]["text"] for told in survivor.events if told["event"] == "inbound")
        assert heard == in_store
    standin.forgive()  # a kill cuts a request off in its middle


async def texts(program: Program) -> list[str]:
    """The texts of all inbound SMS in the store."""
    async with await SqliteStore.open(program.home / "data" / "default.db") as store:
        return [sms.text for sms in await store.inbound(limit=1_000_000)]


def test_with_a_tunnel_each_owner_opens_it_and_tells_its_address(
    standin: Standin, tmp_path: Path, stack: ExitStack
) -> None:
    """A fall while it runs, another address at the next start, and the death of the owner with its agent."""
    agent = stack.enter_context(Agent(tmp_path / "agent"))
    more = {"SMSCHAT_TUNNEL": "ngrok", "SMSCHAT_NGROK_PATH": str(agent.path), "NGROK_AUTHTOKEN": "an-authtoken"}
    house = House(Program(home=tmp_path / "home", api_url=standin.url, more=more), standin)
    opened(house, stack)
    house.told_of_one_more()
    addresses = [agent.public_url]
    owner = house.owner()
    assert owner is not None
    agent.move()
    addresses.append(agent.public_url)
    agent.crash()
    standin.wait_for(REGISTER, 2)
    house.says_that_it_receives(owner)
    house.told_of_one_more()
    house.kill(owner)
    standin.wait_for(REGISTER, 3)
    addresses.append(agent.public_url)
    heir = house.owner()
    assert heir is not None
    house.says_that_it_receives(heir)
    house.told_of_one_more()
    assert [request.form["callback_url"].rpartition("/")[0] for request in standin.registrations] == addresses
    assert len(agent.running) == 1
    for process in house.alive.values():
        process.process.terminate()
        process.process.wait(PATIENCE_S)
    agent.wait_ended()
    standin.forgive()  # a kill cuts a request off in its middle
