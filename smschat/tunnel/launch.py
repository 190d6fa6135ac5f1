"""Starts the agent in its own place: the process that runs this becomes the agent, with what an agent of ours needs.

The rule: run by `python -I -S` as a program, with the standard library alone, so that it takes some 20 ms; what goes
wrong is told as a line of the agent's log, because whoever reads that log reads nothing else.
"""

from __future__ import annotations

import json
import os
import sys

OURS = ("SMSCHAT_", "NGROK_", "PYNGROK_")
"""Beginnings of the variables that the agent does not get: secrets of ours, and what would overrule our file."""

_SIGTERM = 15
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(agent: str, pid_file: str, parent: str, *arguments: str) -> None:
    """Become the agent.

    Args:
        agent: the agent's program.
        pid_file: where the process is written down.
        parent: id of the process that the agent ends with, where the system can do that; 0: with none.
        arguments: the agent's.
    """
    _tell("info", f"launching pid={os.getpid()}")  # the first line: by it pyngrok's process is known early
    if int(parent):
        _end_with(int(parent))
    try:
        _write_down(pid_file)
        os.execve(agent, [agent, *arguments], environment(dict(os.environ)))  # noqa: S606 - this is what it is for
    except OSError as error:
        _tell("crit", f"launch err={json.dumps(error.strerror or type(error).__name__)}")
        sys.exit(127)


def environment(env: dict[str, str]) -> dict[str, str]:
    """What the agent gets of an environment."""
    return {name: value for name, value in env.items() if not name.startswith(OURS)}


def birth(pid: int) -> str | None:
    """When a process began, comparable for equality only; None where there is none, or it is a zombie.

    With the id this names a process for good: ids are used again. proc(5): field 22, ticks since boot.
    """
    if not os.path.isdir("/proc/self"):  # noqa: PTH112 - pathlib takes as long to load as all the rest
        return _birth_by_ps(pid)
    fields = _stat(pid)
    return None if fields is None or fields[0] == "Z" else f"{_boot()} {fields[19]}"


def parent_of(pid: int) -> int | None:
    """The process that would be told of the end of this one; None where there is none such."""
    if not os.path.isdir("/proc/self"):  # noqa: PTH112 - as above
        told = _ps(pid, "ppid=")
        return int(told) if told.isdecimal() else None
    fields = _stat(pid)
    return None if fields is None else int(fields[1])


def command_of(pid: int) -> str:
    """The command line of a process, its words separated by NUL or blanks; empty where there is none."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:  # noqa: PTH123 - as above
            return file.read().decode(errors="replace")
    except OSError:
        return "" if os.path.isdir("/proc/self") else _ps(pid, "command=")  # noqa: PTH112 - as above


def _stat(pid: int) -> list[str] | None:
    """The fields of proc(5) stat from the third on, which is the state; the second may have blanks in it."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - as above
            return file.read().decode(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None


def _boot() -> str:
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:  # noqa: PTH123 - as above
            return file.read().strip()
    except OSError:
        return ""


def _birth_by_ps(pid: int) -> str | None:
    return None if _ps(pid, "stat=").startswith("Z") else _ps(pid, "lstart=") or None


def _ps(pid: int, column: str) -> str:
    """One column of ps(1), where there is no proc(5)."""
    import subprocess  # noqa: PLC0415 - not needed where there is /proc

    env = {"PATH": "/bin:/usr/bin", "LC_ALL": "C", "TZ": "UTC"}
    asked = ["ps", "-ww", "-o", column, "-p", str(pid)]
    told = subprocess.run(asked, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - nothing of it is foreign
    return told.stdout.strip()


def _end_with(parent: int) -> None:
    """End when the parent does, and now if it has ended already; prctl(2), on Linux alone."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - not needed elsewhere

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGTERM)
    if os.getppid() != parent:
        _tell("crit", 'launch err="smschat has ended"')
        sys.exit(1)


def _write_down(pid_file: str) -> None:
    """Write who we are, whole or not at all, and readable by the owner only."""
    record = {"pid": os.getpid(), "birth": birth(os.getpid()), "parent": os.getppid()}
    new = f"{pid_file}.{os.getpid()}"
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(handle, json.dumps(record).encode())
    os.close(handle)
    os.replace(new, pid_file)  # noqa: PTH105 - pathlib takes as long to load as all the rest


def _tell(level: str, told: str) -> None:
    os.write(1, f"lvl={level} obj=smschat msg={told}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
