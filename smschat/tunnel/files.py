"""The files of one agent of ours: its configuration, its launcher, and who it is.

The rule: readable by the owner alone from the first moment, written whole or not at all, gone when the agent is.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smschat.tunnel import launch

if TYPE_CHECKING:
    from pathlib import Path

    from smschat.domain.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFiles:
    """Where they are; `name` is the beginning that they share, such as `default.ngrok`."""

    folder: Path
    name: str

    @property
    def config(self) -> Path:
        """The agent's configuration, with the authtoken in it."""
        return self.folder / f"{self.name}.yml"

    @property
    def pid(self) -> Path:
        """The process that the agent is."""
        return self.folder / f"{self.name}.pid"

    @property
    def launcher(self) -> Path:
        """The program that pyngrok takes for the agent."""
        return self.folder / self.name

    def write(self, *, agent: Path, authtoken: Secret | None, proxy: str | None) -> None:
        """Make the folder where there is none, the configuration, and the launcher.

        Raises:
            OSError: the disk does not take them.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(self.config, configuration(authtoken, proxy), mode=0o600)
        _write(self.launcher, launcher(agent, self.pid), mode=0o700)

    def remove(self) -> None:
        """Leave nothing."""
        for file in (self.config, self.pid, self.launcher):
            with contextlib.suppress(OSError):
                file.unlink()


def configuration(authtoken: Secret | None, proxy: str | None) -> str:
    """The agent's configuration; ngrok.com/docs/agent/config/v3.

    Nothing is kept for inspection: whoever is on this machine could read it there, and call it up again. A JSON string
    is one of YAML too.
    """
    lines = ['version: "3"', "agent:"]
    if authtoken is not None:
        lines.append(f"  authtoken: {json.dumps(authtoken.reveal())}")
    lines += ["  inspect_db_size: -1", "  console_ui: false", "  update_check: false", "  remote_management: false"]
    if proxy:
        lines.append(f"  proxy_url: {json.dumps(proxy)}")
    return "\n".join([*lines, ""])


def launcher(agent: Path, pid_file: Path) -> str:
    """The program that starts the agent by `launch`; what it writes to standard error would spoil the screen."""
    words = [sys.executable, "-I", "-S", launch.__file__, str(agent), str(pid_file), str(parent())]
    return f'#!/bin/sh\nexec </dev/null 2>&1\nexec {shlex.join(words)} "$@"\n'


def parent() -> int:
    """The process that the agent ends with; 0: with none."""
    return os.getpid()


def _write(file: Path, text: str, *, mode: int) -> None:
    new = file.with_name(f".{file.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with open(handle, "w", encoding="utf-8") as opened:  # noqa: PTH123 - a handle, not a path
            opened.write(text)
        new.chmod(mode)  # whatever the umask took away
        new.replace(file)
    except OSError:
        new.unlink(missing_ok=True)
        raise
