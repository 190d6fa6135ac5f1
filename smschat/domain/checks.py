"""What a check of the set-up found: a line for the set-up screen, for `login` and for `doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Finding(StrEnum):
    """How a part of the set-up is."""

    OK = "ok"
    NOTE = "note"
    """Worth knowing; nothing is wrong."""

    UNKNOWN = "unknown"
    """Could not be found out, and the text says why; nothing is known to be wrong."""

    FAULT = "fault"
    """Something does not work, and `fix` says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One part of the set-up, looked at.

    Attributes:
        name: the part, in the field's words: `client secret`, `tunnel`, `clock`.
        text: one sentence, lower case, no full stop, no secret.
        fix: what to do about it, in the same form; empty where nothing is to be done.
    """

    name: str
    finding: Finding
    text: str
    fix: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether something has to be done."""
        return self.finding is Finding.FAULT


def fault_of(name: str, error: Exception) -> Check:
    """The fault that one of our errors tells of."""
    message = getattr(error, "message", "") or type(error).__name__
    return Check(name=name, finding=Finding.FAULT, text=message, fix=getattr(error, "hint", ""))
