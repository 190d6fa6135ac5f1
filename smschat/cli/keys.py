"""`smschat keys`: every action of the chat with its keys, from the one table that the chat is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.cli import output

if TYPE_CHECKING:
    import argparse


def keys(flags: argparse.Namespace) -> int:
    """Print the table of actions."""
    from smschat.ui import keys as table  # noqa: PLC0415 - the table alone, without the screen

    rows = table.rows()
    if getattr(flags, "json", False):
        output.document([{"where": where, "keys": names, "help": text} for where, names, text in rows])
    elif flags.markdown:
        output.line("| keys | where | what it does |\n|---|---|---|")
        for where, names, text in rows:
            output.line(f"| {names} | {where} | {text} |")
    else:
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        for where, names, text in rows:
            output.line(f"{names:<{widths[1]}}  {where:<{widths[0]}}  {text}")
    return 0
