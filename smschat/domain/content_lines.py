r"""Content lines, the form of business cards and calendars: vCard 2.1 to 4.0, vCalendar 1.0 and iCalendar.

The rule: nothing is refused. What is no content line is left out, what cannot be decoded stays as it came, and every
text costs time in proportion to its length.

Sources: RFC 5545 §3.1 and RFC 6350 §3.2 (folding, parameters, escapes), RFC 6868 (`^` in parameters), vCard 2.1 and
vCalendar 1.0 (bare parameters, quoted-printable with soft line breaks, base64 that ends with an empty line).
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OLD: Final = re.compile(r"^[ \t]*VERSION[ \t]*:[ \t]*(?:2\.1|1\.0)[ \t\r]*$", re.IGNORECASE | re.MULTILINE)
_HEAD: Final = re.compile(r'(?:[^":]|"[^"]*")*', re.DOTALL)
_PIECES: Final = re.compile(r'(?:[^";]|"[^"]*")+')
_NAME: Final = re.compile(r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)", re.ASCII)
_ESCAPES: Final = re.compile(r"\\(.)", re.DOTALL)
_OLD_ESCAPES: Final = re.compile(r"\\([;,:])")
_ESCAPE_OR_END: Final = re.compile(r"\\.|;", re.DOTALL)
_CARETS: Final = re.compile(r"\^([n'^])")
_CHARSET: Final = re.compile(
    r"(?:utf-?8|us-ascii|iso-?8859-\d{1,2}|latin-?[19]|windows-125\d|cp125\d|koi8-[ru]|gb2312|gbk|gb18030|big5"
    r"|shift_jis|euc-(?:jp|kr))",
    re.IGNORECASE,
)
_ENCODINGS: Final = frozenset({"QUOTED-PRINTABLE", "BASE64", "B"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentLine:
    """One property of a card or a calendar.

    Attributes:
        name: upper case, without a group (`item1.TEL` is `TEL`).
        parameters: names in upper case; the bare ones of vCard 2.1 are of the name `TYPE`; values are not empty.
        value: decoded, its escapes still in place; empty for binary values, which `octets` counts.
        octets: how long a binary value is; None for text.
        is_old: of vCard 2.1 or vCalendar 1.0, which escape less.
    """

    name: str
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    value: str = field(repr=False)
    octets: int | None = None
    is_old: bool = False

    def text(self) -> str:
        """The value with its escapes undone."""
        return _unescaped(self.value, is_old=self.is_old)

    def fields(self) -> tuple[str, ...]:
        """The components of a structured value (`N`, `ADR`, `ORG`), escapes undone; empty ones stay."""
        return tuple(_unescaped(piece, is_old=self.is_old) for piece in _split_at_semicolons(self.value))

    def kinds(self) -> tuple[str, ...]:
        """What its `TYPE` says, in lower case: `cell`, `work`."""
        said = (kind for value in self.parameters.get("TYPE", ()) for kind in value.split(","))
        return tuple(dict.fromkeys(kind.strip().lower() for kind in said if kind.strip()))


def read(text: str) -> tuple[ContentLine, ...]:
    """Every content line of a text, in its order; whatever else stands in it is left out."""
    is_old = _OLD.search(text) is not None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    return tuple(line for raw in _whole(_unfolded(lines, is_old=is_old)) if (line := _line(raw, is_old=is_old)))


def _unfolded(lines: list[str], *, is_old: bool) -> Iterator[str]:
    """A line that begins with white space goes on the one before; the old formats keep that white space."""
    whole: list[str] = []
    for line in lines:
        if whole and line.startswith((" ", "\t")):
            whole.append(line if is_old else line[1:])
            continue
        if whole:
            yield "".join(whole)
        whole = [line]
    yield "".join(whole)


def _whole(lines: Iterator[str]) -> Iterator[str]:
    """Join what soft line breaks of quoted-printable keep apart."""
    for line in lines:
        pieces = [line]
        if _is_quoted_printable(line):
            while pieces[-1].endswith("=") and (following := next(lines, None)) is not None:
                pieces[-1] = pieces[-1][:-1]
                pieces.append(following)
        yield "".join(pieces)


def _is_quoted_printable(line: str) -> bool:
    return "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def _line(raw: str, *, is_old: bool) -> ContentLine | None:
    head = _HEAD.match(raw)
    end = head.end() if head else 0
    name, *pieces = _PIECES.findall(raw[:end]) or [""]
    named = _NAME.fullmatch(name.strip())
    if named is None or raw[end : end + 1] != ":":
        return None
    parameters = _parameters(pieces)
    value, octets = _decoded(raw[end + 1 :], parameters)
    return ContentLine(name=named[1].upper(), parameters=parameters, value=value, octets=octets, is_old=is_old)


def _parameters(pieces: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for piece in pieces:
        name, equals, value = piece.partition("=")
        if not equals:
            bare = piece.strip()
            name, value = ("ENCODING" if bare.upper() in _ENCODINGS else "TYPE"), bare
        value = _CARETS.sub(lambda match: {"n": "\n", "'": '"', "^": "^"}[match[1]], value.replace('"', "").strip())
        if value:
            found[name.strip().upper()] = (*found.get(name.strip().upper(), ()), value)
    return found


def _decoded(value: str, parameters: Mapping[str, tuple[str, ...]]) -> tuple[str, int | None]:
    encoding = parameters.get("ENCODING", ("",))[0].upper()
    if encoding in {"BASE64", "B"}:
        return "", len(re.sub(r"[\s=]", "", value)) * 3 // 4
    if value[:5].lower() == "data:" and ";base64," in value:
        return "", len(value.partition(";base64,")[2].rstrip("=")) * 3 // 4
    if encoding == "QUOTED-PRINTABLE":
        octets = binascii.a2b_qp(value.encode("utf-8", "surrogatepass"))
        return as_text(octets, parameters.get("CHARSET", ("",))[0]), None
    return value, None


def as_text(octets: bytes, charset: str = "") -> str:
    """Octets as text: by the charset if it is one of the usual ones, else UTF-8, else ISO 8859-1, which reads all."""
    for name in (charset, "utf-8"):
        if _CHARSET.fullmatch(name):
            try:
                return octets.decode(name)
            except (UnicodeDecodeError, LookupError):
                continue
    return octets.decode("latin-1")


def _unescaped(text: str, *, is_old: bool) -> str:
    if is_old:
        return _OLD_ESCAPES.sub(r"\1", text)
    return _ESCAPES.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)


def _split_at_semicolons(value: str) -> list[str]:
    ends = [match.start() for match in _ESCAPE_OR_END.finditer(value) if match[0] == ";"]
    return [value[start + 1 : end] for start, end in zip([-1, *ends], [*ends, len(value)], strict=True)]
