"""A notice as the octets that a terminal understands: BEL, OSC 9 and OSC 777, through tmux and screen too; pure.

The rule: what strangers wrote is made safe, cut, and without the signs that end or part a sequence, before it is put
into one; nothing of it can be read as a command.

OSC 9 is iTerm2's, OSC 777 rxvt's; a terminal that is known to understand one gets that one, any other both. A terminal
that is known to print what it does not understand gets the bell alone.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from smschat.domain.text import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smschat.messaging.notify import Notice

BELL: Final = "\x07"
MOST_TITLE: Final = 60
MOST_TEXT: Final = 200
"""Characters; screen takes 768 octets in a sequence."""

_MOST_OCTETS: Final = 480
"""Of title and text together, so that screen passes on the whole, whatever the script."""

_ST: Final = "\x1b\\"
_UNSEEN: Final = frozenset({"Cc", "Cs", "Co", "Cn"})
_PARTS: Final = re.compile(";")
_KNOWS_9: Final = frozenset({"iterm.app", "windowsterminal", "kitty", "conemu", "apple_terminal"})
_KNOWS_777: Final = frozenset({"ghostty", "wezterm", "foot", "rxvt", "vte", "contour", "warpterminal"})
_CLUES: Final = (
    ("KITTY_WINDOW_ID", "kitty"),
    ("GHOSTTY_RESOURCES_DIR", "ghostty"),
    ("WEZTERM_PANE", "wezterm"),
    ("ITERM_SESSION_ID", "iterm.app"),
    ("WT_SESSION", "windowsterminal"),
    ("VTE_VERSION", "vte"),
)
"""What a terminal leaves in the environment, which is there inside tmux and screen too."""


def sequences_of(notice: Notice, ways: frozenset[str], env: Mapping[str, str], *, is_ascii: bool = False) -> str:
    """What is written to the terminal.

    Args:
        ways: `bell`, `desktop`, both or none.
        env: the environment, which tells what the terminal is.
        is_ascii: it shows no more than ASCII.
    """
    bell = BELL if "bell" in ways else ""
    if "desktop" not in ways or not _takes_osc(env):
        return bell
    title, text = plain(notice.title, MOST_TITLE), plain(notice.text, MOST_TEXT)
    if is_ascii:
        title, text = (words.encode("ascii", "replace").decode() for words in (title, text))
    text = _fitting(text, _MOST_OCTETS - len(title.encode()))
    return "".join(passed_on(sequence, env) for sequence in _osc(title, text, env)) + bell


def plain(words: str, most: int) -> str:
    """Foreign words as they may stand in a sequence: on one line, no control character, no sign that parts fields."""
    safe = shown(words, multiline=False, limit=most)
    kept = "".join(" " if unicodedata.category(character) in _UNSEEN else character for character in safe)
    return _PARTS.sub(",", kept)


def passed_on(sequence: str, env: Mapping[str, str]) -> str:
    """A sequence as tmux and screen pass it on to the terminal that they run in; elsewhere as it is."""
    if env.get("TMUX"):
        doubled = sequence.replace("\x1b", "\x1b\x1b")
        return f"\x1bPtmux;{doubled}{_ST}"
    if env.get("STY"):
        return f"\x1bP{sequence.replace(_ST, BELL)}{_ST}"  # the end of the inner one must not end the outer
    return sequence


def _osc(title: str, text: str, env: Mapping[str, str]) -> list[str]:
    terminal = _terminal(env)
    nine = f"\x1b]9;smschat: {title}{': ' if text else ''}{text}{_ST}"
    urxvt = f"\x1b]777;notify;{title};{text}{_ST}"
    if terminal in _KNOWS_9:
        return [nine]
    return [urxvt] if terminal in _KNOWS_777 else [nine, urxvt]


def _terminal(env: Mapping[str, str]) -> str:
    """The terminal's name in small letters, as far as the environment tells."""
    for variable, name in _CLUES:
        if env.get(variable):
            return name
    term = env.get("TERM", "").lower()
    for name in ("kitty", "ghostty", "foot", "rxvt", "wezterm", "contour"):
        if name in term:
            return name
    return env.get("TERM_PROGRAM", "").lower()


def _takes_osc(env: Mapping[str, str]) -> bool:
    """Linux's console and old terminals print the sequence, or part of it."""
    term = env.get("TERM", "").lower()
    return term not in {"", "linux", "dumb", "unknown"} and not term.startswith(("vt", "cons"))


def _fitting(text: str, octets: int) -> str:
    return text.encode()[: max(octets, 0)].decode(errors="ignore")
