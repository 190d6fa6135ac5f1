"""Whatever is sent to the listener, it answers no 5xx, goes on, and keeps every callback that it took, byte for byte.

The rule: over real sockets, to the real listener and the real store. `--fuzz N` says how many requests are sent.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings

from smschat.domain.secret import Secret
from smschat.webhook.signatures import verifier
from tests.faults.requests import METHOD, PROOF, SECRET, Request, garbage, requests
from tests.webhook.rig import rig

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.webhook.rig import Rig

ALLOWED = frozenset({200, 400, 404, 405, 408, 413, 431})
SIGNED = ALLOWED | {401}


WHILE_S = 10.0
"""After as long another callback is refused and kept, and now and then a long SMS has waited for too long."""


class Caller:
    """Sends octets on a connection of their own, one after the other, and looks at what was kept since."""

    def __init__(self, gateway: Rig) -> None:
        self.gateway = gateway
        self.seen = 0
        self.sent = 0
        self.unhandled: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: self.unhandled.append(context))

    async def status_of(self, octets: bytes) -> int | None:
        """The status of the first answer; None where the connection ends without one. A while passes before."""
        self.gateway.clock.advance(WHILE_S)
        self.sent += 1
        address = urlsplit(self.gateway.url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        answer = b""
        with suppress(ConnectionError):
            writer.write(octets)
            await writer.drain()
            writer.write_eof()
            while piece := await reader.read(65_536):
                answer += piece
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        while answer.startswith(b"HTTP/1.1 100 "):
            answer = answer.partition(b"\r\n\r\n")[2]
        return int(answer[9:12]) if answer else None

    async def kept(self) -> list[tuple[str, bytes, bytes]]:
        """Method, query and body of the callbacks that were kept since it was asked last."""
        page = await self.gateway.store.callbacks(limit=3)
        new = [each.raw for each in page if int(each.id) > self.seen]
        self.seen = max((int(each.id) for each in page), default=0)
        return [(raw.method, raw.query, raw.body) for raw in new]


async def holds(caller: Caller, request: Request, allowed: frozenset[int]) -> None:
    """What is answered 200 was kept, and what is not was not, but for callbacks that were refused."""
    status, kept = await caller.status_of(request.octets()), await caller.kept()
    assert status is None or status in allowed
    assert caller.unhandled == []
    if not request.is_plain:
        assert len(kept) <= (status in {200, 401})
        return
    assert status is not None
    is_kept = request.is_callback and status in {200, 401}
    assert kept == ([(request.method, request.query or b"", request.body)] if is_kept else [])


async def garbage_holds(caller: Caller, octets: bytes, allowed: frozenset[int]) -> None:
    status = await caller.status_of(octets)
    assert status is None or status in allowed
    assert len(await caller.kept()) <= (status in {200, 401})
    assert caller.unhandled == []


def usual(number: int) -> settings:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    return settings(max_examples=max(number, 1), database=None, suppress_health_check=slow)


@pytest.fixture
def _quiet() -> Iterator[None]:
    """Nothing of a hundred thousand requests is kept for the report of a failure; what is said is not looked at."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("is_signed", [False, True], ids=["unsigned", "signed"])
@pytest.mark.usefixtures("_quiet")
def test_no_request_ends_the_listener_and_what_it_takes_is_kept(
    tmp_path: Path, request: pytest.FixtureRequest, *, is_signed: bool
) -> None:
    """Nine of ten go to a listener that checks no signatures; a tenth of all, and as many, is no whole request."""
    number = int(request.config.getoption("--fuzz")) * (1 if is_signed else 9) // 10
    allowed = SIGNED if is_signed else ALLOWED
    with asyncio.Runner() as runner:
        opened = rig(tmp_path, verify=verifier(Secret(SECRET), METHOD) if is_signed else None)
        gateway = runner.run(opened.__aenter__())

        async def make() -> Caller:
            return Caller(gateway)

        caller = runner.run(make())

        @usual(number - number // 10)
        @given(requests())
        def send(each: Request) -> None:
            runner.run(holds(caller, each, allowed))

        @usual(number // 10)
        @given(garbage())
        def send_garbage(octets: bytes) -> None:
            runner.run(garbage_holds(caller, octets, allowed))

        try:
            send()
            send_garbage()
            assert caller.sent >= number
            sound = Request(method="GET", path=PROOF, query=None, body=b"", headers=())
            assert runner.run(caller.status_of(sound.octets())) == 200
        finally:
            runner.run(opened.__aexit__(None, None, None))
