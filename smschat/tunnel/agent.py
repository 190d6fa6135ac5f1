"""The agent's program: where it is, which version it has, and putting it there.

The rule: nothing is fetched unless `install_agent` was asked for by the user; a missing agent is said.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from smschat.errors import TunnelError
from smschat.settings import waits
from smschat.tunnel.launch import environment
from smschat.tunnel.orphans import signal_group

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MINIMUM_AGENT: Final = (3, 30, 0)
"""The first version with /api/endpoints, which a configuration of version 3 needs; ngrok.com/docs/agent/changelog."""

VERSION_S: Final = 3.0
"""Seconds that `ngrok version` may take."""

_VERSION = re.compile(r"\b(\d+)\.(\d+)\.(\d+)\b")
_PERCENT = re.compile(r"(\d{1,3})%")
_BY_HAND = "get the agent from https://ngrok.com/download by hand, then set ngrok_path to it"
_installing = threading.Lock()


def find_agent(given: Path | None) -> Path | None:
    """The agent's program: the one that is given, else from PATH, PYNGROK_NGROK_PATH, or where `install_agent` puts it.

    None where there is none; a given one that does not exist or cannot be run is never replaced by another.
    """
    if given is not None:
        return _runnable(given)
    named = os.environ.get("PYNGROK_NGROK_PATH")
    return _runnable(Path("ngrok")) or (_runnable(Path(named)) if named else None) or _runnable(_installed())


def version_of(text: str) -> tuple[int, ...]:
    """A version as numbers that compare; (0,) for what is none."""
    found = _VERSION.search(text)
    return tuple(int(part) for part in found.groups()) if found else (0,)


async def agent_version(agent: Path) -> str | None:
    """The version that the program tells, such as `3.37.2`; None where it tells none within 3 s."""
    return await asyncio.to_thread(_version, agent)


def install_agent(progress: Callable[[int | None], None]) -> Path:
    """Fetch the agent from ngrok and put it where `find_agent` looks; blocks for as long as some 10 MB take.

    Args:
        progress: told how many percent have come, None while that is not known; called in this thread.

    Raises:
        TunnelError: it could not be fetched, or what came is no agent; what was there before is still there.
    """
    target = _installed()
    with _installing, _folder_beside(target) as folder:
        fetched = folder / target.name
        _fetch(fetched, folder, progress)
        if _version(fetched) is None:
            raise TunnelError("what ngrok sent does not run on this machine", hint=_BY_HAND, code="agent_install")
        fetched.replace(target)
    return target


def _runnable(program: Path) -> Path | None:
    found = shutil.which(program.expanduser())
    return Path(found).absolute() if found else None


def _installed() -> Path:
    from pyngrok import installer  # noqa: PLC0415 - slow to import, and seldom needed

    return Path(installer.get_default_ngrok_dir(), installer.get_ngrok_bin())


def _version(agent: Path) -> str | None:
    try:
        process = subprocess.Popen(  # noqa: S603 - the program is the user's own setting
            [agent, "version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment(dict(os.environ)),
            start_new_session=True,
        )
    except OSError:
        return None
    with process:
        try:
            with waits.ended_by(lambda: signal_group(process.pid, signal.SIGKILL)):
                told, _ = process.communicate(timeout=VERSION_S)
        except subprocess.TimeoutExpired:
            signal_group(process.pid, signal.SIGKILL)
            return None
    found = _VERSION.search(told.decode(errors="replace"))
    return found[0] if found and process.returncode == 0 else None


@contextlib.contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """A folder that only we can write to, on the disk of the target."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = tempfile.TemporaryDirectory(dir=target.parent, prefix=".install-")
    except OSError as error:
        raise _not_installed(error) from error
    with folder as name:
        yield Path(name)


def _fetch(fetched: Path, folder: Path, progress: Callable[[int | None], None]) -> None:
    """Let pyngrok fetch and unpack it, its progress told instead of printed, its archive in our folder.

    pyngrok prints to standard output, which is the screen, and downloads to a name in the common temporary folder that
    anybody can guess. Both go by module attributes (pyngrok 9.1).
    """
    from pyngrok import installer  # noqa: PLC0415 - slow to import, and seldom needed
    from pyngrok.exception import PyngrokError  # noqa: PLC0415

    def heard(line: str) -> None:
        percent = _PERCENT.search(line)
        progress(int(percent[1]) if percent else None)

    own_folder = SimpleNamespace(gettempdir=lambda: str(folder))
    hooks = {"_print_progress": heard, "_clear_progress": lambda: None, "tempfile": own_folder}
    with _replaced(installer, hooks):
        try:
            installer.install_ngrok(str(fetched))
        except (PyngrokError, OSError) as error:
            raise _not_installed(error) from error


@contextlib.contextmanager
def _replaced(module: Any, attributes: dict[str, object]) -> Iterator[None]:
    before = {name: getattr(module, name) for name in attributes}
    vars(module).update(attributes)
    try:
        yield
    finally:
        vars(module).update(before)


def _not_installed(error: Exception) -> TunnelError:
    above = error.__context__
    cause = above if isinstance(above, Exception) and not isinstance(above, LookupError) else error
    reason = getattr(cause, "reason", None) or getattr(cause, "strerror", None) or cause
    told = getattr(reason, "strerror", None) or reason
    return TunnelError(f"the ngrok agent could not be installed: {told}", hint=_BY_HAND, code="agent_install")
