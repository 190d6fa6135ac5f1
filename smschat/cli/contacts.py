"""`smschat contacts`: names for numbers, without the network; and those of a vCard file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smschat.cli import output, session
from smschat.domain import phone
from smschat.domain.text import shown
from smschat.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable

    from smschat.domain.conversation import Contact
    from smschat.messaging.messenger import Messenger
    from smschat.settings import Settings

_NOBODY = NotFoundError("there is no such contact", hint="see `smschat contacts list`")


def every(flags: argparse.Namespace) -> int:
    """Everybody with a name."""

    async def do(messenger: Messenger) -> list[Contact]:
        return await messenger.contacts.every()

    contacts = _with_messenger(flags, do, nothing=[])
    if getattr(flags, "json", False):
        output.document([_document(contact) for contact in contacts])
        return 0
    width = max((len(contact.peer) for contact in contacts), default=0)
    for contact in contacts:
        output.line(f"{contact.peer:<{width}}  {shown(contact.name)}")
    if not contacts:
        output.note("smschat: no contacts yet; `smschat contacts add 0612345678 Anna` makes one")
    return 0


def add(flags: argparse.Namespace) -> int:
    """Give a number a name; one that has a name already is renamed."""
    return _save(flags, must_exist=False)


def rename(flags: argparse.Namespace) -> int:
    """Another name for a contact; 20 where there is none."""
    return _save(flags, must_exist=True)


def remove(flags: argparse.Namespace) -> int:
    """Forget a contact; its conversation stays. 20 where there is none."""
    peer = _peer(flags.peer, session.settings_of(flags))

    async def do(messenger: Messenger) -> bool:
        return await messenger.contacts.remove(peer)

    if not _with_messenger(flags, do, nothing=False):
        raise _NOBODY
    _say({"peer": peer, "removed": True}, f"{peer} has no name any more", flags)
    return 0


def import_cards(flags: argparse.Namespace) -> int:
    """Take the contacts of a vCard file; what cannot be read is named and left out."""
    from smschat.messaging import vcards  # noqa: PLC0415 - only for an import

    settings = session.settings_of(flags)
    cards = vcards.read(_read(flags.file), settings.country)
    if not cards.contacts and not cards.skipped:
        raise UsageError("there is no vCard in it", hint="a vCard file has lines BEGIN:VCARD and END:VCARD")

    async def do(messenger: Messenger) -> int:
        return await messenger.contacts.take(cards.contacts)

    changed = _with_messenger(flags, do, makes=True)
    skipped = [{"place": one.place, "name": one.name, "reason": one.reason} for one in cards.skipped]
    for one in cards.skipped:
        output.note(
            f"smschat: card {one.place}{f' ({shown(one.name)})' if one.name else ''} was left out: {one.reason}"
        )
    document = {"imported": len(cards.contacts), "changed": changed, "skipped": skipped}
    _say(document, f"{len(cards.contacts)} contacts, {changed} of them new or changed", flags)
    return 0


def _save(flags: argparse.Namespace, *, must_exist: bool) -> int:
    name = " ".join(shown(flags.name).split())
    if not name:
        raise UsageError("the name is empty", hint="`smschat contacts remove` takes a name away")
    peer = _peer(flags.peer, session.settings_of(flags))

    async def do(messenger: Messenger) -> Contact:
        if must_exist and await messenger.contacts.of(peer) is None:
            raise _NOBODY
        return await messenger.contacts.save(peer, name=name)

    contact = _with_messenger(flags, do, makes=not must_exist)
    if contact is None:
        raise _NOBODY
    _say(_document(contact), f"{contact.peer}  {shown(contact.name)}", flags)
    return 0


def _with_messenger(
    flags: argparse.Namespace,
    do: Callable[[Messenger], Awaitable[Any]],
    *,
    nothing: Any = None,
    makes: bool = False,
) -> Any:
    """Do it with the profile's store; where there is none, `nothing`, unless it is to be made."""

    async def run() -> Any:
        plan = session.plan_of(session.settings_of(flags))
        if not makes and not plan.store_path.exists():
            return nothing
        async with session.opened(plan) as runtime:
            return await do(runtime.messenger)

    return session.run(run())


def _peer(text: str, settings: Settings) -> str:
    """A number in any usual form, or a sender's name as it came."""
    return text if any(character.isalpha() for character in text) else phone.parse_peer(text, settings.country)


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UsageError(
            f"the file cannot be read: {error.strerror}", hint="name a vCard file, or - for input"
        ) from error


def _document(contact: Contact) -> dict[str, str]:
    return {"peer": contact.peer, "name": contact.name, "notes": contact.notes}


def _say(document: dict[str, Any], words: str, flags: argparse.Namespace) -> None:
    if getattr(flags, "json", False):
        output.document(document)
    else:
        output.line(words)
