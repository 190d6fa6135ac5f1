"""The account's callback: told to the gateway when the listener is reachable, told again when the address changes.

The rule: a production number's callback is borrowed. Somebody else's address is on disk before ours takes its place,
and stays there until the number has it again; an address with our own path token is never kept as somebody else's, and
nobody's is taken without a yes.

| the number's address | to take it | to give back, while something is borrowed |
|---|---|---|
| none | ours is set | somebody cleared it: nothing is owed; unless we did, because giving back had failed |
| with our path token | ours is set | the borrowed one is set |
| the borrowed one | ours is set: the yes was given; unless giving back was tried | it is back already |
| one registered by hand over it | a yes; what is borrowed stays | kept, unless somebody asks for the borrowed one |
| another | a yes, and it is borrowed | somebody changed it: nothing is owed |
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from smschat.domain.account import Loan, Registration
from smschat.domain.addresses import has_token, origin
from smschat.domain.numbers import NumberChange
from smschat.errors import ForeignCallbackError, GatewayError, NotFoundError, RefusedHereError, SmschatError, StoreError
from smschat.messaging import verdicts

if TYPE_CHECKING:
    from collections.abc import Callable

    from smschat.domain.numbers import VirtualNumber
    from smschat.messaging.gateway_port import Gateway
    from smschat.messaging.numbers import Numbers
    from smschat.messaging.ports import Store


def _now() -> datetime:
    return datetime.now(UTC)


async def register(
    store: Store,
    gateway: Gateway,
    *,
    number: str,
    url: str,
    clock: Callable[[], datetime] = _now,
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


class Ending(StrEnum):
    """What became of a borrowed address when it was to be given back."""

    GIVEN_BACK = "given_back"
    CHANGED = "changed"
    """The number has no address of ours any more: somebody set or cleared it, and nothing is owed."""

    OWED = "owed"
    """It could not be given back, and is tried again."""

    KEPT = "kept"
    """The number has the address that `webhook register --url` gave it; only somebody who asks gives that up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One borrowed address, and what became of it.

    Attributes:
        loan: as it is kept now, or was last.
        error: what kept it from being given back; None where nothing did, or smschat ended before it was known.
    """

    loan: Loan = field(repr=False)
    ending: Ending
    error: SmschatError | None = None


async def owe(store: Store, loan: Loan, why: str) -> Returned:
    """Keep why a borrowed address could not be given back; nothing where it was, meanwhile."""
    owed = replace(loan, error=why)
    if any(kept.number == loan.number for kept in await store.loans()):
        await store.save_loan(owed)
    return Returned(loan=owed, ending=Ending.OWED)


class ProductionCallback:
    """The callback of production numbers, which is their `moHttpUrl`.

    Args:
        token: the profile's path token.
    """

    def __init__(self, store: Store, numbers: Numbers, *, token: str, clock: Callable[[], datetime] = _now) -> None:
        self._store = store
        self._numbers = numbers
        self._token = token
        self._clock = clock

    async def take(self, number: str, url: str, *, may_take: Callable[[str], bool]) -> Registration:
        """Set a number's address, keep what was there if it was somebody else's, and keep how that went.

        Args:
            number: one of the account's own numbers, digits with country code.
            url: the whole address, path token included where it leads to our listener.
            may_take: whether somebody said yes to taking the place of this foreign address.

        Raises:
            ForeignCallbackError: nobody did; nothing was changed.
            NotFoundError: the number is none of the account's own.
            RefusedHereError: it belongs to an application, so that its address does not count.
            GatewayError: the gateway does not take the address, or cannot be asked.
        """
        try:
            own = await self._settable(number)
            await self._keep_what_is_there(own, url, may_take)
            await self._set(own, url)
        except (ForeignCallbackError, StoreError):
            raise
        except SmschatError as error:
            if not await self._knows_by_hand():
                await self._told(number, url, verdicts.why(error))
            raise
        return await self._told(number, url)

    async def give_back(self, loan: Loan, *, asked: bool = True) -> Returned:
        """Give a borrowed address back, if the number still has ours; what fails is kept with the loan, as owed.

        Args:
            asked: somebody wants it back; else an address that was registered by hand stays.

        Raises:
            StoreError: it could not be written down what became of it.
        """
        try:
            own = await self._found(loan.number)
            present = own.mo_http_url or ""
            if not await self._is_ours(present, loan):
                return await self._end(loan, Ending.GIVEN_BACK if present == loan.url else Ending.CHANGED)
            if not asked and present and not has_token(present, self._token):
                return Returned(loan=loan, ending=Ending.KEPT)
            await self._set(own, loan.url)
        except (GatewayError, NotFoundError) as error:
            return replace(await owe(self._store, loan, verdicts.why(error)), error=error)
        returned = await self._end(loan, Ending.GIVEN_BACK)
        if not await self._store.loans():  # until then it tells which addresses were set by hand
            await self._told(loan.number, loan.url)
        return returned

    async def park(self, number: str) -> bool:
        """Clear a number's address if it is ours, before whoever gets our host name next receives its SMS.

        Returns:
            Whether it was ours.

        Raises:
            GatewayError: it was not cleared, or may not have been.
            NotFoundError: the number is none of the account's own.
        """
        own = await self._found(number)
        if not has_token(own.mo_http_url or "", self._token):
            return False
        await self._set(own, "")
        await self._told(number, "")
        return True

    async def _settable(self, number: str) -> VirtualNumber:
        own = await self._found(number)
        if own.app_id or own.messages_callback_type:
            raise RefusedHereError(
                "the number belongs to an application, which gets its SMS whatever the number's own address is",
                hint="take the number out of the application, or let the application call the address that `smschat "
                "webhook status` shows",
                code="number_of_application",
            )
        return own

    async def _found(self, number: str) -> VirtualNumber:
        own = await self._numbers.find_own(number)
        if own is None:
            raise NotFoundError(
                f"{number} is none of the account's own numbers",
                hint="`smschat numbers list` shows them; the phone of a test account needs account = test",
                code="number_not_own",
            )
        return own

    async def _keep_what_is_there(self, own: VirtualNumber, url: str, may_take: Callable[[str], bool]) -> None:
        """Borrow the number's address, if it is somebody else's and not ours to take already."""
        present = own.mo_http_url or ""
        if present in {"", url} or has_token(present, self._token):
            return
        kept = await self._loan(own.msisdn)
        if kept is not None and kept.url == present:
            if kept.error is None:
                return
            await self._store.end_loan(own.msisdn)  # the last try to give it back has worked after all
        if not may_take(present):
            raise ForeignCallbackError(
                f"the number's inbound SMS go to {origin(present)}, which is not smschat's",
                url=present,
                hint="`smschat listen --yes` and `smschat webhook register --yes` take its place: it is kept, and "
                "given back at the end",
            )
        if kept is not None and await self._is_ours(present, kept):
            return  # it was registered by hand, so what was borrowed before it is still what the number is owed
        await self._store.save_loan(Loan(number=own.msisdn, country=own.country, url=present, since=self._clock()))

    async def _is_ours(self, present: str, loan: Loan) -> bool:
        """Whether smschat gave the number this address, or cleared it while giving back had failed."""
        if not present:
            return loan.error is not None
        if has_token(present, self._token):
            return True
        told = await self._store.registration()
        return told is not None and told.error is None and told.url == present and present != loan.url

    async def _knows_by_hand(self) -> bool:
        """Whether the registration tells which address was set by hand over a borrowed one: a failure may not hide it.

        Without it that address would pass for somebody else's, and be borrowed in the place of what really was.
        """
        told = await self._store.registration()
        if told is None or told.error is not None or not told.url or has_token(told.url, self._token):
            return False
        loan = await self._loan(told.number)
        return loan is not None and loan.url != told.url

    async def _set(self, own: VirtualNumber, url: str) -> None:
        await self._numbers.update(own.msisdn, country=own.country, change=NumberChange(mo_http_url=url))

    async def _end(self, loan: Loan, ending: Ending) -> Returned:
        await self._store.end_loan(loan.number)
        return Returned(loan=loan, ending=ending)

    async def _loan(self, number: str) -> Loan | None:
        return next((loan for loan in await self._store.loans() if loan.number == number), None)

    async def _told(self, number: str, url: str, error: str | None = None) -> Registration:
        registration = Registration(number=number, url=url, at=self._clock(), error=error)
        await self._store.save_registration(registration)
        return registration
