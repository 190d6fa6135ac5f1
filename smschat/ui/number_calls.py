"""What the numbers screen asks of the runtime; each function runs on the runtime's loop and touches no widget."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from smschat.domain.addresses import has_token
from smschat.domain.numbers import NumberChange, NumberType, Where
from smschat.errors import TunnelError
from smschat.messaging.account import ProductionCallback

if TYPE_CHECKING:
    from smschat.domain.numbers import NumberPage, VirtualNumber
    from smschat.runtime import Runtime

PAGE: Final = 50
"""Numbers in one read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is searched for.

    Attributes:
        pattern: digits that stand in the number; empty: any.
    """

    country: str
    number_type: str = NumberType.MOBILE
    features: tuple[str, ...] = ("SMS",)
    pattern: str = ""
    where: Where = Where.START


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A page, and which of its numbers send their SMS to this smschat.

    Attributes:
        here: by an address of their own.
        registered: the number whose SMS come by the callback that a test account registers; empty: none.
    """

    page: NumberPage
    here: frozenset[str] = field(default=frozenset(), repr=False)
    registered: str = field(default="", repr=False)


async def own(runtime: Runtime, page: int) -> Read:
    """A page of the account's own numbers."""
    found = await (await runtime.online.numbers()).own(page, PAGE)
    token = await runtime.store.path_token()
    here = frozenset(number.msisdn for number in found.numbers if has_token(number.mo_http_url or "", token))
    return Read(page=found, here=here, registered=await _registered(runtime, token))


async def _registered(runtime: Runtime, token: str) -> str:
    told = await runtime.store.registration() if runtime.plan.identity.is_test else None
    return told.number if told is not None and told.error is None and has_token(told.url, token) else ""


async def search(runtime: Runtime, wanted: Wanted, page: int) -> Read:
    """A page of the numbers that can be rented."""
    numbers = await runtime.online.numbers()
    found = await numbers.search(
        wanted.country,
        number_type=wanted.number_type,
        features=wanted.features,
        pattern=wanted.pattern or None,
        where=wanted.where if wanted.pattern else None,
        page=page,
        size=PAGE,
    )
    return Read(page=found)


async def buy(runtime: Runtime, number: VirtualNumber) -> None:
    """Rent a number whose cost somebody has said yes to."""
    await (await runtime.online.numbers()).buy(number, confirmed=True)


async def cancel(runtime: Runtime, number: VirtualNumber) -> None:
    """Give a number up that somebody has typed in full."""
    await (await runtime.online.numbers()).cancel(number.msisdn, country=number.country, confirmed=True)


async def point(runtime: Runtime, number: VirtualNumber, url: str) -> None:
    """Send a number's SMS to another address; empty: nowhere."""
    change = NumberChange(mo_http_url=url)
    await (await runtime.online.numbers()).update_by_hand(number.msisdn, country=number.country, change=change)


async def bring_here(runtime: Runtime, number: VirtualNumber, *, may_take_over: bool) -> None:
    """Send a number's SMS to this smschat; an address of somebody else's that was there is kept, and given back.

    By the number itself whatever kind of account this is: who can list numbers can set their address.

    Raises:
        TunnelError: this smschat has no address.
        ForeignCallbackError: somebody else's address is there, and `may_take_over` is not set.
    """
    url = runtime.online.callback_url()
    if url is None:
        raise TunnelError(
            "there is no address to send them to", hint="see what the header says of listener and tunnel; then again"
        )
    callback = ProductionCallback(
        runtime.store,
        await runtime.online.numbers(),
        token=await runtime.store.path_token(),
        clock=runtime.clock,
    )
    await callback.take(number.msisdn, url, may_take=lambda _: may_take_over)
