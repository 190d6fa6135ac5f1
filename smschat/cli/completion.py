"""`smschat completion`: what a shell needs to complete commands and flags, made from the command line itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.cli import output

if TYPE_CHECKING:
    import argparse


def completion(flags: argparse.Namespace) -> int:
    """Print the script for a shell."""
    import shtab  # noqa: PLC0415 - only for this

    from smschat.cli.parser import whole  # noqa: PLC0415 - loaded already

    script = shtab.complete(whole(), flags.shell)
    if getattr(flags, "json", False):
        output.document({"shell": flags.shell, "script": script})
    else:
        output.line(script)
    return 0
