"""The command line: every command and flag of the contract, by argparse alone.

The rule: importing this costs a few milliseconds; what a command needs is imported by the command.
"""

from __future__ import annotations

import argparse
import sys
from typing import Final, NoReturn

from smschat import __version__
from smschat.cli.lines import account, archive, chatting, contacts, numbers, reading, webhook
from smschat.cli.lines.commands import Commands
from smschat.errors import UsageError

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


def whole() -> argparse.ArgumentParser:
    """Every command and flag, for what is made of them."""
    return _parser()


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
    parser.add_argument("--explore", action="store_true", help="look around: nothing becomes read (the chat, the demo)")
    commands = Commands(parser.add_subparsers(metavar="COMMAND", title="commands"), shared)
    for family in (chatting, reading, contacts, archive, account, numbers, webhook):
        family.add(commands)
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
