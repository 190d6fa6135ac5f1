"""The commands of callback and listener."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.cli.lines import readers

if TYPE_CHECKING:
    from smschat.cli.lines.commands import Commands


def add(commands: Commands) -> None:
    """Add them."""
    _webhook_commands(commands)


def _webhook_commands(commands: Commands) -> None:
    parts = commands.group("webhook", "the callback and the listener")
    parts.add("status", "who receives, at which address, and what the gateway was told", "webhook_status")
    register = parts.add("register", "tell the gateway the callback address", "webhook_register")
    register.add_argument(
        "--to", action="append", metavar="NUMBER", help="the number; may be repeated (default: yours)"
    )
    register.add_argument("--url", help="this address, without a tunnel of ours")
    parts.add("restore", "give back the callback address that was there before ours", "webhook_restore")
    log = parts.add("list", "the callbacks that came, newest first", "webhook_list")
    log.add_argument(
        "-n", dest="newest", type=readers.number_of_1_or_more, default=50, metavar="N", help="the newest N (default 50)"
    )
    one = parts.add("show", "one callback: its fields, and what came byte for byte", "webhook_show")
    one.add_argument("id", metavar="ID", help="as `webhook list` has it")
