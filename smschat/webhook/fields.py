"""The fields of a callback as name and text, whichever of its forms it came in: JSON, form, or query.

The rule: the Content-Type is a hint at most. One public client's captures lack it, and the gateway's documents do not
name a form, so the first character decides, and what is not JSON after all is read as a form.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from smschat.domain.callbacks import RawCallback

_WESTERN: Final = re.compile(r"charset\s*=\s*[\"']?(iso-8859-1|latin-?1|windows-1252|cp1252)\b", re.IGNORECASE)


class NoFieldsError(ValueError):
    """A callback without fields; its text says why in a few words of ours."""


def fields_of(raw: RawCallback) -> dict[str, str]:
    """Every field that has a text, a number or a truth value; of two with one name the last.

    The body counts, and the query where there is no body (Vonage does not mix them). Numbers keep the digits that they
    came with; null, NaN, lists and objects count as missing. What is not UTF-8 becomes U+FFFD, unless the Content-Type
    names the Western encoding.

    Raises:
        NoFieldsError: there is nothing, or nothing that can be read.
    """
    source = raw.body if raw.body.strip() else raw.query
    charset = "cp1252" if _WESTERN.search(raw.content_type) else "utf-8"
    text = source.decode(charset, "replace").strip("\ufeff \t\r\n")
    if not text:
        raise NoFieldsError("empty")
    found = _from_json(text) if text.startswith("{") else None
    return _from_form(text, charset) if found is None else found


def _from_json(text: str) -> dict[str, str] | None:
    # Numbers are never made: one of 5,000 digits cannot be, 2**64 does not fit the store, an id may be one.
    try:
        document = json.loads(text, strict=False, parse_int=str, parse_float=str, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
    texts = {name: _text(value) for name, value in document.items()}
    return {name: value for name, value in texts.items() if value is not None}


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else None


def _from_form(text: str, charset: str) -> dict[str, str]:
    if "=" not in text:
        raise NoFieldsError("neither a JSON object nor a form")
    return dict(parse_qsl(text, keep_blank_values=True, encoding=charset, errors="replace"))
