"""Calls with the access token: the token request, a request that bears it, and the error that an answer amounts to.

The rule: a token that is refused is dropped at once, so that the next call gets a new one; what trouble there was is
said by the one exception of `faults`, without the token, the secret or the text of an SMS in it.

A token request can be no SMS, so what is doubtful about one is an `UnreachableError`: nothing was sent.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from smschat.errors import OutcomeUnknownError, TokenRefusedError, UnreachableError
from smschat.gateway import faults, wire
from smschat.gateway.auth import TokenSource
from smschat.gateway.line import bare

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import httpx

    from smschat.errors import GatewayError
    from smschat.gateway.auth import Token
    from smschat.gateway.faults import Reply
    from smschat.gateway.line import Line

Answer = TypeVar("Answer")

_NOT_KPN: Final = "what answers at {host} is not KPN's gateway"


class Secret(Protocol):
    """A value that shows itself only when asked."""

    def reveal(self) -> str:
        """The value in the clear."""
        ...


class Calls:
    """What every API behind the gateway shares: the line, and one token for all.

    Args:
        line: closed with `aclose`.
        wall: seconds since 1970.
        monotonic: seconds that no one sets.
    """

    def __init__(
        self,
        line: Line,
        *,
        client_id: str,
        client_secret: Secret,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._line = line
        self._client_id = client_id
        self._client_secret = client_secret
        self._wall = wall
        self._tokens = TokenSource(self._grant, wall=wall, monotonic=monotonic)

    async def token(self) -> Token:
        """The current token, or a new one.

        Raises:
            GatewayError: what the token endpoint said, or that it cannot be reached; nothing was sent.
        """
        return await self._tokens.get()

    def form(
        self, path: str, fields: Mapping[str, str], token: Token, headers: Mapping[str, str] | None = None
    ) -> httpx.Request:
        """A POST with the token; made in a frame of its own, so that no error keeps its values."""
        return self._line.form(path, fields, _bearer(token) | dict(headers or {}))

    def question(self, path: str, query: Mapping[str, str], token: Token) -> httpx.Request:
        """A GET with the token."""
        return self._line.question(path, query, _bearer(token))

    async def exchange(self, request: httpx.Request, *, sms_id: str | None = None) -> Reply:
        """One request and whatever HTTP answer it gets; raises as `Line.exchange` does."""
        return await self._line.exchange(request, sms_id=sms_id)

    def failure(self, reply: Reply, token: Token, product: str = faults.PRODUCT) -> GatewayError:
        """The error that an answer to a call amounts to; drops the token where it is at fault.

        Args:
            product: the call's, as KPN's store names it.
        """
        error = faults.call_error(masked(reply, token.value), now=self.now(), product=product)
        if isinstance(error, TokenRefusedError):
            self._tokens.drop(token)
        return error

    def harmless(self, error: OutcomeUnknownError, hint: str) -> UnreachableError:
        """What is doubtful about a call is none about one that changes nothing: it can simply be made again."""
        message = error.message
        if error.http is not None and error.http < 300:  # noqa: PLR2004 - HTTP statuses
            message, hint = _NOT_KPN.format(host=self._line.host), faults.CHECK_ADDRESS
        harmless = UnreachableError(
            message, hint=hint, code=error.code, http=error.http, transaction_id=error.transaction_id
        )
        harmless.said, harmless.quota = error.said, error.quota
        return harmless

    def now(self) -> datetime:
        """Our own clock."""
        return datetime.fromtimestamp(self._wall(), UTC)

    async def aclose(self) -> None:
        """Close the line; what is under way fails. To close twice does no harm."""
        await self._tokens.aclose()
        await self._line.aclose()

    async def _grant(self) -> wire.Grant:
        """One token request."""
        request = self._line.form(wire.TOKEN_PATH, wire.token_fields(self._client_id, self._client_secret.reveal()))
        try:
            reply = await self._line.exchange(request)
        except OutcomeUnknownError as error:
            raise UnreachableError(error.message, hint=faults.TRY_LATER, code=error.code) from error
        try:
            return wire.read_grant(body_of(reply))
        except wire.UnreadableError as error:
            blanked = masked(reply, self._client_secret.reveal())
            raise faults.token_error(blanked, now=self.now()) from bare(error)


async def renewed(call: Callable[[], Awaitable[Answer]]) -> Answer:
    """Make a call, and once more with a new token where the token alone was at fault: it was not carried out."""
    try:
        return await call()
    except TokenRefusedError:
        return await call()


def body_of(reply: Reply) -> bytes:
    """The body of an answer that is a success.

    Raises:
        UnreadableError: it is none, and its body is to be read as an error.
    """
    if not 200 <= reply.http < 300:  # noqa: PLR2004 - HTTP statuses
        raise wire.UnreadableError("the HTTP status is no success")
    return reply.body


def masked(reply: Reply, secret: str) -> Reply:
    """The answer without a secret that it may echo."""
    return replace(reply, body=reply.body.replace(secret.encode(), b"*****")) if secret else reply


def _bearer(token: Token) -> dict[str, str]:
    return {"Authorization": f"Bearer {token.value}"}
