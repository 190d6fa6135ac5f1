"""An export as a file of JSON: written piece by piece, and read piece by piece, however long it is.

The rule: one document, `smschat_export` first and an entry on each line; read whatever way it is laid out, as long as
the version comes first.
"""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

from smschat.domain.archive import VERSION, Entry, Section
from smschat.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator
    from typing import TextIO

MARK: Final = "smschat_export"
LONGEST_ENTRY: Final = 64 * 1024 * 1024
"""Characters of one entry at most; a long SMS with all its callbacks has some 100,000."""

_CHUNK: Final = 64 * 1024
_SPACE: Final = " \t\r\n"
_CONTROLS: Final = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}
"""What JSON lets through as it is, and a terminal may take for a command: DEL and C1, as escapes of JSON."""

_HINT: Final = "nothing was imported; the file may be damaged or cut off: export again"
_DECODER: Final = json.JSONDecoder()


async def written(pages: AsyncGenerator[list[Entry], None]) -> AsyncGenerator[str, None]:
    """The text of an export, in pieces; the entries come in the order of the sections."""
    layout = _Layout()
    yield f'{{\n "{MARK}": {VERSION}'
    async with aclosing(pages):
        async for page in pages:
            yield "".join(layout.text_of(entry) for entry in page)
    yield layout.end()


class _Layout:
    """Where the text of an export is: which section is open, and which are still to come."""

    def __init__(self) -> None:
        self._ahead = list(Section)
        self._open: Section | None = None
        self._is_empty = True

    def text_of(self, entry: Entry) -> str:
        """An entry on a line of its own, in its section."""
        before = ""
        while self._open is not entry.section:
            before += self._next_section()
        text = json.dumps(entry.document, ensure_ascii=False).translate(_CONTROLS)
        comma = "" if self._is_empty else ","
        self._is_empty = False
        return f"{before}{comma}\n  {text}"

    def end(self) -> str:
        """What is left: the sections without an entry, and the end of the document."""
        return "".join(self._next_section() for _ in range(len(self._ahead))) + "\n ]\n}\n"

    def _next_section(self) -> str:
        end = "" if self._open is None else "\n ]"
        self._open, self._is_empty = self._ahead.pop(0), True
        return f'{end},\n "{self._open}": ['


def entries(file: TextIO) -> Iterator[Entry]:
    """The entries of an export.

    Raises:
        ArchiveError: it is no export of smschat, one of a newer one, or damaged; the message names the line.
    """
    source = _Source(file)
    if not source.has("{") or source.key() != MARK:
        raise _no_export()
    _check_version(source.value())
    while source.has(","):
        name = source.key()
        if name in {section.value for section in Section}:
            yield from _section(source, Section(name))
        else:
            source.value()
    if not source.has("}") or not source.is_at_end():
        raise source.damaged()


def _section(source: _Source, section: Section) -> Iterator[Entry]:
    if not source.has("["):
        raise source.damaged()
    number = 0
    while not source.has("]"):
        if number and not source.has(","):
            raise source.damaged()
        number += 1
        yield Entry(section=section, document=source.value(), number=number)


def _check_version(version: object) -> None:
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise _no_export()
    if version > VERSION:
        raise ArchiveError(
            f"the export has version {version}, and this smschat knows {VERSION}",
            hint="update smschat; nothing was imported",
            code="archive_newer",
        )


def _no_export() -> ArchiveError:
    return ArchiveError(
        "the file is no export of smschat",
        hint="`smschat export --format json` makes one; a file of contacts goes to `smschat contacts import`",
        code="archive_not_ours",
    )


class _Source:
    """A text that is taken value by value, and held only as far as it is needed."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self._place = 0
        self._lines = 1
        self._has_ended = False

    def has(self, mark: str) -> bool:
        """Whether the next character is this one; it is taken then."""
        if self._next() != mark:
            return False
        self._place += 1
        return True

    def key(self) -> str:
        """The name in front of a value, its colon taken too."""
        name = self.value()
        if not isinstance(name, str) or not self.has(":"):
            raise self.damaged()
        return name

    def value(self) -> Any:
        """The next value, whatever it is."""
        self._next()
        more = _CHUNK
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._place)
            except (ValueError, RecursionError) as error:
                if (
                    self._has_ended
                    or len(self._text) - self._place > LONGEST_ENTRY
                    or isinstance(error, RecursionError)
                ):
                    raise self.damaged() from error
            else:
                if end < len(self._text) or self._has_ended:
                    self._place = end
                    return value
            self._read(more)
            more *= 2

    def is_at_end(self) -> bool:
        """Whether nothing but white space is left."""
        return self._next() == ""

    def damaged(self) -> ArchiveError:
        """The error that names the line."""
        line = self._lines + self._text.count("\n", 0, self._place)
        return ArchiveError(f"line {line} of the export is damaged", hint=_HINT, code="archive_damaged")

    def _next(self) -> str:
        """The next character that is no white space; empty at the end."""
        while True:
            while self._place < len(self._text):
                if self._text[self._place] not in _SPACE:
                    return self._text[self._place]
                self._place += 1
            if self._has_ended:
                return ""
            self._read(_CHUNK)

    def _read(self, characters: int) -> None:
        self._lines += self._text.count("\n", 0, self._place)
        self._text = self._text[self._place :]
        self._place = 0
        try:
            more = self._file.read(characters)
        except UnicodeDecodeError as error:
            raise ArchiveError("the file is not UTF-8", hint=_HINT, code="archive_damaged") from error
        self._has_ended = not more
        self._text += more
