"""Themes of the user's own: files `NAME.toml` in the folder `themes` beside config.toml.

The rule: a file that is wrong is told, with what is wrong, and the others are there all the same. The fields are those
of Textual's themes: primary, secondary, warning, error, success, accent, foreground, background, surface, panel, dark,
and a table `variables`.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final

from textual.color import Color, ColorParseError
from textual.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from textual.app import App

_COLOURS: Final = frozenset(
    {"primary", "secondary", "warning", "error", "success", "accent", "foreground", "background", "surface", "panel"}
)
_LARGEST: Final = 64 * 1024


def register(app: App[Any], folder: Path | None) -> list[str]:
    """Make the themes of a folder known to the app; what is wrong with the others, a sentence each."""
    problems: list[str] = []
    for file in sorted(folder.glob("*.toml")) if folder is not None and folder.is_dir() else ():
        theme = _theme(file)
        if isinstance(theme, str):
            problems.append(f"{file.name}: {theme}")
        else:
            app.register_theme(theme)
    return problems


def _theme(file: Path) -> Theme | str:
    """The theme, or what is wrong with it."""
    try:
        if file.stat().st_size > _LARGEST:
            return "it is too large for a theme"
        says = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return f"it cannot be read: {error}"
    wrong = next(_wrongs(says), None)
    if wrong is not None:
        return wrong
    return Theme(name=file.stem, **{"dark": True, **says})


def _wrongs(says: dict[str, Any]) -> Iterator[str]:
    if "primary" not in says:
        yield "`primary` is missing"
    for name, value in says.items():
        if name in _COLOURS:
            yield from _no_colour(name, value)
        elif name == "dark":
            if not isinstance(value, bool):
                yield "`dark` is true or false"
        elif name == "variables":
            if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
                yield "`variables` is a table of texts"
        else:
            yield f"there is no field `{name}`"


def _no_colour(name: str, value: object) -> Iterator[str]:
    try:
        Color.parse(str(value))
    except ColorParseError:
        yield f"`{name}` is no colour: {value}"
