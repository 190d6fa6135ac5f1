"""`smschat search`: SMS by their words, from the store, without the network.

The rule: a line shows where the words were found, through the gate, and is cut to the terminal it goes to.
"""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from typing import TYPE_CHECKING, Final

from smschat.cli import output, session
from smschat.cli.reading import PAGE, peer_of
from smschat.domain import documents
from smschat.domain.text import shown
from smschat.errors import NotFoundError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from smschat.domain.finding import Hit
    from smschat.messaging.finding import Finding

LEAST_ROOM: Final = 20
"""Cells that a text has at least, however narrow the terminal."""

ELLIPSIS: Final = "…"
_BRACKETS: Final = ("[", "]")
_BOLD: Final = ("\x1b[1m", "\x1b[22m")

Marks = tuple[str, str]
"""What stands before and behind a find."""


def search(flags: argparse.Namespace) -> int:
    """The SMS that have the words, newest first; 20 when there is none."""
    return session.run(_search(flags))


async def _search(flags: argparse.Namespace) -> int:
    settings = session.settings_of(flags)
    plan = session.plan_of(settings)
    hits: list[Hit] = []
    if plan.store_path.exists():
        peer = None if flags.peer is None else peer_of(flags.peer, settings.country)
        async with session.opened(plan) as runtime:
            hits = await _newest(runtime.messenger.finding, flags.query, peer, flags.newest)
    if getattr(flags, "json", False):
        output.document([documents.of_sms(hit.sms) for hit in hits])
    else:
        _print(hits, flags)
    return 0 if hits else NotFoundError.exit_code


async def _newest(finding: Finding, query: str, peer: str | None, newest: int) -> list[Hit]:
    hits: list[Hit] = []
    while len(hits) < newest:
        before = hits[-1].sms.seq if hits else None
        limit = min(PAGE, newest - len(hits))
        page = await finding.search(query, peer=peer, before=before, limit=limit)
        hits += page
        if len(page) < limit:
            break
    return hits


def _print(hits: Sequence[Hit], flags: argparse.Namespace) -> None:
    marks = _BOLD if _is_bold(flags) else _BRACKETS
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for hit in hits:
        output.line(line(hit, marks=marks, width=width))
    if not hits:
        output.note("nothing was found")


def _is_bold(flags: argparse.Namespace) -> bool:
    is_plain = getattr(flags, "no_color", False) or os.environ.get("NO_COLOR")
    return sys.stdout.isatty() and not is_plain and os.environ.get("TERM", "dumb") not in {"", "dumb"}


def line(hit: Hit, *, marks: Marks = _BRACKETS, width: int | None = None) -> str:
    """When, with whom, and the text with the finds marked.

    Args:
        width: cells that the line may have, cut around the first find; None: it is not cut.
    """
    when = hit.sms.created_at.astimezone().strftime("%Y-%m-%d %H:%M")
    who = shown(hit.name or hit.sms.peer, multiline=False, limit=30)
    arrow = "→" if hit.sms.is_outbound else "←"
    before = f"{when}  {arrow} {who}  "
    pieces = pieces_of(hit)
    if width is not None:
        around = sum(len(mark) for mark in marks if mark.isprintable()) * len(hit.spans)
        pieces = cut(pieces, max(LEAST_ROOM, width - _cells(before) - around))
    return before + "".join(f"{marks[0]}{text}{marks[1]}" if is_find else text for text, is_find in pieces)


def pieces_of(hit: Hit) -> list[tuple[str, bool]]:
    """The text on one line through the gate, in pieces that were found and others."""
    pieces, end = [], 0
    for start, stop in hit.spans:
        pieces += [(hit.sms.text[end:start], False), (hit.sms.text[start:stop], True)]
        end = stop
    pieces.append((hit.sms.text[end:], False))
    return [(shown(text, multiline=False), is_find) for text, is_find in pieces if text]


def cut(pieces: Sequence[tuple[str, bool]], room: int) -> list[tuple[str, bool]]:
    """So many cells of the pieces, the first find in them, with an ellipsis where something is left out."""
    if sum(_cells(text) for text, _ in pieces) <= room:
        return list(pieces)
    place = next((number for number, (_, is_find) in enumerate(pieces) if is_find), 0)
    before = "".join(text for text, _ in pieces[:place])
    lead = _last(before, room // 3)
    head = [(lead, False)] if lead else []
    return head + _first(pieces[place:], room - _cells(lead))


def _last(text: str, room: int) -> str:
    """The end of a text in at most so many cells."""
    if _cells(text) <= room:
        return text
    kept = ""
    while text and _cells(text[-1] + kept) < room:
        text, kept = text[:-1], text[-1] + kept
    return ELLIPSIS + kept


def _first(pieces: Sequence[tuple[str, bool]], room: int) -> list[tuple[str, bool]]:
    """The beginning of the pieces in at most so many cells."""
    kept: list[tuple[str, bool]] = []
    for number, (text, is_find) in enumerate(pieces):
        is_last = number == len(pieces) - 1
        fitting = _beginning(text, room, is_last=is_last)
        kept.append((fitting, is_find))
        room -= _cells(fitting)
        if fitting != text:
            break
    return [piece for piece in kept if piece[0]]


def _beginning(text: str, room: int, *, is_last: bool) -> str:
    """As much of a text as fits, its end an ellipsis where it or what follows is left out."""
    if _cells(text) <= room - (not is_last):
        return text
    kept = ""
    for character in text:
        if _cells(kept + character) >= room:
            break
        kept += character
    return kept + ELLIPSIS


def _cells(text: str) -> int:
    """The columns of a text on a terminal, as far as the width of each of its characters tells."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
