"""The webhook listener: the webhook's application on a socket of its own.

The rule: it is up or it raised `ListenerError`; nothing in between.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from smschat.serving import bind, serve
from smschat.webhook.app import webhook_app

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from smschat.domain.callbacks import RawCallback, Signature
    from smschat.serving import Limits, Served


def _now() -> datetime:
    return datetime.now(UTC)


class Listener:
    """Listens for callbacks of one profile and hands them over.

    Args:
        token, take, clock, verify: see `webhook_app`.
    """

    def __init__(
        self,
        token: str,
        take: Callable[[RawCallback], Awaitable[None]],
        *,
        clock: Callable[[], datetime] = _now,
        verify: Callable[[RawCallback, datetime], Signature] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._app = webhook_app(token, take, clock, verify)
        self._limits = limits
        self._served: Served | None = None

    @property
    def local_url(self) -> str | None:
        """Its origin as this machine reaches it, such as `http://127.0.0.1:40123`; None while it is down."""
        return self._served.url if self._served else None

    async def start(self, host: str, port: int) -> str:
        """Listen, at a free port if `port` is 0; the local origin.

        Raises:
            ListenerError: it cannot; the hint says what to do.
        """
        self._served = await serve(self._app, bind(host, port), limits=self._limits)
        return self._served.url

    async def stop(self) -> None:
        """Answer what is under way, for a second at most, and close. Does nothing while it is down."""
        served, self._served = self._served, None
        if served:
            await served.stop()
