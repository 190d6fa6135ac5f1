"""The gateway client: exactly one POST for a send, and one exception for whatever goes wrong.

The rule: only what is certain not to have left is an `UnreachableError`; other trouble on the line leaves the outcome
unknown.

| what happened | to a call | to a token request |
|---|---|---|
| no route, name or connection; TLS; no free connection; the proxy refuses | UnreachableError | UnreachableError |
| a time-out or a broken connection later than that | OutcomeUnknownError | UnreachableError |
| an answer that refuses, throttles, or cannot be read | `faults.call_error` | `faults.token_error` |
"""

from __future__ import annotations

import asyncio
import ssl
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from socket import gaierror
from typing import TYPE_CHECKING, Final, Protocol

import httpx

from smschat import __version__
from smschat.errors import (
    GatewayRefusedError,
    OutcomeUnknownError,
    SettingsError,
    TokenRefusedError,
    UnreachableError,
    causes,
)
from smschat.gateway import faults, wire
from smschat.gateway import look as looking
from smschat.gateway.auth import TokenSource
from smschat.gateway.faults import Reply
from smschat.gateway.trust import trusted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smschat.domain.delivery import SendAnswer
    from smschat.domain.sms import Attempt
    from smschat.errors import GatewayError
    from smschat.gateway.auth import Token
    from smschat.gateway.look import Look

REUSE_S: Final = 2.0
"""Seconds after its last use within which a connection may carry another request. A server closes idle connections,
and one that is closing turns a sure failure into a doubtful one."""

ANSWER_LIMIT: Final = 256 * 1024
"""Octets read of an answer; the largest of the document's has a few thousand."""

TEST_ACCOUNTS_ONLY: Final = (
    "registering is for test accounts; with account = production the address belongs to the virtual number"
)

REGISTER_AGAIN: Final = "register again: to do so twice does no harm"

_NEVER_LEFT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_TROUBLE: Final = (httpx.HTTPError, httpx.StreamError, OSError)
"""All that the line can raise; `OSError` has the TLS errors that httpx lets through, and the deadline's own."""

_NO_CONNECTION: Final[tuple[tuple[type[BaseException], str, str], ...]] = (
    (httpx.PoolTimeout, "every connection is in use", faults.TRY_LATER),
    (httpx.ProxyError, "the proxy refuses", "check the proxy setting, or HTTPS_PROXY"),
    (httpx.ConnectTimeout, "it does not answer in time", "check your network; a firewall may need the proxy setting"),
    (
        ssl.SSLCertVerificationError,
        "its certificate is not to be trusted",
        "check the clock; a proxy that opens TLS needs its CA in SSL_CERT_FILE",
    ),
    (ssl.SSLError, "TLS fails", "check api_url, and any proxy between"),
    (gaierror, "its name is not known", "check your network, and api_url"),
    (ConnectionRefusedError, "it refuses the connection", "check api_url: nothing listens there"),
)
"""What an error or one of its causes is, why there is no connection, and what to do; the first that fits."""


class Secret(Protocol):
    """A value that shows itself only when asked."""

    def reveal(self) -> str:
        """The value in the clear."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long each step of a request may take, in seconds; a whole request never takes longer than their sum.

    Attributes:
        pool_s: waiting for a free connection.
        connect_s: name, TCP and TLS, each.
        write_s: each write.
        read_s: each read; the gateway may think for 10 s.
    """

    pool_s: float = 3.0
    connect_s: float = 5.0
    write_s: float = 5.0
    read_s: float = 15.0

    @property
    def whole_s(self) -> float:
        """Seconds after which a request is given up, even if it trickles."""
        return self.pool_s + self.connect_s + self.write_s + self.read_s


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
        timeouts: Timeouts = Timeouts(),
        transport: httpx.AsyncBaseTransport | None = None,
        proxy: str | None = None,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._origin = _origin(api_url)
        self._client_id = client_id
        self._client_secret = client_secret
        self._timeouts = timeouts
        self._wall = wall
        self._http = _http_client(self._origin, timeouts, transport, proxy)
        self._tokens = TokenSource(self._grant, wall=wall, monotonic=monotonic)

    async def ensure_token(self) -> None:
        """Make sure of a token before anything that costs money.

        Raises:
            GatewayError: what the token endpoint said, or that it cannot be reached; nothing was sent.
        """
        await self._tokens.get()

    async def send(self, attempt: Attempt, *, callback: str | None) -> SendAnswer:
        """Exactly one POST. A token that is refused is dropped, so that the next call gets a new one.

        Raises:
            UnreachableError, TokenRefusedError, ThrottledError: certain not to have been carried out.
            GatewayRefusedError, NotAuthorisedError: refused, nothing was sent.
            OutcomeUnknownError: nobody knows.
        """
        token = await self._tokens.get()
        request = self._call(wire.SEND_PATH, wire.send_fields(attempt, callback=callback), token, attempt)
        reply = await self._exchange(request)
        try:
            return wire.read_send(reply.http, _body(reply))
        except wire.UnreadableError as error:
            raise self._failure(reply, token) from _bare(error)

    async def register(self, *, to: str, callback_url: str) -> str:
        """Tie an inbound webhook to a test account's number; the gateway's own words.

        Registering twice does no harm, so a refused token is renewed and the call repeated here, once.

        Raises:
            GatewayError: it was not taken, or nobody knows.
        """
        try:
            return await self._register(to, callback_url)
        except TokenRefusedError:
            return await self._register(to, callback_url)

    async def look(self) -> Look:
        """A token, then one call that can never be an SMS: what they show of credentials, product, quota and clock.

        Nothing is repeated: a token that is refused is told, and the next call gets a new one.

        Raises:
            NotAuthorisedError: the credentials are refused, or the project lacks the product.
            ThrottledError: the quota is used up, or too many calls came at once.
            GatewayRefusedError: the call is not allowed to this project, or the address is wrong.
            UnreachableError: no readable answer; nothing was sent.
        """
        token = await self._tokens.get()
        try:
            reply = await self._exchange(self._call(wire.SEND_PATH, looking.FIELDS, token))
            return self._looked(reply, token)
        except OutcomeUnknownError as error:
            raise self._not_looked(error) from error

    async def aclose(self) -> None:
        """Close the connections; what is under way fails. To close twice does no harm."""
        await self._tokens.aclose()
        await self._http.aclose()

    async def _register(self, to: str, callback_url: str) -> str:
        token = await self._tokens.get()
        fields = wire.register_fields(to=to, callback_url=callback_url)
        try:
            reply = await self._exchange(self._call(wire.REGISTER_PATH, fields, token))
            return self._registered(reply, token)
        except OutcomeUnknownError as error:
            error.hint = REGISTER_AGAIN
            raise

    def _registered(self, reply: Reply, token: Token) -> str:
        try:
            return wire.read_registered(_body(reply))
        except wire.UnreadableError as error:
            failure = self._failure(reply, token)
            if isinstance(failure, GatewayRefusedError) and reply.http in {403, 404}:
                failure.hint = TEST_ACCOUNTS_ONLY
            raise failure from _bare(error)

    def _looked(self, reply: Reply, token: Token) -> Look:
        try:
            return looking.read(reply, level=token.level, now=self._now())
        except wire.UnreadableError as error:
            raise self._failure(reply, token) from _bare(error)

    def _not_looked(self, error: OutcomeUnknownError) -> UnreachableError:
        """What is doubtful about a call is none about a look: nothing can have been sent."""
        message, hint = error.message, faults.TRY_LATER
        if error.http is not None and error.http < 300:  # noqa: PLR2004 - HTTP statuses
            host = httpx.URL(self._origin).host
            message, hint = f"what answers at {host} is not KPN's gateway", faults.CHECK_ADDRESS
        return UnreachableError(message, hint=hint, code=error.code, http=error.http)

    async def _grant(self) -> wire.Grant:
        """One token request."""
        request = self._request(wire.TOKEN_PATH, wire.token_fields(self._client_id, self._client_secret.reveal()))
        try:
            reply = await self._exchange(request)
        except OutcomeUnknownError as error:
            raise UnreachableError(error.message, hint=faults.TRY_LATER, code=error.code) from error
        try:
            return wire.read_grant(_body(reply))
        except wire.UnreadableError as error:
            masked = _masked(reply, self._client_secret.reveal())
            raise faults.token_error(masked, now=self._now()) from _bare(error)

    def _call(
        self, path: str, fields: Mapping[str, str], token: Token, attempt: Attempt | None = None
    ) -> httpx.Request:
        """A request with the token; made in a frame of its own, so that no error keeps its values."""
        headers = {"Authorization": f"Bearer {token.value}"} | (wire.send_headers(attempt) if attempt else {})
        return self._request(path, fields, headers)

    def _request(self, path: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> httpx.Request:
        return self._http.build_request(
            "POST", f"{self._origin}{path}", content=wire.encode(fields), headers={**wire.HEADERS, **(headers or {})}
        )

    async def _exchange(self, request: httpx.Request) -> Reply:
        """One request and whatever HTTP answer it gets.

        Raises:
            UnreachableError: it is certain not to have left.
            OutcomeUnknownError: it may have left.
        """
        if self._http.is_closed:
            raise UnreachableError("the gateway client is closed", hint="nothing was sent", code="closed")
        try:
            async with asyncio.timeout(self._timeouts.whole_s):
                return await self._answer(request)
        except _TROUBLE as error:
            raise self._line_error(error) from _bare(error)

    async def _answer(self, request: httpx.Request) -> Reply:
        response = await self._http.send(request, stream=True)
        body = bytearray()
        try:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > ANSWER_LIMIT:
                    break
        finally:
            await response.aclose()
        return Reply(http=response.status_code, headers=dict(response.headers), body=bytes(body[:ANSWER_LIMIT]))

    def _line_error(self, error: Exception) -> GatewayError:
        host = httpx.URL(self._origin).host
        if isinstance(error, _NEVER_LEFT):
            why, hint = _why_not(error)
            return UnreachableError(f"{host} is out of reach: {why}", hint=hint)
        is_late = isinstance(error, httpx.TimeoutException | TimeoutError)
        what = "gives no answer in time" if is_late else "broke the connection off before its answer was whole"
        return OutcomeUnknownError(f"{host} {what}", hint=faults.MAY_HAVE_ARRIVED)

    def _failure(self, reply: Reply, token: Token) -> GatewayError:
        error = faults.call_error(_masked(reply, token.value), now=self._now())
        if isinstance(error, TokenRefusedError):
            self._tokens.drop(token)
        return error

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._wall(), UTC)


def _http_client(
    origin: str, timeouts: Timeouts, transport: httpx.AsyncBaseTransport | None, proxy: str | None
) -> httpx.AsyncClient:
    """One client for good: making one costs more than a request does."""
    try:
        client = httpx.AsyncClient(
            headers={"User-Agent": f"smschat/{__version__}"},
            timeout=httpx.Timeout(
                connect=timeouts.connect_s, read=timeouts.read_s, write=timeouts.write_s, pool=timeouts.pool_s
            ),
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=REUSE_S),
            transport=transport,
            proxy=proxy,
            verify=trusted(),
            trust_env=not _is_loopback(origin),
            follow_redirects=False,
        )
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise SettingsError(
            "the proxy is no usable address",
            hint="set proxy (or HTTPS_PROXY) to http://host:port; smschat has no SOCKS",
        ) from _bare(error)
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
    return client


def _origin(api_url: str) -> str:
    try:
        url = httpx.URL(api_url.rstrip("/"))
    except httpx.InvalidURL as error:
        raise SettingsError("api_url is no address", hint=faults.CHECK_ADDRESS) from error
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo:
        raise SettingsError("api_url is no http address", hint=faults.CHECK_ADDRESS)
    return str(url)


def _is_loopback(origin: str) -> bool:
    host = httpx.URL(origin).host
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _body(reply: Reply) -> bytes:
    """The body of an answer that is a success.

    Raises:
        UnreadableError: it is none, and its body is to be read as an error.
    """
    if not 200 <= reply.http < 300:  # noqa: PLR2004 - HTTP statuses
        raise wire.UnreadableError("the HTTP status is no success")
    return reply.body


def _masked(reply: Reply, secret: str) -> Reply:
    """The answer without a secret that it may echo."""
    return replace(reply, body=reply.body.replace(secret.encode(), b"*****")) if secret else reply


def _why_not(error: Exception) -> tuple[str, str]:
    """Why there is no connection, and what to do about it."""
    for kind, why, hint in _NO_CONNECTION:
        if any(isinstance(cause, kind) for cause in causes(error)):
            return why, hint
    return wire.text_of(str(error)) or "no connection", "check your network, and api_url"


def _bare(error: Exception) -> Exception:
    """The error without its frames: those of the HTTP library hold the request as it was written, token and text."""
    for link in causes(error):
        link.__traceback__ = None
    return error
