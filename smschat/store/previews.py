"""What a conversation's row says of its last SMS: the text, or one line that names what is no plain text.

The rule: the first characters only, and a plain text is cut without loading what explains the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.domain.sms import SmsOptions, SmsType

if TYPE_CHECKING:
    import sqlite3

    from smschat.store.past import PastSms

CHARACTERS: Final = 160

_PLAIN: Final = frozenset({SmsType.TEXT, SmsType.UNICODE})
_CARD: Final = "BEGIN"
"""How a business card or a calendar entry begins (RFC 2426, RFC 5545), which phones send as text."""

_BEFORE: Final = "\ufeff \t\r\n"


def of_row(row: sqlite3.Row) -> str:
    """The preview of a row of `sms`: its type, text, data, udh, title and url."""
    options = SmsOptions(title=row["title"], url=row["url"])
    return _preview(SmsType(row["type"]), row["text"], row["data"], row["udh"], options)


def of_past(sms: PastSms) -> str:
    """The preview of an SMS of the past."""
    return _preview(sms.type, sms.text, sms.data, sms.udh, sms.options)


def _preview(sms_type: SmsType, text: str, data: str | None, udh: str | None, options: SmsOptions) -> str:
    if sms_type in _PLAIN and text.lstrip(_BEFORE)[: len(_CARD)].upper() != _CARD:
        return text[:CHARACTERS]
    from smschat.domain import contents  # noqa: PLC0415 - a list of plain texts is written without it

    return contents.summary(sms_type=sms_type, text=text, data=data, udh=udh, options=options)[:CHARACTERS]
