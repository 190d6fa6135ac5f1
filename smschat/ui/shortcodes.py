"""Emoji by shortcode: what `:smi` may become, and what `:smile:` is.

The rule: nothing is altered unless somebody typed a whole shortcode or took one that was offered; a time of day and an
address are no shortcodes. The names are those of the `emoji` library, which is loaded when the first one is begun.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST: Final = 5
"""So many are offered."""

_BEGUN: Final = re.compile(r"(?<![\w:./]):([a-z+-][a-z0-9_+-]{1,40})\Z")
_CLOSED: Final = re.compile(r"(?<![\w:./]):([a-z0-9_+-]{1,60}):\Z")
_SKIN: Final = "_skin_tone"
_FULLY_QUALIFIED: Final = 2
_LONGEST: Final = 64
"""Characters before the cursor that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One emoji that a beginning may become.

    Attributes:
        name: without colons.
        length: characters of what was typed and would be replaced.
    """

    name: str
    emoji: str
    length: int


def begun(before: str) -> str | None:
    """The letters of a shortcode that was begun, two at least, where the text before the cursor ends with one."""
    found = _BEGUN.search(before[-_LONGEST:])
    return None if found is None else found[1]


class Shortcodes:
    """The names and their emoji.

    Args:
        names: an emoji for each name, without colons.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = dict(names)
        self._sorted = sorted(self._names, key=lambda name: (len(name), name))

    def __len__(self) -> int:
        return len(self._names)

    def offers(self, before: str) -> tuple[Offer, ...]:
        """What the end of this text may become, the likeliest first; nothing where it ends with no shortcode."""
        letters = begun(before)
        if letters is None:
            return ()
        seen: dict[str, Offer] = {}
        for name in self._like(letters):
            emoji = self._names[name]
            seen.setdefault(emoji, Offer(name=name, emoji=emoji, length=len(letters) + 1))
            if len(seen) == MOST:
                break
        return tuple(seen.values())

    def closed(self, before: str) -> Offer | None:
        """The emoji of the whole shortcode that ends this text; None: it ends with none that there is."""
        found = _CLOSED.search(before[-_LONGEST:])
        emoji = None if found is None else self._names.get(found[1])
        if found is None or emoji is None:
            return None
        return Offer(name=found[1], emoji=emoji, length=len(found[0]))

    def _like(self, letters: str) -> Iterable[str]:
        """The name itself, those that begin so, then those with a word that does; the shortest first."""
        if letters in self._names:
            yield letters
        yield from (name for name in self._sorted if name.startswith(letters) and name != letters)
        inside = f"_{letters}"
        yield from (name for name in self._sorted if inside in name and not name.startswith(letters))


def load() -> Shortcodes:
    """Read the names; takes a tenth of a second the first time. From any thread."""
    import emoji  # noqa: PLC0415 - only for those who type a shortcode

    names: dict[str, str] = {}
    for character, data in emoji.EMOJI_DATA.items():
        if data["status"] != _FULLY_QUALIFIED:
            continue
        for name in (*data.get("alias", ()), data["en"]):
            bare = name.strip(":").lower()
            if _SKIN not in bare:
                names.setdefault(bare, character)
    return Shortcodes(names)
