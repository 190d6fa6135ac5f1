"""`smschat` without a command: the chat.

The rule: the set-up comes by itself only where there is nothing, neither settings nor a store; what is half set up
opens the chat, which says what is missing.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from smschat.cli import session
from smschat.cli.opening import go_on, open_chat
from smschat.errors import UsageError
from smschat.tunnel import NoTunnel
from smschat.ui.actions import SET_UP

if TYPE_CHECKING:
    import argparse

    from smschat.settings import Settings


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
