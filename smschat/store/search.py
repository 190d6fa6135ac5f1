"""Looking for SMS by their words, newest first: the words as FTS5's tokenizer has them, case and accents aside.

How a query is read: what stands in double quotes is a phrase, anything else up to a space a word, `-` before either
one means not. Each becomes a quoted string of FTS5, whose tokenizer takes it apart as it took the texts apart; nothing
that a person types is ever an operator. The last word, or a phrase whose quote is still open, may go on in the text.
Newest first is the order of the index itself, so that a page costs as much as it shows, however many there are.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, Final

from smschat.domain.finding import Hit
from smschat.store import rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from smschat.domain.sms import Sms

LONGEST_QUERY: Final = 10_000
"""Characters that are looked at; no SMS is longer than 255 parts, and nobody types as many."""

_TERM: Final = re.compile(r'(?P<no>-*)(?:"(?P<phrase>[^"]*)(?P<end>"?)|(?P<word>[^\s"]+))')
_IN_WORDS: Final = frozenset("LN")
"""Categories of Unicode that unicode61 takes for parts of words; private use characters are as well."""

_PRIVATE: Final = "Co"
_LARGEST_SEQ: Final = 2**63 - 1

_MARK: Final = os.urandom(8).hex()
MARKS: Final = (f"\ufdd0{_MARK}\ufdd1", f"\ufdd2{_MARK}\ufdd3")
"""What stands around a find in a highlighted text; random, so that no text can contain it."""

_EITHER_MARK: Final = re.compile("|".join(MARKS))

FOUND: Final = (
    "SELECT sms_text.rowid AS seq, highlight(sms_text, 0, ?, ?) AS marked FROM sms_text"
    " WHERE sms_text MATCH ? AND sms_text.rowid < ? ORDER BY sms_text.rowid DESC LIMIT ?"
)
"""Values: `MARKS`, the expression, the `seq` to stop before, how many."""

_FOUND_OF_ONE: Final = (
    "SELECT sms_text.rowid AS seq, highlight(sms_text, 0, ?, ?) AS marked"
    " FROM sms_text CROSS JOIN sms AS s ON s.seq = sms_text.rowid"
    " WHERE sms_text MATCH ? AND sms_text.rowid < ? AND sms_text.rowid >= ? AND s.conversation = ?"
    " ORDER BY sms_text.rowid DESC LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    is_not: bool
    may_go_on: bool


def search(db: sqlite3.Connection, query: str, *, peer: str | None, before: int | None, limit: int) -> list[Hit]:
    """A page of what has these words, of one peer or of all; those just before a `seq`."""
    match = expression(query)
    if match is None:
        return []
    db.execute("BEGIN")  # one look at the store, so that texts and places belong together
    try:
        found = _found(db, match, peer=peer, before=_LARGEST_SEQ if before is None else before, limit=limit)
        return _hits(db, {row["seq"]: row["marked"] for row in found})
    finally:
        db.execute("COMMIT")


def expression(query: str) -> str | None:
    """The query in FTS5's words; None when there is no word in it that must be in the text."""
    terms = list(_terms(query))
    wanted = [term for term in terms if not term.is_not]
    if not wanted:
        return None
    *others, last = wanted
    must = dict.fromkeys([_quoted(term.text) for term in others])
    must_not = dict.fromkeys(_quoted(term.text) for term in terms if term.is_not)
    words = " ".join([*must, _quoted(last.text) + (" *" if last.may_go_on else "")])
    return f"({words}) NOT ({' OR '.join(must_not)})" if must_not else words


def _terms(query: str) -> Iterable[_Term]:
    """What has at least one word in it; a character that SQLite cannot take is a space."""
    clean = query[:LONGEST_QUERY].encode("utf-8", "replace").decode().replace("\0", " ")
    for found in _TERM.finditer(clean):
        text = found["phrase"] if found["word"] is None else found["word"]
        if any(_is_in_words(character) for character in text):
            yield _Term(text, is_not=bool(found["no"]), may_go_on=not found["end"])


def _is_in_words(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in _IN_WORDS or category == _PRIVATE


def _quoted(text: str) -> str:
    """A string of FTS5; a quotation mark cannot be in it."""
    return f'"{text}"'


def _found(db: sqlite3.Connection, match: str, *, peer: str | None, before: int, limit: int) -> Sequence[sqlite3.Row]:
    if peer is None:
        return db.execute(FOUND, (*MARKS, match, before, limit)).fetchall()
    where = db.execute(
        "SELECT conversation, min(seq) AS first FROM sms"
        " WHERE conversation = (SELECT id FROM conversation WHERE peer = ?)",
        (peer,),
    ).fetchone()
    values: tuple[Any, ...] = (match, before, where["first"], where["conversation"], limit)
    return db.execute(_FOUND_OF_ONE, (*MARKS, *values)).fetchall()


def _hits(db: sqlite3.Connection, marked: dict[int, str]) -> list[Hit]:
    numbers = json.dumps(list(marked))
    found = rows.all_sms(db, "WHERE s.seq IN (SELECT value FROM json_each(?)) ORDER BY s.seq DESC", (numbers,))
    names = _names(db, found)
    return [Hit(sms=sms, name=names[sms.peer], spans=spans_of(marked[sms.seq])) for sms in found]


def _names(db: sqlite3.Connection, found: Iterable[Sms]) -> dict[str, str]:
    peers = json.dumps(list({sms.peer for sms in found}))
    return dict(
        db.execute("SELECT peer, name FROM conversation WHERE peer IN (SELECT value FROM json_each(?))", (peers,))
    )


def spans_of(marked: str) -> tuple[tuple[int, int], ...]:
    """Where the finds of a highlighted text are in the text itself, as (start, end) in characters."""
    pieces = _EITHER_MARK.split(marked)
    ends = [0, *accumulate(len(piece) for piece in pieces)]
    return tuple(span for number, span in enumerate(pairwise(ends)) if number % 2)
