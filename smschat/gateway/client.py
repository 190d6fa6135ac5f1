"""The gateway client: exactly one POST for a send, and one exception for whatever goes wrong.

The rule: a send is never repeated here; each answer is read once, by `wire`, `look` or `faults`.

| what came of a call | its error |
|---|---|
| it is certain not to have left | UnreachableError (`line`) |
| the line broke later than that | OutcomeUnknownError (`line`) |
| an answer that refuses, throttles, or cannot be read | as `faults.call_error` has it |
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from smschat.errors import GatewayRefusedError, OutcomeUnknownError
from smschat.gateway import curl, faults, wire
from smschat.gateway import look as looking
from smschat.gateway.calls import Calls, body_of, renewed
from smschat.gateway.line import USUAL_TIMEOUTS, Line, bare
from smschat.gateway.numbers import KpnNumbers
from smschat.gateway.quota import quota_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from smschat.domain.delivery import SendAnswer
    from smschat.domain.exchanges import Exchange
    from smschat.domain.sms import Attempt
    from smschat.gateway.auth import Token
    from smschat.gateway.calls import Secret
    from smschat.gateway.faults import Reply
    from smschat.gateway.line import Timeouts
    from smschat.gateway.look import Look

TEST_ACCOUNTS_ONLY: Final = (
    "registering is for test accounts; with account = production the address belongs to the virtual number"
)

REGISTER_AGAIN: Final = "register again: to do so twice does no harm"


class KpnGateway:
    """KPN's API store, SMS by Vonage. It belongs to the event loop in which it is first used.

    Args:
        api_url: origin of the gateway, such as `https://api-prd.kpn.com`.
        transport: stands in for the network in tests; None is the network.
        proxy: address of an HTTP proxy; None: as the environment says, and none at all for a gateway on loopback.
        wall: seconds since 1970.
        monotonic: seconds that no one sets.

    Raises:
        SettingsError: `api_url` or the proxy is no usable address.
    """

    def __init__(
        self,
        *,
        api_url: str,
        client_id: str,
        client_secret: Secret,
        timeouts: Timeouts = USUAL_TIMEOUTS,
        transport: httpx.AsyncBaseTransport | None = None,
        proxy: str | None = None,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        line = Line(api_url, timeouts=timeouts, transport=transport, proxy=proxy)
        self._line = line
        self._calls = Calls(line, client_id=client_id, client_secret=client_secret, wall=wall, monotonic=monotonic)
        self._numbers = KpnNumbers(self._calls)

    def curl(self, attempt: Attempt, *, callback: str | None) -> str:
        """The POST of an attempt as a curl command, its token masked; nothing is sent."""
        return curl.of_attempt(attempt, self._line.origin, callback=callback)

    def watch(self, hear: Callable[[Exchange], None] | None) -> None:
        """Tell of every request and answer, secrets covered; None: of none any more."""
        self._line.hear = hear

    @property
    def numbers(self) -> KpnNumbers:
        """The account's virtual numbers: another product of the same gateway, with the same token."""
        return self._numbers

    async def ensure_token(self) -> None:
        """Make sure of a token before anything that costs money.

        Raises:
            GatewayError: what the token endpoint said, or that it cannot be reached; nothing was sent.
        """
        await self._calls.token()

    async def send(self, attempt: Attempt, *, callback: str | None) -> SendAnswer:
        """Exactly one POST. A token that is refused is dropped, so that the next call gets a new one.

        Raises:
            UnreachableError, TokenRefusedError, ThrottledError: certain not to have been carried out.
            GatewayRefusedError, NotAuthorisedError: refused, nothing was sent.
            OutcomeUnknownError: nobody knows.
        """
        token = await self._calls.token()
        reply = await self._calls.exchange(self._send_request(attempt, callback, token), sms_id=attempt.sms.id)
        try:
            return replace(wire.read_send(reply.http, body_of(reply)), quota=quota_of(reply.headers))
        except wire.UnreadableError as error:
            raise self._calls.failure(reply, token) from bare(error)

    async def register(self, *, to: str, callback_url: str) -> str:
        """Tie an inbound webhook to a test account's number; the gateway's own words.

        Registering twice does no harm, so a refused token is renewed and the call repeated here, once.

        Raises:
            GatewayError: it was not taken, or nobody knows.
        """
        return await renewed(lambda: self._register(to, callback_url))

    async def look(self) -> Look:
        """A token, then one call that can never be an SMS: what they show of credentials, product, quota and clock.

        Nothing is repeated: a token that is refused is told, and the next call gets a new one.

        Raises:
            NotAuthorisedError: the credentials are refused, or the project lacks the product.
            ThrottledError: the quota is used up, or too many calls came at once.
            GatewayRefusedError: the call is not allowed to this project, or the address is wrong.
            UnreachableError: no readable answer; nothing was sent.
        """
        token = await self._calls.token()
        try:
            reply = await self._calls.exchange(self._calls.form(wire.SEND_PATH, looking.FIELDS, token))
            return self._looked(reply, token)
        except OutcomeUnknownError as error:
            raise self._calls.harmless(error, faults.TRY_LATER) from error

    async def aclose(self) -> None:
        """Close the connections; what is under way fails. To close twice does no harm."""
        await self._calls.aclose()

    def _send_request(self, attempt: Attempt, callback: str | None, token: Token) -> httpx.Request:
        """Made in a frame of its own, so that no error keeps the text."""
        fields = wire.send_fields(attempt, callback=callback)
        return self._calls.form(wire.SEND_PATH, fields, token, wire.send_headers(attempt))

    async def _register(self, to: str, callback_url: str) -> str:
        token = await self._calls.token()
        fields = wire.register_fields(to=to, callback_url=callback_url)
        try:
            reply = await self._calls.exchange(self._calls.form(wire.REGISTER_PATH, fields, token))
            return self._registered(reply, token)
        except OutcomeUnknownError as error:
            error.hint = REGISTER_AGAIN
            raise

    def _registered(self, reply: Reply, token: Token) -> str:
        try:
            return wire.read_registered(body_of(reply))
        except wire.UnreadableError as error:
            failure = self._calls.failure(reply, token)
            if isinstance(failure, GatewayRefusedError) and reply.http in {403, 404}:
                failure.hint = TEST_ACCOUNTS_ONLY
            raise failure from bare(error)

    def _looked(self, reply: Reply, token: Token) -> Look:
        try:
            return looking.read(reply, level=token.level, now=self._calls.now())
        except wire.UnreadableError as error:
            raise self._calls.failure(reply, token) from bare(error)
