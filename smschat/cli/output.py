"""What commands print: data to standard output, everything else to standard error, foreign text through the gate."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from smschat.domain import documents
from smschat.domain.delivery import Status
from smschat.domain.text import shown

if TYPE_CHECKING:
    from smschat.domain.sms import Sms
    from smschat.errors import SmschatError

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
    Status.RECEIVED: "←",
    Status.PARTIAL: "←",
}


def document(value: object) -> None:
    """One JSON document on one line of standard output, at once."""
    print(json.dumps(value, ensure_ascii=False), flush=True)


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
    text = shown(sms.text, multiline=False)
    reason = f"  ({shown(sms.reason, multiline=False)})" if sms.reason else ""
    return f"{when}  {arrow} {peer}  {MARKS[sms.status]} {sms.status}  {text}{reason}"
