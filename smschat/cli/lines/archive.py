"""The commands of leaving and coming: export, import, backup and prune."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.cli.lines import readers

if TYPE_CHECKING:
    from smschat.cli.lines.commands import Commands


def add(commands: Commands) -> None:
    """Add them."""
    export = commands.add("export", "everything, or one conversation, as a file", "export")
    export.add_argument("peer", metavar="PEER", nargs="?", help="only the conversation with this one")
    export.add_argument(
        "--format",
        choices=("json", "csv", "md", "txt"),
        default="json",
        help="json (the default) loses nothing, and `import` reads it",
    )
    export.add_argument("-o", dest="file", metavar="FILE", help="the file, for you alone; '-' or none: standard output")
    restore = commands.add("import", "take in what `export --format json` wrote; nothing of it is sent", "import")
    restore.add_argument("file", metavar="FILE", help="the file; '-' reads standard input")
    backup = commands.add("backup", "a whole copy of the store, while others use it", "backup")
    backup.add_argument("file", metavar="FILE", help="the file that is written, for you alone")
    prune = commands.add("prune", "delete SMS that are old and done, and their callbacks; asks first", "prune")
    prune.add_argument(
        "--older-than",
        dest="days",
        type=readers.number_of_1_or_more,
        required=True,
        metavar="DAYS",
        help="what is older than this; what waits, or may have been sent, stays",
    )
