"""A request as a curl command that can be pasted once its mask is replaced."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from smschat.gateway import wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smschat.domain.sms import Attempt

MASK: Final = "*****"


def of_attempt(attempt: Attempt, origin: str, *, callback: str | None) -> str:
    """The POST of an attempt, its token masked.

    Args:
        callback: the receipt address as it is to be shown; None: it has none.
    """
    headers = {**wire.HEADERS, **wire.FORM_HEADERS, **wire.send_headers(attempt), "Authorization": f"Bearer {MASK}"}
    return command(origin + wire.SEND_PATH, headers, wire.send_fields(attempt, callback=callback))


def command(url: str, headers: Mapping[str, str], form: Mapping[str, str]) -> str:
    """A POST of a form."""
    lines = [f"curl -X POST {shlex.quote(url)}"]
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items()]
    lines += [_field(name, value) for name, value in form.items()]
    return " \\\n  ".join(lines)


def _field(name: str, value: str) -> str:
    """A field as one reads it; encoded where copying from a terminal would lose a character, as it does line ends."""
    if value.isprintable():
        return f"--data-urlencode {shlex.quote(f'{name}={value}')}"
    return f"--data {shlex.quote(urlencode({name: value}))}"
