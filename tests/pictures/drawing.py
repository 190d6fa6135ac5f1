"""A shot drawn: every cell at its own place, with fonts that come with the packages of the dev group.

The rule: no font of the machine is asked; what the monospace font has not, or not well, is drawn here or comes from a
font that is named.
"""

from __future__ import annotations

import struct
import zlib
from importlib.resources import files
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

import resvg_py
from rich.cells import cell_len, split_graphemes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.pictures.shot import Look, Patch, Run, Shot

CELL_WIDTH: Final = 16
"""Pixels of the picture; twice what a page shows, for screens with a fine grid."""

CELL_HEIGHT: Final = 33
_SIZE: Final = CELL_WIDTH / 0.6
_BASE_LINE: Final = 24.5
_BORDER: Final = 22
_HEAD: Final = 52

_MONO: Final = "Fira Code"
_EMOJI: Final = "Noto Emoji"
_ARABIC: Final = "Noto Sans Arabic"
_FONTS: Final = (
    ("fontpkg_fira_code", "files/FiraCode[wght].ttf"),
    ("manimgx_fonts", "NotoEmoji[wght].ttf"),
    ("manimgx_fonts", "NotoSansArabic[wght].ttf"),
)

_SIGNS: Final = {
    "✓": "M2.5 17.5 L6.5 22 L13.5 11",
    "✗": "M3.5 12 L12.5 22 M12.5 12 L3.5 22",
    "✎": "M3 23 L4 18.5 L11.5 11 L15 14.5 L7.5 22 Z M9.5 13 L13 16.5",
}
"""Strokes within a cell for signs that Fira Code lacks, or shows as another."""

_DIGEST: Final = b"smschat-screen"
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def png(shot: Shot, title: str = "smschat demo") -> bytes:
    """The picture, with the digest of what it shows inside; the title is the window's."""
    fonts = [str(files(package).joinpath(*path.split("/"))) for package, path in _FONTS]
    picture = bytes(
        resvg_py.svg_to_bytes(svg_string=svg(shot, title), skip_system_fonts=True, font_files=fonts, font_family=_MONO)
    )
    head = len(_SIGNATURE) + 25
    return picture[:head] + _chunk(b"tEXt", _DIGEST + b"\0" + shot.digest().encode()) + picture[head:]


def digest_of(picture: bytes) -> str | None:
    """The digest of what a picture shows; None: it has none."""
    at = len(_SIGNATURE)
    while at < len(picture):
        length, kind = struct.unpack_from(">I4s", picture, at)
        key, _, value = picture[at + 8 : at + 8 + length].partition(b"\0")
        if (kind, key) == (b"tEXt", _DIGEST):
            return value.decode()
        at += length + 12
    return None


def svg(shot: Shot, title: str = "smschat demo") -> str:
    """The window as a drawing."""
    width = shot.columns * CELL_WIDTH + 2 * _BORDER
    height = shot.rows * CELL_HEIGHT + _HEAD + _BORDER
    color = shot.patches[0].color
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">',
            f'<style>text {{ font-family: "{_MONO}"; font-size: {_SIZE:.3f}px }}</style>',
            f'<rect x="1" y="1" width="{width - 2}" height="{height - 2}" rx="16" fill="{color}" ',
            'stroke="#808890" stroke-opacity="0.5" stroke-width="2"/>',
            *(f'<circle cx="{34 + 28 * dot}" cy="28" r="8" fill="#808890" fill-opacity="0.6"/>' for dot in range(3)),
            f'<text x="{width / 2}" y="36" text-anchor="middle" fill="#808890">{escape(title)}</text>',
            *(_row(shot, row) for row in range(shot.rows)),
            "</svg>",
        )
    )


def _row(shot: Shot, row: int) -> str:
    """One row, cut off at its edges."""
    place = f'x="{_BORDER}" y="{_HEAD + row * CELL_HEIGHT}"'
    return "".join(
        (
            f'<svg {place} width="{shot.columns * CELL_WIDTH}" height="{CELL_HEIGHT}">',
            *(_patch(patch) for patch in shot.patches if patch.row == row),
            *(_run(run) for run in shot.runs if run.row == row),
            "</svg>",
        )
    )


def _patch(patch: Patch) -> str:
    width = patch.cells * CELL_WIDTH
    return f'<rect x="{patch.column * CELL_WIDTH}" width="{width}" height="{CELL_HEIGHT}" fill="{patch.color}"/>'


def _run(run: Run) -> str:
    """A run in pieces: what stands in the grid together, and each of the others by itself."""
    pieces: list[str] = []
    for column, text, kind in _pieces(run):
        x, look = column * CELL_WIDTH, run.look
        match kind:
            case "sign":
                pieces.append(_sign(x, text, look))
            case "emoji":
                pieces.append(_emoji(x, text, look))
            case "arabic":
                pieces.append(_shaped(x, text, look))
            case _:
                pieces.append(_grid(x, text, look))
    return "".join(pieces) + _lines(run)


def _pieces(run: Run) -> Iterator[tuple[int, str, str]]:
    """Column, text and kind of each piece; neighbours of one kind are one piece, but for signs and emoji."""
    column, text, kind, start = run.column, "", "", run.column
    for cluster, cells in _clusters(run.text):
        of_kind = "arabic" if cluster == " " and kind == "arabic" else _kind(cluster, cells)
        if text and (of_kind != kind or kind in {"sign", "emoji"}):
            yield start, text, kind
            text, start = "", column
        text, kind, column = text + cluster, of_kind, column + cells
    if text:
        yield start, text, kind


def _clusters(text: str) -> Sequence[tuple[str, int]]:
    spans, _ = split_graphemes(text)
    return [(text[start:end], cells) for start, end, cells in spans]


def _kind(cluster: str, cells: int) -> str:
    if cluster in _SIGNS:
        return "sign"
    if cells > 1:
        return "emoji"
    return "arabic" if "\u0600" <= cluster[0] <= "\u06ff" else "grid"


def _grid(x: int, text: str, look: Look) -> str:
    """Every character in a cell of its own, so that no ligature is made and no font's width counts."""
    shown = [(str(x + CELL_WIDTH * number), character) for number, character in enumerate(text) if character != " "]
    places, characters = " ".join(place for place, _ in shown), "".join(character for _, character in shown)
    return f'<text x="{places}" y="{_BASE_LINE}"{_styled(look)}>{escape(characters)}</text>'


def _emoji(x: int, text: str, look: Look) -> str:
    """In the middle of its cells."""
    middle = x + cell_len(text) * CELL_WIDTH / 2
    return f'<text x="{middle}" y="{_BASE_LINE}" text-anchor="middle"{_of(_EMOJI)}{_styled(look)}>{escape(text)}</text>'


def _shaped(x: int, text: str, look: Look) -> str:
    """A text whose letters join, from the left of its cells on."""
    return f'<text x="{x}" y="{_BASE_LINE}"{_of(_ARABIC)}{_styled(look)}>{escape(text)}</text>'


def _of(font: str) -> str:
    style = f'font-family: "{font}"; font-size: {_SIZE * 0.9:.2f}px'
    return f" style={quoteattr(style)}"


def _sign(x: int, text: str, look: Look) -> str:
    width = 3.2 if look.is_bold else 2.2
    return (
        f'<path transform="translate({x} 0)" d="{_SIGNS[text]}" fill="none" stroke="{look.color}" '
        f'stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _styled(look: Look) -> str:
    bold = ' font-weight="700"' if look.is_bold else ""
    slanted = ' font-style="italic"' if look.is_italic else ""
    return f' fill="{look.color}"{bold}{slanted}'


def _lines(run: Run) -> str:
    """What goes along under, or through, all of a run."""
    heights = [_BASE_LINE + 4] * run.look.is_underlined + [_BASE_LINE - 8] * run.look.is_struck
    x, width = run.column * CELL_WIDTH, cell_len(run.text) * CELL_WIDTH
    return "".join(f'<rect x="{x}" y="{y}" width="{width}" height="2" fill="{run.look.color}"/>' for y in heights)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
