"""What a screen shows, as plain values: read back from the picture that Textual exports.

The rule: a shot holds cells and colours only, so that equal screens are equal shots on every machine.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_CELL_WIDTH: Final = 12.2
_CELL_HEIGHT: Final = 24.4
_SVG: Final = "{http://www.w3.org/2000/svg}"
_CLASS: Final = re.compile(r"\.terminal-\d+-(r\d+) \{ ([^}]*) \}")
_BLANK: Final = "\xa0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a text is written."""

    color: str
    is_bold: bool = False
    is_italic: bool = False
    is_underlined: bool = False
    is_struck: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A text in one look; row and column count from 0."""

    row: int
    column: int
    text: str
    look: Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A background over some cells of a row."""

    row: int
    column: int
    cells: int
    color: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A whole screen."""

    columns: int
    rows: int
    runs: tuple[Run, ...]
    patches: tuple[Patch, ...]

    def digest(self) -> str:
        """The same for the same screen, on every machine."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def text(self) -> str:
        """What a person reads, row by row."""
        rows = [""] * self.rows
        for run in self.runs:
            rows[run.row] += " " * (run.column - cell_len(rows[run.row])) + run.text
        return "\n".join(rows)


def shot(svg: str, *, columns: int, rows: int) -> Shot:
    """Read a picture that Textual exported."""
    looks = {name: _look(css) for name, css in _CLASS.findall(svg)}
    root = ET.fromstring(svg)
    return Shot(
        columns=columns,
        rows=rows,
        runs=tuple(_runs(root, looks)),
        patches=tuple(_joined(_patches(root))),
    )


def _look(css: str) -> Look:
    rules = dict(rule.strip().split(": ", 1) for rule in css.split(";") if rule.strip())
    decoration = rules.get("text-decoration", "")
    return Look(
        color=rules["fill"],
        is_bold=rules.get("font-weight") == "bold",
        is_italic=rules.get("font-style") == "italic",
        is_underlined="underline" in decoration,
        is_struck="line-through" in decoration,
    )


def _runs(root: ET.Element, looks: Mapping[str, Look]) -> Iterator[Run]:
    for text in root.iter(f"{_SVG}text"):
        shown = (text.text or "").rstrip("\n").replace(_BLANK, " ")
        if shown and _class(text) in looks:
            yield Run(
                row=int(float(text.attrib["y"]) // _CELL_HEIGHT),
                column=round(float(text.attrib["x"]) / _CELL_WIDTH),
                text=shown,
                look=looks[_class(text)],
            )


def _patches(root: ET.Element) -> Iterator[Patch]:
    for rect in root.iter(f"{_SVG}rect"):
        if "shape-rendering" in rect.attrib:
            yield Patch(
                row=int(float(rect.attrib["y"]) // _CELL_HEIGHT),
                column=round(float(rect.attrib["x"]) / _CELL_WIDTH),
                cells=round(float(rect.attrib["width"]) / _CELL_WIDTH),
                color=rect.attrib["fill"],
            )


def _joined(patches: Iterable[Patch]) -> Iterator[Patch]:
    """The same cells, with neighbours of one colour as one patch: where a text ends is not to be seen."""
    last: Patch | None = None
    for patch in patches:
        if last is None:
            last = patch
        elif (last.row, last.column + last.cells, last.color) == (patch.row, patch.column, patch.color):
            last = replace(last, cells=last.cells + patch.cells)
        else:
            yield last
            last = patch
    if last is not None:
        yield last


def _class(element: ET.Element) -> str:
    return element.attrib.get("class", "").rpartition("-")[2]
