"""Where the client secret comes from: environment, then a command, then credentials.toml; the first that is there.

It is fetched when it is asked for and kept for the life of the process; where it would come from is told without
fetching it. The OS keyring will stand between command and file.
"""

from __future__ import annotations

import os
import signal
import stat
import threading
from typing import TYPE_CHECKING

from smschat.domain.secret import Secret
from smschat.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VARIABLE = "SMSCHAT_CLIENT_SECRET"
COMMAND_VARIABLE = "SMSCHAT_CLIENT_SECRET_COMMAND"
COMMAND_LIMIT_S = 10.0
"""How long the command may take; it may ask a password manager, not a person."""

_ORIGIN_FILE = "credentials.toml"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class ClientSecret:
    """The client secret of one profile, fetched at most once."""

    def __init__(self, env: Mapping[str, str], credentials: Path, profile: str) -> None:
        self._value = env.get(VARIABLE) or None
        self._command = env.get(COMMAND_VARIABLE) or None
        self._env = dict(env)
        self._file = credentials
        self._profile = profile
        self._lock = threading.Lock()
        self._fetched: Secret | None = None

    def origin(self) -> str | None:
        """Where it comes from, in words; None when it is nowhere. Runs nothing.

        Raises:
            SettingsError: credentials.toml is to be read, and cannot be or must not be.
        """
        if self._value:
            return f"environment {VARIABLE}"
        if self._command:
            return f"command {COMMAND_VARIABLE}"
        return _ORIGIN_FILE if self._from_file() else None

    def fetch(self, limit_s: float = COMMAND_LIMIT_S) -> Secret | None:
        """The secret, or None when it is nowhere; may block for as long as the command may take.

        Raises:
            SettingsError: the command or the file failed.
        """
        with self._lock:
            if self._fetched is None:
                self._fetched = self._look(limit_s)
            return self._fetched

    def _look(self, limit_s: float) -> Secret | None:
        if self._value:
            return Secret(self._value)
        if self._command:
            return Secret(_printed_by(self._command, self._env, limit_s))
        value = self._from_file()
        return Secret(value) if value else None

    def _from_file(self) -> str | None:
        if not self._file.exists():
            return None
        refuse_if_open(self._file)
        value = _wanted(_parsed(self._file), self._profile)
        if value is not None and not (isinstance(value, str) and value):
            raise SettingsError(f"{self._file}: client_secret must be a text", hint='write client_secret = "…"')
        return value or None


def refuse_if_open(file: Path) -> None:
    """Refuse a file of secrets that others can get at.

    Raises:
        SettingsError: group or others may read or write it.
    """
    if file.stat().st_mode & _OTHERS:
        raise SettingsError(f"{file} holds secrets and is open to others", hint=f"run: chmod 600 '{file}'")


def _parsed(file: Path) -> dict[str, object]:
    import tomllib  # noqa: PLC0415 - only where there is such a file

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        # TOML's own complaint may quote the line, which holds the secret.
        raise SettingsError(f"{file} cannot be read", hint='it holds lines such as client_secret = "…"') from error


def _wanted(found: dict[str, object], profile: str) -> object:
    """The profile's own table goes before what holds for all profiles."""
    own = found.get(profile)
    if isinstance(own, dict) and "client_secret" in own:
        return own["client_secret"]
    return found.get("client_secret")


def _printed_by(command: str, env: dict[str, str], limit_s: float) -> str:
    """The first line that a shell command prints; what it says beside that is dropped, it may name the secret."""
    import subprocess  # noqa: PLC0415 - only where there is a command

    with subprocess.Popen(  # noqa: S603 - the user's own command
        ["/bin/sh", "-c", command],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            printed, _ = process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            raise _failed(f"took longer than {limit_s:g} s") from error
    if process.returncode:
        raise _failed(f"ended with {process.returncode}")
    value = printed.decode(errors="replace").partition("\n")[0].strip()
    if not value:
        raise _failed("printed nothing")
    return value


def _failed(how: str) -> SettingsError:
    return SettingsError(
        f"the command of {COMMAND_VARIABLE} {how}", hint="run it in a shell: it must print the client secret, by itself"
    )
