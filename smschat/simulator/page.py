"""What the simulator was asked and what it called back, as a page for a browser and as JSON.

The rule: every text is escaped, nothing is loaded from anywhere, and nothing that opens a door is shown: no token, no
secret, no path of a callback's address. It is not part of the gateway's documents, and no visit is in the journal.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any, Final

from smschat.simulator import wire
from smschat.simulator.answers import Answer
from smschat.simulator.journal import masked, origin
from smschat.simulator.people import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from smschat.domain.numbers import VirtualNumber
    from smschat.simulator.journal import Entry

PAGE_PATH: Final = "/"
JOURNAL_PATH: Final = "/journal"

HEADERS: Final = (
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)

SHOWN: Final = 300
"""Entries on the page, the newest; `/journal` has all that are kept."""

_STYLE: Final = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #8885;padding:.35rem .6rem .35rem 0;text-align:left;vertical-align:top}
td:first-child,code,dl{font-family:ui-monospace,monospace;font-size:13px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:0 .8rem;margin:0}
dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
dt{opacity:.7}
"""


def is_here(host: str) -> bool:
    """Whether a request's Host header names this machine; another name may be a web page that tries to look in."""
    return wire.is_loopback(f"http://{host}")


def journal(entries: Iterable[Entry]) -> Answer:
    """Everything that is kept, newest first: a JSON list."""
    body = json.dumps([_document(entry) for entry in _newest_first(entries)], ensure_ascii=False)
    return Answer(http=200, body=body.encode("utf-8", "replace"))


def page(entries: Iterable[Entry], numbers: Iterable[VirtualNumber], *, every_s: int | None = None) -> Answer:
    """The page.

    Args:
        every_s: seconds after which a browser asks again; None: it does not.
    """
    listed = _newest_first(entries)
    rows = "".join(_row(entry) for entry in listed[:SHOWN]) or _tr("", "nothing yet", "", "", "")
    again = f'<meta http-equiv="refresh" content="{every_s}">' if every_s else ""
    link = '<a href="/">stop asking again</a>' if every_s else '<a href="/?every=2">ask again every 2 seconds</a>'
    body = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{again}<title>smschat simulator</title>'
        f"<style>{_STYLE}</style></head><body><h1>smschat simulator</h1>{_about(numbers)}"
        f'<h2>Requests and callbacks, newest first</h2><p>{link} · <a href="{JOURNAL_PATH}">as JSON</a></p>'
        f"<table><tr><th>UTC</th><th>what</th><th>where</th><th>result</th><th>fields</th></tr>{rows}</table>"
        "</body></html>"
    )
    return Answer(http=200, body=body.encode("utf-8", "replace"), content_type="text/html;charset=UTF-8")


def refusal() -> Answer:
    """The answer to somebody who asks by another machine's name."""
    return Answer(http=403, body=b"this page is for a browser on this machine only\n", content_type="text/plain")


def _newest_first(entries: Iterable[Entry]) -> list[Entry]:
    return list(entries)[::-1]


def _document(entry: Entry) -> dict[str, Any]:
    return {
        "at": f"{entry.at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "kind": entry.kind.value,
        "is_callback": entry.is_callback,
        "method": entry.method,
        "address": _where(entry),
        "http": entry.http,
        "inbound": entry.inbound or None,
        "tries": entry.tries,
        "note": entry.note,
        "fields": masked(entry.fields),
    }


def _where(entry: Entry) -> str:
    return origin(entry.address) if entry.is_callback else entry.address


def _about(numbers: Iterable[VirtualNumber]) -> str:
    who = "".join(
        f"<li><code>{person.number}</code> {escape(person.name)}: {escape(person.habit)}</li>" for person in PEOPLE
    )
    rented = "".join(f"<li>{_rented(number)}</li>" for number in numbers)
    return (
        "<p>KPN's SMS gateway imitated, on this machine only. Any client id and secret get a token, but "
        "<code>wrong</code>. KPN lets a project use the Phone Numbers API once it is in production; here every token "
        "may, but that of the secret <code>no-product</code>, which may do nothing.</p>"
        "<details><summary>people who answer, and the account's numbers</summary>"
        f"<ul>{who}</ul><ul>{rented}</ul></details>"
    )


def _rented(number: VirtualNumber) -> str:
    goes_to = origin(number.mo_http_url) if number.mo_http_url else "no moHttpUrl"
    about = f"{number.country}, {number.type}, {' and '.join(number.features)}; {goes_to}"
    return f"<code>{escape(number.msisdn)}</code> {escape(about)}"


def _row(entry: Entry) -> str:
    arrow = "called back" if entry.is_callback else "was asked"
    result = "no answer" if entry.http is None else str(entry.http)
    again = f"try {entry.tries}" if entry.tries > 1 else ""
    return _tr(
        escape(f"{entry.at:%H:%M:%S}"),
        escape(f"{entry.kind.value} ({arrow})"),
        escape(f"{entry.method} {_where(entry)}"),
        escape(" · ".join(filter(None, (result, again, entry.note)))),
        _fields(masked(entry.fields) | ({"header inbound": entry.inbound} if entry.inbound else {})),
    )


def _fields(fields: Mapping[str, str]) -> str:
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in fields.items())
    return f"<dl>{listed}</dl>"


def _tr(*cells: str) -> str:
    """A row of cells that are escaped already."""
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
