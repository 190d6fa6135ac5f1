"""The gateway's mind: tokens, registered callbacks, credit, and what follows from each SMS.

The rule: no I/O and no timer; a request becomes an answer and a list of callbacks with their times.
"""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any, Final, assert_never

from smschat.domain import segments
from smschat.domain.sms import SmsType
from smschat.simulator import outcomes, people, wire
from smschat.simulator.answers import Answer, answered, failed
from smschat.simulator.journal import Kind
from smschat.simulator.numbers import NumberDesk
from smschat.simulator.octets import Octets
from smschat.simulator.outcomes import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from smschat.simulator.outcomes import Outcome, ReceiptDue
    from smschat.simulator.people import Say
    from smschat.simulator.wire import Submission

CREDIT: Final = Decimal("12.50000000")
"""The balance to begin with; topped up when it would run out, as an account with auto-reload is."""

TOKEN_LIFE_S: Final = 3599
WRONG: Final = "wrong"
"""The client id or secret that is refused, so that a refusal can be tried; any other is taken."""

NO_PRODUCT: Final = "no-product"
"""The client secret of a project that lacks the product: it gets a token, and no call is let through with that."""

NOT_JSON: Final = b"<html><head><title>200 OK</title></head><body>Thank you for using the gateway.</body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """A receipt or an inbound SMS to push.

    Attributes:
        after_s: seconds after the answer to the request that it follows from.
        peer: the number that it is about; callbacks of one number are pushed one after the other.
        address: looked up at each try, None while nothing is registered.
    """

    kind: Kind
    after_s: float = 0.0
    peer: str = field(repr=False)
    address: Callable[[], str | None] = field(repr=False)
    fields: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What a request comes to.

    Attributes:
        answer: None: there is none, as `reply` says.
        before: pushed before the answer.
        after: pushed after it, in the order of their times.
    """

    answer: Answer | None
    reply: Reply = Reply.TAKEN
    answer_after_s: float = 0.0
    before: tuple[Callback, ...] = ()
    after: tuple[Callback, ...] = ()


def new_message_id() -> str:
    """An id as the gateway makes them: hex text, here 18 characters, never twice."""
    return f"0A{secrets.token_hex(8).upper()}"


class Exchange:
    """One imitated gateway, from its start; it forgets everything when it ends.

    Args:
        is_masked: price and balance are `*****`, as in KPN's published sample.
        token_life_s: seconds that a token is good for.

    Attributes:
        numbers: the account's virtual numbers.
    """

    def __init__(
        self,
        *,
        is_masked: bool = False,
        token_life_s: int = TOKEN_LIFE_S,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = new_message_id,
    ) -> None:
        self.numbers = NumberDesk()
        self._is_masked = is_masked
        self._token_life_s = token_life_s
        self._now = now
        self._new_id = new_id
        self._tokens: dict[str, datetime] = {}
        self._without_product: set[str] = set()
        self._registered: dict[str, str] = {}
        self._heard: Counter[tuple[str, str]] = Counter()
        self._references = count(1)
        self._credit = CREDIT

    def token(self, query: Mapping[str, str], form: Mapping[str, str]) -> Answer:
        """Client credentials become a token; any but `wrong` are taken."""
        if query.get("grant_type") != "client_credentials":
            return answered(400, wire.client_refused("invalid_request", "Required param : grant_type"))
        for name in ("client_id", "client_secret"):
            if not form.get(name):
                text = f"The request is missing a required parameter : {name}"
                return answered(400, wire.client_refused("invalid_request", text))
        if WRONG in (form["client_id"], form["client_secret"]):
            return answered(401, wire.client_refused("invalid_client", "ClientId is Invalid"))
        return answered(200, self._new_token(form["client_id"], has_product=form["client_secret"] != NO_PRODUCT))

    def refusal_of_bearer(self, authorization: str) -> Answer | None:
        """The fault for a token that is missing, not known, expired or of another product; None for a good one."""
        scheme, _, token = authorization.partition(" ")
        until = self._tokens.get(token.strip()) if scheme.lower() == "bearer" else None
        if until is None:
            code = "keymanagement.service.invalid_access_token" if token else "oauth.v2.InvalidAccessToken"
            return answered(401, wire.fault(code, "Invalid Access Token"))
        if until <= self._now():
            return answered(401, wire.fault("keymanagement.service.access_token_expired", "Access Token expired"))
        if token.strip() in self._without_product:
            code = "keymanagement.service.InvalidAPICallAsNoApiProductMatchFound"
            return answered(401, wire.fault(code, "Invalid API call as no apiproduct match found"))
        return None

    def revoke_tokens(self) -> None:
        """Every token given out so far is refused from now on."""
        self._tokens.clear()

    def register(self, form: Mapping[str, str]) -> Answer:
        """Where inbound SMS for a number go from now on; the numbers of an HTTP status get that here too."""
        for name in ("to", "callback_url"):
            if not form.get(name):
                return failed(400, f"Missing parameter: {name}")
        if not wire.is_number(form["to"]):
            return failed(400, "Invalid parameter: to")
        if not wire.is_callback(form["callback_url"]):
            return failed(400, "Invalid parameter: callback_url must be https")
        outcome = outcomes.outcome_of(form["to"])
        if outcome.reply is Reply.HTTP_ERROR:
            return failed(outcome.http, _HTTP_MESSAGES[outcome.http])
        self._registered.pop(form["to"], None)
        self._registered[form["to"]] = form["callback_url"]
        return answered(200, wire.registered_answer())

    def submit(self, form: Mapping[str, str], *, wants_inbound: bool) -> Handled:
        """An SMS: its answer, its receipts, and the answers of whoever it reaches."""
        read = wire.read_submission(form, wants_inbound=wants_inbound)
        if isinstance(read, wire.Refusal):
            return Handled(answer=answered(200, wire.refused_answer(read)), reply=Reply.REFUSED)
        outcome = outcomes.outcome_of(read.recipient, read.text)
        if outcome.reply is Reply.TAKEN:
            return self._taken(read, outcome)
        after = self._taken(read, outcome).after if outcome.reply is Reply.DROPPED else ()
        return Handled(answer=_without_success(outcome, read.recipient), reply=outcome.reply, after=after)

    def inbound(self, *, sender: str, to: str, says: Iterable[Say]) -> tuple[Callback, ...]:
        """What somebody writes to the account, as callbacks to wherever the SMS for the number `to` go."""
        callbacks: list[Callback] = []
        after_s = 0.0
        for say in says:
            after_s += say.after_s
            callbacks += [
                Callback(
                    kind=Kind.INBOUND,
                    after_s=after_s,
                    peer=sender,
                    address=lambda: self._address_for(to),
                    fields=fields,
                )
                for fields in self._parts_of(sender, to, say)
            ]
        return tuple(callbacks)

    def _new_token(self, client_id: str, *, has_product: bool) -> dict[str, Any]:
        now = self._now()
        token = secrets.token_urlsafe(21)
        if not has_product:
            self._without_product.add(token)
        self._tokens[token] = now + timedelta(seconds=self._token_life_s)
        return wire.token_answer(token=token, client_id=client_id, life_s=self._token_life_s, issued_at=now)

    def _taken(self, submission: Submission, outcome: Outcome) -> Handled:
        ids = [self._new_id() for _ in range(submission.parts)]
        price, balance = self._pay(submission.parts)
        answer = wire.accepted_answer(submission, message_ids=ids, balance=balance, price=price)
        receipts = self._receipts(submission, ids, outcome.after)
        reached_s = max((due.after_s for due in outcome.after if due.status == "delivered"), default=None)
        spoken = () if reached_s is None else self._answers(submission, reached_s)
        return Handled(
            answer=answered(200, answer),
            answer_after_s=outcome.answer_after_s,
            before=self._receipts(submission, ids, outcome.before),
            after=(*receipts, *spoken),
        )

    def _receipts(self, submission: Submission, ids: list[str], dues: tuple[ReceiptDue, ...]) -> tuple[Callback, ...]:
        """A receipt for each part and each step, if the SMS asked for them and named an address."""
        address = submission.callback
        if not submission.wants_receipt or address is None:
            return ()
        now = self._now()
        return tuple(
            Callback(
                kind=Kind.RECEIPT,
                after_s=due.after_s,
                peer=submission.recipient,
                address=lambda: address,
                fields=wire.receipt_fields(submission, known, due, scts=now + timedelta(seconds=due.after_s)),
            )
            for due in dues
            for known in ids
        )

    def _answers(self, submission: Submission, reached_s: float) -> tuple[Callback, ...]:
        """A rented number with a `moHttpUrl` is answered there; any other number when the SMS asked for it."""
        is_heard = submission.wants_inbound or self.numbers.address_of(submission.sender) is not None
        if not is_heard or not submission.can_be_answered:
            return ()
        said = self._said(submission)
        if said:
            said = (_later(said[0], reached_s), *said[1:])
        return self.inbound(sender=submission.recipient, to=submission.sender, says=said)

    def _said(self, submission: Submission) -> tuple[Say, ...]:
        person = people.person_at(submission.recipient)
        is_own = submission.recipient in self._registered or self.numbers.address_of(submission.recipient) is not None
        answer = person.answer if person else people.own_phone if is_own else None
        if answer is None:
            return ()
        key = (submission.recipient, submission.sender)
        self._heard[key] += 1
        octets = Octets(data=submission.data, udh=submission.udh) if submission.type is SmsType.BINARY else None
        return answer(people.Heard(text=submission.text, nth=self._heard[key], octets=octets))

    def _parts_of(self, sender: str, to: str, say: Say) -> list[dict[str, str]]:
        reference = next(self._references) % 255 + 1
        parts = (
            self._binary(sender, to, say.octets, reference) if say.octets else self._text(sender, to, say, reference)
        )
        return list(_muddled(parts)) if say.is_muddled else parts

    def _binary(self, sender: str, to: str, octets: Octets, reference: int) -> list[dict[str, str]]:
        return [
            wire.binary_fields(sender=sender, to=to, data=data, udh=udh, message_id=self._new_id())
            for udh, data in octets.parts(reference)
        ]

    def _text(self, sender: str, to: str, say: Say, reference: int) -> list[dict[str, str]]:
        texts = segments.split(say.text)
        sms_type = wire.sms_type_of(say.text)
        return [
            wire.inbound_fields(
                sender=sender,
                to=to,
                text=text,
                message_id=self._new_id(),
                sms_type=sms_type,
                concat=(reference, len(texts), number) if len(texts) > 1 else None,
            )
            for number, text in enumerate(texts, start=1)
        ]

    def _address_for(self, number: str) -> str | None:
        """A rented number's own address, else the callback registered for the number, else the newest of all.

        A test account has one callback at a time.
        """
        rented = self.numbers.address_of(number)
        return rented or self._registered.get(number) or next(reversed(self._registered.values()), None)

    def _pay(self, parts: int) -> tuple[str, str]:
        """The price of a part and the balance left, as text."""
        cost = Decimal(wire.PRICE) * parts
        if self._credit < cost:
            self._credit += max(CREDIT, cost)
        self._credit -= cost
        return (wire.MASKED, wire.MASKED) if self._is_masked else (wire.PRICE, f"{self._credit:.8f}")


def _without_success(outcome: Outcome, recipient: str) -> Answer | None:
    """The answer to an SMS that is not answered as taken; None: there is none."""
    match outcome.reply:
        case Reply.REFUSED:
            return answered(200, wire.refused_answer(wire.refusal(outcome.gateway_status), recipient=recipient))
        case Reply.HTTP_ERROR:
            return failed(outcome.http, _HTTP_MESSAGES[outcome.http])
        case Reply.NOT_JSON:
            return Answer(http=200, body=NOT_JSON, content_type="text/html")
        case Reply.NOTHING | Reply.DROPPED | Reply.TAKEN:
            return None
        case _:
            assert_never(outcome.reply)


_HTTP_MESSAGES: Final[Mapping[int, str]] = {
    401: "Unauthorized",
    403: "The project is not entitled to this",
    429: "Too many requests, please try again later",
    500: "Internal server error",
    503: "The service is temporarily unavailable",
}


def _later(say: Say, by_s: float) -> Say:
    return replace(say, after_s=say.after_s + by_s)


def _muddled(parts: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """The last part first, and each of them twice."""
    yield from reversed(parts)
    yield from parts
