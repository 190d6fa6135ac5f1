"""Settings for people to read: the rows of `config show`, and a config.toml to begin with.

A secret's value appears in neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from smschat.domain.secret import Secret
from smschat.settings.secrets import AUTHTOKEN, CLIENT_SECRET, COMMAND_VARIABLE, VARIABLE
from smschat.settings.table import TABLE

if TYPE_CHECKING:
    from smschat.settings.loading import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One setting as it holds.

    Attributes:
        value: None when it is not set; a mask for a secret.
    """

    name: str
    value: str | float | None
    origin: str


def table(settings: Settings) -> list[Row]:
    """Every setting in the order of the documentation, the client secret after the client ID. May block for 3 s.

    Raises:
        SettingsError: credentials.toml cannot be read, or others can read it.
    """
    rows = [
        _secret_row(AUTHTOKEN, settings.authtoken_origin(), settings)
        if setting.name == AUTHTOKEN
        else Row(
            name=setting.name, value=_plain(getattr(settings, setting.name)), origin=settings.origins[setting.name]
        )
        for setting in TABLE
    ]
    rows.insert(1, _secret_row(CLIENT_SECRET, settings.client_secret_origin(), settings))
    return rows


def _secret_row(name: str, origin: str | None, settings: Settings) -> Row:
    if origin is not None:
        return Row(name=name, value="********", origin=origin)
    withheld = settings.secrets.keyring.withheld
    return Row(name=name, value=None, origin=f"unknown: {withheld.message}" if withheld else "default")


def template() -> str:
    """A config.toml in which every setting stands as a comment, with its meaning and default."""
    lines = [
        "# Settings of smschat. Take the # off a line to use it; flags and the environment go before this file.",
        f"# The client secret is not kept here: `smschat login` stores it; see also {VARIABLE} and {COMMAND_VARIABLE}.",
        "# A table [profiles.NAME] at the end holds what is different in the profile of that name.",
    ]
    tables: list[str] = []
    for setting in TABLE:
        default = setting.default_is or (f"{setting.default}" if setting.default else "none")
        target = tables if dict in setting.takes else lines
        target += ["", f"# {setting.meaning} (default: {default}; {setting.variable})"]
        if dict in setting.takes:
            target.append(f"# [{setting.name}]")
        elif float in setting.takes or setting.takes == (int,):
            target.append(f"# {setting.name} = {setting.default or 0}")
        else:
            target.append(f'# {setting.name} = "{setting.default or ""}"')
    return "\n".join([*lines, *tables, ""])


def _plain(value: object) -> str | float | None:  # noqa: PLR0911 - one for each kind of value
    match value:
        case None:
            return None
        case Secret() | Path():
            return str(value)
        case MappingProxyType():
            return " ".join(f"{action}={key}" for action, key in value.items()) or None
        case (str() as host, int() as port):
            return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        case StrEnum():
            return value.value
        case frozenset():
            return ",".join(sorted(value)) or "none"
        case str() | int() | float():
            return value
        case _:
            raise TypeError(f"a setting cannot be a {type(value).__name__}")
