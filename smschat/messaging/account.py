"""The account's callback: told to the gateway when the listener is reachable, told again when the address changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from smschat.domain.account import Registration
from smschat.errors import GatewayError
from smschat.messaging import verdicts

if TYPE_CHECKING:
    from collections.abc import Callable

    from smschat.messaging.ports import Gateway, Store


async def register(
    store: Store,
    gateway: Gateway,
    *,
    number: str,
    url: str,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Registration:
    """Tell the gateway the callback address of a test account's number, and keep how that went.

    Args:
        number: the number whose inbound SMS are wanted, digits with country code.
        url: the whole address, path token included.

    Raises:
        GatewayError: it was not taken; what went wrong is kept too.
    """
    try:
        await gateway.register(to=number, callback_url=url)
    except GatewayError as error:
        failed = Registration(number=number, url=url, at=clock(), error=verdicts.why(error))
        await store.save_registration(failed)
        raise
    registration = Registration(number=number, url=url, at=clock())
    await store.save_registration(registration)
    return registration
