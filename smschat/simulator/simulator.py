"""The simulator whole: the imitated gateway on a socket of its own, its timeline and its journal.

The rule: it lives in the running event loop, on loopback, and takes everything with it when it stops.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self

from smschat import serving
from smschat.simulator.callbacks import CallbackSender
from smschat.simulator.exchange import TOKEN_LIFE_S, Exchange
from smschat.simulator.gateway_app import GatewayApp
from smschat.simulator.journal import Journal, line
from smschat.simulator.people import Say
from smschat.simulator.timeline import Timeline
from smschat.simulator.wire import Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smschat.serving import Served

HOST: Final = "127.0.0.1"


class Simulator:
    """KPN's gateway imitated; started once, and made anew for another life.

    Args:
        pace: how many times as fast as life: 1 as people write, 20 for a hurried test, `math.inf` without any wait.
        style: how callbacks carry their fields.
        calls_out: whether callbacks may leave this machine; elsewhere they are only noted.
        is_masked: price and balance are `*****`, as in KPN's published sample.
        token_life_s: seconds that a token is good for.
        sign: the signature of a callback's fields, such as `domain.signing` makes; None: callbacks are not signed.
        log: told a line for each request and each callback; no secret and no text is in it.

    Attributes:
        journal: what it was asked, and what it called back.
    """

    def __init__(
        self,
        *,
        pace: float = 1.0,
        style: Transport = Transport.JSON,
        calls_out: bool = False,
        is_masked: bool = False,
        token_life_s: int = TOKEN_LIFE_S,
        sign: Callable[[Mapping[str, str]], str] | None = None,
        log: Callable[[str], None] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.journal = Journal()
        if log is not None:
            self.journal.subscribe(lambda entry: log(line(entry)))
        self.exchange = Exchange(is_masked=is_masked, token_life_s=token_life_s, now=now)
        self._timeline = Timeline(pace=pace)
        self._now = now
        self._style = style
        self._calls_out = calls_out
        self._sign = sign
        self._sender: CallbackSender | None = None
        self._served: Served | None = None

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; port 0 takes a free one.

        Raises:
            ListenerError: the port is taken or not allowed.
        """
        sock = serving.bind(HOST, port)
        self._sender = CallbackSender(
            self.journal, self._timeline, now=self._now, style=self._style, calls_out=self._calls_out, sign=self._sign
        )
        app = GatewayApp(self.exchange, self._sender, self._timeline, self.journal, now=self._now)
        self._served = await serving.serve(app, sock)

    @property
    def url(self) -> str:
        """Its origin, to be used as `api_url`; there is one after `start`."""
        if self._served is None:
            raise RuntimeError("the simulator is not started")
        return self._served.url

    def write(self, *, sender: str, to: str, text: str, after_s: float = 0.0, is_muddled: bool = False) -> None:
        """Somebody writes to the account unasked: an inbound SMS to the callback registered for `to`.

        Args:
            sender: digits with country code, or an alphanumeric sender.
            after_s: seconds of simulated time from now.
            is_muddled: the parts of a long text come out of order, and each of them twice.
        """
        if self._sender is None:
            raise RuntimeError("the simulator is not started")
        say = Say(after_s=after_s, text=text, is_muddled=is_muddled)
        self._sender.schedule(self.exchange.inbound(sender=sender, to=to, says=(say,)))

    async def settled(self) -> None:
        """Wait until no callback is due or under way; repeats of a callback that nobody takes are waited for too."""
        await self._timeline.settled()

    async def stop(self) -> None:
        """End it: what hangs is dropped, what was due is forgotten. May be called twice."""
        await self._timeline.close()
        if self._served is not None:
            await self._served.stop()
            self._served = None
        if self._sender is not None:
            await self._sender.close()
            self._sender = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
