"""The text of an SMS from an argument or from standard input."""

from __future__ import annotations

import sys

from smschat.errors import UsageError


def text_of(argument: str | None) -> str:
    """The argument itself; for '-' or none, standard input without its final line break.

    Raises:
        UsageError: nothing was given and standard input is a terminal, or the input is not UTF-8.
    """
    if argument is not None and argument != "-":
        return argument
    if argument is None and sys.stdin.isatty():
        raise UsageError("there is no text", hint="write it after the number, or pipe it in with '-'")
    try:
        text = sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise UsageError("the input is not UTF-8", hint="convert it first, for example with iconv") from error
    return text.removesuffix("\n").removesuffix("\r")
