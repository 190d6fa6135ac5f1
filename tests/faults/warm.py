"""A warm parent: everything is imported once, then each program that a test kills is a fork of it.

It reads one JSON object a line and answers with one line. `{"start": [...], "env": {...}, "tty": "/dev/pts/3"}` forks
`smschat …` and answers with its process id; `{"kill": PID, "signal": 9}` ends it and answers with its wait status.
"""

# ruff: noqa: PLC0415 - the imports are the work

from __future__ import annotations

import fcntl
import gc
import json
import os
import signal
import sys
import termios
from typing import Any


def main() -> None:
    """Import, then serve until the input ends."""
    import smschat.cli.listen
    import smschat.cli.opening
    import smschat.gateway
    import smschat.runtime
    import smschat.store
    import smschat.ui.app
    import smschat.webhook.listener
    import smschat.webhook.parse  # noqa: F401

    gc.collect()
    gc.freeze()
    print("warm", flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(_start(request) if "start" in request else _end(request), flush=True)


def _start(request: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        _become(request)
        from smschat.cli import main as smschat

        code = smschat(request["start"])
    finally:
        sys.stdout.flush()
        os._exit(code)


def _become(request: dict[str, Any]) -> None:
    """Take the terminal and the environment of a program that was started for itself."""
    os.setsid()
    os.environ.clear()
    os.environ.update(request["env"])
    tty = request.get("tty")
    fd = os.open(tty or os.devnull, os.O_RDWR)
    if tty:
        fcntl.ioctl(fd, termios.TIOCSCTTY, 0)
    for number in (0, 1, 2):
        os.dup2(fd, number)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(os.dup(n), "r" if n == 0 else "w") for n in (0, 1, 2))
    for name in ("stdin", "stdout", "stderr"):
        setattr(sys, f"__{name}__", getattr(sys, name))


def _end(request: dict[str, Any]) -> int:
    pid, number = request["kill"], request.get("signal", signal.SIGKILL)
    if number:
        os.kill(pid, number)
    return os.waitpid(pid, 0)[1]


if __name__ == "__main__":
    main()
