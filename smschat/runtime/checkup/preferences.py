"""The settings: what is set, where each comes from, and what is missing; never a secret's value.

The secrets themselves are looked at by the settings' own `secret_checks`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from smschat.domain.checks import Check, Finding
from smschat.domain.secret import Secret
from smschat.settings import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smschat.settings import Settings

SETTINGS: Final = "settings"
ACCOUNT: Final = "account"

_DEFAULT: Final = "default"
_NEEDED: Final = (("client_id", "client ID"), ("number", "number"))


def of_settings(settings: Settings) -> Iterator[Check]:
    """The file, and every setting that is set anywhere, with its origin."""
    if settings.file.exists():
        yield Check(name=SETTINGS, finding=Finding.OK, text=f"read from {settings.file}")
    else:
        yield Check(name=SETTINGS, finding=Finding.NOTE, text=f"there is no {settings.file}, which is no fault")
    for setting in TABLE:
        origin = settings.origins.get(setting.name, _DEFAULT)
        if origin != _DEFAULT:
            value = _shown(setting.name, getattr(settings, setting.name, None))
            yield Check(name=SETTINGS, finding=Finding.OK, text=f"{setting.name} is {value} ({origin})")


def of_account(settings: Settings) -> Iterator[Check]:
    """What an account needs beside the secret."""
    for name, words in _NEEDED:
        if getattr(settings, name) is None:
            yield Check(
                name=ACCOUNT,
                finding=Finding.FAULT,
                text=f"the {words} is not set",
                fix=f"run `smschat login`, or set SMSCHAT_{name.upper()}; `smschat demo` needs no account",
            )


def _shown(name: str, value: object) -> str:
    if isinstance(value, Secret) or name == "notify_command":
        return "set"
    if name == "proxy" and isinstance(value, str):
        return _without_login(value)
    if name == "listen" and isinstance(value, tuple):
        host, port = value
        return f"{host}:{port}"
    if name == "keys":
        return "a table"
    return value.value if isinstance(value, StrEnum) else str(value)


def _without_login(address: str) -> str:
    """An address without the name and the password that it may hold."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
