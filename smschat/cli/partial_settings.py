"""The settings as far as they can be read: for `doctor`, which names what is malformed and goes on without it.

The rule: what is left out keeps its default, and a line says so.
"""

from __future__ import annotations

import os
from argparse import Namespace
from typing import TYPE_CHECKING, Final

from smschat import settings as settings_module
from smschat.cli import session
from smschat.domain.checks import Check, Finding, fault_of
from smschat.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from smschat.settings import Settings

NAME: Final = "settings"


def as_far_as_possible(flags: Namespace) -> tuple[Settings, list[Check]]:
    """The settings of a command line, and a fault for each that cannot be used.

    Raises:
        SettingsError: not even the defaults hold.
    """
    try:
        return _without_malformed(lambda ignored: session.settings_of(flags, ignored=ignored))
    except _FileError as error:
        bare = Namespace(**{**vars(flags), "config": os.devnull})
        settings, others = _without_malformed(lambda ignored: session.settings_of(bare, ignored=ignored))
        text = "the rest is looked at as if that file and the secrets beside it were not there"
        return settings, [error.fault, Check(name=NAME, finding=Finding.NOTE, text=text), *others]


class _FileError(Exception):
    """No setting alone is at fault: config.toml itself cannot be read, or holds what is no setting."""

    def __init__(self, fault: Check) -> None:
        super().__init__(fault.text)
        self.fault = fault


def _without_malformed(load: Callable[[Collection[str]], Settings]) -> tuple[Settings, list[Check]]:
    """Load without one malformed setting after the other; each makes a fault."""
    ignored: frozenset[str] = frozenset()
    faults: list[Check] = []
    while True:
        found = _try(load, ignored)
        if not isinstance(found, SettingsError):
            return found, faults
        faults.append(fault_of(NAME, found))
        guilty = _guilty(load, ignored, found)
        if guilty is None:
            raise _FileError(faults[-1])
        ignored |= {guilty}


def _guilty(load: Callable[[Collection[str]], Settings], ignored: frozenset[str], error: SettingsError) -> str | None:
    """The setting without which this error is gone; None where it is none of them."""
    for setting in settings_module.TABLE:
        if setting.name in ignored:
            continue
        found = _try(load, ignored | {setting.name})
        if not isinstance(found, SettingsError) or found.message != error.message:
            return setting.name
    return None


def _try(load: Callable[[Collection[str]], Settings], ignored: Collection[str]) -> Settings | SettingsError:
    try:
        return load(ignored)
    except SettingsError as error:
        return error
