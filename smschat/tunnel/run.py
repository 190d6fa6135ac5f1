"""One agent and the thread that has it: it starts the agent through pyngrok, listens to it, and outlives it.

The rule: the thread that started an agent ends after it, because Linux ends a child "with its parent" when the *thread*
ends that made it (prctl(2), PR_SET_PDEATHSIG). To end a start that hangs, the process is ended; the thread follows.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smschat.tunnel import faults
from smschat.tunnel.agent import find_agent
from smschat.tunnel.orphans import GRACE_S, end_orphans, make_way, signal_group

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pyngrok.log import NgrokLog
    from pyngrok.process import NgrokProcess

    from smschat.domain.secret import Secret
    from smschat.errors import TunnelError
    from smschat.tunnel.files import AgentFiles

REQUEST_S: Final = 10
"""Seconds that the agent has to answer a request of ours; a new address takes it some."""

_REMEMBERED = 50  # lines of the agent's log
_LOOK_S = 0.02
_LOOPBACK = ("127.0.0.1", "localhost")
_starting = threading.Lock()  # pyngrok has one too, but a wait for that one cannot be given up


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an agent is started for.

    Attributes:
        agent: its program; None: the one that is found.
        authtoken: asked in the thread, for it may block.
        local_url: where its address shall lead; None: no address, only a session.
        url: the account's own address; None: whichever the service gives.
        start_limit_s: seconds after which it is given up by whoever waits.
    """

    files: AgentFiles
    agent: Path | None
    authtoken: Callable[[], Secret | None]
    local_url: str | None
    url: str | None
    proxy: str | None
    start_limit_s: float


class AgentRun:
    """One agent, from before its start until nothing of it is left.

    Attributes:
        opened: the public origin, empty where none was wanted; or a TunnelError, and then nothing is left.
        lost: why it ended by itself; never set when `end` was called.
        gone: set when process, thread and files are gone after `end`.
    """

    def __init__(self, wanted: Wanted) -> None:
        self.opened: Future[str] = _future()
        self.lost: Future[TunnelError] = _future()
        self.gone: Future[None] = _future()
        self._wanted = wanted
        self._heard: deque[NgrokLog] = deque(maxlen=_REMEMBERED)
        self._process: NgrokProcess | None = None
        self._verdict: TunnelError | None = None
        self._has_files = False
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._live, name=wanted.files.name, daemon=True)

    @property
    def heard(self) -> list[NgrokLog]:
        """The last lines of its log."""
        return list(self._heard)

    def begin(self) -> None:
        """Start it."""
        self._thread.start()

    def end(self) -> None:
        """Begin to end it, whatever it does; `gone` tells when that is done. May be called again."""
        if not self._ending.is_set():
            self._ending.set()
            threading.Thread(target=self._finish, name=f"{self._thread.name} end", daemon=True).start()

    def _live(self) -> None:
        try:
            address = self._start()
        except Exception as error:  # noqa: BLE001 - pyngrok lets more through than its own: OSError, KeyError, ValueError
            self._hear_the_rest()
            fault = faults.closed() if self._ending.is_set() else self._verdict or faults.not_started(error, self.heard)
            self._clear()
            if fault is not error:
                fault.__cause__ = error
            self.opened.set_exception(fault)
        else:
            self.opened.set_result(address)
            self._stay()

    def _stay(self) -> None:
        """Be there until the agent ends, and tell why, if that was not asked for."""
        try:
            fault = faults.ended(self._watch(), self.heard)
        except Exception as error:  # noqa: BLE001 - whatever it is, an agent that nobody listens to is no tunnel
            fault = faults.not_started(error, self.heard)
        self._clear()
        if not self._ending.is_set():
            self.lost.set_result(self._verdict or fault)

    def _start(self) -> str:
        """Do everything up to the public address."""
        wanted = self._wanted
        agent = find_agent(wanted.agent)
        if agent is None:
            raise faults.no_agent(wanted.agent)
        authtoken = wanted.authtoken()
        end_orphans(wanted.files.folder)
        make_way(wanted.files)
        self._go_on()
        self._has_files = True
        wanted.files.write(agent=agent, authtoken=authtoken, proxy=wanted.proxy)
        while not _starting.acquire(timeout=_LOOK_S):
            self._go_on()
        try:
            self._go_on()
            return self._connect()
        finally:
            _starting.release()

    def _go_on(self) -> None:
        if self._ending.is_set():
            raise faults.closed()

    def _connect(self) -> str:
        """Let pyngrok start the agent and open the address; it never fetches one, for its "agent" is our launcher."""
        from pyngrok import conf, ngrok  # noqa: PLC0415 - slow to import

        _silence()
        _spare_loopback()
        wanted = self._wanted
        config = conf.PyngrokConfig(
            ngrok_path=str(wanted.files.launcher),
            config_path=str(wanted.files.config),
            monitor_thread=False,
            log_event_callback=self._hear,
            startup_timeout=max(1, int(wanted.start_limit_s * 0.75)),
            request_timeout=REQUEST_S,
            start_new_session=True,
        )
        config.auth_token = config.api_key = None  # where it is None pyngrok has read the environment
        if wanted.local_url is None:
            ngrok.get_ngrok_process(config)
            return ""
        options = {"url": wanted.url} if wanted.url else {}
        tunnel = ngrok.connect(addr=wanted.local_url, name="smschat", pyngrok_config=config, **options)
        return (tunnel.public_url or "").rstrip("/")

    def _hear(self, log: NgrokLog) -> None:
        """A line of the start; the first one is that of our launcher, and by then pyngrok has the process."""
        self._process = self._process or self._in_pyngrok()
        self._judge(log, faults.refused_at_start)

    def _hear_the_rest(self) -> None:
        """What the agent said last: pyngrok stops reading as soon as it sees that the process has ended (9.1)."""
        from pyngrok.log import NgrokLog  # noqa: PLC0415 - loaded already where there is a process

        process = self._process or (self._in_pyngrok() if self._has_files else None)
        if process is None or process.proc.stdout is None:
            return
        _end(process.proc)
        os.set_blocking(process.proc.stdout.fileno(), False)  # whoever else has the pipe is not waited for
        with contextlib.suppress(Exception):  # nothing that it says is worth waiting for ever
            for line in process.proc.stdout:
                self._judge(NgrokLog(line), faults.refused_at_start)

    def _in_pyngrok(self) -> NgrokProcess | None:
        """The process as pyngrok has it: it gives it out only after a start that went well (9.1)."""
        from pyngrok import process  # noqa: PLC0415 - loaded already where there is one

        return process._current_processes.get(str(self._wanted.files.launcher))  # noqa: SLF001 - there is no other way

    def _watch(self) -> int:
        """Listen to the agent until it ends; its exit status, negative for a signal."""
        from pyngrok.log import NgrokLog  # noqa: PLC0415 - loaded already

        assert self._process is not None  # noqa: S101 - for the type checker: it has started
        for line in _lines(self._process.proc):
            self._judge(NgrokLog(line), faults.session_ended)
        return self._process.proc.wait()

    def _judge(self, log: NgrokLog, verdict: Callable[[NgrokLog], TunnelError | None]) -> None:
        """Take a line of the log; after one that leaves no hope the agent is ended."""
        self._heard.append(log)
        if self._verdict is None:
            self._verdict = verdict(log)
            if self._verdict is not None and self._process is not None:
                _end(self._process.proc)

    def _clear(self) -> None:
        """Leave nothing: no process, no open file, none of ours on disk, nothing in pyngrok."""
        process = self._process or (self._in_pyngrok() if self._has_files else None)
        if process is not None:
            _end(process.proc)
            if process.proc.stdout is not None:
                process.proc.stdout.close()
            if self._in_pyngrok() is process:
                self._forget()
        if self._has_files:
            self._wanted.files.remove()

    def _forget(self) -> None:
        from pyngrok import process  # noqa: PLC0415 - loaded already

        process._current_processes.pop(str(self._wanted.files.launcher), None)  # noqa: SLF001 - as `_in_pyngrok`

    def _finish(self) -> None:
        """Ask the process to end, then end it, until the thread has followed."""
        deadline = time.monotonic() + GRACE_S
        is_asked = False
        while self._thread.is_alive():
            is_late = time.monotonic() > deadline
            process = self._process or (self._in_pyngrok() if self._has_files else None)
            if process is not None and process.proc.poll() is None and (is_late or not is_asked):
                signal_group(process.proc.pid, signal.SIGKILL if is_late else signal.SIGTERM)
                is_asked = True
            self._thread.join(_LOOK_S)
        self.gone.set_result(None)


def _future() -> Future:  # type: ignore[type-arg]  # of whatever the attribute says
    """A future that whoever waits for it cannot cancel."""
    future: Future = Future()  # type: ignore[type-arg]  # as above
    future.set_running_or_notify_cancel()
    return future


def _lines(process: subprocess.Popen[str]) -> Iterator[str]:
    """What the agent writes, line by line; what is no text is passed over."""
    assert process.stdout is not None  # noqa: S101 - for the type checker: pyngrok pipes it
    while True:
        try:
            line = process.stdout.readline()
        except UnicodeDecodeError:
            continue
        if not line:
            return
        yield line


def _end(process: subprocess.Popen[str]) -> None:
    """Ask a process to end, end it if it does not, and take it off the system's list."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            signal_group(process.pid, number)
        try:
            process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            continue
        return


def _silence() -> None:
    """Nothing of pyngrok's goes to a log or the screen: it repeats the agent's, and that names the authtoken."""
    logger = logging.getLogger("pyngrok")
    if logger.propagate:
        logger.addHandler(logging.NullHandler())
        logger.propagate = False


def _spare_loopback() -> None:
    """Where there is a proxy, pyngrok (urllib) would ask it for the agent's API on loopback."""
    if not any(name.lower().endswith("_proxy") and name.lower() != "no_proxy" for name in os.environ):
        return
    for name in ("no_proxy", "NO_PROXY"):
        spared = [host for host in os.environ.get(name, "").split(",") if host]
        if "*" not in spared and not set(_LOOPBACK) <= set(spared):
            os.environ[name] = ",".join([*spared, *(host for host in _LOOPBACK if host not in spared)])
