"""The demo: the same runtime, with the simulator's address as the gateway's and loopback as the public one.

The rule: only this plan differs; nothing of the program knows that it is the demo, but for the header's name of it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from smschat.domain.identity import Identity
from smschat.runtime.plan import Plan

if TYPE_CHECKING:
    from pathlib import Path

    from smschat.domain.conversation import Conversation
    from smschat.domain.sms import Sms
    from smschat.gateway import KpnGateway
    from smschat.runtime.stage import Playbill
    from smschat.simulator import Simulator
    from smschat.store import PastConversation, PastSms, SqliteStore

PROFILE: Final = "demo"
NUMBER: Final = "31970000000"


class DemoCompanion:
    """The simulator beside the runtime, and the world that an empty store begins with.

    Args:
        pace: how many times as fast as life the simulator's people are.
        now: when the world is; its SMS lie in the past of it.
    """

    def __init__(self, *, pace: float, now: datetime | None = None) -> None:
        self._pace = pace
        self._now = now
        self._simulator: Simulator | None = None

    @property
    def url(self) -> str:
        """The simulator's origin; there is one after `start`."""
        if self._simulator is None:
            raise RuntimeError("the simulator is not started")
        return self._simulator.url

    async def prepare(self, store: SqliteStore) -> None:
        """Fill an empty store with the demo's world; one that was used is left as it is."""
        if await store.conversations(limit=1):
            return
        from smschat.simulator.world import demo_world  # noqa: PLC0415 - only for the first start

        world = demo_world(self._now or datetime.now(UTC).astimezone(), number=NUMBER)
        await store.import_history(
            [_conversation(row) for row in world.conversations], [_sms(sms) for sms in world.in_order()]
        )

    async def start(self) -> None:
        """Serve the imitated gateway on a free port of loopback."""
        from smschat.simulator import Simulator  # noqa: PLC0415 - imports the HTTP server, after the first frame

        self._simulator = Simulator(pace=self._pace)
        await self._simulator.start()

    def playbill(self) -> Playbill:
        """The simulator's people, and the numbers that decide."""
        from smschat.runtime.stage import Playbill, Player  # noqa: PLC0415 - only where somebody asks
        from smschat.simulator import outcomes, people  # noqa: PLC0415 - as above

        players = (Player(number=one.number, name=one.name, habit=one.habit) for one in people.PEOPLE)
        return Playbill(players=tuple(players), outcomes=outcomes.DESCRIBED)

    def speak(self, number: str, text: str) -> None:
        """Somebody writes to the demo's number."""
        if self._simulator is None:
            raise RuntimeError("the simulator is not started")
        self._simulator.write(sender=number, to=NUMBER, text=text)

    async def stop(self) -> None:
        """End it."""
        if self._simulator is not None:
            await self._simulator.stop()


def demo_plan(data_dir: Path, *, pace: float = 1.0, now: datetime | None = None) -> Plan:
    """The plan of `smschat demo`.

    Args:
        data_dir: where the demo's store is kept, in a profile of its own.
    """
    from smschat.tunnel import LocalTunnel  # noqa: PLC0415 - only for commands that run

    companion = DemoCompanion(pace=pace, now=now)

    def make_gateway() -> KpnGateway:
        from smschat.gateway import KpnGateway  # noqa: PLC0415 - imports the HTTP client, after the first frame
        from smschat.settings import Secret  # noqa: PLC0415

        return KpnGateway(api_url=companion.url, client_id=PROFILE, client_secret=Secret(PROFILE))

    return Plan(
        profile=PROFILE,
        store_path=data_dir / f"{PROFILE}.db",
        identity=Identity(number=NUMBER, sender=NUMBER, country="NL"),
        make_gateway=make_gateway,
        tunnel=LocalTunnel(),
        companion=companion,
    )


def _conversation(row: Conversation) -> PastConversation:
    from smschat.store import PastConversation  # noqa: PLC0415 - loaded with the store already

    return PastConversation(
        peer=row.peer,
        name=row.name,
        draft=row.draft,
        pinned=row.pinned,
        muted=row.muted,
        archived=row.archived,
        opted_out=row.opted_out,
        blocked=row.blocked,
        unread=row.unread,
    )


def _sms(sms: Sms) -> PastSms:
    from smschat.store import PastSms  # noqa: PLC0415 - loaded with the store already

    return PastSms(
        id=sms.id,
        peer=sms.peer,
        direction=sms.direction,
        sender=sms.sender,
        recipient=sms.recipient,
        type=sms.type,
        text=sms.text,
        encoding=sms.encoding,
        segments=sms.segments,
        status=sms.status,
        reason=sms.reason,
        created_at=sms.created_at,
        updated_at=sms.updated_at,
        price=sms.price,
        remaining_balance=sms.remaining_balance,
        parts=sms.parts,
        answer=sms.answer,
        keyword=sms.keyword,
        data=sms.data,
        udh=sms.udh,
        options=sms.options,
    )
