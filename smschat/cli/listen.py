"""`smschat listen`: receive without the chat, a line per event, until SIGTERM."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from smschat.cli import output, session
from smschat.domain import documents
from smschat.domain.changes import Condition, HealthChanged, SmsChanged, Subsystem
from smschat.domain.delivery import RANK, Status
from smschat.domain.text import shown
from smschat.errors import ForeignCallbackError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from smschat.domain.changes import Change
    from smschat.domain.sms import Sms
    from smschat.runtime import Plan, Runtime

TAKES_TIME: Final = "ngrok"
"""The tunnel that may take seconds to open, so that silence would look like a fault."""


def listen(flags: argparse.Namespace) -> int:
    """Print events until told to end; 0 on SIGTERM and SIGHUP."""
    return session.run(_listen(flags))


async def _listen(flags: argparse.Namespace) -> int:
    plan = session.plan_of(session.settings_of(flags), may_take_over=session.says_yes(flags))
    await session.unless(session.until_told_to_end(), _print_events(plan, flags))
    return 0


async def _print_events(plan: Plan, flags: argparse.Namespace) -> None:
    """Until cancelled.

    Raises:
        NotConfirmedError: the callback is somebody else's from the start, and nobody says yes to taking its place.
    """
    missing = await session.what_is_missing(plan)
    if missing is not None:
        raise missing
    async with session.opened(plan) as runtime:
        printer = _Printer(runtime, as_json=getattr(flags, "json", False))
        runtime.subscribe(printer.hear)
        await runtime.go_online()
        foreign = await printer.foreign
        await session.take_over_from(foreign)
        await runtime.online.take_over()
        await asyncio.Event().wait()


class _Printer:
    """Turns changes into lines; prints `listening` once registering was tried, and when the address changes.

    Attributes:
        foreign: that the callback is somebody else's, if it is so from the start; nothing was printed then.
    """

    def __init__(self, runtime: Runtime, *, as_json: bool) -> None:
        self._runtime = runtime
        self._as_json = as_json
        self._health: dict[Subsystem, HealthChanged] = {}
        self._told_address: tuple[str | None, str | None, bool] | None = None
        self._told: dict[str, tuple[Status, ...]] = {}
        self.foreign: asyncio.Future[ForeignCallbackError] = asyncio.get_running_loop().create_future()

    def hear(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            if isinstance(change, HealthChanged):
                self._hear_health(change)
            elif isinstance(change, SmsChanged):
                self._hear_sms(change.sms)

    def _hear_health(self, news: HealthChanged) -> None:
        self._health[news.part] = news
        if news.foreign_url is not None and self._told_address is None:
            self._hear_foreign()
            return
        if news.part is Subsystem.CALLBACK and news.state is not Condition.STARTING:
            self._say_listening()
        if news.part is Subsystem.TUNNEL and news.state is Condition.STARTING and news.text.startswith(TAKES_TIME):
            output.note(shown(news.text, multiline=False))
        if news.state in {Condition.DOWN, Condition.OFF} or (news.part is Subsystem.GATEWAY):
            self._print(documents.of_health(news), f"{news.part} {news.state}: {news.text}".removesuffix(": "))

    def _hear_foreign(self) -> None:
        fault = self._runtime.online.fault
        if isinstance(fault, ForeignCallbackError) and not self.foreign.done():
            self.foreign.set_result(fault)

    def _say_listening(self) -> None:
        listener = self._health.get(Subsystem.LISTENER)
        local = listener.address if listener else None
        registered = self._health[Subsystem.CALLBACK].state is Condition.UP
        address = (local, self._runtime.online.callback_url(), registered)
        if address == self._told_address:
            return
        self._told_address = address
        event = {"event": "listening", "local_url": local, "callback_url": address[1], "registered": registered}
        said = "registered" if registered else "not registered"
        self._print(event, f"listening at {local or 'no address'} · callback {address[1] or 'none'} · {said}")

    def _hear_sms(self, sms: Sms) -> None:
        states = (sms.status, *(part.status for part in sms.parts))
        if self._told.get(sms.id) == states:
            return
        self._told[sms.id] = states
        if not sms.is_outbound:
            self._print({"event": "inbound", "sms": documents.of_sms(sms)}, output.sms_line(sms))
        elif any(RANK.get(status, 0) > RANK[Status.ACCEPTED] for status in states):
            self._print({"event": "receipt", "sms": documents.of_sms(sms)}, output.sms_line(sms))

    def _print(self, event: Mapping[str, object], text: str) -> None:
        if self._as_json:
            output.document(event)
        else:
            output.line(shown(text, multiline=False))
