"""An agent of ours that outlived us is ended, for as long as it runs its address is taken.

The rule: only a process is ended that the pid file names by id and birth, and that has our configuration in its command
line. Where one of the three does not fit, or the file is garbled, nothing is.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import time
from typing import TYPE_CHECKING, Final

from smschat.errors import TunnelError
from smschat.tunnel import launch
from smschat.tunnel.files import AgentFiles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GRACE_S: Final = 0.7
"""Seconds between asking an agent to end and ending it."""

PATIENCE_S: Final = 1.5
"""Seconds for another smschat to end its agent, or for the system to end it."""

_LOOK_S: Final = 0.02
_CHECK = re.compile(r"\.ngrok-check-(\d{1,10})-\d+$")


def end_orphan(files: AgentFiles) -> None:
    """End the agent that a former run left, and wait for its end; 3 s at most.

    Raises:
        TunnelError: it is no orphan, for the smschat that started it runs and keeps it.
    """
    pid = _agent_of(files)
    if pid is None:
        return
    if launch.parent_of(pid) == _recorded(files.pid).get("parent") and not _within(
        PATIENCE_S, lambda: not _agent_of(files)
    ):
        raise TunnelError(
            "another smschat has this profile's tunnel open", hint="end it, or use another profile", code="tunnel_open"
        )
    for number, wait_s in ((signal.SIGTERM, GRACE_S), (signal.SIGKILL, PATIENCE_S)):
        if _agent_of(files) == pid:
            signal_group(pid, number)
            _within(wait_s, lambda: _agent_of(files) != pid)


def end_stale_checks(folder: Path) -> None:
    """End what sign-ins left whose process, the number in the name, has ended."""
    for config in folder.glob("*.yml"):
        maker = _CHECK.search(config.stem)
        if maker is not None and launch.birth(int(maker[1])) is None:
            files = AgentFiles(folder=folder, name=config.stem)
            end_orphan(files)
            files.remove()


def signal_group(pid: int, number: int) -> None:
    """Signal an agent, and whatever it may have started; each has a group of its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _agent_of(files: AgentFiles) -> int | None:
    """The agent that the pid file names, if it still runs."""
    record = _recorded(files.pid)
    pid = record.get("pid")
    if not isinstance(pid, int) or isinstance(pid, bool) or pid <= 1:
        return None
    is_ours = launch.birth(pid) == record.get("birth") and str(files.config) in launch.command_of(pid)
    return pid if is_ours else None


def _recorded(pid_file: Path) -> dict[str, object]:
    try:
        record = json.loads(pid_file.read_bytes())
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _within(limit_s: float, holds: Callable[[], bool]) -> bool:
    """Whether it comes to hold in time; in a thread, for it blocks."""
    deadline = time.monotonic() + limit_s
    while not holds():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_S)
    return True
