"""Keyrings as a plug-in of the keyring library may be: one that keeps what it is given, and all the others.

The rule: they stand where a third party's would, by `PYTHON_KEYRING_BACKEND=tests.keyrings.NAME`. What `Kept` keeps
stands in the file that `KEYRING_PROPERTY_FILE` names, for tests that run the program.
"""

from __future__ import annotations

import json
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import InitError, KeyringLocked, PasswordDeleteError, PasswordSetError

if TYPE_CHECKING:
    from collections.abc import Sequence


class Kept(KeyringBackend):
    """It keeps secrets, well enough to be chosen."""

    priority = 5.0
    file = ""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}
        super().__init__()  # type: ignore[no-untyped-call]  # reads KEYRING_PROPERTY_FILE

    def _read(self) -> dict[str, str]:
        if self.file and Path(self.file).exists():
            self.entries = json.loads(Path(self.file).read_text(encoding="utf-8"))
        return self.entries

    def _write(self) -> None:
        if self.file:
            Path(self.file).write_text(json.dumps(self.entries), encoding="utf-8")

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._read()[f"{service}/{username}"] = password
        self._write()

    def delete_password(self, service: str, username: str) -> None:
        if self._read().pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError("not found")
        self._write()


class Plain(Kept):
    """It keeps secrets in the open, as plain files do."""

    priority = 0.5


class Chain(ChainerBackend):
    """Several keyrings as one, which says that it is better than each."""

    priority = 10.0
    backends: Sequence[KeyringBackend] = ()

    def __init__(self, *backends: KeyringBackend) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.backends = backends


class Forgetful(Kept):
    """It says yes, and keeps nothing, as the null backend does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class Clinging(Kept):
    """It says yes, and erases nothing."""

    def delete_password(self, service: str, username: str) -> None:
        pass


class Locked(Kept):
    """It is locked, and nobody unlocks it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("canary")


class Closed(Kept):
    """It cannot be opened."""

    def get_password(self, service: str, username: str) -> str | None:
        raise InitError("canary")


class Refusing(Kept):
    """It neither stores nor erases."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError(f"canary {password}")

    def delete_password(self, service: str, username: str) -> None:
        raise PasswordDeleteError("canary")


class HalfOpen(Kept):
    """It gives access to one entry, and to no other."""

    def get_password(self, service: str, username: str) -> str | None:
        if username.endswith("ngrok"):
            raise KeyringLocked("canary")
        return super().get_password(service, username)


class PanicError(BaseException):
    """What a library in another language raises."""


class Panicking(Kept):
    """Its library breaks down in a way that is no Exception."""

    def get_password(self, service: str, username: str) -> str | None:
        raise PanicError("canary")


class Chatty(Kept):
    """It warns and logs at every turn."""

    def get_password(self, service: str, username: str) -> str | None:
        import logging  # noqa: PLC0415 - as a plug-in would

        warnings.warn("keyring-warning", UserWarning, stacklevel=2)
        logging.getLogger("keyring.backend").error("keyring-log")
        return super().get_password(service, username)


class Prompting(Kept):
    """It waits for a password that nobody types, until `unlocked` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.unlocked = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.unlocked.wait()
        return super().get_password(service, username)
