"""The account's callback as the runtime has it: registered by the kind of account, given back or parked at the end.

The rule: whatever cannot be done at the end is said, and stays written down for the next start and for `webhook
restore`; nothing at the end takes longer than `GIVE_BACK_S`.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, assert_never

from smschat.domain.addresses import has_token, origin
from smschat.errors import SmschatError, StoreError
from smschat.messaging import account, verdicts
from smschat.messaging.account import Ending, ProductionCallback
from smschat.messaging.numbers import Numbers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from smschat.domain.account import Registration
    from smschat.gateway import KpnGateway
    from smschat.messaging.account import Returned
    from smschat.messaging.ports import Store
    from smschat.runtime.plan import Plan

GIVE_BACK_S: Final = 5.0
"""Seconds that giving back may take at the end: the gateway tests the address first, and others may hang."""

NOT_IN_TIME: Final = "the gateway did not answer before smschat ended"

log = logging.getLogger(__name__)


class Callback:
    """What the account knows of our address.

    Args:
        client: the gateway client, made if need be; raises what is missing for it.

    Attributes:
        last_words: what the user should know after the end; complete when `settle` has returned.
    """

    def __init__(
        self,
        plan: Plan,
        store: Store,
        client: Callable[[], Awaitable[KpnGateway]],
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self.last_words: list[str] = []
        self._plan = plan
        self._store = store
        self._client = client
        self._clock = clock
        self._agreed_url: str | None = None

    @property
    def settles_for_s(self) -> float:
        """Seconds that `settle` may take."""
        return 0.0 if self._plan.identity.is_test else GIVE_BACK_S

    async def numbers(self) -> Numbers:
        """The account's virtual numbers.

        Raises:
            SmschatError: what is missing for asking the gateway.
        """
        return Numbers((await self._client()).numbers, self._store)

    def agree(self, url: str) -> None:
        """Somebody said yes to taking the place of this foreign address."""
        self._agreed_url = url

    async def register(self, *, number: str, url: str, may_take_over: bool = False) -> Registration:
        """Tell the gateway a callback address, by POST /register or at the number.

        Args:
            may_take_over: also in the place of somebody else's address, whichever it is.

        Raises:
            GatewayError: it was not taken, or the gateway cannot be asked.
            ForeignCallbackError, NotFoundError, RefusedHereError: see `ProductionCallback.take`.
        """
        if self._plan.identity.is_test:
            client = await self._client()
            return await account.register(self._store, client, number=number, url=url, clock=self._clock)
        production = await self._production()
        may_take_all = may_take_over or self._plan.may_take_over
        return await production.take(number, url, may_take=lambda foreign: may_take_all or foreign == self._agreed_url)

    async def give_back(self, *, asked: bool = True) -> tuple[Returned, ...]:
        """Give back everything that is borrowed or owed, and tell what became of each.

        Raises:
            SmschatError: the gateway cannot be asked at all.
        """
        loans = await self._store.loans()
        if not loans:
            return ()
        production = await self._production()
        return tuple([await production.give_back(loan, asked=asked) for loan in loans])

    async def learn_numbers(self) -> None:
        """Keep which numbers are the account's own, for replies from several; what goes wrong is logged, no more."""
        if self._plan.identity.is_test:
            return
        try:
            await (await self.numbers()).every_own()
        except StoreError:
            raise
        except SmschatError as error:
            log.warning("the account's numbers could not be listed: %s", error.code)

    async def settle_if(self, is_last: Callable[[], Awaitable[bool]]) -> bool:
        """Settle, if this process is the last one; whether it is. What goes wrong is logged: this is the end."""
        try:
            if not await is_last():
                return False
            await self.settle()
        except Exception:
            log.exception("the callback could not be settled")
        return True

    async def settle(self) -> None:
        """The last to receive ends: give back what is borrowed, or park an address that does not stay.

        Raises:
            StoreError: it could not be written down what became of it.
        """
        if self._plan.identity.is_test:
            await self._say_what_stays()
            return
        try:
            async with asyncio.timeout(GIVE_BACK_S):
                for returned in await self.give_back(asked=False):
                    self._say(returned)
                await self._park()
        except StoreError:
            raise
        except TimeoutError:
            await self._say_what_is_left(NOT_IN_TIME)
        except SmschatError as error:
            await self._say_what_is_left(verdicts.why(error))

    async def _park(self) -> None:
        """Leave no address behind that may be somebody else's tomorrow."""
        if self._plan.keeps_address or await self._told_of_ours() is None:
            return
        number = self._plan.identity.number
        if await (await self._production()).park(number):
            self.last_words.append(f"{number} has no callback address until smschat runs again: ours does not stay")

    def _say(self, returned: Returned) -> None:
        if returned.ending is not Ending.KEPT:
            self.last_words.append(sentence(returned))

    async def _say_what_is_left(self, why: str) -> None:
        """Say what was not done, and keep why."""
        for loan in await self._store.loans():
            self._say(await account.owe(self._store, loan, why))
        told = None if self._plan.keeps_address else await self._told_of_ours()
        if told is not None:
            self.last_words.append(
                f"{told.number} still has {origin(told.url)} as its callback address, which may be somebody else's "
                f"tomorrow, and could not be cleared: {why}"
            )

    async def _say_what_stays(self) -> None:
        told = None if self._plan.keeps_address else await self._told_of_ours()
        if told is not None and told.error is None:
            self.last_words.append(
                f"the gateway goes on calling {origin(told.url)} for {told.number}, which leads nowhere until smschat "
                "runs again: what a test account registered can be replaced, and not be taken back"
            )

    async def _told_of_ours(self) -> Registration | None:
        """What the gateway was told last of the own number, if that was an address of ours."""
        told = await self._store.registration()
        if told is None or told.number != self._plan.identity.number:
            return None
        return told if has_token(told.url, await self._store.path_token()) else None

    async def _production(self) -> ProductionCallback:
        token = await self._store.path_token()
        return ProductionCallback(self._store, await self.numbers(), token=token, clock=self._clock)


def sentence(returned: Returned) -> str:
    """What became of a borrowed address, for people."""
    loan = returned.loan
    match returned.ending:
        case Ending.GIVEN_BACK:
            return f"{loan.number} has its callback address {origin(loan.url)} back"
        case Ending.CHANGED:
            # The whole address: it is kept nowhere from here on, and somebody may want it back.
            return f"{loan.number} has no callback address of smschat's any more, so {loan.url} is not owed to it"
        case Ending.OWED:
            return (
                f"{loan.number} is still owed its callback address {origin(loan.url)}: {loan.error}; `smschat webhook "
                "restore` tries again"
            )
        case Ending.KEPT:
            return f"{loan.number} keeps the callback address that was registered by hand"
        case _:
            assert_never(returned.ending)
