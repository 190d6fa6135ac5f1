"""Everything that is known of one SMS as lines of its details; pure: the same SMS and look give the same lines.

What it is and how it stands come first, then what it says, then the gateway's side of it, then its history in the
order in which it came. A code never stands without its meaning, nor a state without its word.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from smschat.domain import contents
from smschat.domain.delivery import Status
from smschat.domain.sms import Encoding, SmsType
from smschat.ui import history, render
from smschat.ui.content_rows import hex_rows, rows_of
from smschat.ui.mask import mask_if
from smschat.ui.render import Ink, Piece
from smschat.ui.row import Row, exact, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from smschat.domain.details import SmsDetails
    from smschat.domain.sms import Part, Sms
    from smschat.ui.render import Line, Marks

_ENCODINGS: Final = {Encoding.GSM7: "GSM-7", Encoding.UCS2: "UCS-2", Encoding.BINARY: "octets"}
_TYPES: Final = {
    SmsType.TEXT: "text",
    SmsType.UNICODE: "unicode",
    SmsType.BINARY: "binary",
    SmsType.VCARD: "vCard",
    SmsType.VCAL: "calendar entry",
    SmsType.WAPPUSH: "WAP push",
}
_CLASSES: Final = {
    0: "0, flash: shown at once, and usually not kept",
    1: "1: kept in the telephone",
    2: "2: kept on the SIM card",
    3: "3: for a device at the telephone",
}
_NUMBERS: Final = frozenset({"from", "to"})
_PRIVATE: Final = frozenset({"keyword", "reference"})
"""Rows that say who, and in words of theirs what."""

_LABEL: Final = 13
_NARROW_LABEL: Final = 10
_NARROW: Final = 60
_MARGIN: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLook:
    """All that decides how the details are drawn, beside themselves.

    Attributes:
        width: cells of the view; the first one stays blank.
        zone: where the reader's clock is; None: the system's.
        retry_key: the key that repeats or resends in the messages pane.
        is_masked: the presenter's mask is on.
    """

    width: int
    marks: Marks
    zone: tzinfo | None = None
    retry_key: str = "r"
    is_masked: bool = False

    @property
    def label(self) -> int:
        """Cells of the labels' column."""
        return _LABEL if self.width >= _NARROW else _NARROW_LABEL

    @property
    def room(self) -> int:
        """Cells beside the labels."""
        return max(self.width - 1 - _MARGIN - self.label - 1, render.MIN_WRAP)

    @property
    def whole(self) -> int:
        """Cells of what has no label."""
        return max(self.width - 1 - _MARGIN - 2, render.MIN_WRAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and its rows; without rows it is left out.

    Attributes:
        is_theirs: the rows say what somebody wrote; else they are ours, and numbers may stand in them.
    """

    title: str
    rows: tuple[Row, ...] = field(repr=False)
    is_theirs: bool = False


def lines_of(details: SmsDetails, look: SheetLook) -> tuple[Line, ...]:
    """The details as lines that begin in the second cell of the view."""
    lines: list[Line] = []
    for section in sections(details, look):
        if section.rows:
            lines += [(), (Piece(section.title, Ink.DAY),)] if lines else [(Piece(section.title, Ink.DAY),)]
            lines += [line for row in section.rows for line in _laid(_covered(row, section, look), look)]
    return tuple(lines)


def sections(details: SmsDetails, look: SheetLook) -> Iterator[Section]:
    """What the details have, in the order in which they are read."""
    sms, marks = details.sms, look.marks
    yield Section(title=kind_of(sms), rows=tuple(_state(details, look)))
    yield Section(title="What it says", rows=tuple(rows_of(sms, look.whole)), is_theirs=True)
    yield Section(title="The SMS", rows=tuple(_facts(details, look)))
    yield Section(title="Parts", rows=tuple(row for n, part in enumerate(sms.parts, 1) for row in _part(n, part, look)))
    yield Section(title="Attempts", rows=tuple(history.attempts(details.attempts, marks, look.zone)))
    yield Section(title="Receipts", rows=tuple(history.receipts(details, marks, look.zone)))
    yield Section(title="Callbacks", rows=tuple(history.callbacks(details.callbacks, marks, look.zone)))
    raw_title = "As it came" if not sms.is_outbound else "As it was sent"
    yield Section(title=raw_title, rows=tuple(_raw(sms, look)), is_theirs=True)


def _covered(row: Row, section: Section, look: SheetLook) -> Row:
    mask = mask_if(look.is_masked)
    if section.is_theirs or row.label in _PRIVATE:
        return row._replace(text=mask.text(row.text))
    return row._replace(text=mask.number(row.text) if row.label in _NUMBERS else mask.words(row.text))


def kind_of(sms: Sms) -> str:
    """What it is, in a few words: `Inbound vCard`, `Outbound flash SMS`."""
    match contents.content_of(sms):
        case None:
            name = "SMS"
        case contents.Card():
            name = "vCard"
        case contents.Event():
            name = "calendar entry"
        case contents.Push():
            name = "WAP push"
        case contents.Octets():
            name = "binary SMS"
    if not sms.is_outbound:
        return f"Inbound {name}"
    return f"Outbound {'flash ' if is_flash(sms) else ''}{name}"


def is_flash(sms: Sms) -> bool:
    """Whether the recipient's telephone shows it at once."""
    return sms.options.message_class == 0


def _state(details: SmsDetails, look: SheetLook) -> Iterator[Row]:
    sms = details.sms
    word = "waits" if sms.held else sms.status.value
    yield Row("state", f"{look.marks.of(sms.status)} {word}".strip(), render.ink_of(sms.status))
    if sms.status is Status.PARTIAL:
        yield Row("why", "parts of it have not arrived; it is shown as far as they have")
    if sms.reason:
        yield Row("why", sms.reason)
    hint = history.what_to_do(details, look.retry_key)
    if hint:
        yield Row("what to do", hint)


def _facts(details: SmsDetails, look: SheetLook) -> Iterator[Row]:
    sms, marks = details.sms, look.marks
    dot = f" {marks.dot} "
    noun = "segment" if sms.segments == 1 else "segments"
    yield Row("from", sms.sender)
    yield Row("to", sms.recipient)
    yield Row("type", dot.join((_TYPES[sms.type], _ENCODINGS[sms.encoding], f"{sms.segments} {noun}")))
    yield from _options(sms)
    yield Row("written" if sms.is_outbound else "received", render.moment(sms.created_at, look.zone))
    if sms.updated_at != sms.created_at:
        yield Row("changed", render.moment(sms.updated_at, look.zone))
    if sms.keyword:
        yield Row("keyword", sms.keyword)
    yield from _money(sms, marks)
    if details.client_ref:
        yield Row("reference", details.client_ref)
    if sms.is_outbound:
        yield Row("receipts", "asked for" if details.wants_receipt else "not asked for")
    yield Row("id", sms.id)


def _options(sms: Sms) -> Iterator[Row]:
    options = sms.options
    if options.message_class is not None:
        yield Row("class", _CLASSES.get(options.message_class, str(options.message_class)))
    if options.ttl_ms is not None:
        yield Row("tried for", f"{span(options.ttl_ms)} (ttl {options.ttl_ms} ms)")
    if options.protocol_id is not None:
        yield Row("protocol id", f"{options.protocol_id} (0x{options.protocol_id:02X})")
    if options.validity_ms is not None:
        yield Row("offered for", f"{span(options.validity_ms)} (validity {options.validity_ms} ms)")


def _money(sms: Sms, marks: Marks) -> Iterator[Row]:
    if sms.price is not None:
        yield Row("price", exact(sms.price, marks))
    if sms.remaining_balance is not None:
        yield Row("balance", f"{exact(sms.remaining_balance, marks)} after it")


def _part(number: int, part: Part, look: SheetLook) -> Iterator[Row]:
    words = [f"{look.marks.of(part.status)} {part.status.value}".strip()]
    if part.network:
        words.append(f"network {part.network}")
    if part.price is not None:
        words.append(exact(part.price, look.marks))
    yield Row(f"part {number}", f" {look.marks.dot} ".join(words), render.ink_of(part.status))
    yield Row("", f"message id {part.message_id or '(none)'}")
    if part.error_code:
        yield from history.code_rows(part.error_code, is_refused=part.status is Status.REFUSED)


def _raw(sms: Sms, look: SheetLook) -> Iterator[Row]:
    """The text behind a card or an event, which says more than what was made of it."""
    content = contents.content_of(sms)
    if isinstance(content, contents.Card | contents.Event) and sms.text:
        yield Row("", sms.text, is_whole=True)
    elif isinstance(content, contents.Card | contents.Event) and sms.data:
        yield from hex_rows(bytes.fromhex(sms.data), look.whole)  # it was read from these octets, so they are hex


def _laid(row: Row, look: SheetLook) -> Iterable[Line]:
    """A row as lines: its label, and its text wrapped beside it, or across the whole width."""
    if row.is_whole:
        text = render.safe(row.text, multiline=True)
        return [(Piece("  "), Piece(line, row.ink)) for line in render.wrap(text, look.whole)]
    texts = render.wrap(render.safe(row.text, multiline=True), look.room)
    label = render.clip(render.safe(row.label), look.label - 1, look.marks.ellipsis)
    blank = Piece(" " * (look.label + 1))
    first = Piece(f" {label}{' ' * (look.label - cell_len(label))}", Ink.TIME)
    return [(blank if number else first, Piece(text, row.ink)) for number, text in enumerate(texts)]
