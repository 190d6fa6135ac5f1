"""Templates of SMS: `templates.toml` beside `config.toml`, `name = "text"` on each line.

The rule: the file is the user's: it is made once, with an example that is a comment, and never written again.
"""

from __future__ import annotations

import os
import re
import tomllib
from typing import TYPE_CHECKING, Final

from smschat.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

EXAMPLE: Final = '''# Templates for SMS: name = "text", one on each line.
# {name} becomes the contact's name and {number} their number; what is not known stays as it is.
#
# late = "I am running late, {name}: ten more minutes"
# address = """
# Room 4.12
# Main Street 1"""
'''

_HINT: Final = 'write name = "text" on each line'
_PLACE: Final = re.compile(r"\{(name|number)\}")


def read(path: Path) -> dict[str, str]:
    """The templates by name, in the order of the file; none where there is no file.

    Raises:
        SettingsError: the file cannot be read, is no TOML, or has something else than texts in it.
    """
    try:
        with path.open("rb") as file:
            found = tomllib.load(file)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}", hint="look at its rights") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is no TOML: {error}", hint=_HINT) from error
    for name, text in found.items():
        if not isinstance(text, str):
            raise SettingsError(f"{name} in {path} is not a text", hint=_HINT)
    return found


def make(path: Path) -> None:
    """Make the file, with an example in it, unless it is there.

    Raises:
        SettingsError: it cannot be made.
    """
    if path.exists():
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(EXAMPLE)
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be made: {error.strerror}", hint="look at the rights of its folder"
        ) from error


def fill(text: str, known: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The text with what is known in its places, and the names of places that stay because it is not.

    Args:
        known: for `name` and `number`; empty or missing: not known.
    """
    missing: dict[str, None] = {}

    def place(found: re.Match[str]) -> str:
        value = known.get(found[1], "")
        if not value:
            missing[found[1]] = None
        return value or found[0]

    return _PLACE.sub(place, text), tuple(missing)
