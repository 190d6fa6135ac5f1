"""`smschat` without a command: the chat. The runtime's thread starts before the screen is imported."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from smschat.cli import session
from smschat.errors import SettingsError, UsageError

if TYPE_CHECKING:
    import argparse

    from smschat.runtime import Plan
    from smschat.settings import Settings


def chat(flags: argparse.Namespace) -> int:
    """Open the chat of a profile.

    Raises:
        UsageError: there is no terminal.
        SettingsError: there are no settings and no store yet.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the chat needs a terminal", hint="`smschat --help` lists what works without one")
    settings = session.settings_of(flags)
    plan = session.plan_of(settings)
    if plan.missing is not None and not plan.store_path.exists():
        raise SettingsError(
            f"{plan.missing.message}",
            hint=f"{plan.missing.hint}; or look around first, with no account: smschat demo",
        )
    return open_chat(plan, settings, flags)


def open_chat(plan: Plan, settings: Settings, flags: argparse.Namespace) -> int:
    """The chat over a plan; the exit code."""
    from smschat.runtime import Runtime, RuntimeThread  # noqa: PLC0415 - the thread reads while the screen is imported

    if getattr(flags, "no_color", False):
        os.environ["NO_COLOR"] = "1"
    gc.disable()  # the imports leave nothing to collect; the runtime turns it on again when it is online
    thread = RuntimeThread(Runtime(plan), theme=settings.theme, enter=settings.enter)
    thread.start()
    from smschat.ui import first_frame  # noqa: PLC0415 - after the thread was started

    drawn = first_frame.show(thread)
    try:
        from smschat.ui.app import run_chat  # noqa: PLC0415 - takes most of the start; the list is on the screen by now
    except BaseException:
        if drawn is not None:
            drawn.take_back()
        raise
    return run_chat(thread, first_frame=drawn)
