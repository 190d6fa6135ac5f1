"""What the set-up says: one title and one explanation for each step, and how a check reads; pure.

The rule: KPN's and ngrok's own names of things, so that what is read here is found there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content

from smschat.domain.checks import Check, Finding
from smschat.ui.render import safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smschat.ui.render import Marks

TITLES: Final = {
    "account": "Your project at KPN",
    "number": "Your number",
    "tunnel": "How answers reach you",
    "trip": "One SMS there and back",
    "ready": "Ready",
}

WHY: Final = {
    "account": (
        "smschat sends through your own project at developer.kpn.com, with the product “SMS - Vonage” in it. Open the "
        "project there: it shows the client ID and the client secret."
    ),
    "number": (
        "SMS go out from this number, and answers come back to it. KPN gives a test account no number of its own: "
        "there it is your own phone."
    ),
    "tunnel": (
        "KPN's gateway hands over answers and delivery receipts at a public address. ngrok gives this machine one for "
        "as long as smschat runs."
    ),
    "trip": ("smschat sends one SMS to your own phone, and you answer it. That proves every part, and costs one SMS."),
    "ready": "Everything can be changed later: ctrl+p in the chat, “Set up the account”.",
}

NO_ACCOUNT: Final = "No account yet? `smschat demo` shows everything."

_SPELLED: Final = str.maketrans({"“": '"', "”": '"', "\u2019": "'", "…": "...", "→": ">", "·": "-", "\u2013": "-"})

_SMALL: Final = frozenset({"smschat", "ngrok"})
_CODE: Final = "$secondary"

_UNICODE: Final = {Finding.OK: "✓", Finding.NOTE: "·", Finding.UNKNOWN: "?", Finding.FAULT: "✗"}
_ASCII: Final = {Finding.OK: "v", Finding.NOTE: "-", Finding.UNKNOWN: "?", Finding.FAULT: "x"}


def mark_of(finding: Finding, marks: Marks) -> str:
    """The sign of a finding, one cell; different for each."""
    return (_ASCII if marks.ascii else _UNICODE)[finding]


def spelled(text: str, marks: Marks) -> str:
    """A text of ours in the signs that the terminal has."""
    return text.translate(_SPELLED) if marks.ascii else text


def sentence(text: str) -> str:
    """A text of ours as a sentence: a capital at its beginning, a full stop at its end, and nothing that deceives.

    What begins with an address or a name that is written small stays as it is.
    """
    shown = safe(text.strip())
    first = shown.partition(" ")[0]
    if not any(sign in first for sign in "./:_`") and first not in _SMALL:
        shown = shown[:1].upper() + shown[1:]
    return shown if not shown or shown[-1] in ".!?…:" else f"{shown}."


def inked(lines: Sequence[str], style: str) -> list[Content]:
    """Lines of one text, with what stands between backticks in another ink instead of them."""
    inked_lines: list[Content] = []
    is_code = False
    for line in lines:
        pieces: list[tuple[str, str]] = []
        for number, piece in enumerate(line.split("`")):
            is_code ^= number > 0
            pieces.append((piece, f"{style} {_CODE}" if is_code else style))
        inked_lines.append(Content.assemble(*pieces))
    return inked_lines


def missing(name: str, what: str) -> Check:
    """Something that has to be filled in first."""
    return Check(name=name, finding=Finding.NOTE, text=what)
