"""`smschat webhook list` and `smschat webhook show`: the callbacks that came, whatever became of them.

The rule: read only, and a store is never made. What came from outside passes the gate where it is printed for people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.cli import output, session
from smschat.domain.text import shown
from smschat.errors import NotFoundError
from smschat.messaging.callback_words import MOST_SHOWN, document_of, line_of, lines_of, whole_document_of

if TYPE_CHECKING:
    import argparse

    from smschat.domain.callbacks import KeptCallback
    from smschat.messaging.ports import Reads

PAGE: Final = 500


def list_callbacks(flags: argparse.Namespace) -> int:
    """The newest callbacks, newest first."""
    return session.run(_list(flags))


def show(flags: argparse.Namespace) -> int:
    """One callback: its fields, and what came byte for byte; 20 when there is none."""
    return session.run(_show(flags))


async def _list(flags: argparse.Namespace) -> int:
    plan = session.plan_of(session.settings_of(flags))
    rows: list[KeptCallback] = []
    if plan.store_path.exists():
        async with session.opened(plan) as runtime:
            rows = await _newest(runtime.store, flags.newest)
    if getattr(flags, "json", False):
        output.document([document_of(row) for row in rows])
        return 0
    for row in rows:
        output.line(line_of(row))
    if not rows:
        output.note("no callbacks")
    return 0


async def _show(flags: argparse.Namespace) -> int:
    plan = session.plan_of(session.settings_of(flags))
    kept: KeptCallback | None = None
    if plan.store_path.exists():
        async with session.opened(plan) as runtime:
            kept = await runtime.store.callback(flags.id)
    if kept is None:
        name = shown(flags.id, multiline=False, limit=MOST_SHOWN)
        raise NotFoundError(f"there is no callback {name}", hint="`smschat webhook list` lists those there are")
    if getattr(flags, "json", False):
        output.document(whole_document_of(kept))
    else:
        for line in lines_of(kept):
            output.line(line)
    return 0


async def _newest(store: Reads, most: int) -> list[KeptCallback]:
    rows: list[KeptCallback] = []
    while len(rows) < most:
        limit = min(PAGE, most - len(rows))
        page = await store.callbacks(before=int(rows[-1].id) if rows else None, limit=limit)
        rows += page
        if len(page) < limit:
            break
    return rows
