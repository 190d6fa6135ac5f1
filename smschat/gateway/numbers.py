"""The account's virtual numbers over KPN's Phone Numbers API: what there is, and what is to change.

The rule: the body's own `error-code` decides, whatever the HTTP status; buying, cancelling and updating are one POST
each, made again only when the token alone was at fault, and in doubt the outcome is unknown.

| what came of a call | its error |
|---|---|
| `error-code` 200 | none |
| `error-code` 401 | NotAuthorisedError, `number_401` |
| `error-code` 429 | ThrottledError, `number_429` |
| another `error-code` from 400 to 499 | GatewayRefusedError, `number_420` for one |
| no `error-code`, and an answer that refuses or throttles | as `faults.call_error` has it |
| anything else, to what changes something | OutcomeUnknownError |
| anything else, to what only reads | UnreachableError |
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.errors import (
    GatewayRefusedError,
    NotAuthorisedError,
    OutcomeUnknownError,
    ThrottledError,
    UnreachableError,
)
from smschat.gateway import numbers_wire as wire
from smschat.gateway.calls import body_of, masked, renewed
from smschat.gateway.faults import retry_after_s
from smschat.gateway.line import bare
from smschat.gateway.numbers_wire import PRODUCT
from smschat.gateway.quota import quota_of
from smschat.gateway.wire import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smschat.domain.numbers import NumberChange, NumberPage, Where
    from smschat.errors import GatewayError
    from smschat.gateway.auth import Token
    from smschat.gateway.calls import Calls
    from smschat.gateway.faults import Reply
    from smschat.gateway.numbers_wire import Outcome

IN_PRODUCTION: Final = (
    f"the project has to be in production and to have the product {PRODUCT}: see to both at developer.kpn.com, and use"
    " that project's keys"
)
READ_AGAIN: Final = "try again later; nothing was changed"
SEE_FIRST: Final = "it may have been carried out: list your own numbers before you repeat it"
UPDATE_AGAIN: Final = "it may have been carried out; to make the same change twice does no harm"

_WHY_NOT: Final = {
    wire.BUY_PATH: "search again: it may be taken, and some countries ask for an address first, which KPN arranges",
    wire.CANCEL_PATH: "list your own numbers: it is not one of them, or it is of another country",
    wire.UPDATE_PATH: (
        "list your own numbers: it is not one of them, or is of another country; an address for SMS is tested with an"
        " empty GET first, and what listens there has to answer 200"
    ),
}
"""What a refusal of each action can mean, and what to do about it."""


class KpnNumbers:
    """KPN's Phone Numbers, with the line and the token of `calls`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def own(
        self, *, page: int = 1, size: int = wire.LARGEST_PAGE, pattern: str | None = None, where: Where | None = None
    ) -> NumberPage:
        """A page of the account's own numbers.

        Args:
            page: counted from 1; less is taken for 1.
            size: 1 to 100; taken for the nearest of these.
            pattern: digits that the number has; None: any number.
            where: where the pattern stands; None: at the start.

        Raises:
            GatewayError: the gateway gives no page; nothing was changed.
        """
        query = wire.own_query(page=page, size=size, pattern=pattern, where=where)
        return await self._page(wire.OWN_PATH, query, page, size)

    async def search(
        self,
        country: str,
        *,
        number_type: str,
        features: Sequence[str] = ("SMS",),
        pattern: str | None = None,
        where: Where | None = None,
        page: int = 1,
        size: int = 20,
    ) -> NumberPage:
        """A page of numbers that can be rented; the arguments and errors of `own`, and those of the document.

        Args:
            country: ISO 3166 alpha-2.
            number_type: of `NumberType`; always sent, because the gateway takes a missing one for `landline`.
            features: what the number has to be able to do; none: anything.
        """
        query = wire.search_query(
            country, number_type=number_type, features=features, pattern=pattern, where=where, page=page, size=size
        )
        return await self._page(wire.SEARCH_PATH, query, page, size)

    async def buy(self, *, country: str, msisdn: str) -> None:
        """Rent a number: it costs money each month.

        Raises:
            GatewayRefusedError: no; nothing was rented.
            OutcomeUnknownError: it may have been; list the own numbers to see.
            GatewayError: otherwise certain not to have been carried out.
        """
        await self._act(wire.BUY_PATH, wire.number_fields(country=country, msisdn=msisdn), SEE_FIRST)

    async def cancel(self, *, country: str, msisdn: str) -> None:
        """Give a number up for good; raises as `buy` does."""
        await self._act(wire.CANCEL_PATH, wire.number_fields(country=country, msisdn=msisdn), SEE_FIRST)

    async def update(self, *, country: str, msisdn: str, change: NumberChange) -> None:
        """Set the fields of `change` that are not None; raises as `buy` does."""
        fields = wire.update_fields(country=country, msisdn=msisdn, change=change)
        await self._act(wire.UPDATE_PATH, fields, UPDATE_AGAIN)

    async def _page(self, path: str, query: Mapping[str, str], page: int, size: int) -> NumberPage:
        try:
            return await renewed(lambda: self._asked(path, query, page, size))
        except OutcomeUnknownError as error:
            raise self._calls.harmless(error, READ_AGAIN) from error

    async def _asked(self, path: str, query: Mapping[str, str], page: int, size: int) -> NumberPage:
        token = await self._calls.token()
        reply = await self._calls.exchange(self._calls.question(path, query, token))
        try:
            return wire.read_page(body_of(reply), page=page, size=size)
        except UnreadableError as error:
            raise self._failure(reply, token, path) from bare(error)

    async def _act(self, path: str, fields: Mapping[str, str], in_doubt: str) -> None:
        try:
            await renewed(lambda: self._acted(path, fields))
        except OutcomeUnknownError as error:
            error.hint = in_doubt
            raise

    async def _acted(self, path: str, fields: Mapping[str, str]) -> None:
        token = await self._calls.token()
        reply = await self._calls.exchange(self._calls.form(path, fields, token))
        try:
            is_done = wire.read_outcome(reply.body).is_done
        except UnreadableError as error:
            raise self._failure(reply, token, path) from bare(error)
        if not is_done:
            raise self._failure(reply, token, path)

    def _failure(self, reply: Reply, token: Token, path: str) -> GatewayError:
        """The error that an answer amounts to: by its own `error-code`, else by envelope and HTTP status."""
        try:
            outcome = wire.read_outcome(masked(reply, token.value).body)
        except UnreadableError:
            return _in_production(self._calls.failure(reply, token, PRODUCT))
        error = self._refusal(outcome, reply, path)
        error.http, error.said, error.quota = reply.http, outcome.said, quota_of(reply.headers)
        return error

    def _refusal(self, outcome: Outcome, reply: Reply, path: str) -> GatewayError:
        sentence = f"{outcome.said or 'it says no more'} (error-code {outcome.code})"
        code = f"number_{outcome.code}"
        match int(outcome.code):
            case 401:
                return NotAuthorisedError(f"the gateway refuses the account: {sentence}", hint=IN_PRODUCTION, code=code)
            case 429:
                wait_s = retry_after_s(reply, now=self._calls.now())
                message = f"too fast for the gateway: {sentence}"
                return ThrottledError(message, hint=READ_AGAIN, code=code, retry_after_s=wait_s)
            case number if 400 <= number < 500:  # noqa: PLR2004 - like HTTP statuses
                hint = _WHY_NOT.get(path, READ_AGAIN)
                return GatewayRefusedError(f"the gateway refuses: {sentence}", hint=hint, code=code)
            case _ if path in _WHY_NOT:
                return OutcomeUnknownError(f"the gateway failed: {sentence}", hint=SEE_FIRST, code=code)
            case _:
                return UnreachableError(f"the gateway failed: {sentence}", hint=READ_AGAIN, code=code)


def _in_production(error: GatewayError) -> GatewayError:
    """The hint that fits a project which may not use the product at all, as long as it is not in production."""
    if isinstance(error, NotAuthorisedError) or (isinstance(error, GatewayRefusedError) and error.http in {403, 404}):
        error.hint = IN_PRODUCTION
    return error
