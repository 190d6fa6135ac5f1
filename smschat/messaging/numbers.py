"""The account's virtual numbers: which there are, which can be rented, renting, giving up, and where their SMS go.

The rule: what costs money or cannot be undone is done once, for a number that is named in full, and only when somebody
said yes; a change of one field sends the others back as they were, because nobody says what becomes of those left out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from smschat.domain.addresses import has_token
from smschat.domain.numbers import NumberChange, NumberType, Where
from smschat.errors import NotConfirmedError, NotFoundError, OutcomeUnknownError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from smschat.domain.numbers import NumberPage, VirtualNumber
    from smschat.messaging.gateway_port import PhoneNumbers
    from smschat.messaging.ports import Store

LARGEST_PAGE: Final = 100
"""Numbers on a page at most (KPN's document)."""

_MOST_PAGES: Final = 1_000
"""Pages that are read of a list at most, whatever its `count` promises."""

_VOICE_TYPES: Final = frozenset({"sip", "tel", "app"})
"""What `voiceCallbackType` may be set to; older numbers have others, which cannot be sent back."""

_LOOK: Final = "look with `smschat numbers list` before you try again: it may have been carried out"


class Numbers:
    """The virtual numbers of one account.

    Every method raises GatewayError: among others when the project is not in production.
    """

    def __init__(self, phone_numbers: PhoneNumbers, store: Store) -> None:
        self._gateway = phone_numbers
        self._store = store

    async def own(
        self, page: int = 1, size: int = LARGEST_PAGE, pattern: str | None = None, where: Where | None = None
    ) -> NumberPage:
        """A page of the account's own numbers; `page` counts from 1, `size` is at most 100.

        When that page is all of them, those that can carry SMS are kept, for the choice of a sender.
        """
        found = await self._gateway.own(page=page, size=size, pattern=pattern, where=where)
        if page == 1 and pattern is None and not found.has_next:
            await self._keep(found.numbers)
        return found

    async def every_own(self) -> tuple[VirtualNumber, ...]:
        """All of the account's own numbers; those that can carry SMS are kept, for the choice of a sender."""
        found = tuple({number.msisdn: number async for number in self._each_own()}.values())
        await self._keep(found)
        return found

    async def find_own(self, msisdn: str) -> VirtualNumber | None:
        """The own number with exactly these digits; None if it is none of ours."""
        async for number in self._each_own(msisdn):
            if number.msisdn == msisdn:
                return number
        return None

    async def search(
        self,
        country: str,
        *,
        number_type: str = NumberType.MOBILE,
        features: Sequence[str] = ("SMS",),
        pattern: str | None = None,
        where: Where | None = None,
        page: int = 1,
        size: int = 20,
    ) -> NumberPage:
        """A page of the numbers that can be rented in a country."""
        return await self._gateway.search(
            country, number_type=number_type, features=features, pattern=pattern, where=where, page=page, size=size
        )

    async def find_offer(self, msisdn: str, *, country: str) -> VirtualNumber | None:
        """The number with exactly these digits, with its cost, if it can be rented; of whatever type it is."""
        for number_type in NumberType:
            page = await self.search(
                country,
                number_type=number_type,
                features=(),
                pattern=msisdn,
                where=Where.START,
                size=LARGEST_PAGE,
            )
            found = next((number for number in page.numbers if number.msisdn == msisdn), None)
            if found is not None:
                return found
        return None

    async def buy(self, number: VirtualNumber, *, confirmed: bool) -> None:
        """Rent a number: it costs money each month. Never repeated by itself.

        Args:
            number: as `search` or `find_offer` told of it, cost included.
            confirmed: somebody was told the cost, and said yes.

        Raises:
            NotConfirmedError: nobody did; nothing was done.
            OutcomeUnknownError: it may have been rented; the own numbers tell.
        """
        if not confirmed:
            raise NotConfirmedError(price_of_renting(number), hint="nothing was rented")
        try:
            await self._gateway.buy(country=number.country, msisdn=number.msisdn)
        except OutcomeUnknownError as error:
            raise _doubtful(error, f"no clear answer: {number.msisdn} may have been rented") from error
        kept = await self._store.own_numbers()
        if carries_sms(number) and number.msisdn not in kept:
            await self._store.save_own_numbers([*kept, number.msisdn])

    async def cancel(self, msisdn: str, *, country: str, confirmed: bool) -> None:
        """Give a number up for good.

        Args:
            msisdn: all of its digits; it has to be one of ours.
            confirmed: somebody was told what that means, and said yes.

        Raises:
            NotConfirmedError: nobody did; nothing was done.
            NotFoundError: it is none of ours.
            OutcomeUnknownError: it may have been given up; the own numbers tell.
        """
        if not confirmed:
            raise NotConfirmedError(meaning_of_cancelling(msisdn), hint="nothing was given up")
        await self._owned(msisdn, country)
        try:
            await self._gateway.cancel(country=country, msisdn=msisdn)
        except OutcomeUnknownError as error:
            raise _doubtful(error, f"no clear answer: {msisdn} may have been given up") from error
        await self._store.save_own_numbers([kept for kept in await self._store.own_numbers() if kept != msisdn])
        await self._store.end_loan(msisdn)

    async def update(self, msisdn: str, *, country: str, change: NumberChange) -> VirtualNumber:
        """Change some fields of an own number, and send the others back as they were; the number as it is then.

        Raises:
            NotFoundError: it is none of ours.
            GatewayRefusedError: among others because the address was tested and did not answer; nothing has changed.
            OutcomeUnknownError: it may have been changed.
        """
        number = await self._owned(msisdn, country)
        whole = _whole(number, change)
        await self._gateway.update(country=country, msisdn=msisdn, change=whole)
        return _changed(number, whole)

    async def update_by_hand(self, msisdn: str, *, country: str, change: NumberChange) -> VirtualNumber:
        """The same, asked for by a person: an address that they name takes the place of what was borrowed.

        The address that was there before ours is then owed to nobody any more; ours, named by hand, is still ours.
        """
        number = await self.update(msisdn, country=country, change=change)
        address = change.mo_http_url
        if address is not None and not has_token(address, await self._store.path_token()):
            await self._store.end_loan(msisdn)
        return number

    async def _keep(self, numbers: Iterable[VirtualNumber]) -> None:
        await self._store.save_own_numbers([number.msisdn for number in numbers if carries_sms(number)])

    async def _owned(self, msisdn: str, country: str) -> VirtualNumber:
        number = await self.find_own(msisdn)
        if number is None:
            raise NotFoundError(
                f"{msisdn} is none of the account's numbers",
                hint="`smschat numbers list` shows them; write all the digits, with country code",
            )
        if number.country and number.country.upper() != country.upper():
            raise NotFoundError(f"{msisdn} is not in {country}", hint=f"the gateway has it in {number.country}")
        return number

    async def _each_own(self, pattern: str | None = None) -> AsyncIterator[VirtualNumber]:
        """Page by page, until one brings nothing new, or is not full and the last one by the count, which may lie."""
        where = Where.START if pattern else None
        seen: set[str] = set()
        for index in range(1, _MOST_PAGES + 1):
            page = await self.own(index, LARGEST_PAGE, pattern, where)
            new = [number for number in page.numbers if number.msisdn not in seen]
            for number in new:
                yield number
            seen.update(number.msisdn for number in new)
            if not new or not (page.has_next or len(page.numbers) >= LARGEST_PAGE):
                return


def carries_sms(number: VirtualNumber) -> bool:
    """Whether the gateway says that SMS can be sent from it and to it."""
    return "SMS" in {feature.upper() for feature in number.features}


def cost_in_words(number: VirtualNumber) -> str:
    """`€ 1.25 a month`; the gateway names no currency, and Vonage's documentation says euros."""
    return f"€ {number.cost} a month" if number.cost else "cost not told"


def price_of_renting(number: VirtualNumber) -> str:
    """What renting a number means, for the question that comes before."""
    features = ", ".join(number.can)
    told = " · ".join(part for part in (f"{number.country} {number.msisdn}", number.type, features) if part)
    if number.cost is None:
        return f"renting costs money each month, and the gateway does not say how much: {told}"
    return f"renting costs € {number.cost} a month until you give it up: {told}"


def meaning_of_cancelling(msisdn: str, *, is_profile: bool = False) -> str:
    """What giving a number up means, for the question that comes before.

    Args:
        is_profile: it is the `number` of this profile.
    """
    ours = "; this profile sends from it and receives with it" if is_profile else ""
    return f"giving up {msisdn} is for good: somebody else may get it, and what is sent to it{ours}"


def _doubtful(error: OutcomeUnknownError, message: str) -> OutcomeUnknownError:
    return OutcomeUnknownError(
        message, hint=_LOOK, code=error.code, http=error.http, transaction_id=error.transaction_id
    )


def _whole(number: VirtualNumber, change: NumberChange) -> NumberChange:
    """The change with every other field as it is, so that none is left out that is set."""
    whole = NumberChange(
        mo_http_url=_kept(change.mo_http_url, number.mo_http_url),
        mo_smpp_sys_type=_kept(change.mo_smpp_sys_type, number.mo_smpp_sys_type),
        voice_callback_type=_kept(change.voice_callback_type, number.voice_callback_type),
        voice_callback_value=_kept(change.voice_callback_value, number.voice_callback_value),
        voice_status_callback=_kept(change.voice_status_callback, number.voice_status_callback),
    )
    goes_together = whole.voice_callback_type in _VOICE_TYPES and whole.voice_callback_value is not None
    return whole if goes_together else replace(whole, voice_callback_type=None, voice_callback_value=None)


def _kept(wanted: str | None, present: str | None) -> str | None:
    return wanted if wanted is not None else present or None


def _changed(number: VirtualNumber, whole: NumberChange) -> VirtualNumber:
    """The number with what was sent; what was not sent is as it was."""

    def now(sent: str | None, before: str | None) -> str | None:
        return before if sent is None else sent or None

    return replace(
        number,
        mo_http_url=now(whole.mo_http_url, number.mo_http_url),
        mo_smpp_sys_type=now(whole.mo_smpp_sys_type, number.mo_smpp_sys_type),
        voice_callback_type=now(whole.voice_callback_type, number.voice_callback_type),
        voice_callback_value=now(whole.voice_callback_value, number.voice_callback_value),
        voice_status_callback=now(whole.voice_status_callback, number.voice_status_callback),
    )
