"""A setting's value from the text that somebody wrote: one reader for each kind.

Each reader takes text without spaces around it and raises ValueError with the rest of a sentence that begins with the
setting's name. Values may be secret, so no reader repeats the text, except where it is one of a few words.
"""

from __future__ import annotations

import math
import re
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from smschat.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from urllib.parse import SplitResult

E = TypeVar("E", bound=StrEnum)

PASTED_PATH = "/communication/nexmo/sms"
"""The path that KPN's documentation shows as the address of the API."""

_PROFILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_LISTEN = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.%]+)\]|(?P<host>[^\s:/\[\]]+)):(?P<port>\d{1,5})", re.ASCII)
_ADDRESS = re.compile(r"[!-~]+")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.?|[0-9a-f:.]+", re.ASCII)  # RFC 1034, or IPv6
_LOOPBACK = re.compile(r"localhost|127(?:\.\d{1,3}){3}|::1", re.ASCII)
_HIGHEST_PORT = 65535


class Account(StrEnum):
    """How the callback is registered: with POST /register, or with the Phone Numbers API."""

    TEST = "test"
    PRODUCTION = "production"


class TunnelKind(StrEnum):
    """How the gateway reaches the listener."""

    NGROK = "ngrok"
    FIXED = "fixed"
    OFF = "off"


class Enter(StrEnum):
    """What Enter does in the composer."""

    SEND = "send"
    NEWLINE = "newline"


class LogLevel(StrEnum):
    """The least that the log takes."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def words(text: str) -> str:
    """Any text but an empty one."""
    if not text or not text.isprintable():
        raise ValueError("must be a line of text")
    return text


def secret(text: str) -> Secret:
    """A secret, wrapped at once."""
    if not text:
        raise ValueError("must not be empty")
    return Secret(text)


def one_of(choices: type[E]) -> Callable[[str], E]:
    """A reader of one of a few words, whatever their case."""

    def read(text: str) -> E:
        try:
            return choices(text.lower())
        except ValueError:
            *some, last = (f"`{choice}`" for choice in choices)
            raise ValueError(f"must be {', '.join(some)} or {last}, not {text[:40]!r}") from None

    return read


def profile(text: str) -> str:
    """A name that is safe as a file's name: letters, digits, dot, dash and underscore, at most 64."""
    if not _PROFILE.fullmatch(text):
        raise ValueError("must be letters, digits, dots, dashes or underscores, at most 64, a letter or digit first")
    return text


def country(text: str) -> str:
    """ISO 3166 alpha-2, in capitals."""
    if not _COUNTRY.fullmatch(text):
        raise ValueError("must be a country of two letters, such as NL")
    return text.upper()


def amount(least: float, most: float, *, is_open: bool = False) -> Callable[[str], float]:
    """A reader of a number from `least` to `most`; `is_open`: above `least`."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most or (is_open and value == least):
            raise ValueError(
                f"must be a number {'above' if is_open else 'from'} {least:g} {'and up ' * is_open}to {most:g}"
            )
        return value

    return read


def whole(least: int, most: int) -> Callable[[str], int]:
    """A reader of a whole number from `least` to `most`."""

    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,12}", text, re.ASCII) or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def path(text: str) -> Path:
    """A path, `~` understood, made absolute."""
    if "\0" in text:
        raise ValueError("must be a path")
    return Path(text).expanduser().absolute()


def listen(text: str) -> tuple[str, int]:
    """`HOST:PORT`; an IPv6 address in brackets; port 0 means any free one."""
    match = _LISTEN.fullmatch(text)
    if match is None or int(match["port"]) > _HIGHEST_PORT:
        raise ValueError("must be HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:0")
    return match["six"] or match["host"], int(match["port"])


def api_url(text: str) -> str:
    """The gateway's origin; the path that the documentation shows is taken off.

    HTTPS, plain HTTP only to this machine, because the client secret travels over it.
    """
    parts = _web_address(text)
    if parts.path.rstrip("/") not in {"", PASTED_PATH}:
        raise ValueError(f"must be a host without a path; only {PASTED_PATH} may stand behind it, and is taken off")
    return f"{parts.scheme}://{parts.netloc}"


def public_url(text: str) -> str:
    """An address that reaches the listener, without a slash at the end; `https://` may be left out."""
    parts = _web_address(text if "://" in text else f"https://{text}")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def proxy(text: str) -> str:
    """The address of an HTTP proxy; it may hold a name and a password."""
    parts = _split(text)
    if parts is None or parts.scheme not in {"http", "https"}:
        raise ValueError("must be the http:// or https:// address of a proxy")
    return text


class NotifyText(StrEnum):
    """Whether a notification has the text of an SMS."""

    SHOW = "show"
    HIDE = "hide"


def notify(text: str) -> frozenset[str]:
    """The ways of being told: `bell`, `desktop`, both with a comma between them, or `none`."""
    ways = frozenset(way.strip().lower() for way in text.split(",") if way.strip())
    if ways == {"none"}:
        return frozenset()
    if not ways or not ways <= {"bell", "desktop"}:
        raise ValueError("`bell`, `desktop`, `bell,desktop` or `none`")
    return ways


def keys(text: str) -> Mapping[str, str]:
    """Key bindings by action: `action=key` pairs with spaces between them, several keys of one joined by commas."""
    pairs = [pair.partition("=") for pair in text.split()]
    if not all(action and key for action, _, key in pairs):
        raise ValueError("must be pairs such as quit=ctrl+x help=f1,f2")
    return MappingProxyType({action: key for action, _, key in pairs})


def _web_address(text: str) -> SplitResult:
    parts = _split(text)
    if parts is None or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be an address such as https://example.org, without question mark, name or password")
    if parts.scheme == "http" and not _LOOPBACK.fullmatch(parts.hostname or ""):
        raise ValueError("must begin with https://; plain HTTP is for this machine only (127.0.0.1, localhost)")
    if parts.scheme not in {"http", "https"}:
        raise ValueError("must begin with https://")
    return parts


def _split(text: str) -> SplitResult | None:
    """The parts of an address; None where it has no host, an impossible one, or an impossible port."""
    from urllib.parse import urlsplit  # noqa: PLC0415 - only where an address is read

    if not _ADDRESS.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
        return parts if _HOST.fullmatch(parts.hostname or "") and parts.port != -1 else None
    except ValueError:
        return None
