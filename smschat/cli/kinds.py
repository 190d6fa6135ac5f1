"""The kind of SMS that the flags of `send` tell: its text from where it is, and its options in the wire's units.

The rule: flags that do not go together are a mistake of the command line; what a value may be, `compose` knows.
"""

from __future__ import annotations

import codecs
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from smschat.cli.texts import text_of
from smschat.domain.sms import SmsOptions, SmsType
from smschat.errors import UsageError
from smschat.messaging.compose import Extras
from smschat.messaging.kinds import AUTO

if TYPE_CHECKING:
    import argparse
    from typing import BinaryIO

STDIN: Final = "-"

_MOST_OCTETS: Final = 1 << 20
"""Read of a file; far above what the gateway takes."""

_OF_A_KIND: Final = {
    SmsType.BINARY: ("body", "udh", "protocol_id"),
    SmsType.VCARD: ("vcard",),
    SmsType.VCAL: ("vcal",),
    SmsType.WAPPUSH: ("title", "url", "validity"),
}
"""The flags that tell a type, or go with it alone."""


def content_of(flags: argparse.Namespace) -> tuple[str, Extras]:
    """The text (of `vcard` and `vcal`: the card) and everything beside it.

    Raises:
        UsageError: flags that do not go together, or a file that cannot be read.
    """
    given = _given(flags)
    sms_type = _type_of(flags.sms_type, given)
    return _text(flags, sms_type, next(iter(given.values()), f"--type {sms_type}")), Extras(
        sender=flags.sender,
        sms_type=sms_type,
        data=flags.body,
        udh=flags.udh,
        options=SmsOptions(
            ttl_ms=_milliseconds(flags.ttl),
            message_class=flags.message_class,
            protocol_id=flags.protocol_id,
            title=flags.title,
            url=flags.url,
            validity_ms=_milliseconds(flags.validity),
        ),
    )


def _given(flags: argparse.Namespace) -> dict[SmsType, str]:
    """The types that the flags tell, each with the first flag that tells it."""
    given: dict[SmsType, str] = {}
    for kind, names in _OF_A_KIND.items():
        for name in names:
            if getattr(flags, name) is not None:
                given.setdefault(kind, f"--{name.replace('_', '-')}")
    return given


def _type_of(asked: str, given: dict[SmsType, str]) -> str:
    """The type that was asked for, or else the one that its flags tell."""
    if len(given) > 1:
        one, other = list(given.values())[:2]
        raise UsageError(f"{one} and {other} do not go together", hint="an SMS is of one type")
    for kind, flag in given.items():
        if asked not in {AUTO, kind}:
            raise UsageError(f"{flag} does not go with --type {asked}", hint=f"it goes with --type {kind}")
        return kind.value
    return asked


def _text(flags: argparse.Namespace, sms_type: str, told_by: str) -> str:
    path = flags.vcard if flags.vcard is not None else flags.vcal
    if path is None and sms_type not in {SmsType.BINARY, SmsType.WAPPUSH}:
        return text_of(flags.text)
    if flags.text is not None:
        raise UsageError(f"{told_by} does not go with a text", hint="leave one of them out")
    return _card(path) if path is not None else ""


def _card(path: str) -> str:
    """A file as it is, but without the mark that some editors put before UTF-8."""
    name = "the standard input" if path == STDIN else path
    try:
        octets = _beginning(sys.stdin.buffer) if path == STDIN else _beginning_of(Path(path))
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not UTF-8", hint="convert it first, for example with iconv") from error
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "that is no name of a file").lower()
        raise UsageError(f"cannot read {name}: {why}", hint="give a file, or '-' for standard input") from error


def _beginning_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return _beginning(file)


def _beginning(file: BinaryIO) -> bytes:
    """Of what never ends as much as is refused for its length."""
    octets = file.read(_MOST_OCTETS)
    if len(octets) < _MOST_OCTETS:
        return octets
    return codecs.getincrementaldecoder("utf-8")().decode(octets).encode()  # without the character that was cut


def _milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)
