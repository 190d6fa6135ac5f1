"""The command line: every command and flag of the contract, by argparse alone.

The rule: importing this costs a few milliseconds; what a command needs is imported by the command.
"""

from __future__ import annotations

import argparse
import re
import sys
from typing import TYPE_CHECKING, Final, NoReturn

from smschat import __version__
from smschat.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

EPILOG: Final = """\
exit codes:
  0 done   1 failed otherwise   2 usage or settings   3 refused here, before sending   4 refused by the gateway
  5 not authorised   6 outcome unknown: it may have been sent   7 --wait: final, and not delivered   20 not found
  69 gateway or tunnel out of reach   75 throttled, try later   124 timed out   130 interrupted

No account yet? `smschat demo` is the whole product against a built-in simulator; nothing leaves the machine.
"""


def parse(argv: list[str]) -> argparse.Namespace:
    """The parsed command line; `command` names the function of `smschat.cli` that carries it out.

    Raises:
        SystemExit: 0 after --help and --version, 2 when the command line is wrong.
        UsageError: the command line is wrong, and asks for JSON.
    """
    try:
        return _parsed(_parser(), argv)
    except _WrongCommandLineError as error:
        if "--json" in argv:
            raise
        error.parser.tell(error.message)
        raise SystemExit(error.exit_code) from None


def _parsed(parser: _Parser, argv: list[str]) -> argparse.Namespace:
    """What `parse_args` gives, with a text that stands behind flags in its place.

    argparse takes an optional positional for absent at the first flag (https://github.com/python/cpython/issues/59317);
    to be deleted where no Python without its repair (3.12.7) is supported any more.
    """
    flags, rest = parser.parse_known_args(argv)
    is_text = len(rest) == 1 and (rest[0] == "-" or not rest[0].startswith("-") or " " in rest[0])
    if is_text and getattr(flags, "text", "") is None:
        flags.text = rest[0]
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return flags


class _Parser(argparse.ArgumentParser):
    """Raises what is wrong instead of printing it: with --json it belongs to standard output."""

    def error(self, message: str) -> NoReturn:
        raise _WrongCommandLineError(message, self)

    def tell(self, message: str) -> None:
        """Print the usage and what is wrong, as every command line does."""
        self.print_usage(sys.stderr)
        print(f"{self.prog}: error: {message}", file=sys.stderr)  # noqa: T201 - the streams are not open yet


class _WrongCommandLineError(UsageError):
    def __init__(self, message: str, parser: _Parser) -> None:
        super().__init__(message, hint=f"see `{parser.prog} --help`")
        self.parser = parser


def _parser() -> _Parser:
    shared = _shared_flags()
    parser = _Parser(
        prog="smschat",
        description="SMS conversations in the terminal, over KPN's API store (SMS by Vonage). Alone: the chat.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[shared],
        allow_abbrev=False,
    )
    parser.set_defaults(command="chat")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")

    def add(name: str, text: str, command: str) -> argparse.ArgumentParser:
        return _add(commands, shared, name, text, command)

    _chat_commands(add)
    _wait_command(add)
    _reading_commands(add)
    _account_commands(add)
    _other_commands(add)
    _numbers_commands(commands, shared)
    _webhook_commands(commands, shared)
    _config_commands(commands, shared)
    return parser


def _chat_commands(add: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    demo = add("demo", "the chat against the built-in simulator; nothing leaves the machine", "demo")
    demo.add_argument("--plain", action="store_true", help="play a short conversation as lines of text, and exit")
    demo.add_argument("--reset", action="store_true", help="forget the demo's conversations and begin again")
    send = add("send", "send an SMS", "send")
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
    send.add_argument("--queue", action="store_true", help="leave it queued for whoever owns the outbox, and exit 0")
    send.add_argument("--wait", action="store_true", help="stay until a final state, printing each state")
    send.add_argument(
        "--timeout", type=_seconds, metavar="S", help="with --wait: give up waiting after so many seconds"
    )
    send.add_argument("--dry-run", action="store_true", help="show segments and the exact request; nothing is sent")
    send.add_argument(
        "--curl", action="store_true", help="with --dry-run: the request as a curl command, secret masked"
    )
    add("listen", "receive without the chat: a line per event", "listen")


def _kinds_of_sms(send: argparse.ArgumentParser) -> None:
    send.add_argument(
        "--ttl", type=_seconds, metavar="S", help="seconds that delivery is tried, 20 to 604800 (default: 72 hours)"
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
    send.add_argument("--validity", type=_seconds, metavar="S", help="wappush: seconds that it is offered")


def _numbers_commands(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    numbers = commands.add_parser(
        "numbers", help="the account's virtual numbers (production)", parents=[shared], allow_abbrev=False
    )
    parts = numbers.add_subparsers(metavar="COMMAND", title="commands", required=True)
    own = _add(parts, shared, "list", "the account's own numbers", "numbers_list")
    search = _add(parts, shared, "search", "numbers that can be rented in a country", "numbers_search")
    search.add_argument("country", metavar="COUNTRY", type=_country, help="two letters (ISO 3166), such as NL")
    search.add_argument(
        "--type",
        dest="number_type",
        default="mobile-lvn",
        choices=("mobile-lvn", "landline", "landline-toll-free"),
        help="mobile-lvn is the default",
    )
    search.add_argument("--features", type=_features, default=("SMS",), metavar="SMS,VOICE", help="default: SMS")
    for command in (own, search):
        command.add_argument("--pattern", metavar="P", help="digits that stand in the number")
        command.add_argument(
            "--where", choices=("start", "anywhere", "end"), default="start", help="where they stand (default: start)"
        )
        command.add_argument("--page", type=_number_of_1_or_more, default=1, metavar="N", help="the page, from 1")
        command.add_argument(
            "--size", type=_number_of_1_or_more, default=20, metavar="N", help="numbers a page, to 100"
        )
    buy = _add(parts, shared, "buy", "rent a number: it costs money each month, and asks first", "numbers_buy")
    cancel = _add(parts, shared, "cancel", "give a number up for good; asks first", "numbers_cancel")
    update = _add(parts, shared, "update", "change where a number's SMS and calls go", "numbers_update")
    for command in (buy, cancel, update):
        command.add_argument("number", metavar="NUMBER", help="all of its digits, with country code")
        command.add_argument("--country", type=_country, required=True, metavar="CC", help="two letters, such as NL")
    update.add_argument(
        "--mo-url", metavar="URL", help="where inbound SMS go; '' clears it. The gateway tests it first"
    )
    update.add_argument("--smpp-type", metavar="T", help="system type of an SMPP client")
    update.add_argument("--voice-type", choices=("sip", "tel", "app"), help="goes with --voice-value")
    update.add_argument("--voice-value", metavar="V", help="a SIP URI, a telephone number or an application id")
    update.add_argument("--voice-status-url", metavar="URL", help="told when a call ends")


def _wait_command(add: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    wait = add("wait", "wait for an SMS that fits, and print its text or the code in it", "wait")
    wait.add_argument("--from", dest="peer", metavar="PEER", help="only from this number or sender's name")
    wait.add_argument("--match", type=_pattern, metavar="RE", help="only a text in which this is found (Python's re)")
    wait.add_argument(
        "--extract", type=_pattern, metavar="RE", help="print its first group, or all of it where it has none"
    )
    wait.add_argument(
        "--since",
        type=_when,
        metavar="WHEN",
        help="the newest that came after this and fits, else the next to come (default: what comes from now on)",
    )
    wait.add_argument("--timeout", type=_seconds, metavar="S", help="give up after so many seconds, with exit code 124")


def _reading_commands(add: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    threads = add("threads", "the conversations, newest first", "threads")
    threads.add_argument("--unread", action="store_true", help="only those with unread SMS")
    threads.add_argument("--archived", action="store_true", help="the archived ones")
    read = add("read", "the SMS of one conversation, oldest first", "read")
    read.add_argument("peer", metavar="PEER", help="a number in any usual form, or a sender's name as it came")
    read.add_argument(
        "-n", dest="newest", type=_number_of_1_or_more, default=50, metavar="N", help="the newest N (default 50)"
    )
    read.add_argument("--since", type=_when, metavar="WHEN", help="only later than this: RFC 3339, or 2h, 3d")


def _account_commands(add: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    login = add("login", "check and store an account: asked for on a terminal, else read from flags and input", "login")
    login.add_argument("--client-id", metavar="ID", help="of your project at developer.kpn.com")
    login.add_argument("--number", metavar="NUMBER", help="test: your own phone; production: a virtual number")
    login.add_argument("--account", choices=("test", "production"), help="what kind of account it is (default: test)")
    login.add_argument("--api-url", metavar="URL", help="another gateway than KPN's")
    login.add_argument("--tunnel", choices=("ngrok", "fixed", "off"), help="how the gateway reaches the listener")
    login.add_argument("--public-url", metavar="URL", help="fixed: the address; ngrok: your own domain there")
    login.add_argument("--no-check", action="store_true", help="store without asking the gateway or ngrok")
    login.add_argument("--no-trip", action="store_true", help="do not offer the SMS to your own phone")
    login.epilog = (
        "The client secret is never a flag: it is asked for, not shown; or it is the first line of standard input, and "
        "ngrok's authtoken the second. --yes agrees to keep them in credentials.toml where there is no OS keyring."
    )
    add("logout", "erase what login stored, and say what is left", "logout")


def _other_commands(add: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    count = add("count", "encoding, segments, and the characters that force UCS-2", "count")
    count.add_argument("text", metavar="TEXT", nargs="?", help="the text; '-' or nothing: read standard input")
    simulator = add("simulator", "the simulator of KPN's gateway as a server of its own", "simulator")
    simulator.add_argument("--port", type=_port, default=0, metavar="N", help="where to listen on loopback; 0: any")
    simulator.add_argument("--log", action="store_true", help="a line for each request and callback")
    simulator.add_argument(
        "--callbacks", choices=("json", "form", "get"), default="json", help="how callbacks carry their fields"
    )
    simulator.add_argument(
        "--sign", action="store_true", help="sign callbacks with signature_secret, by signature_method"
    )
    doctor = add("doctor", "look at every part of the set-up, and say what to do about what does not work", "doctor")
    doctor.add_argument(
        "--install-ngrok", action="store_true", help="instead: fetch the ngrok agent from ngrok.com and install it"
    )
    keys = add("keys", "every action of the chat with its keys", "keys")
    keys.add_argument("--markdown", action="store_true", help="as the README's table")


def _webhook_commands(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    webhook = commands.add_parser("webhook", help="the callback and the listener", parents=[shared], allow_abbrev=False)
    parts = webhook.add_subparsers(metavar="COMMAND", title="commands", required=True)
    _add(parts, shared, "status", "who receives, at which address, and what the gateway was told", "webhook_status")
    register = _add(parts, shared, "register", "tell the gateway the callback address", "webhook_register")
    register.add_argument(
        "--to", action="append", metavar="NUMBER", help="the number; may be repeated (default: yours)"
    )
    register.add_argument("--url", help="this address, without a tunnel of ours")
    _add(parts, shared, "restore", "give back the callback address that was there before ours", "webhook_restore")
    log = _add(parts, shared, "list", "the callbacks that came, newest first", "webhook_list")
    log.add_argument(
        "-n", dest="newest", type=_number_of_1_or_more, default=50, metavar="N", help="the newest N (default 50)"
    )
    one = _add(parts, shared, "show", "one callback: its fields, and what came byte for byte", "webhook_show")
    one.add_argument("id", metavar="ID", help="as `webhook list` has it")


def _config_commands(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    config = commands.add_parser("config", help="the settings", parents=[shared], allow_abbrev=False)
    parts = config.add_subparsers(metavar="COMMAND", title="commands", required=True)
    _add(parts, shared, "path", "where config.toml is, or would be", "config_path")
    _add(parts, shared, "show", "each setting, its value and where it comes from; never a secret", "config_show")
    _add(parts, shared, "edit", "open config.toml in $VISUAL or $EDITOR", "config_edit")


def _add(
    commands: argparse._SubParsersAction,  # type: ignore[type-arg]
    shared: argparse.ArgumentParser,
    name: str,
    text: str,
    command: str,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=text[0].upper() + text[1:] + ".", parents=[shared], allow_abbrev=False
    )
    parser.set_defaults(command=command)
    return parser


def _shared_flags() -> argparse.ArgumentParser:
    """Flags that stand before or after the command's name; absent ones leave no attribute."""
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS, allow_abbrev=False)
    group = shared.add_argument_group("everywhere")
    group.add_argument("--profile", metavar="NAME", help="one store, number and account each (default: default)")
    group.add_argument("--config", metavar="FILE", help="another config.toml")
    group.add_argument("--json", action="store_true", help="JSON on standard output")
    group.add_argument("--no-color", action="store_true", help="no colours")
    group.add_argument("-v", "--verbose", action="count", help="more in the log")
    group.add_argument("--version", action="version", version=f"smschat {__version__}", help="print it and exit")
    group.add_argument("--yes", action="store_true", help="yes to what would be asked")
    return shared


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError("seconds are a number, 0 or more")
    return value


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"no regular expression: {error}") from error


def _number_of_1_or_more(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("a number of 1 or more")
    return value


def _country(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise argparse.ArgumentTypeError("a country is two letters (ISO 3166), such as NL")
    return text.upper()


def _features(text: str) -> tuple[str, ...]:
    features = tuple(dict.fromkeys(feature.strip().upper() for feature in text.split(",")))
    if not set(features) <= {"SMS", "VOICE", "MMS"}:
        raise argparse.ArgumentTypeError("features are SMS, VOICE and MMS, separated by commas")
    return features


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 65535:  # noqa: PLR2004 - the range of TCP ports
        raise argparse.ArgumentTypeError("a port is 0 to 65535")
    return value


def _when(text: str) -> object:
    from smschat.cli.times import moment  # noqa: PLC0415 - only for commands that take a time

    try:
        return moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
