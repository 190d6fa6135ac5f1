"""The commands of contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smschat.cli.lines.commands import Commands

_PEER = "a number in any usual form, or a sender's name as it came"


def add(commands: Commands) -> None:
    """Add them."""
    parts = commands.group("contacts", "names for numbers")
    parts.add("list", "everybody with a name", "contacts_list")
    new = parts.add("add", "give a number a name", "contacts_add")
    other = parts.add("rename", "another name for a contact", "contacts_rename")
    gone = parts.add("remove", "forget a contact; its conversation stays", "contacts_remove")
    for command in (new, other, gone):
        command.add_argument("peer", metavar="PEER", help=_PEER)
    for command in (new, other):
        command.add_argument("name", metavar="NAME", help="as you call them")
    cards = parts.add("import", "take the contacts of a vCard file", "contacts_import")
    cards.add_argument("file", metavar="FILE.vcf", help="the file; '-' reads standard input")
