"""`smschat threads` and `smschat read`: the store, without the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.cli import output, session
from smschat.domain import documents
from smschat.domain.conversation import Filter, Shelf
from smschat.domain.phone import parse_peer
from smschat.domain.text import shown
from smschat.errors import NotFoundError, NumberError

if TYPE_CHECKING:
    import argparse

    from smschat.domain.conversation import Conversation
    from smschat.domain.sms import Sms
    from smschat.messaging.messenger import Messenger

PAGE = 500


def threads(flags: argparse.Namespace) -> int:
    """The conversations, newest first."""
    return session.run(_threads(flags))


def read(flags: argparse.Namespace) -> int:
    """The newest SMS of one conversation, oldest first; 20 when there is no such conversation."""
    return session.run(_read(flags))


async def _threads(flags: argparse.Namespace) -> int:
    plan = session.plan_of(session.settings_of(flags))
    if not plan.store_path.exists():
        return _print_threads([], {}, flags)
    async with session.opened(plan) as runtime:
        rows = await _all(runtime.messenger, Filter(shelf=_shelf(flags)))
        lasts = await runtime.messenger.sms_many([row.last.id for row in rows if row.last])
        return _print_threads(rows, {sms.id: sms for sms in lasts}, flags)


def _shelf(flags: argparse.Namespace) -> Shelf:
    if flags.archived:
        return Shelf.ARCHIVED
    return Shelf.UNREAD if flags.unread else Shelf.ACTIVE


async def _all(messenger: Messenger, wanted: Filter) -> list[Conversation]:
    rows: list[Conversation] = []
    while True:
        page = await messenger.conversations(limit=PAGE, after=rows[-1] if rows else None, wanted=wanted)
        rows += page
        if len(page) < PAGE:
            return rows


def _print_threads(rows: list[Conversation], lasts: dict[str, Sms], flags: argparse.Namespace) -> int:
    if getattr(flags, "json", False):
        output.document([documents.of_conversation(row, lasts.get(row.last.id) if row.last else None) for row in rows])
        return 0
    for row in rows:
        unread = f"  {row.unread} unread" if row.unread else ""
        title = shown(row.title, multiline=False)
        number = f"  {shown(row.peer, multiline=False)}" if row.name else ""
        output.line(f"{title}{number}{unread}")
        if row.last:
            mark = output.MARKS[row.last.status]
            output.line(f"  {mark} {shown(row.last.text, multiline=False)}")
    if not rows:
        output.note("no conversations")
    return 0


async def _read(flags: argparse.Namespace) -> int:
    settings = session.settings_of(flags)
    plan = session.plan_of(settings)
    if not plan.store_path.exists():
        raise nobody(flags.peer)
    async with session.opened(plan) as runtime:
        rows = await _newest(runtime.messenger, peer_of(flags.peer, settings.country), flags)
    if getattr(flags, "json", False):
        output.document([documents.of_sms(sms) for sms in rows])
    else:
        for sms in rows:
            output.line(output.sms_line(sms))
    return 0


async def _newest(messenger: Messenger, peer: str, flags: argparse.Namespace) -> list[Sms]:
    if await messenger.conversation(peer) is None:
        raise nobody(flags.peer)
    rows: list[Sms] = []
    while len(rows) < flags.newest:
        before = rows[0].seq if rows else None
        page = await messenger.transcript(peer, before=before, limit=min(PAGE, flags.newest - len(rows)))
        wanted = [sms for sms in page if flags.since is None or sms.created_at > flags.since]
        rows = wanted + rows
        if not page or len(wanted) < len(page):
            break
    return rows


def peer_of(text: str, country: str) -> str:
    """The peer as the store has it: a number in any usual form, else a sender's name as it came."""
    try:
        return parse_peer(text, country)
    except NumberError:
        return text


def nobody(peer: str) -> NotFoundError:
    """The error for a conversation that is not there."""
    return NotFoundError(
        f"there is no conversation with {shown(peer, multiline=False)}", hint="`smschat threads` lists those there are"
    )
