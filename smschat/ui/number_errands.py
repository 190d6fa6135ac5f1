"""What is done to a number: renting, giving up, changing where its SMS go, letting them come here.

The rule: one thing is done at a time; while it is under way no key begins another, so that nothing is rented twice.
What goes wrong is said in place, and after a doubtful outcome the own numbers are read again.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from smschat.errors import ForeignCallbackError, OutcomeUnknownError, SmschatError
from smschat.messaging.numbers import meaning_of_cancelling, price_of_renting
from smschat.ui import number_calls as calls
from smschat.ui.number_rows import host
from smschat.ui.screens.number_dialogs import NewAddress, TypeNumber
from smschat.ui.widgets.number_note import DONE, WAIT

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.screen import Screen
    from textual.worker import WorkType

    from smschat.domain.numbers import VirtualNumber
    from smschat.runtime import Runtime
    from smschat.ui.desk import Desk
    from smschat.ui.widgets.number_note import NumberNote

    Act = Callable[[Runtime], Coroutine[Any, Any, None]]


class NumberErrands:
    """The errands of one numbers screen.

    Args:
        screen: over which it is asked, and with which the errands end.
        changed: called with the digits to put the cursor on, or None, when the own numbers may have changed.
    """

    def __init__(
        self, screen: Screen[None], desk: Desk, note: NumberNote, *, changed: Callable[[str | None], None]
    ) -> None:
        self._screen = screen
        self._desk = desk
        self._note = note
        self._changed = changed
        self._doing = ""

    def begin(self, doing: str) -> bool:
        """Begin something, unless something is under way; says what is."""
        if self._doing:
            self._note.say(f"still {self._doing}: wait for it", WAIT)
            return False
        self._doing = doing
        return True

    def rent(self, number: VirtualNumber) -> None:
        """Rent it, after a question that has its cost."""
        if self.begin(f"renting {number.msisdn}"):
            self._work(partial(self._rent, number))

    def point(self, number: VirtualNumber) -> None:
        """Let its SMS go to an address that is typed."""

        def typed(url: str | None) -> None:
            is_new = url is not None and url != (number.mo_http_url or "")
            if url is not None and is_new and self.begin(f"changing {number.msisdn}"):
                done = f"SMS to {number.msisdn} {f'go to {host(url)}' if url else 'have no address'} now"
                act = partial(calls.point, number=number, url=url)
                self._work(partial(self._carry_out, act, done, cursor=number.msisdn))

        self._screen.app.push_screen(NewAddress(number), typed)

    def give_up(self, number: VirtualNumber) -> None:
        """Give it up, once it is typed in full."""
        meaning = meaning_of_cancelling(number.msisdn, is_profile=number.msisdn == self._desk.options.number)

        def typed(digits: str | None) -> None:
            if digits is not None and self.begin(f"giving {number.msisdn} up"):
                act = partial(calls.cancel, number=number)
                self._work(partial(self._carry_out, act, f"{number.msisdn} is not yours any more"))

        self._screen.app.push_screen(TypeNumber(number, meaning), typed)

    def bring_here(self, number: VirtualNumber) -> None:
        """Let its SMS come here, after a question where somebody else's address is in the place."""
        if self.begin(f"changing {number.msisdn}"):
            self._work(partial(self._bring_here, number))

    def _work(self, errand: Callable[[], Coroutine[Any, Any, None]]) -> None:
        async def until_done() -> None:
            try:
                await errand()
            finally:
                self._doing = ""

        work: WorkType[None] = until_done
        self._screen.run_worker(work, group="numbers-act")

    async def _rent(self, number: VirtualNumber) -> None:
        if await self._desk.ask(price_of_renting(number), "rent it"):
            done = f"{number.msisdn} is yours now; t lets its SMS come here"
            await self._carry_out(lambda runtime: calls.buy(runtime, number), done, cursor=number.msisdn)
        else:
            self._note.say("nothing was rented")

    async def _bring_here(self, number: VirtualNumber) -> None:
        async def bring(*, may_take_over: bool) -> None:
            def do(runtime: Runtime) -> Coroutine[Any, Any, None]:
                return calls.bring_here(runtime, number, may_take_over=may_take_over)

            await self._carry_out(do, f"SMS to {number.msisdn} come here now", cursor=number.msisdn)

        try:
            await bring(may_take_over=False)
        except ForeignCallbackError as error:
            there = host(error.url)
            question = f"SMS to {number.msisdn} go to {there} now; smschat keeps that address, and gives it back"
            if await self._desk.ask(question, "take them here"):
                await bring(may_take_over=True)
            else:
                self._note.say(f"SMS to {number.msisdn} go on to {there}")

    async def _carry_out(self, act: Act, done: str, *, cursor: str | None = None) -> None:
        """Do it, say what came of it, and tell where the own numbers may have changed.

        Raises:
            ForeignCallbackError: somebody has to be asked first.
        """
        self._note.say(f"{self._doing} …")
        try:
            await self._desk.bridge.run(act)
        except ForeignCallbackError:
            raise
        except SmschatError as error:
            self._note.fail(error)
            if not isinstance(error, OutcomeUnknownError):
                return
        else:
            self._note.say(done, DONE)
        self._changed(cursor)
