"""The OS keyring: read, written and erased in a thread of its own, within a limit, and told in one sentence.

A keyring may be missing, locked, waiting for a prompt or somebody's plug-in that raises what it likes. So no call is
made on the caller's thread, none is waited for longer than the limit, and what it raised is named, never repeated.
"""

from __future__ import annotations

import os
import queue
import re
import threading
from typing import TYPE_CHECKING, Final, TypeVar

from smschat.domain.secret import Secret
from smschat.errors import SettingsError
from smschat.settings import waits

if TYPE_CHECKING:
    from collections.abc import Callable

    from keyring.backend import KeyringBackend

T = TypeVar("T")

ORIGIN: Final = "OS keyring"
SERVICE: Final = "smschat"
"""The name under which every secret of smschat stands in the keyring."""

LIMIT_S: Final = 3.0
"""Seconds that one call may take: a locked keyring can wait for a prompt that nobody sees."""

ABSENT: Final = "no_keyring"
"""The code of the error that says that there is none, or none that may be used."""

BACKEND_VARIABLE: Final = "PYTHON_KEYRING_BACKEND"
_NULL: Final = "keyring.backends.null.Keyring"
_STRONG: Final = 1  # keyring's own rule: a backend below this keeps secrets in the open
_TRIES: Final = 3  # some backends erase one of several entries of the same name
_NOISY: Final = r"(keyring|keyrings|secretstorage|jeepney|dbus|gi|smschat\.settings\.os_keyring)(\..*)?$"


class OsKeyring:
    """The keyring of whoever runs the program.

    Args:
        limit_s: seconds that one call may take; once it took longer, only `keep` asks again.
    """

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._trouble: SettingsError | None = None
        self._silence: SettingsError | None = None

    @property
    def trouble(self) -> SettingsError | None:
        """Why `get` was not answered; None when it was, and before it was asked."""
        return self._trouble

    @property
    def withheld(self) -> SettingsError | None:
        """Why a keyring that is there did not answer `get`, so that nobody knows what it has; None in other cases."""
        return None if self._trouble is None or self._trouble.code == ABSENT else self._trouble

    def get(self, user: str) -> Secret | None:
        """What stands under a name; None when nothing does, and when the keyring is out of reach: see `trouble`."""
        with self._lock:
            if self._trouble is None:
                try:
                    return self._ask(lambda _: _read(user))
                except SettingsError as error:
                    self._trouble = error
            return None

    def keep(self, user: str, secret: Secret) -> None:
        """Store a secret under a name, in place of what stands there, and read it back.

        Raises:
            SettingsError: it is out of reach, may not be used for storing, or did not keep the secret.
        """
        with self._lock:
            self._silence = None
            self._ask(lambda is_late: _store(user, secret, is_late))
            self._trouble = None

    def erase(self, user: str) -> bool:
        """Erase what stands under a name; whether anything did.

        Raises:
            SettingsError: it is out of reach, or kept the secret.
        """
        with self._lock:
            return self._ask(lambda is_late: _erase(user, is_late))

    def why_unfit(self) -> SettingsError | None:
        """Why no secrets can be stored there; None when they can."""
        with self._lock:
            try:
                self._ask(lambda _: _prove())
            except SettingsError as error:
                return error
            return None

    def _ask(self, work: Callable[[threading.Event], T]) -> T:
        """The answer to a question that is asked in a thread of its own.

        Raises:
            SettingsError: there was none within the limit, or an error instead.
        """
        if os.environ.get(BACKEND_VARIABLE) == _NULL:
            raise SettingsError(f"the OS keyring is switched off by {BACKEND_VARIABLE}", code=ABSENT)
        if self._silence is not None:
            raise self._silence
        _quieten()
        answers: queue.SimpleQueue[tuple[T] | SettingsError] = queue.SimpleQueue()
        is_late = threading.Event()
        threading.Thread(target=_answer, args=(work, answers, is_late), name="keyring", daemon=True).start()
        try:
            with waits.ended_by(lambda: answers.put(waits.given_up())):
                answer = answers.get(timeout=self._limit_s)
        except queue.Empty:
            is_late.set()
            self._silence = _no_answer(self._limit_s)
            raise self._silence from None
        if isinstance(answer, SettingsError):
            is_late.set()
            raise answer
        return answer[0]


def _answer(
    work: Callable[[threading.Event], T],
    answers: queue.SimpleQueue[tuple[T] | SettingsError],
    is_late: threading.Event,
) -> None:
    try:
        answers.put((work(is_late),))
    except BaseException as error:  # noqa: BLE001 - backends are plug-ins, and some raise what is no Exception
        answers.put(_told(error))


def _no_answer(limit_s: float) -> SettingsError:
    return SettingsError(
        f"the OS keyring gave no answer in {limit_s:g} s",
        hint="it may be locked and wait for its password: unlock it, then try again",
    )


def _quieten() -> None:
    """Load keyring outside the limit, and keep its warnings and log off the screen."""
    import logging  # noqa: PLC0415 - only where the keyring is asked
    import warnings  # noqa: PLC0415

    warnings.filterwarnings("ignore", module=_NOISY)
    try:
        import keyring  # noqa: PLC0415
    except Exception as error:
        raise _told(error) from error
    logger = logging.getLogger(keyring.__name__)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _backends() -> list[KeyringBackend]:
    """The backends in the order in which they are asked; a chain is taken apart, it hides what is in it."""
    import warnings  # noqa: PLC0415

    import keyring  # noqa: PLC0415
    from keyring.backends.chainer import ChainerBackend  # noqa: PLC0415

    chosen = keyring.get_keyring()
    backends = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    for backend in backends:
        warnings.filterwarnings("ignore", module=re.escape(type(backend).__module__))
    return backends


def _read(user: str) -> Secret | None:
    for backend in _backends():
        if value := backend.get_password(SERVICE, user):
            return Secret(value)
    return None


def _fit() -> KeyringBackend:
    """The backend that may keep secrets.

    Raises:
        SettingsError: there is none.
    """
    for backend in _backends():
        if backend.priority >= _STRONG:
            return backend
    raise SettingsError("there is no OS keyring here that keeps secrets well", code=ABSENT)


def _prove() -> None:
    _fit().get_password(SERVICE, "default")


def _store(user: str, secret: Secret, is_late: threading.Event) -> None:
    backend = _fit()
    backend.get_password(SERVICE, user)  # a locked keyring asks for its password here, before anything is written
    if is_late.is_set():
        return
    backend.set_password(SERVICE, user, secret.reveal())
    if _read(user) != secret:
        raise SettingsError("the OS keyring did not keep the secret", hint="keep it in credentials.toml instead")


def _erase(user: str, is_late: threading.Event) -> bool:
    was_there = False
    for backend in _backends():
        for _ in range(_TRIES):
            if not backend.get_password(SERVICE, user) or is_late.is_set():
                break
            backend.delete_password(SERVICE, user)
            was_there = True
    if was_there and _read(user) is not None:
        raise SettingsError(
            "the OS keyring did not let go of the secret",
            hint=f"erase `{SERVICE}`, `{user}` in the system's own program",
        )
    return was_there


def _told(error: BaseException) -> SettingsError:
    """One sentence about what a backend raised; its own words may hold the secret."""
    if isinstance(error, SettingsError):
        return error
    told = _SENTENCES.get(type(error).__name__)
    if told is not None:
        return told()
    return SettingsError(
        f"the OS keyring failed ({type(error).__name__})", hint="keep secrets in credentials.toml, or mend the keyring"
    )


_SENTENCES: Final[dict[str, Callable[[], SettingsError]]] = {
    "NoKeyringError": lambda: SettingsError("there is no OS keyring here", code=ABSENT),
    "KeyringLocked": lambda: SettingsError("the OS keyring is locked", hint="unlock it, then try again"),
    "InitError": lambda: SettingsError("the OS keyring could not be opened", hint="unlock it, then try again"),
    "PasswordSetError": lambda: SettingsError(
        "the OS keyring refused to keep the secret", hint="keep it in credentials.toml instead"
    ),
    "PasswordDeleteError": lambda: SettingsError(
        "the OS keyring refused to erase the secret", hint="erase it in the system's own program"
    ),
}
"""By the name of keyring's error, so that it need not be loaded to be named."""
