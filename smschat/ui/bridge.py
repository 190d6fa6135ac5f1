"""Where the two loops meet: calls go down to the runtime's loop and are awaited, changes come up as one message.

The rule: nothing else in the screen knows that there is another loop. A call that the screen stops waiting for is
carried out all the same, because an SMS that is being written down must not be half written. Changes wait here until
the screen takes them, the newest of each kept, so that a terminal that stops reading costs no memory.
"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, assert_never

from textual.message import Message

from smschat.domain.changes import (
    BalanceChanged,
    ConversationChanged,
    ConversationDeleted,
    ExchangeSeen,
    HealthChanged,
    SmsChanged,
    SmsDeleted,
)

if TYPE_CHECKING:
    import concurrent.futures
    from collections.abc import Callable, Coroutine

    from textual.message_pump import MessagePump

    from smschat.domain.changes import Change
    from smschat.domain.conversation import Conversation, Filter
    from smschat.domain.sms import Sms
    from smschat.messaging.messenger import Messenger
    from smschat.runtime import Runtime, RuntimeThread

    Key = tuple[str, str]

T = TypeVar("T")

MOST_WAITING: Final = 5_000
"""Changes: above this the screen is told to read anew instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What the screen takes at once.

    Attributes:
        changes: the newest of each row, in the order in which they came.
        lost: more came than were kept: everything on the screen is to be read anew.
    """

    changes: tuple[Change, ...]
    lost: bool = False


class News(Message):
    """Changes wait in the bridge; posted once, until they are taken."""


class Bridge:
    """The screen's way to the runtime, and back."""

    def __init__(self, thread: RuntimeThread) -> None:
        self._thread = thread
        self._lock = threading.Lock()
        self._waiting: dict[Key, Change] = {}
        self._lost = False
        self._is_told = False
        self._hearer: MessagePump | None = None
        self._unsubscribe: Callable[[], None] | None = None

    async def call(self, do: Callable[[Messenger], Coroutine[Any, Any, T]]) -> T:
        """Carry out `do(messenger)` on the runtime's loop; whoever is cancelled while waiting cancels nothing there.

        Raises:
            SmschatError: whatever `do` raises.
        """
        return await asyncio.shield(asyncio.wrap_future(self.submit(do)))

    def submit(self, do: Callable[[Messenger], Coroutine[Any, Any, T]]) -> concurrent.futures.Future[T]:
        """The same without waiting; from any thread."""
        return self._thread.submit(do)

    async def run(self, do: Callable[[Runtime], Coroutine[Any, Any, T]]) -> T:
        """The same with the runtime itself, for what is no verb of the messenger.

        Raises:
            SmschatError: whatever `do` raises.
        """
        return await asyncio.shield(asyncio.wrap_future(self._thread.run(do)))

    def go_online(self) -> None:
        """Start what needs the network; call it when the first frame is on the screen."""
        self._thread.go_online()

    def attach(self, hearer: MessagePump) -> None:
        """Post `News` to this pump from here on."""
        self._hearer = hearer
        self._unsubscribe = self._thread.subscribe(self._hear)

    def detach(self) -> None:
        """Post nothing more."""
        self._hearer = None
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def take(self) -> Taken:
        """Everything that waits."""
        with self._lock:
            taken = Taken(changes=tuple(self._waiting.values()), lost=self._lost)
            self._waiting = {}
            self._lost = self._is_told = False
        return taken

    async def conversations(
        self, *, limit: int, after: Conversation | None, wanted: Filter | None = None
    ) -> list[Conversation]:
        """A page of the list, for the view of it."""
        return await self.call(lambda messenger: messenger.conversations(limit=limit, after=after, wanted=wanted))

    async def transcript(
        self, peer: str, *, before: int | None = None, after: int | None = None, limit: int = 200
    ) -> list[Sms]:
        """A window of a conversation, for the view of it."""
        return await self.call(lambda messenger: messenger.transcript(peer, before=before, after=after, limit=limit))

    def _hear(self, changes: tuple[Change, ...]) -> None:
        """On the runtime's thread: keep the newest of each, and say once that something waits."""
        with self._lock:
            for change in changes:
                key = _key(change)
                self._waiting.pop(key, None)
                self._waiting[key] = change
            if len(self._waiting) > MOST_WAITING:
                self._waiting, self._lost = _without_rows(self._waiting), True
            is_first, self._is_told = not self._is_told, True
        hearer = self._hearer
        if is_first and hearer is not None and not hearer.post_message(News()):
            self._hearer = None


def _key(change: Change) -> Key:  # noqa: PLR0911 - one for each kind of change
    """What a newer change of the same takes the place of."""
    match change:
        case SmsChanged():
            return "sms", change.sms.id
        case ConversationChanged():
            return "conversation", change.conversation.peer
        case SmsDeleted():
            return "sms", change.sms_id
        case ConversationDeleted():
            return "conversation", change.peer
        case ExchangeSeen():
            return "exchange", str(id(change))
        case HealthChanged():
            return "health", change.part
        case BalanceChanged():
            return "balance", ""
        case _:
            assert_never(change)


def _without_rows(waiting: dict[Key, Change]) -> dict[Key, Change]:
    return {key: change for key, change in waiting.items() if key[0] not in {"sms", "conversation", "exchange"}}
