"""Links in the text of an SMS: which there are, where they lead, and what about them may deceive.

The rule: only http and https; a link is shown whole, and what a reader could take for something else is said in words.

Sources: RFC 3986 (addresses), RFC 3492 (punycode), Unicode TS 39 (mixed scripts).
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_LINK: Final = re.compile(r"\b(?:https?://|www\.)[^\s<>\"'`{}|\\^]+", re.IGNORECASE)
_AFTER: Final = ".,;:!?…"
_PAIRS: Final = {")": "(", "]": "[", "»": "«", "”": "“"}
_LONGEST: Final = 2_000
_MOST: Final = 20
_PUNYCODE: Final = "xn--"
_SCRIPTS: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
"""Scripts with letters that look like one another's."""

_SHORTENERS: Final = frozenset(
    {"bit.ly", "t.co", "tinyurl.com", "goo.gl", "ow.ly", "is.gd", "buff.ly", "cutt.ly", "rb.gy", "t.ly", "s.id"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link.

    Attributes:
        start, end: where it stands in the text, in characters.
        url: the whole address, with a scheme.
        host: as it stands in the address, in lower case.
        decoded: the host as people read it, where that differs; empty otherwise.
        warnings: sentences; empty where nothing is odd about it.
    """

    start: int
    end: int
    url: str
    host: str
    decoded: str = ""
    warnings: tuple[str, ...] = ()


def links_of(text: str) -> tuple[Link, ...]:
    """The links of a text, in order, 20 at most. Never raises."""
    found = (_link(match) for match in _LINK.finditer(text))
    return tuple(link for link in found if link is not None)[:_MOST]


def _link(match: re.Match[str]) -> Link | None:
    shown = _without_what_follows(match.group()[:_LONGEST])
    url = shown if "://" in shown[:8] else f"https://{shown}"
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        has_user = "@" in parts.netloc
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or (shown[:4].lower() == "www." and "." not in shown[4:]):
        return None
    decoded = _decoded(host)
    return Link(
        start=match.start(),
        end=match.start() + len(shown),
        url=url,
        host=host,
        decoded=decoded if decoded != host else "",
        warnings=tuple(_warnings(url, host, decoded, has_user=has_user)),
    )


def _without_what_follows(text: str) -> str:
    """Punctuation that ends a sentence, and a bracket that the link did not open, are not the link's."""
    while text:
        last = text[-1]
        if last in _AFTER or (last in _PAIRS and text.count(_PAIRS[last]) < text.count(last)):
            text = text[:-1]
        else:
            break
    return text


def _decoded(host: str) -> str:
    if _PUNYCODE not in host:
        return host
    try:
        labels = [_label(label) for label in host.split(".")]
    except (UnicodeError, ValueError):
        return host
    return ".".join(labels)


def _label(label: str) -> str:
    return label[len(_PUNYCODE) :].encode("ascii").decode("punycode") if label.startswith(_PUNYCODE) else label


def _warnings(url: str, host: str, decoded: str, *, has_user: bool) -> list[str]:
    said = []
    if has_user:
        said.append("what stands before the @ is not where it leads")
    if _is_number(host):
        said.append("it leads to a bare network address, not to a name")
    scripts = sorted({script for label in decoded.split(".") for script in _scripts(label)})
    other = [script for script in scripts if script != "LATIN"]
    if any(len(_scripts(label)) > 1 for label in decoded.split(".")):
        said.append(f"its name mixes letters that look alike: {', '.join(scripts).title()}")
    elif other:
        said.append(f"its name is written in {', '.join(other).title()} letters, which may look like others")
    elif not decoded.isascii():
        said.append("its name has letters beyond a to z")
    if any(unicodedata.category(char) in {"Cf", "Mn", "Cc"} for char in url):
        said.append("it holds characters that cannot be seen")
    if host.removeprefix("www.") in _SHORTENERS:
        said.append("a shortened link: it does not tell where it leads")
    if url[:5].lower() == "http:":
        said.append("not encrypted: others on the way can read and change what it shows")
    return said


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.replace(".", "").isdecimal() or host.startswith("0x")
    return True


def _scripts(label: str) -> set[str]:
    """The scripts of its letters, of those that are confused with one another."""
    names = (unicodedata.name(char, "") for char in label if char.isalpha())
    return {script for name in names for script in _SCRIPTS if name.startswith(script)}
