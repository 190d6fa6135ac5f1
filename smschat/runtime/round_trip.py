"""The proof that everything works: one SMS to the own phone, and its answer.

The rule: each part that fails is told by its own sentence and what to do about it; nothing is sent before everything
that the answer needs is up, or the user has been told that no answer can come.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from smschat.domain import codes
from smschat.domain.addresses import inbound_address
from smschat.domain.changes import Condition, HealthChanged, SmsChanged, Subsystem
from smschat.domain.delivery import Status
from smschat.errors import SmschatError, TunnelError
from smschat.messaging.verdicts import why

if TYPE_CHECKING:
    from collections.abc import Callable

    from smschat.domain.changes import Change
    from smschat.domain.sms import Sms
    from smschat.runtime.root import Runtime

TEXT: Final = "smschat: answer this SMS with anything."
"""One segment of GSM 03.38."""

READY_LIMIT_S: Final = 75.0
"""Seconds that listener, tunnel and registration may take together; the tunnel alone may take 20, a call 28."""

_LOOK_AGAIN_S: Final = 0.5
"""Seconds between two looks at what another process has told the gateway."""

_SETTLES_S: Final = 20.0
"""Seconds for which an address that is online already is taken for our own of a moment ago, which ngrok lets go of."""

_PARTS: Final = (Subsystem.STORE, Subsystem.LISTENER, Subsystem.TUNNEL, Subsystem.CALLBACK, Subsystem.GATEWAY)
"""In the order in which one needs the other; a fault is that of the first."""

ONLINE: Final = "ngrok_334"
"""The code of a tunnel's error that says that its address is online already."""

_SEND_ONLY: Final = "the tunnel is off: SMS can be sent, and nothing can be received"
_SEND_ONLY_FIX: Final = "choose a tunnel, to see receipts and answers"


class Stage(StrEnum):
    """How far the round trip is."""

    CONNECTING = "connecting"
    READY = "ready"
    TEXTED = "texted"
    """The SMS is on its way; told for each of its states before `delivered`."""

    DELIVERED = "delivered"
    ANSWERED = "answered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TripNews:
    """What has happened on the way.

    Attributes:
        text: one sentence, lower case, no full stop.
        fix: what to do about it, in the same form; empty where nothing is to be done.
        sms: the SMS that was sent, for TEXTED and DELIVERED; the answer, for ANSWERED; None where there is none.
        part: the part that came up or failed, for CONNECTING and FAILED; None where it is none of them.
        is_over: nothing more will be told of this SMS, or of getting ready.
    """

    stage: Stage
    text: str
    fix: str = ""
    sms: Sms | None = field(default=None, repr=False)
    part: Subsystem | None = None
    is_over: bool = False


class RoundTrip:
    """One SMS to the own number and back; runs on the runtime's loop.

    For other settings a new runtime is made, and a new trip over it.

    Args:
        runtime: open; it is brought online here unless it is already.
        hear: told of everything, on the runtime's loop. After ANSWERED nothing more is told.

    Attributes:
        is_two_way: whether receipts and answers can come; known after `get_ready`.
    """

    def __init__(self, runtime: Runtime, hear: Callable[[TripNews], None]) -> None:
        self.is_two_way = True
        self._runtime = runtime
        self._hear = hear
        self._health: dict[Subsystem, HealthChanged] = {}
        self._seen: list[Sms] = []
        self._sent: Sms | None = None
        self._answer: Sms | None = None
        self._last: TripNews | None = None
        self._moved = asyncio.Event()
        self._settles_at = 0.0
        self._unsubscribe = runtime.subscribe(self._take)
        self._take(runtime.known())

    async def get_ready(self) -> bool:
        """Go online, and wait until listener, tunnel and callback were tried; tells READY or FAILED.

        Returns:
            Whether an SMS can be sent now; `is_two_way` says whether its answer can be received.
        """
        if not self._runtime.plan.identity.is_test:
            self._tell(_of_production())
            return False
        try:
            await self._runtime.go_online()
            async with asyncio.timeout(READY_LIMIT_S):
                news = await self._outcome()
        except TimeoutError:
            news = _failed(f"it is not ready after {READY_LIMIT_S:.0f} seconds", "try again, or see `smschat doctor`")
        except SmschatError as error:
            news = _failed(error.message, error.hint)
        self._tell(news)
        return news.stage is Stage.READY

    async def text(self) -> Sms:
        """Send one SMS to the own number, through the outbox as any other; tells TEXTED, DELIVERED, FAILED from here.

        Raises:
            SmschatError: it was not written down; FAILED was told.
        """
        self._sent = self._answer = self._last = None
        try:
            sms = await self._runtime.messenger.send(self._runtime.plan.identity.number, TEXT)
        except SmschatError as error:
            self._tell(_failed(error.message, error.hint))
            raise
        self._sent = sms
        for seen in (sms, *self._seen):
            self._follow(seen)
        return sms

    async def answered(self) -> Sms:
        """The first SMS from the own number after the one that was sent; ANSWERED was told of it.

        Raises:
            TunnelError: nothing can be received.
            SmschatError: the SMS was not delivered; FAILED was told.
        """
        if not self.is_two_way:
            raise TunnelError(_SEND_ONLY, hint=_SEND_ONLY_FIX)
        while self._answer is None:
            if self._last is not None and self._last.stage is Stage.FAILED:
                raise SmschatError(self._last.text, hint=self._last.fix)
            self._moved.clear()
            await self._moved.wait()
        return self._answer

    def end(self) -> None:
        """Hear of nothing more; the runtime goes on."""
        self._unsubscribe()

    def _take(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            if isinstance(change, HealthChanged):
                self._health[change.part] = change
                self._tell_health(change)
            elif isinstance(change, SmsChanged) and change.sms.peer == self._runtime.plan.identity.number:
                self._seen.append(change.sms)
                self._follow(change.sms)
        self._moved.set()

    def _tell_health(self, change: HealthChanged) -> None:
        """What comes up while it gets ready, and what goes down while the answer is awaited."""
        if self._sent is None and change.state is Condition.UP and change.part in _PARTS:
            self._tell(_connected(change))
        elif self._sent is not None and self._answer is None and change.state is Condition.DOWN:
            text, fix = _split(change.text)
            stage = Stage.DELIVERED if self._sent.status is Status.DELIVERED else Stage.TEXTED
            self._tell(TripNews(stage=stage, text=f"{change.part}: {text}", fix=fix, sms=self._sent, part=change.part))

    async def _outcome(self) -> TripNews:
        """READY or FAILED, as soon as one of them is certain."""
        self._settles_at = asyncio.get_running_loop().time() + _SETTLES_S
        while (news := await self._judged()) is None:
            self._moved.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN_S):
                    await self._moved.wait()
        return news

    async def _judged(self) -> TripNews | None:
        """READY or FAILED by what is known now; None: not yet."""
        for part in _PARTS:
            if self._is(part, Condition.DOWN) or (part is Subsystem.GATEWAY and self._is(part, Condition.OFF)):
                return None if self._settles() else _failed(*self._fault(part), part=part)
        if self._is(Subsystem.LISTENER, Condition.OFF):
            return await self._of_another()
        if self._is(Subsystem.TUNNEL, Condition.OFF):
            self.is_two_way = False
            return TripNews(stage=Stage.READY, text=_SEND_ONLY, fix=_SEND_ONLY_FIX)
        if self._is(Subsystem.CALLBACK, Condition.UP):
            return TripNews(stage=Stage.READY, text="everything is up: one SMS goes to your own phone")
        return None  # a callback that is off has its reason in a part above, or had it a moment ago

    def _settles(self) -> bool:
        """Whether the tunnel may well come up by itself: its address was ours a moment ago."""
        fault = self._runtime.online.fault
        return fault is not None and fault.code == ONLINE and asyncio.get_running_loop().time() < self._settles_at

    def _fault(self, part: Subsystem) -> tuple[str, str]:
        """What is wrong with a part, and what to do about it."""
        told, fault = self._health[part].text, self._runtime.online.fault
        return (fault.message, fault.hint) if fault is not None and why(fault) == told else _split(told)

    async def _of_another(self) -> TripNews | None:
        """Another process receives for this profile: whether the gateway calls it."""
        store = self._runtime.store
        owner, registration = await store.owner(), await store.registration()
        if owner is None:
            return None
        named = f"another smschat is receiving (process {owner.pid})"
        if owner.public_url is None:
            text = f"{named}, and has no public address"
            return _failed(text, "end it, then try again here", part=Subsystem.TUNNEL)
        if registration is None or registration.url != inbound_address(owner.public_url, await store.path_token()):
            return None
        if registration.error is not None:
            return _failed(*_split(registration.error), part=Subsystem.CALLBACK)
        return TripNews(stage=Stage.READY, text=f"{named}; the answer comes here too")

    def _is(self, part: Subsystem, state: Condition) -> bool:
        return part in self._health and self._health[part].state is state

    def _follow(self, sms: Sms) -> None:
        """What an SMS of the own number's conversation says of the trip."""
        if self._sent is None or self._answer is not None:
            return
        if not sms.is_outbound and sms.seq > self._sent.seq:
            self._answer = sms
            self._tell(TripNews(stage=Stage.ANSWERED, text="the answer has come", sms=sms, is_over=True))
        elif sms.id == self._sent.id and sms.revision >= self._sent.revision:
            self._sent = sms
            self._tell(_of_sms(sms, is_two_way=self.is_two_way))

    def _tell(self, news: TripNews) -> None:
        before, self._last = self._last, news
        if before is None or _gist(before) != _gist(news):
            self._hear(news)
        self._moved.set()


def _of_sms(sms: Sms, *, is_two_way: bool) -> TripNews:
    match sms.status:
        case Status.DELIVERED:
            text = "it is delivered: answer it now, on your phone; anything will do"
            return TripNews(stage=Stage.DELIVERED, text=text, sms=sms)
        case Status.FAILED | Status.EXPIRED | Status.REJECTED | Status.REFUSED:
            return _failed(*_why(sms), sms=sms)
        case Status.QUEUED if sms.held:
            return _failed(*_split(sms.reason or "it waits"), sms=sms)
        case Status.ACCEPTED | Status.BUFFERED if not is_two_way:
            text = "the gateway took it; whether it arrives cannot be seen from here: look at your phone"
            return TripNews(stage=Stage.TEXTED, text=text, sms=sms, is_over=True)
        case _:
            text, fix = _split(sms.reason) if sms.reason else (_UNDER_WAY.get(sms.status, str(sms.status)), "")
            return TripNews(stage=Stage.TEXTED, text=text, fix=fix, sms=sms)


_UNDER_WAY: Final = {
    Status.QUEUED: "it is written down and goes out next",
    Status.SENDING: "it is going to the gateway",
    Status.ACCEPTED: "the gateway took it; your phone should have it in a moment",
    Status.BUFFERED: "the carrier holds it until your phone can be reached",
}


def _of_production() -> TripNews:
    return _failed(
        "a round trip needs a test account: a production number is no phone that could answer",
        "start the chat: it sets the number's callback, asks before it takes somebody's place, and shows what comes",
    )


def _connected(news: HealthChanged) -> TripNews:
    text = f"{news.part}: {news.text or 'up'}" + (f", {news.address}" if news.address else "")
    return TripNews(stage=Stage.CONNECTING, text=text, part=news.part)


def _failed(text: str, fix: str = "", *, part: Subsystem | None = None, sms: Sms | None = None) -> TripNews:
    return TripNews(stage=Stage.FAILED, text=text, fix=fix, part=part, sms=sms, is_over=True)


def _why(sms: Sms) -> tuple[str, str]:
    """Why an SMS failed, and what to do: by its code, where it has one."""
    code = next((part.error_code for part in sms.parts if part.error_code), None)
    if code is None:
        return _split(sms.reason or f"it is {sms.status}")
    if sms.status is Status.REFUSED:
        meaning = codes.send_status(code, sms.answer.error_text if sms.answer else None)
        return f"the gateway refused it: {meaning.sentence} (status {code})", meaning.hint
    meaning = codes.receipt_error(code)
    return f"it is {sms.status}: {meaning.sentence} (error {code})", meaning.hint


def _split(text: str) -> tuple[str, str]:
    """What happened, and what to do about it, of a line that has both."""
    what, _, fix = text.partition("; ")
    return what, fix


def _gist(news: TripNews) -> tuple[object, ...]:
    return (news.stage, news.text, news.fix, news.sms.status if news.sms else None)
