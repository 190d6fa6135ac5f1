"""A process of its own on a store: carries out one act, tells it line by line, and stays until it is ended.

`python -m tests.store.child PATH ACT`
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from smschat.store import SqliteStore
from tests.store.samples import inbound, new_sms, raw


def tell(*words: object) -> None:
    print(*words, flush=True)


async def leave_orphans(store: SqliteStore) -> None:
    """One SMS under way, one claimed and not tried."""
    for _ in range(2):
        sms = await store.add_outbound(new_sms(claim=store.holder))
        tell(sms.id)
    await store.begin_attempt(sms.id)
    tell("ready")


async def write_on(store: SqliteStore) -> None:
    """SMS without end, each told once it is acknowledged."""

    async def write(name: str) -> None:
        n = 0
        while True:
            message_id = f"{name}-{n}"
            await store.take_callback(raw(), inbound(message_id=message_id))
            tell(message_id)
            n += 1

    await asyncio.gather(*(write(name) for name in "abcd"))


async def own(store: SqliteStore) -> None:
    """Try for the duty, and tell whether it was had."""
    tell(await store.own("receiving"))


async def race(store: SqliteStore) -> None:
    """Try to begin every SMS that is named, and tell which were begun."""
    await store.own("receiving")
    tell("ready")
    for line in sys.stdin:
        begun = await store.begin_attempt(line.strip())
        tell("none" if begun is None else begun.sms.id)


ACTS = {act.__name__: act for act in (leave_orphans, write_on, own, race)}


async def main(path: str, act: str) -> None:
    store = await SqliteStore.open(Path(path))
    await ACTS[act](store)
    await asyncio.to_thread(sys.stdin.read)
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
