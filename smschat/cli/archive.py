"""`smschat export`, `import`, `backup` and `prune`: leaving, coming, keeping a copy, and making room."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from smschat.cli import output, session
from smschat.cli.formats import FORMATS
from smschat.cli.reading import nobody, peer_of
from smschat.cli.whole_file import may_be_written, whole
from smschat.domain.text import shown
from smschat.errors import ArchiveError, NotFoundError

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncGenerator, Iterator
    from typing import TextIO

    from smschat.domain.archive import Pruned
    from smschat.messaging.archive import Archive
    from smschat.messaging.messenger import Messenger
    from smschat.runtime import Plan

STREAM = "-"


def export(flags: argparse.Namespace) -> int:
    """Everything, or one conversation, as a file or on standard output."""
    return session.run(_export(flags))


def restore(flags: argparse.Namespace) -> int:
    """Take an export in; what is there already is left alone."""
    return session.run(_restore(flags))


def backup(flags: argparse.Namespace) -> int:
    """A whole copy of the store, while others use it."""
    return session.run(_backup(flags))


def prune(flags: argparse.Namespace) -> int:
    """Delete what is old and done; asks first."""
    return session.run(_prune(flags))


async def _export(flags: argparse.Namespace) -> int:
    settings = session.settings_of(flags)
    plan = _existing(session.plan_of(settings))
    peer = None if flags.peer is None else peer_of(flags.peer, settings.country)
    path = None if flags.file in {None, STREAM} else Path(flags.file)
    async with session.opened(plan) as runtime:
        if peer is not None and await runtime.messenger.conversation(peer) is None:
            raise nobody(flags.peer)
        pieces = _pieces(runtime.messenger, flags.format, peer)
        async with contextlib.aclosing(pieces):
            if path is None:
                await _print(pieces)
                return 0
            may_be_written(path, plan.store_path, flags)
            with whole(path) as file:
                async for piece in pieces:
                    file.write(piece)
    if getattr(flags, "json", False):
        output.document({"file": str(path), "format": flags.format})
    else:
        output.note(f"exported to {shown(str(path), multiline=False)}")
    return 0


def _existing(plan: Plan) -> Plan:
    if not plan.store_path.exists():
        raise NotFoundError("there is nothing yet: this profile has no store", hint="see `smschat --profile`")
    return plan


def _pieces(messenger: Messenger, how: str, peer: str | None) -> AsyncGenerator[str, None]:
    archive: Archive = messenger.archive
    return FORMATS[how](archive.transcripts(peer=peer)) if how in FORMATS else archive.export(peer=peer)


async def _print(pieces: AsyncGenerator[str, None]) -> None:
    """Octets as a file would have them, whatever the encoding of the stream; else an import could not read them."""
    sys.stdout.flush()
    async for piece in pieces:
        sys.stdout.buffer.write(piece.encode())
    sys.stdout.buffer.flush()


async def _restore(flags: argparse.Namespace) -> int:
    plan = session.plan_of(session.settings_of(flags))
    with _input(flags.file) as file:
        async with session.opened(plan) as runtime:
            done = await runtime.messenger.archive.restore(file)
    if getattr(flags, "json", False):
        output.document(
            {
                "sms": done.sms,
                "known": done.known,
                "conversations": done.conversations,
                "contacts": done.contacts,
                "callbacks": done.callbacks,
            }
        )
        return 0
    known = f"; {done.known} SMS were here already" if done.known else ""
    output.line(f"imported {done.sms} SMS, {done.conversations} conversations, {done.contacts} contacts{known}")
    return 0


@contextlib.contextmanager
def _input(name: str) -> Iterator[TextIO]:
    """The file, or standard input; opened before anything is made for it."""
    try:
        with open(0 if name == STREAM else name, encoding="utf-8-sig", closefd=name != STREAM) as file:
            yield file
    except OSError as error:
        raise ArchiveError(
            f"{shown(name, multiline=False)} cannot be read: {error.strerror or 'no reason given'}",
            hint="check the path; nothing was imported",
        ) from error


async def _backup(flags: argparse.Namespace) -> int:
    plan = _existing(session.plan_of(session.settings_of(flags)))
    path = Path(flags.file)
    may_be_written(path, plan.store_path, flags)
    async with session.opened(plan) as runtime:
        await runtime.messenger.archive.backup(path)
    _tell_backup(flags, path, plan.store_path)
    return 0


def _tell_backup(flags: argparse.Namespace, path: Path, store_path: Path) -> None:
    octets = path.stat().st_size
    if getattr(flags, "json", False):
        output.document({"file": str(path), "octets": octets, "store": str(store_path)})
        return
    store = shown(str(store_path), multiline=False)
    output.line(f"copied to {shown(str(path), multiline=False)}, {octets // 1024} KiB")
    output.note(f"to restore it: end every smschat of this profile, remove {store}-wal and {store}-shm if they are")
    output.note(f"there, and copy the file to {store}; what waited to be sent is held there until you release it")


async def _prune(flags: argparse.Namespace) -> int:
    plan = session.plan_of(session.settings_of(flags))
    if not plan.store_path.exists():
        return _tell(flags, sms=0, callbacks=0, is_compact=True)
    async with session.opened(plan) as runtime:
        archive = runtime.messenger.archive
        old = await archive.older_than(flags.days)
        if not old.sms and not old.callbacks:
            return _tell(flags, sms=0, callbacks=0, is_compact=True)
        session.confirm(_question(old, flags.days), flags)
        done = await archive.prune(flags.days)
        is_compact = await archive.compact()
    return _tell(flags, sms=done.sms, callbacks=done.callbacks, is_compact=is_compact)


def _question(old: Pruned, days: int) -> str:
    since = "a day" if days == 1 else f"{days} days"
    return f"{old.sms} SMS and {old.callbacks} callbacks older than {since} are deleted for good"


def _tell(flags: argparse.Namespace, *, sms: int, callbacks: int, is_compact: bool) -> int:
    if getattr(flags, "json", False):
        output.document({"sms": sms, "callbacks": callbacks, "compact": is_compact})
    elif sms or callbacks:
        output.line(f"deleted {sms} SMS and {callbacks} callbacks")
        if not is_compact:
            output.note("another smschat is running: it uses the free space again, and the file keeps its size")
    else:
        output.line("nothing is older than that")
    return 0
