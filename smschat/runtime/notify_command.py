"""The user's own program, run once for each SMS that comes in, by the process that receives.

The rule: it never delays a callback; it gets the SMS as JSON on its standard input, no secret in its environment, and
no shell; what it prints is dropped, and what takes too long is killed with all that it started. A program that fails is
logged, and told once until it works again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import shlex
import signal
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from smschat import settings
from smschat.domain import documents
from smschat.domain.changes import Condition, SmsChanged, Subsystem
from smschat.domain.delivery import Status
from smschat.messaging.notify import NEWS_FOR

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from typing import TypeAlias

    from smschat.domain.changes import Change
    from smschat.domain.sms import Sms
    from smschat.messaging.health import Health
    from smschat.messaging.ports import Reads

    Hear: TypeAlias = Callable[[tuple[Change, ...]], None]

LIMIT_S: Final = 10.0
"""Seconds that it may take for one SMS."""

AT_ONCE: Final = 4
"""How many of it run at the same time."""

MOST_WAITING: Final = 500
"""SMS that wait for their turn; of more than that it does not hear."""

_MOST_KNOWN: Final = 2_000
_UNTOLD: Final = frozenset({*settings.SECRET_VARIABLES, "SMSCHAT_PROXY", "SMSCHAT_NOTIFY_COMMAND"})
"""What it does not get from our environment; the address of a proxy may hold a password."""

log = logging.getLogger(__name__)


class NotifyCommand:
    """The program of one profile.

    Args:
        command: as a shell would part it into words; no shell reads it. None: there is none, and nothing is done.
        subscribe: to hear of SMS that change.
        hides_text: it is told who wrote, and not what.
        limit_s: seconds that it may take for one SMS.
    """

    def __init__(
        self,
        command: str | None,
        store: Reads,
        health: Health,
        *,
        subscribe: Callable[[Hear], Callable[[], None]],
        clock: Callable[[], datetime],
        hides_text: bool = False,
        limit_s: float = LIMIT_S,
    ) -> None:
        self._command = command
        self._store = store
        self._health = health
        self._subscribe = subscribe
        self._clock = clock
        self._hides_text = hides_text
        self._limit_s = limit_s
        self._waiting: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        self._known: OrderedDict[str, None] = OrderedDict()

    def tell(self, sms_id: str) -> None:
        """An SMS has come in; returns at once, and does nothing for one that it was told of before."""
        if self._command is None or sms_id in self._known:
            return
        self._known[sms_id] = None
        while len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        try:
            self._waiting.put_nowait(sms_id)
        except asyncio.QueueFull:
            self._fail(f"it is too slow: {MOST_WAITING} SMS wait for it, and it is not run for more")

    def hear(self, changes: tuple[Change, ...]) -> None:
        """A long SMS is shown with gaps, which no callback tells of."""
        for sms in (change.sms for change in changes if isinstance(change, SmsChanged)):
            if sms.status is Status.PARTIAL and self._clock() - sms.updated_at < NEWS_FOR:
                self.tell(sms.id)

    async def run(self) -> None:
        """Run it as SMS come, until cancelled; only who receives does, so that it is run once for each."""
        if self._command is None:
            return
        words = self._words(self._command)
        end = self._subscribe(self.hear)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(AT_ONCE):
                    group.create_task(self._work(words))
        finally:
            end()

    @staticmethod
    def _words(command: str) -> list[str]:
        """The program and its arguments; empty where it cannot be read."""
        try:
            return shlex.split(command)
        except ValueError:
            return []

    async def _work(self, words: list[str]) -> None:
        while True:
            sms = await self._store.sms(await self._waiting.get())
            if sms is not None:
                await self._run_for(sms, words)

    async def _run_for(self, sms: Sms, words: list[str]) -> None:
        conversation = await self._store.conversation(sms.peer)
        if conversation is None or conversation.muted or conversation.blocked:
            return
        document = document_of(sms, conversation.name, hides_text=self._hides_text)
        try:
            code = await _ended(words, f"{json.dumps(document)}\n".encode(), self._limit_s)
        except TimeoutError:
            self._fail(f"it did not end within {self._limit_s:g} seconds")
        except IndexError:
            self._fail("it cannot be read: quotes must be closed, and a program named")
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else None
            self._fail(f"it cannot be run: {why or 'no such program'}")
        else:
            self._ended(code)

    def _ended(self, code: int) -> None:
        if code:
            self._fail(f"it ended with {code}")
        else:
            self._health.report(Subsystem.NOTIFY, Condition.UP)

    def _fail(self, why: str) -> None:
        log.warning("notify_command: %s", why)
        self._health.report(Subsystem.NOTIFY, Condition.DOWN, f"the notify_command failed: {why}")


def document_of(sms: Sms, name: str, *, hides_text: bool) -> dict[str, Any]:
    """What the program reads: the SMS as scripts get it everywhere, and the name of whom it is from."""
    document = documents.of_sms(sms) | {"name": name or None}
    if hides_text:
        document |= {key: None for key in ("text", "keyword", "data", "udh") if key in document}
    return document


def environment_of(env: Mapping[str, str]) -> dict[str, str]:
    """An environment without what is secret."""
    return {name: value for name, value in env.items() if name not in _UNTOLD}


async def _ended(words: list[str], told: bytes, limit_s: float) -> int:
    """Run a program to its end; its exit code.

    Raises:
        IndexError: there is no word.
        OSError: it cannot be run.
        TimeoutError: it was killed.
    """
    process = await asyncio.create_subprocess_exec(
        words[0],
        *words[1:],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment_of(os.environ),
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(limit_s):
            await process.communicate(told)
    finally:
        await _kill(process)
    return process.returncode or 0


async def _kill(process: Process) -> None:
    """End what is left of it, and all that it has started and not sent away."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
