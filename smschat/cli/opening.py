"""Opening the screen: the chat, the set-up and the demo, one after the other as they are wanted.

The rule: the runtime's thread starts before the screen is imported, so that it reads meanwhile. The set-up comes by
itself only where there is nothing, neither settings nor a store; what is half set up opens the chat, which says what is
missing.
"""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from smschat.cli import session
from smschat.errors import UsageError
from smschat.tunnel import NoTunnel
from smschat.ui.actions import SET_UP, SWITCH

if TYPE_CHECKING:
    import argparse

    from smschat.runtime import Plan
    from smschat.runtime.setup import Setup
    from smschat.settings import Settings

DEMO: Final = "demo"
"""The profile of the demo, which has no account."""


def chat(flags: argparse.Namespace) -> int:
    """Open the chat of a profile, by way of the set-up where there is nothing yet.

    Raises:
        UsageError: there is no terminal.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "the chat needs a terminal",
            hint="`smschat login` sets up an account without one, `smschat demo` needs neither; `smschat --help` lists "
            "what else works",
        )
    settings = session.settings_of(flags)
    if _is_new(settings):
        return go_on(SET_UP, flags, has_chat=False)
    plan = session.plan_of(settings, may_take_over=session.says_yes(flags))
    if settings.client_id is None or settings.number is None:
        plan = replace(plan, tunnel=NoTunnel())  # whoever has no account has nothing to register an address with
    return go_on(open_chat(plan, settings, flags), flags)


def _is_new(settings: Settings) -> bool:
    """Whether nobody has set up anything here, and nothing was ever sent or received."""
    return settings.client_id is None and settings.number is None and not settings.store_path.exists()


def open_chat(plan: Plan, settings: Settings, flags: argparse.Namespace) -> int:
    """The chat over a plan; the exit code, or `SET_UP` when the set-up is wanted next."""
    from smschat.runtime import Preferences, Runtime, RuntimeThread  # noqa: PLC0415 - the thread reads while the screen is imported

    _obey_no_color(flags)
    gc.disable()  # the imports leave nothing to collect; the runtime turns it on again when it is online
    thread = RuntimeThread(Runtime(plan), Preferences.of(settings, is_explore=getattr(flags, "explore", False)))
    thread.start()
    from smschat.ui import first_frame  # noqa: PLC0415 - after the thread was started

    drawn = first_frame.show(thread)
    try:
        from smschat.ui.app import run_chat  # noqa: PLC0415 - takes most of the start; the list is on the screen by now
    except BaseException:
        if drawn is not None:
            drawn.take_back()
        raise
    code = run_chat(thread, first_frame=drawn)
    session.tell_last_words(thread.runtime)
    flags.next_profile = thread.next_profile
    return code


def go_on(code: int, flags: argparse.Namespace, *, has_chat: bool = True) -> int:
    """What follows a chat that ended so: the set-up and the chat again while it is wanted; the exit code.

    Args:
        has_chat: whether the set-up was asked for in a chat, which one can go back to.
    """
    setup: Setup | None = None
    while code == SET_UP:
        setup = setup or session.setup_of(flags)
        code = _set_up(setup, flags, has_chat=has_chat)
        has_chat = True
    return _switched(flags) if code == SWITCH else code


def _switched(flags: argparse.Namespace) -> int:
    """The chat of another profile, in the same terminal."""
    flags.profile, flags.next_profile = flags.next_profile, None
    return open_demo(flags, again=True) if flags.profile == DEMO else chat(flags)


def _set_up(setup: Setup, flags: argparse.Namespace, *, has_chat: bool) -> int:
    """The set-up, and the chat over the runtime that it leaves; or the demo, for those who have no account yet."""
    from smschat.ui.setup import Instead, run_setup  # noqa: PLC0415 - only where the set-up is wanted

    _obey_no_color(flags)
    ended = run_setup(setup, theme=setup.settings.theme, has_chat=has_chat)
    if isinstance(ended, int):
        return ended
    if ended is Instead.DEMO:
        return open_demo(flags)
    from smschat.ui.app import run_chat  # noqa: PLC0415 - after the set-up

    code = run_chat(ended)
    session.tell_last_words(ended.runtime)
    return code


def open_demo(flags: argparse.Namespace, *, again: bool = False) -> int:
    """The demo's chat, for whoever comes from the set-up; the exit code, or `SET_UP` when it is wanted again.

    Args:
        again: it was switched to, and can be left for another profile.
    """
    from smschat.runtime.demo import demo_plan  # noqa: PLC0415 - only the demo needs the simulator

    settings = session.demo_settings(flags)
    code = open_chat(demo_plan(settings.data_dir), settings, flags)
    return go_on(code, flags) if again else code


def _obey_no_color(flags: argparse.Namespace) -> None:
    if getattr(flags, "no_color", False):
        os.environ["NO_COLOR"] = "1"
