"""The access token: one for everybody who calls, renewed before its end, kept in memory alone.

The rule: however many wait, there is one token request; its failure fails all who wait, and is not kept.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from smschat.errors import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from smschat.gateway.wire import Grant

RENEW_BEFORE_S: Final = 60.0
"""Seconds before its end at which a token is renewed."""

SHORT_MARGIN: Final = 0.1
"""Of a life of `RENEW_BEFORE_S` or less this share is left unused instead, so that a short life is still of use."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Token:
    """One access token, itself and no other that looks like it; its value stays out of `repr`.

    Attributes:
        wall_end, monotonic_end: when it is renewed, by each clock, in that clock's seconds.
        level: the project's tier, `demo` or `prod`; None when not said.
    """

    value: str = field(repr=False)
    wall_end: float
    monotonic_end: float
    level: str | None = None


class TokenSource:
    """Hands out the current token and gets a new one when there is none.

    A token is over when the first of two clocks says so: the wall clock can be set back, and the monotonic clock stands
    still while a machine sleeps.

    Args:
        grant: one token request; raises a `GatewayError`.
        wall: seconds since 1970.
        monotonic: seconds that no one sets.
    """

    def __init__(
        self,
        grant: Callable[[], Awaitable[Grant]],
        *,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._grant = grant
        self._wall = wall
        self._monotonic = monotonic
        self._current: Token | None = None
        self._request: asyncio.Task[Token] | None = None
        self._is_closed = False

    async def get(self) -> Token:
        """The current token, or a new one. To stop waiting stops nobody else's wait.

        Raises:
            GatewayError: the token request failed; nothing was sent.
        """
        if self._is_closed:
            raise _closed()
        if self._current is not None and self._is_fresh(self._current):
            return self._current
        if self._request is None:
            self._request = asyncio.create_task(self._renew(), name="access token")
            self._request.add_done_callback(_hear)
        return await self._outcome(self._request)

    def drop(self, token: Token) -> None:
        """Forget a token that was refused, unless another has taken its place."""
        if self._current is token:
            self._current = None

    async def aclose(self) -> None:
        """Forget the token and give up a request under way."""
        self._is_closed = True
        self._current = None
        if self._request is not None:
            self._request.cancel()
            await asyncio.wait({self._request})

    async def _outcome(self, request: asyncio.Task[Token]) -> Token:
        """Wait for the one request; closing ends it, which is not to look as if the one who waits was cancelled."""
        await asyncio.wait({request})
        if request.cancelled():
            raise _closed()
        return request.result()

    async def _renew(self) -> Token:
        wall, monotonic = self._wall(), self._monotonic()
        try:
            grant = await self._grant()
            use_s = _use_s(grant.life_s)
            self._current = Token(
                value=grant.token, wall_end=wall + use_s, monotonic_end=monotonic + use_s, level=grant.level
            )
            return self._current
        finally:
            self._request = None

    def _is_fresh(self, token: Token) -> bool:
        return self._wall() < token.wall_end and self._monotonic() < token.monotonic_end


def _use_s(life_s: float) -> float:
    return life_s - RENEW_BEFORE_S if life_s > RENEW_BEFORE_S else life_s * (1 - SHORT_MARGIN)


def _closed() -> UnreachableError:
    return UnreachableError("the gateway client is closed", hint="nothing was sent; start smschat again", code="closed")


def _hear(task: asyncio.Task[Token]) -> None:
    """Take note of a failure that nobody waits for any more, so that asyncio does not log it."""
    if not task.cancelled():
        task.exception()
