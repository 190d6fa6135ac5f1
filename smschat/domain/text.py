"""The two doors of foreign text: what may come in from the wire, and what may go out to a screen.

`from_wire` drops what no SMS can mean; `shown` defuses what can deceive or command a terminal. Nobody writes a text to
a screen that has not passed `shown`, and nobody stores what `shown` made: the stored text stays as it came.

How the display gate works
--------------------------
A text of ordinary characters passes untouched, after one search. Of anything else each run is rebuilt character by
character, and what depends on neighbours is judged by what was already let out, so that a second pass changes nothing:

* C0 and DEL become their pictures (`␛`), TAB four spaces, U+2028 and U+2029 a line feed; a line feed becomes `⏎` where
  there is only one line.
* C1, lone surrogates, noncharacters, private use and unassigned characters become U+FFFD; in the blocks of emoji
  unassigned ones stay, because Python's tables are older than the sender's telephone.
* Controls of direction are spelled out: `⟨U+202E⟩`.
* ZWJ stays between emoji; ZWJ and ZWNJ stay between letters of scripts that join, and after a virama. Variation
  selectors 15 and 16 stay after an emoji and in a keycap, tags in the three flags that are made of them.
* Other invisible characters are dropped.
* A letter keeps four marks, the rest of a pile becomes `…`.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum, auto
from functools import lru_cache

_NEVER = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def from_wire(text: str) -> str:
    r"""Take in a text from outside: line ends become `\n`, what no SMS can mean is dropped.

    Dropped are C0 but LF and TAB, C1, DEL, lone surrogates and noncharacters. A pair of surrogates that came as two
    characters becomes the one that it means.
    """
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _NEVER.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def shown(text: str, *, multiline: bool = True, limit: int | None = None, lines: int | None = None) -> str:
    """Make a text safe to show; doing it twice changes nothing.

    Args:
        text: any text, stored or typed.
        multiline: keep line feeds; else they become `⏎`.
        limit: at most this many characters, 1 or more, the last an ellipsis where something was cut; None: no limit.
        lines: at most this many lines, 1 or more, cut likewise; None: no limit. Counts for nothing on one line.
    """
    safe = _gate(text)
    if not multiline:
        safe = safe.replace("\n", "⏎")
    return safe if limit is None and lines is None else _cut(safe, limit, lines)


def _gate(text: str) -> str:
    return _SUSPECT.sub(_defused, text) if _SUSPECT.search(text) else text


def _cut(safe: str, limit: int | None, lines: int | None) -> str:
    short = safe if lines is None else "\n".join(safe.split("\n", lines)[:lines])
    if limit is not None and len(short) + (len(short) < len(safe)) > limit:
        short = short[: limit - 1]
    # The cut may part a joiner from what it joins, so the piece passes the gate once more.
    return safe if len(short) == len(safe) else _gate(short + "…")


# What is none of the gate's business, and common: it only has to be right, not complete.
_SUSPECT = re.compile(
    "[^\n -~\u00a0-\u00a8\u00aa-\u00ac\u00af-\u02ff\u2010-\u2027\u20ac"
    "\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0482\u048a-\u052f"  # Greek, Cyrillic
    "\u05d0-\u05ea\u0621-\u064a\u0660-\u066f\u0904-\u0939\u0e01-\u0e30"  # Hebrew, Arabic, Devanagari, Thai letters
    "\u3001-\u3020\u3041-\u3096\u30a1-\u30fa\u4e00-\u9ffc\uac00-\ud7a3\uff01-\uff5e"  # Chinese, Japanese, Korean
    "\U0001f300-\U0001f3f3\U0001f3f5-\U0001f64f\U0001f680-\U0001f6d2\U0001f90d-\U0001f9ff]+"  # emoji
)
_FLAGS = tuple(
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in region) + "\U000e007f"
    for region in ("gbeng", "gbsct", "gbwls")
)
_PIECES = re.compile(f"{'|'.join(_FLAGS)}|.", re.DOTALL)

_UNKNOWN = "\ufffd"
_MOST_MARKS = 4
_KEYCAP = "\u20e3"
_KEYCAP_BASES = frozenset("0123456789#*")
_SELECTORS = frozenset("\ufe0e\ufe0f")
_ZWJ = "\u200d"
_VIRAMA = 9  # canonical combining class, UAX 44

_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0d\uffa0\U000e0000-\U000e0fff]"
)
_VISIBLE_FORMATS = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
_EMOJI = re.compile(
    "[©®\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2934\u2935\u2b00-\u2bff\u3030\u303d"
    "\u3297\u3299\U0001f000-\U0001fbff]"
)
_EMOJI_BLOCKS = re.compile("[\u2600-\u27bf\U0001f000-\U0001fbff]")
_JOINING = re.compile(
    "[\u0600-\u07ff\u0840-\u08ff"  # Arabic, Syriac, Thaana, N'Ko, Mandaic
    "\u0900-\u0dff\u0f00-\u109f\u1780-\u18af"  # the scripts of India, Tibetan, Myanmar, Khmer, Mongolian
    "\u1a20-\u1aaf\u1b00-\u1c4f\ua840-\ua87f\ua8e0-\ua8ff\ua980-\ua9ff\uaa60-\uaa7f\uaae0-\uaaff\uabc0-\uabff"
    "\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00010aff\U00011000-\U00011aff\U0001e900-\U0001e95f]"
)


class _Kind(Enum):
    SHOW = auto()
    DROP = auto()
    MARK = auto()
    SELECTOR = auto()
    JOINER = auto()


_SHOW, _DROP, _MARK, _SELECTOR, _JOINER = _Kind
_BY_NEIGHBOURS = {"\ufe0e": _SELECTOR, "\ufe0f": _SELECTOR, "\u200c": _JOINER, _ZWJ: _JOINER}


@lru_cache(maxsize=4096)
def _look(piece: str) -> tuple[_Kind, str]:
    """What kind of character this is, and what is shown in its place."""
    if piece in _BY_NEIGHBOURS:
        return _BY_NEIGHBOURS[piece], piece
    if _DIRECTION.match(piece):
        return _SHOW, f"⟨U+{ord(piece):04X}⟩"
    if _INVISIBLE.match(piece):
        return _DROP, ""
    return (_SHOW, piece) if piece in _FLAGS else _by_category(piece)


def _by_category(piece: str) -> tuple[_Kind, str]:
    category = unicodedata.category(piece)
    if category in {"Mn", "Mc", "Me"}:
        return _MARK, piece
    if category == "Cf" and not _VISIBLE_FORMATS.match(piece):
        return _DROP, ""
    if category in {"Zl", "Zp"}:
        return _SHOW, "\n"
    if category == "Cc":
        return _SHOW, _picture(piece)
    is_unknown = category in {"Co", "Cs"} or (category == "Cn" and not _EMOJI_BLOCKS.match(piece))
    return _SHOW, _UNKNOWN if is_unknown else piece


def _picture(control: str) -> str:
    if control == "\t":
        return "    "
    if control == "\x7f":
        return "␡"
    return chr(0x2400 + ord(control)) if control < " " else _UNKNOWN


def _defused(match: re.Match[str]) -> str:
    """Rebuild one run of suspicious characters; its neighbours are ordinary ones, or none."""
    run = _Run(match.string[match.start() - 1 : match.start()])
    for piece in _PIECES.findall(match[0]):
        run.take(*_look(piece))
    return run.done(match.string[match.end() : match.end() + 1])


class _Run:
    """A run as it is let out, with what the next character must know of it."""

    __slots__ = ("_before", "_held", "_marks", "_out")

    def __init__(self, before: str) -> None:
        self._out: list[str] = []
        self._before = before  # the last character let out
        self._held = ""  # a joiner or a selector that depends on what follows
        self._marks = 0

    def take(self, kind: _Kind, text: str) -> None:
        """One more character."""
        if kind is _SHOW:
            self._release(text)
            self._let_out(text)
            self._marks = 0
        elif kind is _MARK:
            self._pile(text)
        elif kind is _SELECTOR and not self._held:
            self._select(text)
        elif kind is _JOINER and not self._held:
            self._join(text)

    def done(self, following: str) -> str:
        """All that may be shown of the run, before this character or the end."""
        self._release(following)
        return "".join(self._out)

    def _let_out(self, text: str) -> None:
        self._out.append(text)
        self._before = text[-1]

    def _release(self, following: str) -> None:
        held, self._held = self._held, ""
        if held and self._joins(held, following[:1]):
            self._marks += held in _SELECTORS
            self._let_out(held)

    def _joins(self, held: str, following: str) -> bool:
        if held in _SELECTORS:
            return following == _KEYCAP
        if _JOINING.match(self._before) and _JOINING.match(following):
            return True
        before_is_emoji = _EMOJI.match(self._before) or self._before in _SELECTORS or self._before == _FLAGS[0][-1]
        return held == _ZWJ and bool(before_is_emoji and _EMOJI.match(following))

    def _pile(self, mark: str) -> None:
        if self._marks < _MOST_MARKS:
            self._release(mark)
            self._let_out(mark)
        elif self._marks == _MOST_MARKS:
            self._held = ""
            self._let_out("…")
        self._marks += 1

    def _select(self, selector: str) -> None:
        if _EMOJI.match(self._before):
            self._marks += 1
            self._let_out(selector)
        elif self._before in _KEYCAP_BASES:
            self._held = selector

    def _join(self, joiner: str) -> None:
        if self._before and unicodedata.combining(self._before) == _VIRAMA:
            self._let_out(joiner)
        else:
            self._held = joiner
