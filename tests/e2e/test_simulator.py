"""`smschat simulator` as a developer starts it: how callbacks come and are signed, and the page that shows them."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from smschat.domain.signing import Method, is_signed
from smschat.simulator.gateway_app import REGISTER_PATH, SEND_PATH, TOKEN_PATH
from smschat.simulator.people import ECHO
from tests.program import NUMBER, PATIENCE_S, Program
from tests.simulator.rig import Hook

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SECRET = "zq7-canary-signing"


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    made = Hook()
    await made.start()
    yield made
    await made.stop()


async def _talk(url: str, hook: Hook) -> None:
    """Register, and say something to the echo."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, verify=False, timeout=60) as http:
        form = {"client_id": "any", "client_secret": "any"}
        granted = await http.post(f"{TOKEN_PATH}?grant_type=client_credentials", data=form)
        http.headers["Authorization"] = f"Bearer {granted.json()['access_token']}"
        await http.post(REGISTER_PATH, data={"to": NUMBER, "callback_url": f"{hook.url}/token"})
        sms = {"from": NUMBER, "to": ECHO.number, "text": "hoi"}
        await http.post(SEND_PATH, data=sms, headers={"inbound": "yes"})


async def _answer(program: Program, hook: Hook, *flags: str) -> dict[str, Any]:
    """What the echo says to a simulator of its own process, as it arrives."""
    with await asyncio.to_thread(program.start, "simulator", "--json", *flags) as stream:
        url = (await asyncio.to_thread(stream.wait_for, "listening"))["url"]
        await _talk(url, hook)
        async with asyncio.timeout(60):
            await hook.came.wait()
        assert await asyncio.to_thread(stream.end) == 0
    return hook.inbound[0]


@pytest.mark.parametrize(
    ("style", "method", "content_type"),
    [
        ("json", "POST", "application/json"),
        ("form", "POST", "application/x-www-form-urlencoded"),
        ("get", "GET", None),
    ],
)
async def test_callbacks_come_as_json_form_or_get(
    tmp_path: Path, hook: Hook, style: str, method: str, content_type: str | None
) -> None:
    answer = await _answer(Program(home=tmp_path, api_url=""), hook, "--callbacks", style)
    assert answer["text"] == "hoi"
    assert "sig" not in answer
    assert (hook.got[0].method, hook.got[0].headers.get("content-type")) == (method, content_type)


@pytest.mark.parametrize("method", [Method.MD5HASH, Method.SHA512])
async def test_callbacks_are_signed_as_the_settings_say(tmp_path: Path, hook: Hook, method: Method) -> None:
    more = {"SMSCHAT_SIGNATURE_SECRET": SECRET, "SMSCHAT_SIGNATURE_METHOD": method.value}
    answer = await _answer(Program(home=tmp_path, api_url="", more=more), hook, "--sign")
    assert is_signed(answer, SECRET, method)


def test_to_sign_without_a_secret_is_a_usage_error_that_says_what_to_set(tmp_path: Path) -> None:
    ended = Program(home=tmp_path, api_url="").run("simulator", "--sign")
    assert ended.code == 2
    assert "SMSCHAT_SIGNATURE_SECRET" in ended.err


def test_the_log_has_a_line_for_each_request_and_names_the_page(tmp_path: Path) -> None:
    with Program(home=tmp_path, api_url="").start("simulator", "--log") as stream:
        process = stream.process
        first = stream._lines.get(timeout=PATIENCE_S).strip()
        url = first.rpartition(" ")[2]
        with httpx.Client(trust_env=False, verify=False, timeout=60) as http:
            assert "nothing yet" in http.get(url).text
            http.post(
                f"{url}{TOKEN_PATH}?grant_type=client_credentials", data={"client_id": "a", "client_secret": "zq7"}
            )
        assert "token POST" in (told := stream._lines.get(timeout=PATIENCE_S))
        assert "zq7" not in told
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert process.stderr is not None
        assert f"{url}/" in process.stderr.read()
