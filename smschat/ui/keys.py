"""The keys of the action table as people write and read them: names, hints, and the rows of the help.

The rule: a key is named in one way everywhere, and a rebound key under its new name. Nothing here needs Textual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.ui.actions import ACTIONS, BY_ID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NAMES: Final = {
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "home": "Home",
    "end": "End",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "question_mark": "?",
    "slash": "/",
}


def key_name(key: str) -> str:
    """A key as people write it: `alt+↓`, `F1`, `Esc`."""
    *modifiers, last = key.split("+")
    name = last.upper() if last[:1] == "f" and last[1:].isdigit() else _NAMES.get(last, last)
    return "+".join((*modifiers, name))


NEWLINE_ON_ENTER: Final[Mapping[str, tuple[str, ...]]] = {
    "composer.send": ("ctrl+j",),
    "composer.newline": ("enter", "shift+enter"),
}
"""The keys of those who want Enter to begin a new line."""


def keys_of(action_id: str, rebound: Mapping[str, tuple[str, ...]] | None = None) -> tuple[str, ...]:
    """The keys of an action; `rebound` has those that were changed, by id."""
    return (rebound or {}).get(action_id, BY_ID[action_id].keys)


def hint(action_id: str, rebound: Mapping[str, tuple[str, ...]] | None = None) -> str:
    """`Enter send`: the first key of an action and what it does, for the foot of the screen."""
    words = (word if word.isupper() else word.lower() for word in BY_ID[action_id].label.split())
    return f"{key_name(keys_of(action_id, rebound)[0])} {' '.join(words)}"


def rows(rebound: Mapping[str, tuple[str, ...]] | None = None) -> list[tuple[str, str, str]]:
    """Every key once, as the help and `smschat keys` list them: where, keys, what it does.

    An action without a key of its own says that it is in the palette.
    """
    palette = key_name(keys_of("palette", rebound)[0])
    return [
        (
            ", ".join(action.where),
            _keys(keys_of(action.id, rebound)) or f"{palette} {action.label.lower()}",
            action.help,
        )
        for action in ACTIONS
    ]


def _keys(keys: Iterable[str]) -> str:
    return "  ".join(key_name(key) for key in keys)
