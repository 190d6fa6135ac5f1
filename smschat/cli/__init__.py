"""The door: commands, streams and exit codes.

The rule: importing this loads nothing heavy; each command imports what it needs, and every error ends here in one
sentence that says what to do.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run a command line; the exit code of the contract."""
    _open_closed_streams()
    arguments = sys.argv[1:] if argv is None else argv
    if arguments == ["--version"]:
        from smschat import __version__  # noqa: PLC0415 - the fast path

        print(f"smschat {__version__}")  # noqa: T201 - this is what was asked for
        return 0
    from smschat.cli.parser import parse  # noqa: PLC0415 - after the fast path
    from smschat.errors import UsageError  # noqa: PLC0415

    try:
        flags = parse(arguments)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 2
    except UsageError as error:
        from smschat.cli import output  # noqa: PLC0415 - only for errors here

        output.failure(error, as_json=True)
        return error.exit_code
    return _run(flags)


def _open_closed_streams() -> None:
    """A stream that was closed before us leads nowhere; else the next file, the store perhaps, would take its place."""
    import os  # noqa: PLC0415 - loaded already

    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, os.O_RDWR)
            os.dup2(opened, number)
            if opened != number:
                os.close(opened)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - a descriptor


def _run(flags: argparse.Namespace) -> int:
    from smschat.cli import output  # noqa: PLC0415 - after the parser has said yes
    from smschat.errors import SmschatError  # noqa: PLC0415

    output.make_robust()
    try:
        return _command(flags.command)(flags)
    except SmschatError as error:
        output.failure(error, as_json=getattr(flags, "json", False))
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_standard_output()
        return getattr(flags, "outcome", 0)
    except OSError as error:
        output.note(f"smschat: the system says: {error.strerror or 'no reason given'}")
        _forget_standard_output()
        return 1


def _forget_standard_output() -> None:
    """What could not be written is not written at the end either."""
    import os  # noqa: PLC0415 - only when the disk is full or a stream is gone

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    """The function of a command; its module is imported only now."""
    from importlib import import_module  # noqa: PLC0415

    module, _, function = _COMMANDS[name].partition(":")
    found: Callable[[argparse.Namespace], int] = getattr(import_module(f"smschat.cli.{module}"), function)
    return found


_COMMANDS = {
    "chat": "opening:chat",
    "demo": "demo:demo",
    "send": "send:send",
    "listen": "listen:listen",
    "wait": "wait:wait",
    "threads": "reading:threads",
    "read": "reading:read",
    "search": "searching:search",
    "contacts_list": "contacts:every",
    "contacts_add": "contacts:add",
    "contacts_rename": "contacts:rename",
    "contacts_remove": "contacts:remove",
    "contacts_import": "contacts:import_cards",
    "export": "archive:export",
    "import": "archive:restore",
    "backup": "archive:backup",
    "prune": "archive:prune",
    "login": "login:login",
    "logout": "login:logout",
    "count": "count:count",
    "webhook_status": "webhook:status",
    "webhook_register": "webhook:register",
    "webhook_restore": "webhook:restore",
    "webhook_list": "callbacks:list_callbacks",
    "webhook_show": "callbacks:show",
    "numbers_list": "numbers:own",
    "numbers_search": "numbers:search",
    "numbers_buy": "numbers:buy",
    "numbers_cancel": "numbers:cancel",
    "numbers_update": "numbers:update",
    "simulator": "simulator:simulator",
    "config_path": "config:path",
    "config_show": "config:show",
    "config_edit": "config:edit",
    "doctor": "doctor:doctor",
    "keys": "keys:keys",
    "completion": "completion:completion",
}
