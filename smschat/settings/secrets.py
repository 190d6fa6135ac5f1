"""Where the two secrets come from, the first place that has one: client secret and authtoken.

Environment, command (client secret), config.toml (authtoken), OS keyring, credentials.toml, the agent's own file
(authtoken). Each place is looked at once, when the secret or its origin is asked for, and never before.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smschat.domain.secret import Secret
from smschat.errors import SettingsError
from smschat.settings import agent_file, credentials, os_keyring, waits
from smschat.settings.agent_file import AgentFile
from smschat.settings.credentials import Credentials
from smschat.settings.os_keyring import OsKeyring

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterable, Mapping, MutableMapping
    from pathlib import Path

VARIABLE: Final = "SMSCHAT_CLIENT_SECRET"
COMMAND_VARIABLE: Final = "SMSCHAT_CLIENT_SECRET_COMMAND"
SECRET_VARIABLES: Final = (VARIABLE, COMMAND_VARIABLE, "SMSCHAT_SIGNATURE_SECRET", "NGROK_AUTHTOKEN")
"""What no child process may inherit."""

CLIENT_SECRET: Final = "client_secret"  # noqa: S105 - a name
AUTHTOKEN: Final = "ngrok_authtoken"
COMMAND_LIMIT_S: Final = 10.0
"""How long the command may take; it may ask a password manager, not a person."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place that a secret may come from.

    Attributes:
        look: gets it; None when the place has none. Raises SettingsError.
        is_certain: the place has it for sure, so that its origin is told without looking.
    """

    origin: str
    look: Callable[[], Secret | None]
    is_certain: bool = False


class KeptSecret:
    """One secret of one profile: the first source that has it, each looked at no more than once."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = deque(sources)
        self._lock = threading.Lock()
        self._found: tuple[Secret, str] | None = None

    def origin(self) -> str | None:
        """Where it comes from, in words; None when it is nowhere. Runs no command; may ask the keyring.

        Raises:
            SettingsError: credentials.toml is to be read, and cannot be or must not be.
        """
        with self._lock:
            if self._found is None and self._sources and self._sources[0].is_certain:
                return self._sources[0].origin
            found = self._first()
            return found[1] if found else None

    def fetch(self) -> Secret | None:
        """The secret, or None when it is nowhere; may block for as long as the command and the keyring may take.

        Raises:
            SettingsError: the command or the file failed.
        """
        with self._lock:
            found = self._first()
            return found[0] if found else None

    def _first(self) -> tuple[Secret, str] | None:
        while self._found is None and self._sources:
            source = self._sources[0]
            if secret := source.look():
                self._found = (secret, source.origin)
            self._sources.popleft()
        return self._found


class ProfileSecrets:
    """Both secrets of a profile, and the places of ours that keep them.

    Args:
        env: the environment, secrets included.
        file: credentials.toml.
        authtoken: as the environment or config.toml gives it, with where that was; None where they give none.
    """

    def __init__(
        self, env: Mapping[str, str], file: Path, profile: str, authtoken: tuple[Secret, str] | None = None
    ) -> None:
        self.profile = profile
        self.keyring = OsKeyring()
        self.credentials = Credentials(file, profile)
        self.agent_file = AgentFile.usual(env)
        self.overriding = {
            CLIENT_SECRET: [*_from_environment(env)],
            AUTHTOKEN: [Source(authtoken[1], lambda: authtoken[0], is_certain=True)] if authtoken else [],
        }
        self.client_secret = KeptSecret([*self.overriding[CLIENT_SECRET], *self._kept(CLIENT_SECRET)])
        agents = Source(agent_file.ORIGIN, self.agent_file.authtoken)
        self.authtoken = KeptSecret([*self.overriding[AUTHTOKEN], *self._kept(AUTHTOKEN), agents])

    def user(self, name: str) -> str:
        """The name under which the OS keyring keeps a secret of this profile."""
        return self.profile if name == CLIENT_SECRET else f"{self.profile} ngrok"

    def _kept(self, name: str) -> tuple[Source, ...]:
        return (
            Source(os_keyring.ORIGIN, lambda: self.keyring.get(self.user(name))),
            Source(credentials.ORIGIN, lambda: self.credentials.get(name)),
        )


def take_secrets(env: MutableMapping[str, str]) -> dict[str, str]:
    """A copy of the environment for `load`; the secrets are gone from `env` then, so that no child gets them."""
    taken = dict(env)
    for name in SECRET_VARIABLES:
        env.pop(name, None)
    return taken


def _from_environment(env: Mapping[str, str]) -> Iterable[Source]:
    if value := env.get(VARIABLE):
        secret = Secret(value)
        yield Source(f"environment {VARIABLE}", lambda: secret, is_certain=True)
    if command := env.get(COMMAND_VARIABLE):
        harmless = {name: value for name, value in env.items() if name not in SECRET_VARIABLES}
        yield Source(f"command {COMMAND_VARIABLE}", lambda: printed_by(command, harmless), is_certain=True)


def printed_by(command: str, env: Mapping[str, str], limit_s: float = COMMAND_LIMIT_S) -> Secret:
    """The first line that a shell command prints; what it says beside that is dropped, it may name the secret.

    Raises:
        SettingsError: it failed, printed nothing, or took longer than the limit, in seconds.
    """
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
            with waits.ended_by(lambda: _end(process)):
                printed, _ = process.communicate(timeout=limit_s)
        except BaseException as error:
            _end(process)
            if isinstance(error, subprocess.TimeoutExpired):
                raise _failed(f"took longer than {limit_s:g} s") from error
            raise
    if process.returncode:
        raise _failed(f"ended with {process.returncode}")
    value = printed.decode(errors="replace").partition("\n")[0].strip()
    if not value:
        raise _failed("printed nothing")
    return Secret(value)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command, and what it may have started: its group is its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _failed(how: str) -> SettingsError:
    return SettingsError(
        f"the command of {COMMAND_VARIABLE} {how}", hint="run it in a shell: it must print the client secret, by itself"
    )
