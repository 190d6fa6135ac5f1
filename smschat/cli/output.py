"""What commands print: data to standard output, everything else to standard error, foreign text through the gate."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Final

from smschat.domain import documents
from smschat.domain.contents import summary
from smschat.domain.delivery import Status
from smschat.domain.text import shown

if TYPE_CHECKING:
    from typing import TextIO

    from smschat.domain.countries import CountryNote
    from smschat.domain.sms import Sms
    from smschat.errors import SmschatError

_CONTROLS: Final = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}
"""What JSON lets through as it is, and a terminal may take for a command: DEL and C1, as escapes of JSON."""

MARKS: Final = {
    Status.SCHEDULED: "◴",
    Status.QUEUED: "◷",
    Status.SENDING: "…",
    Status.UNKNOWN: "?",
    Status.ACCEPTED: "✓",
    Status.BUFFERED: "✓",
    Status.DELIVERED: "✓✓",
    Status.FAILED: "✗",
    Status.EXPIRED: "✗",
    Status.REJECTED: "✗",
    Status.REFUSED: "✗",
    Status.RECEIVED: "",
    Status.PARTIAL: "",
}


def document(value: object) -> None:
    """One JSON document on one line of standard output, at once."""
    text = json.dumps(value, ensure_ascii=not _is_utf8(sys.stdout))
    print(text.translate(_CONTROLS), flush=True)


def make_robust() -> None:
    """Let no character end a command: what a stream cannot carry is written as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def line(text: str) -> None:
    """One line of data."""
    print(text, flush=True)


def note(text: str) -> None:
    """One line for the person, on standard error."""
    print(text, file=sys.stderr, flush=True)


def failure(error: SmschatError, *, as_json: bool) -> None:
    """What went wrong and what to do: a document where data was asked for as JSON, a line for the person else."""
    if as_json:
        document(documents.of_error(error))
    else:
        note(f"smschat: {shown(error.message, multiline=False)}")
        if error.hint:
            note(f"  {shown(error.hint, multiline=False)}")


def sms_line(sms: Sms) -> str:
    """An SMS on one line: time, mark, direction, state, and its text through the gate."""
    arrow = "→" if sms.is_outbound else "←"
    when = sms.created_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    peer = shown(sms.peer, multiline=False)
    what = summary(sms_type=sms.type, text=sms.text, data=sms.data, udh=sms.udh, options=sms.options)
    text = shown(what, multiline=False)
    reason = f"  ({shown(sms.reason, multiline=False)})" if sms.reason else ""
    state = f"{MARKS[sms.status]} {sms.status}".strip()
    if sms.status is Status.SCHEDULED and sms.send_at is not None:
        state += f" for {sms.send_at.astimezone():%Y-%m-%d %H:%M}"
    return f"{when}  {arrow} {peer}  {state}  {text}{reason}"


def country_line(note: CountryNote) -> str:
    """What is known of sending to a country, on one line with its source."""
    what = f"{note.sentence}; {note.hint}" if note.hint else note.sentence
    return f"{what} [{note.source}]"


def _is_utf8(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "") == "utf8"
