"""Questions on a terminal: asked on standard error, answered by a line.

The rule: Enter keeps what is there and was shown, `-` skips the step, and what is secret is neither shown nor echoed.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from smschat.cli import output

if TYPE_CHECKING:
    from collections.abc import Sequence

SKIP: Final = "-"
_YES: Final = frozenset({"y", "yes", "j", "ja"})


class SkippedError(Exception):
    """The user skips this step."""


def ask(question: str, *, present: str | None = None) -> str:
    """A line of text; asked again until there is one.

    Args:
        present: what Enter keeps; None: nothing is there, so Enter is no answer.

    Raises:
        SkippedError: the answer is `-`.
        KeyboardInterrupt: the input has ended.
    """
    shown = f" [{present}]" if present else ""
    while True:
        text = _line(f"{question}{shown}: ") or present
        if text == SKIP:
            raise SkippedError
        if text:
            return text


def ask_hidden(question: str, *, present: str | None = None) -> str | None:
    """A line that is not echoed; None when Enter keeps what is there.

    Args:
        present: where the value comes from that Enter keeps, in words; None: there is none.

    Raises:
        SkippedError: the answer is `-`.
        KeyboardInterrupt: the input has ended.
    """
    import getpass  # noqa: PLC0415 - only where something secret is asked for

    shown = f" [kept: {present}]" if present else ""
    while True:
        try:
            text = getpass.getpass(f"{question}{shown}, not shown: ", stream=sys.stderr).strip()
        except EOFError:
            raise KeyboardInterrupt from None
        if text == SKIP:
            raise SkippedError
        if text or present:
            return text or None


def choose(question: str, choices: Sequence[str], *, present: str) -> str:
    """One of a few words; the beginning of one is enough."""
    while True:
        text = ask(f"{question} ({', '.join(choices)})", present=present).lower()
        found = [choice for choice in choices if choice.startswith(text)]
        if len(found) == 1:
            return found[0]
        output.note(f"  one of: {', '.join(choices)}")


def agrees(question: str) -> bool:
    """Whether the user says yes; Enter is a no."""
    return _line(f"{question} [y/N] ").lower() in _YES


def _line(prompt: str) -> str:
    print(prompt, end="", file=sys.stderr, flush=True)  # noqa: T201 - a question has no line end
    line = sys.stdin.readline()
    if not line:
        raise KeyboardInterrupt
    return line.strip()
