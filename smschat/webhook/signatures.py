"""The check of a callback's signature, over its fields exactly as they came.

The rule: a good signature counts whatever its age, because the gateway may repeat a callback for a day with the time
stamp of the first; the message id is what stops a replay. An old one is marked.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from smschat.domain.callbacks import Signature
from smschat.domain.signing import SIGNATURE, is_signed
from smschat.webhook.fields import NoFieldsError, fields_of
from smschat.webhook.stamps import moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from smschat.domain.callbacks import RawCallback
    from smschat.domain.secret import Secret
    from smschat.domain.signing import Method

FRESH: Final = timedelta(seconds=300)
"""How far the field `timestamp` may be from our clock, either way, before a callback is marked late."""


def verifier(secret: Secret, method: Method) -> Callable[[RawCallback, datetime], Signature]:
    """The check for callbacks signed under a secret: what became of `sig`, against the time now, in UTC."""

    def verify(raw: RawCallback, now: datetime) -> Signature:
        try:
            fields = fields_of(raw)
        except NoFieldsError:
            return Signature.MISSING
        if not fields.get(SIGNATURE):
            return Signature.MISSING
        if not is_signed(fields, secret.reveal(), method):
            return Signature.WRONG
        stamp = moment(fields.get("timestamp", ""))
        return Signature.GOOD if stamp is not None and abs(now - stamp) <= FRESH else Signature.LATE

    return verify
