"""SMS for other programs and for people: CSV, Markdown, and lines of text.

The rule: what a stranger wrote stays text. No cell begins as a formula does, no mark of Markdown is left to render,
and what people read has passed the gate. An import needs none of this; it reads the JSON alone.
"""

from __future__ import annotations

import csv
import io
import string
from typing import TYPE_CHECKING, Final

from smschat.cli import output
from smschat.domain.contents import summary
from smschat.domain.documents import moment
from smschat.domain.text import shown

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence

    from smschat.domain.conversation import Conversation
    from smschat.domain.sms import Sms

    Pages = AsyncIterator[tuple[Conversation, list[Sms]]]

COLUMNS: Final = (
    "id", "time", "direction", "peer", "name", "from", "to", "type", "text", "segments", "status", "reason", "price",
)  # fmt: skip

_FORMULA: Final = tuple("=+-@\t\r\n\0＝＋－＠")  # noqa: RUF001 - spreadsheets take these for the narrow ones
"""How a cell begins that a spreadsheet may carry out (OWASP, CSV injection; ASVS 5.0, 1.2.10)."""

_MARKUP: Final = str.maketrans({mark: f"\\{mark}" for mark in string.punctuation if mark not in ",?'\";/%"})
"""Any ASCII punctuation may be escaped (CommonMark 0.31, 2.4); with `:`, `.` and `@` no address becomes a link."""


async def as_csv(pages: Pages) -> AsyncGenerator[str, None]:
    """RFC 4180 in UTF-8, every cell in quotes; times RFC 3339 in UTC."""
    yield _row(COLUMNS)
    async for conversation, page in pages:
        yield "".join(_row([cell(each) for each in _cells(conversation, sms)]) for sms in page)


def _cells(conversation: Conversation, sms: Sms) -> Sequence[str]:
    return (
        sms.id,
        moment(sms.created_at),
        sms.direction,
        sms.peer,
        conversation.name,
        sms.sender,
        sms.recipient,
        sms.type,
        sms.text,
        str(sms.segments),
        sms.status,
        sms.reason or "",
        sms.price or "",
    )


def cell(text: str) -> str:
    """A cell that no spreadsheet carries out: with an apostrophe in front, where it begins as a formula does."""
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def _row(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return written.getvalue()


async def as_markdown(pages: Pages) -> AsyncGenerator[str, None]:
    """A heading for each conversation and each day, and a list of its SMS; times are local."""
    peer, day = "", ""
    async for conversation, page in pages:
        for sms in page:
            if conversation.peer != peer:
                yield _heading(conversation, is_first=not peer)
                peer, day = conversation.peer, ""
            when = sms.created_at.astimezone()
            if when.strftime("%Y-%m-%d") != day:
                day = when.strftime("%Y-%m-%d")
                yield f"\n## {escaped(when.strftime('%A'))} {day}\n\n"
            yield f"* {when:%H:%M} {'→' if sms.is_outbound else '←'} {_said(sms)}\n"


def _heading(conversation: Conversation, *, is_first: bool) -> str:
    title = escaped(shown(conversation.title, multiline=False))
    number = f" ({escaped(shown(conversation.peer, multiline=False))})" if conversation.name else ""
    return f"{'' if is_first else chr(10)}# {title}{number}\n"


def _said(sms: Sms) -> str:
    """The text, its lines broken hard within the item of the list; what became of it behind, where we wrote it."""
    what = summary(sms_type=sms.type, text=sms.text, data=sms.data, udh=sms.udh, options=sms.options)
    text = "\\\n  ".join(escaped(line) for line in shown(what).split("\n"))
    return f"{text} *{sms.status}*" if sms.is_outbound else text


def escaped(line: str) -> str:
    """A line in which no mark of Markdown means anything; blanks at its beginning stay blanks."""
    bare = line.lstrip(" ")
    return "\N{NO-BREAK SPACE}" * (len(line) - len(bare)) + bare.translate(_MARKUP)


async def as_text(pages: Pages) -> AsyncGenerator[str, None]:
    """A line for each SMS, as `smschat read` prints it."""
    async for _, page in pages:
        yield "".join(output.sms_line(sms) + "\n" for sms in page)


FORMATS: Final[Mapping[str, Callable[[Pages], AsyncGenerator[str, None]]]] = {
    "csv": as_csv,
    "md": as_markdown,
    "txt": as_text,
}
"""Those beside JSON, which is the messenger's own."""
