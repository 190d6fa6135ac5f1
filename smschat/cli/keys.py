"""`smschat keys`: every action of the chat with its keys, from the one table that the chat is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.cli import output

if TYPE_CHECKING:
    import argparse


def keys(flags: argparse.Namespace) -> int:
    """Print the table of actions."""
    from smschat.ui import actions  # noqa: PLC0415 - the table alone, without the screen

    rows = actions.rows()
    if getattr(flags, "json", False):
        output.document([{"id": row.id, "keys": row.keys, "where": row.where, "help": row.help} for row in rows])
    elif flags.markdown:
        output.line("| action | keys | where |\n|---|---|---|")
        for row in rows:
            output.line(f"| {row.help} | {row.keys} | {row.where} |")
    else:
        width = max(len(row.keys) for row in rows)
        for row in rows:
            output.line(f"{row.keys:<{width}}  {row.where:<12}  {row.help}")
    return 0
