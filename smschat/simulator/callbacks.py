"""The sender of callbacks: receipts and inbound SMS pushed over HTTP, and repeated until they are taken.

The rule: it calls only this machine unless told otherwise; what it may not call is in the journal as not sent.

Repeats, as the gateway's own support article has them: after 5 s, doubling up to 15 minutes, given up after 24 h.
"""

from __future__ import annotations

import asyncio
import secrets
import ssl
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

import httpx

from smschat.domain.signing import SIGNATURE
from smschat.simulator import wire
from smschat.simulator.journal import Entry, Kind
from smschat.simulator.wire import Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from smschat.simulator.exchange import Callback
    from smschat.simulator.journal import Journal
    from smschat.simulator.timeline import Timeline

FIRST_REPEAT_S: Final = 5.0
LONGEST_REPEAT_S: Final = 900.0
GIVEN_UP_S: Final = 24 * 3600.0

CONNECT_S: Final = 3.0
ANSWER_S: Final = 15.0
AT_ONCE: Final = 10
"""Connections at most."""

USER_AGENT: Final = "Nexmo/MessagingHUB/v1.0"


def repeat_after_s(tries: int) -> float | None:
    """Seconds until the next try after so many (1 or more); None: a day has gone by, it is given up."""
    waits = [min(FIRST_REPEAT_S * 2**nth, LONGEST_REPEAT_S) for nth in range(min(tries, 200))]
    return waits[-1] if sum(waits) <= GIVEN_UP_S else None


class CallbackSender:
    """Pushes callbacks, those of one number one after the other.

    Args:
        style: how the fields travel.
        calls_out: whether addresses that are not this machine's are called too.
        sign: the signature of the fields; None: callbacks are not signed.
    """

    def __init__(
        self,
        journal: Journal,
        timeline: Timeline,
        *,
        now: Callable[[], datetime],
        style: Transport = Transport.JSON,
        calls_out: bool = False,
        sign: Callable[[Mapping[str, str]], str] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._journal = journal
        self._timeline = timeline
        self._now = now
        self._style = style
        self._calls_out = calls_out
        self._sign = sign
        self._lanes: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._http = httpx.AsyncClient(
            transport=transport,
            trust_env=False,
            # Nobody on this machine has a certificate that an authority signed: loading those takes 30 ms for nothing.
            verify=True if calls_out else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            headers={"User-Agent": USER_AGENT},
            timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S, pool=None),
            limits=httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE, keepalive_expiry=2.0),
        )

    def schedule(self, callbacks: Iterable[Callback]) -> None:
        """Push each at its time."""
        for callback in callbacks:
            self._timeline.after(callback.after_s, self._starter(callback, 1))

    async def push(self, callback: Callback, *, tries: int = 1) -> None:
        """Try it now, and arrange a repeat if it is not taken."""
        lane = self._lanes.setdefault(callback.peer, asyncio.Lock())
        async with lane:
            taken = await self._try(callback, tries)
        wait_s = None if taken else repeat_after_s(tries)
        if wait_s is not None:
            self._timeline.after(wait_s, self._starter(callback, tries + 1))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def _starter(self, callback: Callback, tries: int) -> Callable[[], Any]:
        return lambda: self.push(callback, tries=tries)

    async def _try(self, callback: Callback, tries: int) -> bool:
        """Whether it needs no repeat: it was taken, or may not or cannot be sent at all."""
        address = callback.address()
        if address is None:
            return self._not_sent(callback, "", tries, "not sent: no callback is registered")
        if not self._calls_out and not wire.is_loopback(address):
            return self._not_sent(callback, address, tries, "not sent: not an address of this machine")
        fields = self._signed(wire.stamped(callback.fields, self._now()))
        try:
            answer = await self._http.send(self._request(address, fields))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self._note(callback, address, tries, http=None, note=type(error).__name__)
            return False
        self._note(callback, address, tries, http=answer.status_code)
        return answer.is_success

    def _signed(self, fields: dict[str, str]) -> dict[str, str]:
        """With `timestamp`, `nonce` and `sig` where callbacks are signed; each try is signed anew."""
        if self._sign is None:
            return fields
        fields = {**fields, "timestamp": str(int(self._now().timestamp())), "nonce": secrets.token_hex(16)}
        return {**fields, SIGNATURE: self._sign(fields)}

    async def test(self, address: str) -> bool:
        """Whether a number's `moHttpUrl` answers an empty GET with 200; one that may not be called counts as good."""
        if not self._calls_out and not wire.is_loopback(address):
            self._noted_test(address, note="not tested: not an address of this machine")
            return True
        try:
            answer = await self._http.get(address)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self._noted_test(address, note=type(error).__name__)
            return False
        self._noted_test(address, http=answer.status_code)
        return answer.status_code == httpx.codes.OK

    def _noted_test(self, address: str, *, http: int | None = None, note: str = "") -> None:
        self._journal.add(Entry(at=self._now(), kind=Kind.TEST, method="GET", address=address, http=http, note=note))

    def _request(self, address: str, fields: dict[str, str]) -> httpx.Request:
        match self._style:
            case Transport.JSON:
                content_type = {"Content-Type": "application/json"}
                return self._http.build_request("POST", address, content=wire.to_json(fields), headers=content_type)
            case Transport.FORM:
                return self._http.build_request("POST", address, data=fields)
            case Transport.GET:
                return self._http.build_request("GET", httpx.URL(address).copy_merge_params(fields))

    def _not_sent(self, callback: Callback, address: str, tries: int, why: str) -> bool:
        self._note(callback, address, tries, http=None, note=why)
        return True

    def _note(self, callback: Callback, address: str, tries: int, *, http: int | None, note: str = "") -> None:
        method = "GET" if self._style is Transport.GET else "POST"
        self._journal.add(
            Entry(
                at=self._now(), kind=callback.kind, method=method, address=address, http=http,
                fields=callback.fields, tries=tries, note=note,
            )
        )  # fmt: skip
