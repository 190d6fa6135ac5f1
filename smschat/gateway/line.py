"""The line to the gateway: one HTTP client for good, and whatever HTTP answer one request gets.

The rule: only what is certain not to have left is an `UnreachableError`; other trouble on the line leaves the outcome
unknown. Nothing is repeated here, and no error keeps what was sent.

| what happened | error |
|---|---|
| no route, name or connection; TLS; no free connection; the proxy refuses | UnreachableError |
| a time-out or a broken connection later than that | OutcomeUnknownError |
"""

from __future__ import annotations

import asyncio
import ssl
import time
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from socket import gaierror
from typing import TYPE_CHECKING, Final

import httpx

from smschat import __version__
from smschat.errors import OutcomeUnknownError, SettingsError, UnreachableError, causes
from smschat.gateway import faults, watching, wire
from smschat.gateway.faults import Reply
from smschat.gateway.trust import trusted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smschat.domain.exchanges import Exchange
    from smschat.errors import GatewayError

REUSE_S: Final = 2.0
"""Seconds after its last use within which a connection may carry another request. A server closes idle connections,
and one that is closing turns a sure failure into a doubtful one."""

ANSWER_LIMIT: Final = 256 * 1024
"""Octets read of an answer; a full page of numbers, the largest of the documents, has a quarter of that."""

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


USUAL_TIMEOUTS: Final = Timeouts()


class Line:
    """The HTTP client of one origin. It belongs to the event loop in which it is first used.

    Args:
        api_url: origin of the gateway, such as `https://api-prd.kpn.com`.
        transport: stands in for the network in tests; None is the network.
        proxy: address of an HTTP proxy; None: as the environment says, and none at all for a gateway on loopback.

    Attributes:
        hear: told of every request and answer, secrets covered; None: nobody looks.

    Raises:
        SettingsError: `api_url` or the proxy is no usable address.
    """

    def __init__(
        self, api_url: str, *, timeouts: Timeouts, transport: httpx.AsyncBaseTransport | None, proxy: str | None
    ) -> None:
        self._origin = _origin(api_url)
        self._timeouts = timeouts
        self._http = _http_client(self._origin, timeouts, transport, proxy)
        self.hear: Callable[[Exchange], None] | None = None

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return self._origin

    @property
    def host(self) -> str:
        """The gateway's name, for people."""
        return httpx.URL(self._origin).host

    def form(self, path: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> httpx.Request:
        """A POST of a form."""
        sent = {**wire.HEADERS, **wire.FORM_HEADERS, **(headers or {})}
        return self._http.build_request("POST", f"{self._origin}{path}", content=wire.encode(fields), headers=sent)

    def question(self, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> httpx.Request:
        """A GET with a query."""
        url = f"{self._origin}{path}" + (f"?{wire.encode(query).decode('ascii')}" if query else "")
        return self._http.build_request("GET", url, headers={**wire.HEADERS, **headers})

    async def exchange(self, request: httpx.Request, *, sms_id: str | None = None) -> Reply:
        """One request and whatever HTTP answer it gets; whoever hears of exchanges is told of both.

        Args:
            sms_id: the SMS that it is made for; None: none in particular.

        Raises:
            UnreachableError: it is certain not to have left.
            OutcomeUnknownError: it may have left.
        """
        if self._http.is_closed:
            raise UnreachableError("the gateway client is closed", hint="nothing was sent", code="closed")
        try:
            async with asyncio.timeout(self._timeouts.whole_s):
                return await self._heard(request, sms_id)
        except _TROUBLE as error:
            raise self._line_error(error) from bare(error)

    async def aclose(self) -> None:
        """Close the connections; what is under way fails. To close twice does no harm."""
        await self._http.aclose()

    async def _heard(self, request: httpx.Request, sms_id: str | None) -> Reply:
        if self.hear is None:
            return await self._answer(request)
        begun = time.monotonic()
        self.hear(watching.asked(request, sms_id))
        reply = await self._answer(request)
        self.hear(watching.answered(request, reply, sms_id, (time.monotonic() - begun) * 1000))
        return reply

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
        if isinstance(error, _NEVER_LEFT):
            why, hint = _why_not(error)
            return UnreachableError(f"{self.host} is out of reach: {why}", hint=hint)
        is_late = isinstance(error, httpx.TimeoutException | TimeoutError)
        what = "gives no answer in time" if is_late else "broke the connection off before its answer was whole"
        return OutcomeUnknownError(f"{self.host} {what}", hint=faults.MAY_HAVE_ARRIVED)


def bare(error: Exception) -> Exception:
    """The error without its frames: those of the HTTP library hold the request as it was written, token and text."""
    for link in causes(error):
        link.__traceback__ = None
    return error


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
        ) from bare(error)
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


def _why_not(error: Exception) -> tuple[str, str]:
    """Why there is no connection, and what to do about it."""
    for kind, why, hint in _NO_CONNECTION:
        if any(isinstance(cause, kind) for cause in causes(error)):
            return why, hint
    return wire.text_of(str(error)) or "no connection", "check your network, and api_url"
