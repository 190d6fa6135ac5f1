"""`smschat doctor`: every part of the set-up looked at for real, a line each as it is found, and what to do about it.

The rule: nothing ends it. What cannot be looked at is a line too, and the exit is 0 only when nothing has to be mended.
"""

from __future__ import annotations

import os
import sys
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from smschat.cli import output, session, terminal_features
from smschat.cli.partial_settings import as_far_as_possible
from smschat.cli.report import MARKS, plain
from smschat.domain.checks import Check, Finding, fault_of
from smschat.domain.text import shown
from smschat.errors import SmschatError

if TYPE_CHECKING:
    import argparse

AGENT: Final = "ngrok agent"
_COLOURS: Final = {Finding.OK: "32", Finding.NOTE: "36", Finding.UNKNOWN: "33", Finding.FAULT: "1;31"}
_NAME_WIDTH: Final = 13
_INDENT: Final = " " * (_NAME_WIDTH + 4)


def doctor(flags: argparse.Namespace) -> int:
    """Look at everything, print what was found, and exit 0 only when nothing has to be mended."""
    printer = _Printer(flags)
    if flags.install_ngrok:
        _install(flags, printer)
    else:
        session.run(_look(flags, printer))
    return printer.end()


class _Printer:
    """Prints lines as they come; with JSON one document at the end."""

    def __init__(self, flags: argparse.Namespace) -> None:
        self._as_json = getattr(flags, "json", False)
        self._in_colour = not (getattr(flags, "no_color", False) or os.environ.get("NO_COLOR")) and sys.stdout.isatty()
        self._found: list[Check] = []

    def add(self, check: Check) -> None:
        self._found.append(check)
        if self._as_json:
            return
        mark = MARKS[check.finding]
        if self._in_colour:
            mark = f"\x1b[{_COLOURS[check.finding]}m{mark}\x1b[0m"
        output.line(f"{mark} {check.name:<{_NAME_WIDTH}}  {shown(check.text, multiline=False)}")
        if check.fix:
            output.line(f"{_INDENT}→ {shown(check.fix, multiline=False)}")

    def end(self) -> int:
        faults = sum(check.is_fault for check in self._found)
        if self._as_json:
            output.document({"ok": not faults, "checks": [plain(check) for check in self._found]})
        else:
            things = "1 thing" if faults == 1 else f"{faults} things"
            output.line("all is well" if not faults else f"{things} to mend")
        return 1 if faults else 0


async def _look(flags: argparse.Namespace, printer: _Printer) -> None:
    from smschat.runtime.checkup.course import checkup  # noqa: PLC0415 - after the parser has said yes

    settings, faults = as_far_as_possible(flags)
    for fault in faults:
        printer.add(fault)
    try:
        async with aclosing(checkup(settings, session.plan_of(settings))) as checks:
            async for check in checks:
                printer.add(check)
    except SmschatError as error:  # what no part foresaw is a line as well
        printer.add(fault_of("smschat", error))
    for check in terminal_features.checks(sys.stdin, sys.stdout, os.environ):
        printer.add(check)


def _install(flags: argparse.Namespace, printer: _Printer) -> None:
    """Install the agent and look at it; outside of any loop, so that Ctrl-C ends the download at once."""
    from smschat.runtime.checkup.agent import of_agent  # noqa: PLC0415 - after the parser has said yes
    from smschat.tunnel import install_agent  # noqa: PLC0415

    settings, faults = as_far_as_possible(flags)
    for fault in faults:
        printer.add(fault)
    try:
        where = install_agent(_Progress().tell)
    except SmschatError as error:
        printer.add(fault_of(AGENT, error))
        return
    printer.add(Check(name=AGENT, finding=Finding.OK, text=f"installed at {where}"))
    printer.add(session.run(of_agent(settings.ngrok_path)))


class _Progress:
    """Says on standard error how far a download is, every tenth part of it."""

    def __init__(self) -> None:
        self._told = -10

    def tell(self, percent: int | None) -> None:
        if percent is not None and percent >= self._told + 10:
            self._told = percent - percent % 10
            output.note(f"fetching ngrok: {percent} %")
