"""A gateway's call to a webhook, in each of the three forms that it may have."""

from __future__ import annotations

import contextlib
import http.client
import json
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

WAIT_S = 60.0
"""Seconds until a webhook that does not answer is a failure; no test depends on how long it does take."""


def call_webhook(
    url: str, fields: Mapping[str, str], *, as_: Literal["json", "form", "get"] = "json", label: bool = True
) -> int:
    """Call a webhook, at its own address, and return the HTTP status; `label=False` leaves Content-Type out."""
    parts = urlsplit(url)
    path, form = parts.path or "/", urlencode(fields)
    body = {"json": json.dumps(fields), "form": form, "get": ""}[as_].encode()
    kind = {"json": "application/json", "form": "application/x-www-form-urlencoded;charset=UTF-8"}.get(as_)
    headers = {"Content-Type": kind} if kind and label else {}
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=WAIT_S)
    with contextlib.closing(connection):
        if as_ == "get":
            connection.request("GET", f"{path}?{form}" if form else path)
        else:
            connection.request("POST", path, body, headers)
        return connection.getresponse().status
