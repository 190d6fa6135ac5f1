"""`smschat demo`: the whole product against the simulator, over the same code and real HTTP on loopback."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from smschat.cli import output, session
from smschat.domain import documents
from smschat.domain.changes import SmsChanged
from smschat.domain.delivery import Status
from smschat.errors import SmschatError, StoreError, UsageError
from smschat.settings.values import NotifyText

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from smschat.domain.changes import Change
    from smschat.domain.sms import Sms
    from smschat.runtime import Plan, Runtime

PLAIN_PACE: Final = 4.0
"""How many times as fast as life the plain demo is."""

PATIENCE_S: Final = 60.0

SCRIPT: Final = (
    ("31611111111", "hi Anna, this is smschat. Do you read me?"),
    ("31970000000", "a note to my own phone"),
)
"""What the plain demo writes, and to whom: somebody who answers, and the own number."""


def demo(flags: argparse.Namespace) -> int:
    """The chat in the demo's own profile; without a terminal, or with --plain, a short conversation in lines."""
    from smschat.runtime.demo import demo_plan  # noqa: PLC0415 - only the demo needs the simulator

    settings = session.demo_settings(flags)
    is_plain = flags.plain or not (sys.stdin.isatty() and sys.stdout.isatty())
    plan = replace(
        demo_plan(settings.data_dir, pace=PLAIN_PACE if is_plain else 1.0),
        notify_command=settings.notify_command,
        hides_text=settings.notify_text is NotifyText.HIDE,
    )
    if flags.reset:
        session.run(_reset(plan))
    if is_plain:
        return session.run(_plain(plan, as_json=getattr(flags, "json", False)))
    from smschat.cli.opening import go_on, open_chat  # noqa: PLC0415 - only for the screen

    return go_on(open_chat(plan, settings, flags), flags)


async def _reset(plan: Plan) -> None:
    """Forget the demo's store.

    Raises:
        UsageError: a demo is running on it.
    """
    if not plan.store_path.exists():
        return
    with suppress(StoreError):
        from smschat.store import SqliteStore  # noqa: PLC0415 - only to ask who is there

        store = await SqliteStore.open(plan.store_path)
        try:
            owner = await store.owner()
        finally:
            await store.close()
        if owner is not None:
            raise UsageError(f"a demo is running (process {owner.pid})", hint="quit it first (ctrl+q), then --reset")
    for suffix in ("", "-wal", "-shm"):
        plan.store_path.with_name(plan.store_path.name + suffix).unlink(missing_ok=True)


async def _plain(plan: Plan, *, as_json: bool) -> int:
    output.note("smschat demo: a conversation with the simulator; nothing leaves this machine")
    async with session.opened(plan) as runtime:
        teller = _Teller(as_json=as_json)
        runtime.subscribe(teller.hear)
        await runtime.go_online()
        try:
            async with asyncio.timeout(PATIENCE_S):
                for peer, text in SCRIPT:
                    await _exchange(runtime, teller, peer, text)
        except TimeoutError:
            raise SmschatError("the simulator did not answer in time", hint="try again; `-v` keeps a log") from None
    output.note("the whole round: queued, sent, delivered, answered. In a terminal `smschat demo` is the chat.")
    return 0


async def _exchange(runtime: Runtime, teller: _Teller, peer: str, text: str) -> None:
    """Write to a peer, and wait until it is delivered and answered."""
    conversation = await runtime.messenger.open_conversation("+" + peer)
    before = conversation.last.seq if conversation.last else 0
    sms = await runtime.messenger.send(peer, text)
    await teller.wait_for(lambda seen: seen.id == sms.id and seen.status is Status.DELIVERED)
    await teller.wait_for(lambda seen: seen.peer == peer and not seen.is_outbound and seen.seq > before)


class _Teller:
    """Prints each SMS with its state as it changes, and lets somebody wait for one."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._seen: dict[str, Sms] = {}
        self._moved = asyncio.Event()

    def hear(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            if isinstance(change, SmsChanged):
                before = self._seen.get(change.sms.id)
                self._seen[change.sms.id] = change.sms
                if before is None or before.status is not change.sms.status:
                    self._print(change.sms)
        self._moved.set()

    def _print(self, sms: Sms) -> None:
        if self._as_json:
            output.document(documents.of_sms(sms))
        else:
            output.line(output.sms_line(sms))

    async def wait_for(self, wanted: Callable[[Sms], bool]) -> None:
        while not any(wanted(sms) for sms in self._seen.values()):
            self._moved.clear()
            await self._moved.wait()
