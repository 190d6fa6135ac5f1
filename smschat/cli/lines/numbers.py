"""The commands of virtual numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.cli.lines import readers

if TYPE_CHECKING:
    from smschat.cli.lines.commands import Commands


def add(commands: Commands) -> None:
    """Add them."""
    _numbers_commands(commands)


def _numbers_commands(commands: Commands) -> None:
    parts = commands.group("numbers", "the account's virtual numbers (production)")
    own = parts.add("list", "the account's own numbers", "numbers_list")
    search = parts.add("search", "numbers that can be rented in a country", "numbers_search")
    search.add_argument("country", metavar="COUNTRY", type=readers.country, help="two letters (ISO 3166), such as NL")
    search.add_argument(
        "--type",
        dest="number_type",
        default="mobile-lvn",
        choices=("mobile-lvn", "landline", "landline-toll-free"),
        help="mobile-lvn is the default",
    )
    search.add_argument("--features", type=readers.features, default=("SMS",), metavar="SMS,VOICE", help="default: SMS")
    for command in (own, search):
        command.add_argument("--pattern", metavar="P", help="digits that stand in the number")
        command.add_argument(
            "--where", choices=("start", "anywhere", "end"), default="start", help="where they stand (default: start)"
        )
        command.add_argument(
            "--page", type=readers.number_of_1_or_more, default=1, metavar="N", help="the page, from 1"
        )
        command.add_argument(
            "--size", type=readers.number_of_1_or_more, default=20, metavar="N", help="numbers a page, to 100"
        )
    buy = parts.add("buy", "rent a number: it costs money each month, and asks first", "numbers_buy")
    cancel = parts.add("cancel", "give a number up for good; asks first", "numbers_cancel")
    update = parts.add("update", "change where a number's SMS and calls go", "numbers_update")
    for command in (buy, cancel, update):
        command.add_argument("number", metavar="NUMBER", help="all of its digits, with country code")
        command.add_argument(
            "--country", type=readers.country, required=True, metavar="CC", help="two letters, such as NL"
        )
    update.add_argument(
        "--mo-url", metavar="URL", help="where inbound SMS go; '' clears it. The gateway tests it first"
    )
    update.add_argument("--smpp-type", metavar="T", help="system type of an SMPP client")
    update.add_argument("--voice-type", choices=("sip", "tel", "app"), help="goes with --voice-value")
    update.add_argument("--voice-value", metavar="V", help="a SIP URI, a telephone number or an application id")
    update.add_argument("--voice-status-url", metavar="URL", help="told when a call ends")
