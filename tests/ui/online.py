"""The chat over the real runtime and its real gateway client, with the simulator at the other end of the wire."""

from __future__ import annotations

import math
from contextlib import asynccontextmanager
from datetime import UTC
from typing import TYPE_CHECKING

from smschat.domain.identity import Identity
from smschat.domain.secret import Secret
from smschat.gateway import KpnGateway
from smschat.runtime import Plan, Runtime
from smschat.simulator import Simulator
from smschat.simulator.journal import Kind
from smschat.tunnel import LocalTunnel
from smschat.ui.app import ChatApp
from tests.idle import Awaited
from tests.ui.reading import NOW
from tests.ui.rig import NUMBER, PATIENCE_S, WIDE, chat_options, is_loaded, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from textual.pilot import Pilot

DELIVERED = "31600000001"
"""Who the simulator delivers to at once."""


def _plan(folder: Path, url: str) -> Plan:
    return Plan(
        profile="test",
        store_path=folder / "test.db",
        identity=Identity(number=NUMBER, sender=NUMBER, country="NL"),
        make_gateway=lambda: KpnGateway(api_url=url, client_id="test", client_secret=Secret("test")),
        tunnel=LocalTunnel(),
    )


class Session:
    """A chat on the screen, and what reached the gateway."""

    def __init__(self, app: ChatApp, pilot: Pilot[int], simulator: Simulator) -> None:
        self.app = app
        self.pilot = pilot
        self._simulator = simulator

    def sent(self) -> list[dict[str, str]]:
        """The fields of each POST to `/send`."""
        return [dict(entry.fields) for entry in self._simulator.journal.of(Kind.SEND)]

    async def send(self, *keys: str) -> dict[str, str]:
        """Press these, and the fields of the POST that follows."""
        before = len(self.sent())
        await self.pilot.press(*keys)
        await until(self.pilot, lambda: len(self.sent()) > before)
        return self.sent()[-1]


@asynccontextmanager
async def session(folder: Path, size: tuple[int, int] = WIDE, *, peer: str = DELIVERED) -> AsyncIterator[Session]:
    """The chat, the conversation with this peer open."""
    async with Simulator(pace=math.inf) as simulator:
        thread = Awaited(Runtime(_plan(folder, simulator.url), clock=lambda: NOW.astimezone(UTC)))
        thread.start()
        try:
            app = ChatApp(thread, chat_options(thread))  # type: ignore[arg-type]  # a thread is all that is asked of it
            async with app.run_test(size=size) as pilot:
                await until(pilot, lambda: is_loaded(app))
                await pilot.press("ctrl+n", *peer, "enter")
                await until(pilot, lambda: app.chat.talk.peer == peer and app.screen is app.chat)
                yield Session(app, pilot, simulator)
        finally:
            thread.stop(PATIENCE_S)
