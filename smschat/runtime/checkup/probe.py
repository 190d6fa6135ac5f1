"""Whether a public address leads to our listener: asked through the address, and believed only with the proof.

The rule: a 200 alone shows that somebody answers there; only what is made with the path token shows who.

Sources: ngrok.com/docs/errors, for the codes of its error pages.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import ssl
from http import HTTPStatus
from socket import gaierror
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from smschat import __version__
from smschat.domain.addresses import proof, proof_address
from smschat.domain.checks import Check, Finding, fault_of
from smschat.errors import SettingsError, causes

if TYPE_CHECKING:
    import httpx

REACH: Final = "reachability"

LIMIT_S: Final = 10.0
"""Seconds that the way out and back may take, all in all."""

READ_AT_MOST: Final = 4096
_NONCE_BYTES: Final = 16  # 22 characters of base64url

HEADERS: Final = {
    "User-Agent": f"smschat/{__version__}",
    "Accept-Encoding": "identity",
    "ngrok-skip-browser-warning": "1",
}

_START_AGAIN: Final = "start smschat again, so that the tunnel is opened anew"
_NGROK: Final = {
    "ERR_NGROK_3200": ("ngrok knows no tunnel there, it is offline", _START_AGAIN),
    "ERR_NGROK_3004": ("the listener gave ngrok an answer that is no HTTP", "update smschat, or report it"),
    "ERR_NGROK_8012": (
        "the ngrok agent cannot reach the port that it leads to",
        "end the agent that runs, and start smschat again; a firewall on this machine may be in the way",
    ),
    "ERR_NGROK_6024": ("ngrok shows its page for browsers instead", "report it: smschat is no browser"),
    "ERR_NGROK_727": ("the ngrok account has used up its requests of this month", "wait, or upgrade at ngrok.com"),
    "ERR_NGROK_734": ("the ngrok account has reached its limit of requests", "wait a minute, or upgrade at ngrok.com"),
}
_LEAD_HERE: Final = "let the address lead to the listener on this machine, with the path unchanged"
_STATUS: Final = {
    200: ("another server answers there", _LEAD_HERE),
    404: ("what answers there does not know our path", f"{_LEAD_HERE}, and see that it is this profile's"),
    **dict.fromkeys((401, 403, 407), ("what answers there asks for a login", "let the listener's path in without one")),
    **dict.fromkeys(
        (502, 503, 504),
        ("what answers there cannot reach the listener", "let it lead to the address and port that `listen` names"),
    ),
}
_FROM_OUTSIDE: Final = "check the address; some routers keep a machine from its own address: then try it from elsewhere"


async def probe(
    public_url: str,
    token: str,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    proxy: str | None = None,
    limit_s: float = LIMIT_S,
) -> Check:
    """Ask for the proof through the public address.

    Args:
        public_url: the origin; it is named in the text, the token is not.
        token: the profile's path token.
        transport: stands in for the network in tests; None is the network.
        proxy: the proxy of the settings; None: as the environment says, and none for loopback.
    """
    import httpx  # noqa: PLC0415 - slow to import, and only for those who ask

    nonce = secrets.token_urlsafe(_NONCE_BYTES)
    try:
        async with asyncio.timeout(limit_s):
            status, headers, body = await _ask(proof_address(public_url, token, nonce), transport, proxy)
    except SettingsError as error:
        return fault_of(REACH, error)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return _of_trouble(public_url, error)
    if status == HTTPStatus.OK and hmac.compare_digest(body.strip(), proof(token, nonce).encode()):
        return Check(name=REACH, finding=Finding.OK, text=f"{public_url} leads to this listener")
    what, fix = _of_answer(status, headers)
    return Check(name=REACH, finding=Finding.FAULT, text=f"{public_url} does not lead here: {what}", fix=fix)


async def _ask(
    address: str, transport: httpx.AsyncBaseTransport | None, proxy: str | None
) -> tuple[int, httpx.Headers, bytes]:
    import httpx  # noqa: PLC0415 - as above

    from smschat.gateway.trust import trusted  # noqa: PLC0415 - as above

    is_here = urlsplit(address).hostname in {"127.0.0.1", "localhost", "::1"}
    try:
        client = httpx.AsyncClient(
            headers=HEADERS,
            timeout=LIMIT_S,
            transport=transport,
            verify=trusted(),
            proxy=None if is_here else proxy,
            trust_env=not is_here,
        )
    except (ValueError, ImportError) as error:
        raise SettingsError("the proxy is no usable address", hint="check proxy and HTTPS_PROXY") from error
    async with client, client.stream("GET", address) as answer:
        body = bytearray()
        async for chunk in answer.aiter_bytes():
            body += chunk
            if len(body) > READ_AT_MOST:
                break
        return answer.status_code, answer.headers, bytes(body)


def _of_answer(status: int, headers: httpx.Headers) -> tuple[str, str]:
    code = headers.get("ngrok-error-code", "")
    if code:
        what, fix = _NGROK.get(code, ("ngrok refuses", "look the code up at ngrok.com/docs/errors"))
        return f"{what} ({code[:20]})", fix
    if 300 <= status < 400:  # noqa: PLR2004 - HTTP statuses
        return f"it sends elsewhere (HTTP {status}), and the gateway may not follow", _LEAD_HERE
    what, fix = _STATUS.get(status, ("it answers", _LEAD_HERE))
    return (f"{what} (HTTP {status})", fix)


def _of_trouble(public_url: str, error: Exception) -> Check:
    for kind, what, fix in _kinds_of_trouble():
        if any(isinstance(cause, kind) for cause in causes(error)):
            return Check(name=REACH, finding=Finding.FAULT, text=f"{public_url} cannot be reached: {what}", fix=fix)
    text = f"{public_url} cannot be reached: the connection breaks"
    return Check(name=REACH, finding=Finding.FAULT, text=text, fix=_FROM_OUTSIDE)


def _kinds_of_trouble() -> tuple[tuple[type[BaseException], str, str], ...]:
    """What an error or one of its causes is, why there is no answer, and what to do; the first that fits."""
    import httpx  # noqa: PLC0415 - as above

    return (
        (gaierror, "its name is not known", "check public_url, and the network"),
        (ssl.SSLCertVerificationError, "its certificate is not to be trusted", "renew it; the gateway refuses it too"),
        (ssl.SSLError, "TLS fails there", "check the certificate and TLS settings of what answers there"),
        (ConnectionRefusedError, "it refuses the connection", _FROM_OUTSIDE),
        (httpx.ProxyError, "the proxy of the settings refuses", "check the setting proxy"),
        (httpx.ConnectTimeout, "it takes no connection in time", _FROM_OUTSIDE),
        (httpx.TimeoutException, "it does not answer in time", _FROM_OUTSIDE),
        (TimeoutError, "it does not answer in time", _FROM_OUTSIDE),
    )
