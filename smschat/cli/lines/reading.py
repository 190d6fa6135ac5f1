"""The commands that read the store: threads, read and search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.cli.lines import readers

if TYPE_CHECKING:
    from smschat.cli.lines.commands import Commands


def add(commands: Commands) -> None:
    """Add them."""
    _reading_commands(commands)


def _reading_commands(commands: Commands) -> None:
    threads = commands.add("threads", "the conversations, newest first", "threads")
    threads.add_argument("--unread", action="store_true", help="only those with unread SMS")
    threads.add_argument("--archived", action="store_true", help="the archived ones")
    read = commands.add("read", "the SMS of one conversation, oldest first", "read")
    read.add_argument("peer", metavar="PEER", help="a number in any usual form, or a sender's name as it came")
    read.add_argument(
        "-n", dest="newest", type=readers.number_of_1_or_more, default=50, metavar="N", help="the newest N (default 50)"
    )
    read.add_argument("--since", type=readers.when, metavar="WHEN", help="only later than this: RFC 3339, or 2h, 3d")
    search = commands.add("search", "SMS by their words, newest first", "search")
    search.add_argument(
        "query", metavar="QUERY", help='words, case and accents aside; "in quotes" together, -word: not with it'
    )
    search.add_argument("--from", dest="peer", metavar="PEER", help="only in the conversation with this one")
    search.add_argument(
        "-n", dest="newest", type=readers.number_of_1_or_more, default=50, metavar="N", help="the newest N (default 50)"
    )
