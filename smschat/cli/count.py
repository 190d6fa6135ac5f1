"""`smschat count`: encoding and segments of a text; no network, no account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.cli import output
from smschat.cli.texts import text_of
from smschat.domain import documents, segments
from smschat.domain.sms import Encoding

if TYPE_CHECKING:
    import argparse


def count(flags: argparse.Namespace) -> int:
    """Count the segments of an argument or of standard input."""
    counted = segments.count(text_of(flags.text))
    if getattr(flags, "json", False):
        output.document(documents.of_count(counted))
        return 0
    name = "GSM-7" if counted.encoding is Encoding.GSM7 else "UCS-2"
    plural = "" if counted.segments == 1 else "s"
    output.line(
        f"{name}  {counted.units} units · {counted.segments} segment{plural} · {counted.units_left} left in the last"
    )
    for culprit in counted.culprits:
        instead = f", instead: {culprit.suggestion}" if culprit.suggestion else ""
        output.line(f"  {culprit.character!r} at {culprit.index} forces UCS-2{instead}")
    return 0
