"""The README's comparison: what it says of smschat is the name of a test, and that test exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SECTION = README[README.index("## Beside other programs") :].split("\n## ")[0]
ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in SECTION.splitlines()
    if line.startswith("|") and not line.startswith("|---")
][1:]
TESTS = {
    name
    for file in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_smschat_can_do_is_the_name_of_a_test(row: list[str]) -> None:
    named = re.findall(r"`(test_\w+)`", row[1])
    assert named, row[0]
    assert set(named) <= TESTS, row[0]


def test_every_row_tells_of_every_program() -> None:
    assert len(ROWS) > 30
    assert {len(row) for row in ROWS} == {7}
    assert all(cell for row in ROWS for cell in row)
