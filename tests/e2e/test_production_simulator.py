"""Production against `smschat simulator`: a number's SMS come signed while smschat runs, and go elsewhere after it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from smschat.simulator.catalogue import OWN
from smschat.simulator.people import ECHO
from tests.program import Program, free_port
from tests.simulator.rig import Hook

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def elsewhere() -> AsyncIterator[Hook]:
    """Whoever had the number's SMS before smschat."""
    made = Hook()
    await made.start()
    yield made
    await made.stop()


def mo_url(program: Program) -> Any:
    """Where the number's SMS go, as its owner sees it."""
    numbers = program.run("numbers", "list", "--json").document()
    return next(number["mo_http_url"] for number in numbers if number["msisdn"] == OWN)


def use(program: Program, theirs: str) -> None:
    """What an operator does."""
    changed = program.run("numbers", "update", OWN, "--country", "NL", "--mo-url", theirs, "--json")
    assert changed.code == 0, changed.err
    assert program.run("listen", "--json").code == 3
    with program.start("listen", "--json", "--yes") as listening:
        told = listening.wait_for("listening")
        assert (told["registered"], mo_url(program)) == (True, told["callback_url"])
        assert program.run("send", ECHO.number, "hoi").code == 0
        assert listening.wait_for("inbound")["sms"]["text"] == "hoi"
        assert listening.end() == 0
    assert mo_url(program) == theirs


async def test_sms_come_signed_while_it_runs_and_go_where_they_went_before(tmp_path: Path, elsewhere: Hook) -> None:
    """An unsigned callback would be refused, and the answer of the echo never come."""
    port = free_port()
    more = {
        "SMSCHAT_ACCOUNT": "production",
        "SMSCHAT_NUMBER": f"+{OWN}",
        "SMSCHAT_TUNNEL": "fixed",
        "SMSCHAT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SMSCHAT_LISTEN": f"127.0.0.1:{port}",
        "SMSCHAT_SIGNATURE_SECRET": "zq7-canary-signing",
        "SMSCHAT_SIGNATURE_METHOD": "sha256",
    }
    program = Program(home=tmp_path, api_url="http://127.0.0.1:1", more=more)
    with await asyncio.to_thread(program.start, "simulator", "--json", "--sign") as simulator:
        url = (await asyncio.to_thread(simulator.wait_for, "listening"))["url"]
        await asyncio.to_thread(use, replace(program, api_url=url), f"{elsewhere.url}/theirs")
        assert await asyncio.to_thread(simulator.end) == 0
