"""Other keys for actions, as the user wants them: read, checked against one another, and what is wrong told; pure.

The rule: a key that cannot be used leaves the action its own; no two actions of one place share a key, and what the
text area needs for writing stays its own. Nothing here needs Textual.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smschat.ui.actions import ACTIONS, BY_ID, Where
from smschat.ui.keys import NEWLINE_ON_ENTER, keys_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from smschat.ui.actions import Action

_SIGNS: Final = {
    "?": "question_mark", "/": "slash", ",": "comma", ".": "full_stop", ";": "semicolon", ":": "colon",
    "!": "exclamation_mark", "-": "minus", "_": "underscore", "=": "equals_sign", "*": "asterisk", "#": "number_sign",
    "@": "at", "&": "ampersand", "%": "percent_sign", "(": "left_parenthesis", ")": "right_parenthesis",
    "<": "less_than_sign", ">": "greater_than_sign", "'": "apostrophe", '"': "quotation_mark", "$": "dollar_sign",
    "~": "tilde", "^": "circumflex_accent", "|": "vertical_line", "\\": "backslash", "{": "left_curly_bracket",
    "}": "right_curly_bracket", "`": "grave_accent",
}  # fmt: skip
_WORDS: Final = {
    "esc": "escape", "return": "enter", "pgdn": "pagedown", "pgup": "pageup", "del": "delete", "ins": "insert",
    "↓": "down", "↑": "up", "←": "left", "→": "right",
}  # fmt: skip
_NAMED: Final = frozenset(
    {"enter", "escape", "tab", "space", "up", "down", "left", "right", "home", "end", "pageup", "pagedown"}
    | {"insert", "delete", "backspace", *_SIGNS.values(), *(f"f{number}" for number in range(1, 25))}
)
_MODIFIERS: Final = frozenset({"ctrl", "alt", "shift", "super"})
_ORDER: Final = ("alt", "ctrl", "shift", "super")
_NEVER: Final = frozenset({"ctrl+i", "ctrl+m", "ctrl+left_square_bracket", "ctrl+["})
"""Terminals send the same for these as for Tab, Enter and Esc."""

_WRITING: Final = frozenset(
    {"up", "down", "left", "right", "home", "end", "pageup", "pagedown", "backspace", "delete", "ctrl+a", "ctrl+e"}
    | {"ctrl+k", "ctrl+u", "ctrl+w", "ctrl+d", "ctrl+h", "ctrl+z", "ctrl+y", "ctrl+x", "ctrl+v", "ctrl+left"}
    | {"ctrl+right", "shift+left", "shift+right", "shift+up", "shift+down", "shift+home", "shift+end", "space"}
)
"""What the text area needs for writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebinding:
    """The keys that are not those of the table.

    Attributes:
        keys: by action; the first is the one that hints show.
        problems: sentences about what was not taken.
    """

    keys: Mapping[str, tuple[str, ...]]
    problems: tuple[str, ...] = ()


def rebinding_of(wanted: Mapping[str, str], *, newline_on_enter: bool = False) -> Rebinding:
    """What becomes of the user's wishes.

    Args:
        wanted: keys by action id, several with commas between them.
    """
    keys: dict[str, tuple[str, ...]] = dict(NEWLINE_ON_ENTER) if newline_on_enter else {}
    problems: list[str] = []
    for action_id, text in wanted.items():
        found = _keys_for(action_id, text)
        if isinstance(found, str):
            problems.append(found)
        else:
            keys[action_id] = found
    for action_id, clash in _clashes(keys, set(wanted)):
        keys.pop(action_id, None)
        problems.append(clash)
    return Rebinding(keys=keys, problems=tuple(problems))


def _keys_for(action_id: str, text: str) -> tuple[str, ...] | str:
    """The keys for an action, or what is wrong."""
    action = BY_ID.get(action_id)
    if action is None:
        return f"there is no action {action_id}; `smschat keys --json` names them"
    keys = tuple(_key(word.strip()) or f"!{word.strip()}" for word in text.split(","))
    for key in keys:
        if key.startswith("!"):
            return f"{action_id}: {key[1:] or 'nothing'} is not the name of a key, such as ctrl+o, alt+x, f4 or P"
        if key in _NEVER:
            return f"{action_id}: terminals cannot tell {key} from another key"
        if {Where.COMPOSER, Where.EVERYWHERE} & set(action.where) and (key in _WRITING or _is_typed(key)):
            return f"{action_id}: {key} is needed for writing"
    return keys


def _key(word: str) -> str | None:
    """A key as the screen names it; None: there is none of this name."""
    if word in {"+", "ctrl++", "alt++"}:
        return word.replace("++", "+plus") if len(word) > 1 else "plus"
    *modifiers, last = word.split("+")
    if not last or not {modifier.lower() for modifier in modifiers} <= _MODIFIERS:
        return None
    last = _SIGNS.get(last, _WORDS.get(last.lower(), last if len(last) == 1 else last.lower()))
    if len(last) != 1 and last not in _NAMED:
        return None
    if len(last) == 1 and not last.isalnum():
        return None
    held = {modifier.lower() for modifier in modifiers}
    if len(last) == 1 and "ctrl" in held:
        last = last.lower()
    return "+".join((*(name for name in _ORDER if name in held), last))


def _is_typed(key: str) -> bool:
    """Whether the key writes a character."""
    return len(key) == 1 or key in _SIGNS.values() or key == "plus"


def _clashes(keys: Mapping[str, tuple[str, ...]], asked: set[str]) -> Iterator[tuple[str, str]]:
    """Actions that were asked for and share a key with another of the same place."""
    for action in ACTIONS:
        if action.id not in asked or action.id not in keys:
            continue
        for other in ACTIONS:
            shared = set(keys[action.id]) & set(keys_of(other.id, keys))
            if other.id != action.id and shared and _meet(action, other):
                key = min(shared)
                yield action.id, f"{action.id}: {key} is the key of {other.id} already; give that another one first"
                break


def _meet(one: Action, other: Action) -> bool:
    """Whether their keys act in one place; those of the numbers have a screen of their own."""
    places, others = set(one.where), set(other.where)
    if places & others:
        return True
    return bool(Where.EVERYWHERE in places | others and Where.NUMBERS not in places | others)
