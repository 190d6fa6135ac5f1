"""An agent of ours that outlived us is ended, for as long as it runs its address is taken.

The rule: only a process is ended that the pid file names by id and birth, and that has our configuration in its command
line. Where one of the three does not fit, or the file is garbled, nothing is.
"""

from __future__ import annotations

import contextlib
import json
import logging
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
_NAME = re.compile(r"\.ngrok(-check-\d{1,10}-\d+)?$")
_CONFIG = re.compile(r"((?:\.setup)?\.ngrok(?:-check-(\d{1,10})-\d+)?)\.yml(?:\.(\d{1,10}))?")
"""What follows the profile: the file's beginning, the process that signs in, the one that was about to write it."""

_CHECK = re.compile(r"\.ngrok-check-(\d{1,10})-\d+$")


log = logging.getLogger(__name__)


def make_way(files: AgentFiles) -> None:
    """End the agent that a former run left in these files, and wait for its end; 3 s at most.

    Raises:
        TunnelError: it is no orphan, for the smschat that started it runs and keeps it.
    """
    if _is_kept(files) and not _within(PATIENCE_S, lambda: not _is_kept(files)):
        raise TunnelError(
            "another smschat has this profile's tunnel open", hint="end it, or use another profile", code="tunnel_open"
        )
    _end(files)


def end_orphans(folder: Path) -> None:
    """End what any smschat left in this folder, and delete what a sign-in left whose process has ended.

    Agents of other profiles too: each takes one of the places that the ngrok account has.
    """
    for pid_file in folder.glob("*.pid"):
        files = AgentFiles(folder=folder, name=pid_file.stem)
        if _NAME.search(files.name) and not _is_kept(files):
            _end(files)
    for config in folder.glob("*.yml"):
        check = _CHECK.search(config.stem)
        if check is not None and launch.birth(int(check[1])) is None:
            AgentFiles(folder=folder, name=config.stem).remove()


def forget(folder: Path, profile: str) -> tuple[list[Path], list[Path]]:
    """Delete what has the authtoken in it and a killed smschat left for a profile, and end the agents that it left.

    Returns:
        The files that are gone, and those that stay because a running smschat has its tunnel by them.
    """
    gone: list[Path] = []
    used: list[Path] = []
    for config in sorted(folder.glob(f"{profile}.*yml*")) + sorted(folder.glob(f".{profile}.*yml*")):
        found = _CONFIG.fullmatch(config.name.removeprefix(".").removeprefix(profile))
        if found is None:
            continue
        files = AgentFiles(folder=folder, name=profile + found[1])
        writer = found[2] or found[3]
        if _is_kept(files) or (writer is not None and launch.birth(int(writer)) is not None):
            used.append(config)
            continue
        _end(files)
        files.remove()
        config.unlink(missing_ok=True)
        gone.append(config)
    return gone, used


def signal_group(pid: int, number: int) -> None:
    """Signal an agent, and whatever it may have started; each has a group of its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _end(files: AgentFiles) -> None:
    pid = _agent_of(files)
    if pid is None:
        return
    log.warning("an ngrok agent that a former run left is ended: process %d", pid)
    for number, wait_s in ((signal.SIGTERM, GRACE_S), (signal.SIGKILL, PATIENCE_S)):
        if _agent_of(files) == pid:
            signal_group(pid, number)
            _within(wait_s, lambda: _agent_of(files) != pid)


def _is_kept(files: AgentFiles) -> bool:
    """Whether an agent runs whose smschat does too: the process that started it is still its parent."""
    pid = _agent_of(files)
    return pid is not None and launch.parent_of(pid) == _recorded(files.pid).get("parent")


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
