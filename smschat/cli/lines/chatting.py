"""The commands that send and receive: the demo, send, wait, listen."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from smschat.cli.lines import readers

if TYPE_CHECKING:
    from smschat.cli.lines.commands import Commands


def add(commands: Commands) -> None:
    """Add them."""
    _chat_commands(commands)
    _wait_command(commands)


def _chat_commands(commands: Commands) -> None:
    demo = commands.add("demo", "the chat against the built-in simulator; nothing leaves the machine", "demo")
    demo.add_argument("--plain", action="store_true", help="play a short conversation as lines of text, and exit")
    demo.add_argument(
        "--explore", action="store_true", default=argparse.SUPPRESS, help="look around: nothing becomes read"
    )
    demo.add_argument("--reset", action="store_true", help="forget the demo's conversations and begin again")
    send = commands.add("send", "send an SMS", "send")
    send.add_argument("to", metavar="TO", help="a number in any usual form; several are separated by commas")
    send.add_argument("text", metavar="TEXT", nargs="?", help="the text; '-' or nothing: read standard input")
    send.add_argument("--from", dest="sender", metavar="ID", help="sender ID: a number, or up to 11 letters and digits")
    send.add_argument(
        "--type",
        dest="sms_type",
        default="auto",
        choices=("auto", "text", "unicode", "binary", "vcard", "vcal", "wappush"),
        help="auto (the default): text where GSM-7 can carry it, else unicode",
    )
    _kinds_of_sms(send)
    send.add_argument("--ref", metavar="TEXT", help="a reference of your own, at most 40 characters")
    send.add_argument("--no-receipt", action="store_true", help="do not ask for a delivery receipt")
    send.add_argument("--no-inbound", action="store_true", help="leave out the header `inbound: yes` of a test account")
    send.add_argument(
        "--at",
        type=readers.time_ahead,
        metavar="TIME",
        help="send it then: 14:30, tomorrow 9:00, mon 8:00, in 2h, or RFC 3339",
    )
    send.add_argument("--queue", action="store_true", help="leave it queued for whoever owns the outbox, and exit 0")
    send.add_argument("--wait", action="store_true", help="stay until a final state, printing each state")
    send.add_argument(
        "--timeout", type=readers.seconds, metavar="S", help="with --wait: give up waiting after so many seconds"
    )
    send.add_argument("--dry-run", action="store_true", help="show segments and the exact request; nothing is sent")
    send.add_argument(
        "--curl", action="store_true", help="with --dry-run: the request as a curl command, secret masked"
    )
    commands.add("listen", "receive without the chat: a line per event", "listen")


def _kinds_of_sms(send: argparse.ArgumentParser) -> None:
    send.add_argument(
        "--ttl",
        type=readers.seconds,
        metavar="S",
        help="seconds that delivery is tried, 20 to 604800 (default: 72 hours)",
    )
    send.add_argument(
        "--class",
        dest="message_class",
        type=int,
        metavar="0..3",
        help="message class; 0 is a flash SMS, shown at once",
    )
    send.add_argument("--body", metavar="HEX", help="binary: the octets; with --udh at most 140")
    send.add_argument("--udh", metavar="HEX", help="binary: the user data header")
    send.add_argument("--protocol-id", type=int, metavar="N", help="protocol identifier, 0 to 255; goes with --udh")
    send.add_argument("--vcard", metavar="FILE", help="a business card; '-' reads standard input")
    send.add_argument("--vcal", metavar="FILE", help="a calendar event; '-' reads standard input")
    send.add_argument("--title", metavar="T", help="wappush: its title")
    send.add_argument("--url", metavar="U", help="wappush: the address that it opens")
    send.add_argument("--validity", type=readers.seconds, metavar="S", help="wappush: seconds that it is offered")


def _wait_command(commands: Commands) -> None:
    wait = commands.add("wait", "wait for an SMS that fits, and print its text or the code in it", "wait")
    wait.add_argument("--from", dest="peer", metavar="PEER", help="only from this number or sender's name")
    wait.add_argument(
        "--match", type=readers.pattern, metavar="RE", help="only a text in which this is found (Python's re)"
    )
    wait.add_argument(
        "--extract", type=readers.pattern, metavar="RE", help="print its first group, or all of it where it has none"
    )
    wait.add_argument(
        "--since",
        type=readers.when,
        metavar="WHEN",
        help="the newest that came after this and fits, else the next to come (default: what comes from now on)",
    )
    wait.add_argument(
        "--timeout", type=readers.seconds, metavar="S", help="give up after so many seconds, with exit code 124"
    )
