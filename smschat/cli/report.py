"""What a check found, as `login` and `doctor` print it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.cli import output
from smschat.domain.checks import Finding, fault_of
from smschat.domain.text import shown

if TYPE_CHECKING:
    from smschat.domain.checks import Check
    from smschat.errors import SmschatError

MARKS: Final = {Finding.OK: "✓", Finding.NOTE: "·", Finding.UNKNOWN: "?", Finding.FAULT: "✗"}


def plain(check: Check) -> dict[str, str]:
    """A check as a document."""
    return {"name": check.name, "finding": check.finding.value, "text": check.text, "fix": check.fix}


def lines(check: Check) -> list[str]:
    """A check for people: its mark, its name unless the text has it, its text, and the fix on a line of its own."""
    named = check.text if check.name in check.text else f"{check.name}: {check.text}"
    said = [f"{MARKS[check.finding]} {named}", *([f"  {check.fix}"] if check.fix else [])]
    return [shown(text, multiline=False) for text in said]


class Report:
    """What was found and stored: a line each, or one document at the end.

    Faults go to standard error, with everything when standard output is for the document.
    """

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self.checks: list[Check] = []

    def tell(self, *checks: Check) -> None:
        """Keep and print them."""
        self.checks += checks
        for check in checks:
            say = output.note if self._as_json or check.is_fault else output.line
            for line in lines(check):
                say(line)

    def fail(self, name: str, error: SmschatError) -> int:
        """Tell of an error; its exit code."""
        self.tell(fault_of(name, error))
        return error.exit_code

    def end(self, code: int) -> int:
        """The document, where one is asked for; the exit code."""
        if self._as_json:
            output.document({"ok": code == 0, "checks": [plain(check) for check in self.checks]})
        return code
