"""What an attempt came to: the gateway's answer, or the lack of one, read as a verdict.

The rule: only what is certain not to have been carried out goes back to `queued`; whatever may have been is `unknown`.

| what happened | verdict |
|---|---|
| every part taken (status 0) | accepted |
| some parts taken, some refused | failed, the reason names them; nothing is sent again unasked |
| status 1 or 10 on every part | queued, and everything else waits as long |
| status 13 on every part | queued, at most twice |
| any other status | refused |
| no route, no name, connection refused | queued with backoff, and everything else waits as long |
| 429, quota used up | queued for as long as the answer says, and everything else waits as long |
| the token alone refused (401) | queued at once, with a new token; the second time refused |
| another refusal (4xx) | refused |
| no readable answer after the request may have left | unknown |
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from smschat.domain.codes import send_status
from smschat.domain.countries import NO_SUCH_SENDER, NOT_ALLOWED, why_refused
from smschat.domain.delivery import Answer, Status, Verdict
from smschat.domain.phone import country_of
from smschat.errors import (
    GatewayRefusedError,
    NotAuthorisedError,
    OutcomeUnknownError,
    ThrottledError,
    TokenRefusedError,
    UnreachableError,
)

if TYPE_CHECKING:
    from smschat.domain.delivery import PartAnswer, SendAnswer
    from smschat.errors import (
        GatewayError,
        SmschatError,
    )

ACCEPTED: Final = "0"
THROTTLED: Final = frozenset({"1", "10"})
NOT_SUBMITTED: Final = "13"
NOT_SUBMITTED_TRIES: Final = 3
"""An SMS with status 13 is tried at most this often in all."""

LEAST_WAIT_S: Final = 1.0
"""Seconds to wait when throttled, if the answer names fewer or none."""

BY_COUNTRY: Final = frozenset({NO_SUCH_SENDER, NOT_ALLOWED})
"""Statuses whose cause may be the recipient's country."""

_WAIT_MS = re.compile(r"please\s+wait\s*\[?\s*(\d{1,9})\s*\]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """From where to where an SMS went; empty where that is not known."""

    recipient: str = field(repr=False)
    sender: str = field(repr=False)


def of_answer(answer: SendAnswer, *, tries: int, recipient: str = "", sender: str = "") -> Verdict:
    """The verdict on a readable answer.

    Args:
        answer: at least one part.
        tries: attempts opened so far, this one included.
        recipient, sender: as they went on the wire, for what is known of the recipient's country.
    """
    route = Route(recipient=recipient, sender=sender)
    return replace(_of_parts(answer, tries, route), count=answer.count, quota=answer.quota)


def _of_parts(answer: SendAnswer, tries: int, route: Route) -> Verdict:
    refused = [part for part in answer.parts if part.status != ACCEPTED]
    said = _answer(answer, refused[0] if refused else answer.parts[0])
    if not refused:
        return Verdict(status=Status.ACCEPTED, parts=answer.parts, answer=said)
    if len(refused) < len(answer.parts):
        return Verdict(status=Status.FAILED, reason=_partly(answer.parts, route), parts=answer.parts, answer=said)
    codes = {part.status for part in refused}
    reason = _why(refused[0], route)
    if codes <= THROTTLED:
        wait_s = max(LEAST_WAIT_S, *(_named_wait_s(part.error_text) for part in refused))
        return Verdict(status=Status.QUEUED, reason=reason, answer=said, wait_s=wait_s, holds_all=True)
    if codes == {NOT_SUBMITTED} and tries < NOT_SUBMITTED_TRIES:
        return Verdict(status=Status.QUEUED, reason=reason, answer=said, wait_s=LEAST_WAIT_S)
    if "" in codes:
        return Verdict(status=Status.UNKNOWN, reason="the gateway's answer names no status", answer=said)
    return Verdict(status=Status.REFUSED, reason=reason, parts=answer.parts, answer=said)


def of_error(error: GatewayError, *, backoff_s: float, token_was_new: bool) -> Verdict:
    """The verdict on an attempt that got no readable answer.

    Args:
        error: what the gateway client raised.
        backoff_s: seconds to wait before the next try where the error names none.
        token_was_new: the token had been renewed for this very SMS, so that a refused token is final.
    """
    return replace(_of_error(error, backoff_s, token_was_new=token_was_new), quota=error.quota)


def _of_error(error: GatewayError, backoff_s: float, *, token_was_new: bool) -> Verdict:
    said = None
    if error.http is not None:
        said = Answer(http=error.http, error_text=error.said, transaction_id=error.transaction_id)
    reason = why(error)
    match error:
        case TokenRefusedError() if not token_was_new:
            return Verdict(status=Status.QUEUED, reason=reason, answer=said)
        case NotAuthorisedError() | GatewayRefusedError():
            return Verdict(status=Status.REFUSED, reason=reason, answer=said)
        case ThrottledError():
            wait_s = backoff_s if error.retry_after_s is None else max(LEAST_WAIT_S, error.retry_after_s)
            return Verdict(status=Status.QUEUED, reason=reason, answer=said, wait_s=wait_s, holds_all=True)
        case UnreachableError():
            return Verdict(status=Status.QUEUED, reason=reason, wait_s=backoff_s, holds_all=True)
        case _:
            return Verdict(status=Status.UNKNOWN, reason=reason, answer=said)


def error_of(verdict: Verdict) -> GatewayError | None:
    """The error that a verdict on a readable answer amounts to, for exit codes; None for `accepted`."""
    reason = verdict.reason or "the gateway refused it"
    http = verdict.answer.http if verdict.answer else None
    code = verdict.answer.status if verdict.answer else None
    match verdict.status:
        case Status.ACCEPTED:
            return None
        case Status.QUEUED if verdict.holds_all:
            return ThrottledError(reason, http=http, code=code, retry_after_s=verdict.wait_s)
        case Status.QUEUED:
            return UnreachableError(reason, http=http, code=code)
        case Status.UNKNOWN:
            return OutcomeUnknownError(reason, http=http, code=code)
        case _:
            return GatewayRefusedError(reason, http=http, code=code)


def why(error: SmschatError) -> str:
    """An error as one line: what happened, and what to do about it."""
    return f"{error.message}; {error.hint}" if error.hint else error.message


def _why(part: PartAnswer, route: Route) -> str:
    """What a refusal means, what is known of the country where that may be the cause, and what to do."""
    meaning = send_status(part.status, part.error_text)
    country = country_of(route.recipient) if part.status.strip() in BY_COUNTRY else None
    why = (meaning.sentence, why_refused(part.status, country, route.sender), meaning.hint)
    return "; ".join(text for text in why if text)


def _partly(parts: tuple[PartAnswer, ...], route: Route) -> str:
    numbers = [str(i) for i, part in enumerate(parts, 1) if part.status != ACCEPTED]
    first = next(part for part in parts if part.status != ACCEPTED)
    named = f"part {numbers[0]}" if len(numbers) == 1 else "parts " + ", ".join(numbers)
    return f"{named} of {len(parts)} refused: {_why(first, route)}"


def _answer(answer: SendAnswer, part: PartAnswer) -> Answer:
    return Answer(
        http=answer.http, status=part.status or None, error_text=part.error_text, transaction_id=answer.transaction_id
    )


def _named_wait_s(error_text: str | None) -> float:
    found = _WAIT_MS.search(error_text or "")
    return int(found[1]) / 1000 if found else 0.0
