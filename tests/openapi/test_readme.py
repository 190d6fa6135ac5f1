"""The README's table of the whole API: every operation, parameter and field, and only flags that exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.openapi.facts import DEFINITIONS, OPERATIONS

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

DESCRIBED = {
    "/send": ("SendSMSResponseMessage",),
    "/account/numbers": ("number",),
    "delivery-receipt": ("DeliveryReceipt",),
    "inbound-sms": ("InboundMessage",),
}
"""What is described in the rows below which heading of the table."""


def _rows() -> list[list[str]]:
    table = README.partition("\n## The whole API\n")[2].partition("\n## ")[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if line.startswith("| ")]


def _groups() -> dict[str, list[list[str]]]:
    """The rows below each heading, by the operation that it names."""
    groups: dict[str, list[list[str]]] = {}
    for row in _rows()[1:]:
        if row[0].startswith("**"):
            groups[row[0].strip("*").split("`")[1].rpartition(" ")[2]] = []
        else:
            groups[next(reversed(groups))].append(row)
    return groups


def _names(rows: list[list[str]]) -> set[str]:
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row[0])}


@pytest.mark.parametrize("path", OPERATIONS)
def test_every_operation_has_its_parameters_and_its_answer_in_the_table(path: str) -> None:
    operation, groups = OPERATIONS[path], _groups()
    place = path.partition("/sms")[2] or path.partition("/phone-numbers")[2]
    assert {*operation.parameters, *operation.answer} <= _names(groups[place])


@pytest.mark.parametrize("place", DESCRIBED)
def test_every_field_of_an_answer_or_a_callback_is_in_the_table(place: str) -> None:
    for name in DESCRIBED[place]:
        assert set(DEFINITIONS[name]) <= _names(_groups()[place]), name


def test_the_fields_of_an_error_are_in_the_table() -> None:
    assert set(DEFINITIONS["ErrorResponse"]) <= {name for rows in _groups().values() for name in _names(rows)}


def test_every_row_names_a_command_and_a_place() -> None:
    assert [row for row in _rows() if len(row) != 3 or not all(row)] == []


def test_every_flag_of_the_table_is_one_of_its_command() -> None:
    helps: dict[str, str] = {}
    for row in _rows():
        for told in re.findall(r"`([^`]+)`", row[1]):
            words = told.split()
            command = " ".join(word for word in words if re.fullmatch(r"[a-z]+", word))
            for flag in (word for word in words if word.startswith("--") and command):
                if command not in helps:
                    helps[command] = _help(command)
                assert flag in helps[command], told


def _help(command: str) -> str:
    shown = subprocess.run(
        [sys.executable, "-m", "smschat", *command.split(), "--help"], capture_output=True, text=True, check=True
    )
    return shown.stdout
