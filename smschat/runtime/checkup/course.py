"""The order in which `doctor` looks: what the later parts need comes first, and each line is told as it is found."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from smschat.domain.checks import Check, Finding, fault_of
from smschat.errors import StoreError
from smschat.runtime.checkup import callback, disk, gateway, number, preferences
from smschat.runtime.checkup.agent import of_agent
from smschat.runtime.checkup.probe import REACH
from smschat.runtime.checkup.reach import LISTENER, TUNNEL, Receiver
from smschat.settings import Account, TunnelKind, secret_checks

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from smschat.runtime.plan import Plan
    from smschat.settings import Settings
    from smschat.store import SqliteStore

_NO_STORE: Final = "not looked at, because the store cannot be used"


async def checkup(settings: Settings, plan: Plan) -> AsyncGenerator[Check, None]:
    """Every part of the set-up, looked at for real; 45 s at most where everything is slow.

    Use it within `aclosing`: what is up for the look is closed with it.
    """
    for check in (*preferences.of_settings(settings), *preferences.of_account(settings)):
        yield check
    for check in await asyncio.to_thread(secret_checks, settings):
        yield check
    seen = await gateway.look(settings)
    for check in gateway.of_look(seen):
        yield check
    for check in number.of_number(settings):
        yield check
    yield number.of_level(settings, None if isinstance(seen, Check) else seen.level)
    folder = await asyncio.to_thread(disk.of_folder, settings.data_dir)
    yield folder
    yield await asyncio.to_thread(disk.of_room, settings.data_dir)
    store = await disk.opened(plan.store_path)
    try:
        is_hopeless = store is None and folder.is_fault
        yield disk.of_no_store() if is_hopeless else await disk.of_store(plan.store_path, store)
        async with aclosing(_of_receiving(settings, plan, store)) as checks:
            async for check in checks:
                yield check
    finally:
        if store is not None and not isinstance(store, StoreError):
            await store.close()


async def _of_receiving(
    settings: Settings, plan: Plan, store: SqliteStore | StoreError | None
) -> AsyncGenerator[Check, None]:
    """The callback, and whether it can come: listener, tunnel and the way between."""
    if isinstance(store, StoreError):
        for name in (callback.CALLBACK, LISTENER, TUNNEL, REACH):
            yield Check(name=name, finding=Finding.UNKNOWN, text=_NO_STORE)
        if settings.tunnel is TunnelKind.NGROK:
            yield await of_agent(settings.ngrok_path)
        return
    receiver = Receiver(settings, plan, store)
    try:
        await receiver.begin()
        yield await _of_callback(settings, plan, store, receiver)
        async with aclosing(receiver.checks()) as checks:
            async for check in checks:
                yield check
    except StoreError as error:
        yield fault_of(REACH, error)
    finally:
        await receiver.end()


async def _of_callback(settings: Settings, plan: Plan, store: SqliteStore | None, receiver: Receiver) -> Check:
    if settings.account is Account.TEST or settings.number is None:
        told = None if store is None else await store.registration()
        return callback.of_registration(settings, told, token=receiver.token, public_url=receiver.public_url)
    loans = [] if store is None else await store.loans()
    return await callback.of_number(
        plan,
        loans,
        token=receiver.token,
        public_url=receiver.public_url,
        is_received=receiver.owner is not None,
    )
