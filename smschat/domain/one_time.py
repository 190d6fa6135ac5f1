"""The one-time code in the text of an SMS, to be copied by one key.

The rule: a code is named as one in the text, or bound to a site; a price, a year, a date or a telephone number is none.
Where two could be meant the one nearest to the word counts.

Source: the origin-bound format of one-time codes in SMS (WICG, `@host #code`), and what services write.
"""

from __future__ import annotations

import re
from typing import Final

_BOUND: Final = re.compile(r"^@[\w.-]+ #([A-Za-z0-9]{4,10})\b", re.MULTILINE)
_WORDS: Final = re.compile(
    r"\b(?:(?:\w*(?:code|kode|koodi|codice|c[oó]digo|kod))|otp|pin|tan|passcode|password|wachtwoord|passwort|"
    r"kennwort|contrase[nñ]a|mot de passe|senha|has[lł]o|verification|verificatie\w*|bevestiging\w*|"
    r"authenti\w+|login|inlog\w*|sign.?in|log.?in|код|пароль)\b",
    re.IGNORECASE,
)
_CODE: Final = re.compile(
    r"(?<![\w.,:/+#€$£@-])(?:[A-Z]{1,3}-)?(\d{3}[- ]\d{3}|\d{4,8}|(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{6,8})"
    r"(?![\w%/€$£@-]|[.,:]\d)"
)
_MONEY: Final = re.compile(r"(?:€|\$|£|EUR|USD|GBP)\s?$", re.IGNORECASE)
_AFTER_MONEY: Final = re.compile(r"^\s?(?:€|euro|EUR|USD|GBP|minut|min\b|sec|uur|hour|times|keer)", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_NEAR: Final = 60
"""Characters between the word and the code."""


def code_of(text: str) -> str | None:
    """The code without spaces and dashes; None: there is none."""
    bound = _BOUND.search(text)
    if bound:
        return bound[1]
    words = [match.span() for match in _WORDS.finditer(text)]
    candidates = [match for match in _CODE.finditer(text) if _may_be(match, text)]
    ranked = sorted(
        (distance, match.start(), match)
        for match in candidates
        if (distance := min((_distance(match, span) for span in words), default=_NEAR + 1)) <= _NEAR
    )
    return re.sub(r"[- ]", "", ranked[0][2][1]) if ranked else None


def _distance(match: re.Match[str], span: tuple[int, int]) -> int:
    start, end = span
    return max(start - match.end(), match.start() - end, 0)


def _may_be(match: re.Match[str], text: str) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    if _MONEY.search(before) or _AFTER_MONEY.search(after):
        return False
    return not _YEAR.fullmatch(match[1]) or bool(re.search(r"(?:is|:|=)\s*$", before))
