"""The OS keyring answers within its limit or is given up; what it says of secrets is repeated nowhere."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import keyring as library
import pytest
from keyring.backends import fail, null

from smschat.domain.secret import Secret
from smschat.errors import SettingsError
from smschat.settings import waits
from smschat.settings.os_keyring import ABSENT, BACKEND_VARIABLE, OsKeyring
from tests import keyrings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from keyring.backend import KeyringBackend

SECRET = Secret("zq7-canary")
PATIENT_S = 60.0


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[KeyringBackend], OsKeyring]]:
    """The machine has this keyring."""
    monkeypatch.delenv(BACKEND_VARIABLE)

    def use(backend: KeyringBackend) -> OsKeyring:
        library.set_keyring(backend)
        return OsKeyring(PATIENT_S)

    yield use
    forget()


def forget() -> None:
    library.set_keyring(null.Keyring())  # type: ignore[no-untyped-call]


def failing(act: Callable[[], object]) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        act()
    assert "canary" not in caught.value.message + caught.value.hint
    return caught.value


def test_what_is_kept_is_got_and_erased(use: Callable[[KeyringBackend], OsKeyring]) -> None:
    backend = keyrings.Kept()
    ring = use(backend)
    assert (ring.get("shop"), ring.why_unfit(), ring.erase("shop")) == (None, None, False)
    ring.keep("shop", SECRET)
    assert backend.entries == {"smschat/shop": "zq7-canary"}
    assert (ring.get("shop"), ring.get("other"), ring.trouble) == (SECRET, None, None)
    assert ring.erase("shop")
    assert backend.entries == {}


def test_a_keyring_that_keeps_secrets_in_the_open_is_read_and_emptied_and_never_chosen(
    use: Callable[[KeyringBackend], OsKeyring],
) -> None:
    backend = keyrings.Plain()
    backend.set_password("smschat", "default", "zq7-canary")
    ring = use(backend)
    assert ring.get("default") == SECRET
    assert failing(lambda: ring.keep("default", SECRET)).code == ABSENT
    unfit = ring.why_unfit()
    assert unfit is not None
    assert unfit.code == ABSENT
    assert ring.get("default") == SECRET
    assert ring.erase("default")


def test_a_chain_is_as_good_as_its_parts(use: Callable[[KeyringBackend], OsKeyring]) -> None:
    plain, kept = keyrings.Plain(), keyrings.Kept()
    ring = use(keyrings.Chain(plain, kept))
    ring.keep("default", SECRET)
    assert (plain.entries, kept.entries) == ({}, {"smschat/default": "zq7-canary"})
    plain.set_password("smschat", "default", "older-canary")
    assert ring.erase("default")
    assert (plain.entries, kept.entries) == ({}, {})
    assert use(keyrings.Chain(plain)).why_unfit() is not None


@pytest.mark.parametrize("backend", [null.Keyring, fail.Keyring, keyrings.Chain])
def test_where_there_is_no_keyring_nothing_is_found_and_nothing_stored(
    use: Callable[[KeyringBackend], OsKeyring], backend: Callable[[], KeyringBackend]
) -> None:
    ring = use(backend())
    assert ring.get("default") is None
    assert failing(lambda: ring.keep("default", SECRET)).code == ABSENT


@pytest.mark.parametrize(
    ("backend", "told"),
    [
        (keyrings.Locked, "the OS keyring is locked"),
        (keyrings.Closed, "the OS keyring could not be opened"),
        (keyrings.Panicking, "the OS keyring failed (PanicError)"),
    ],
)
def test_trouble_is_one_sentence_and_is_not_asked_for_twice(
    use: Callable[[KeyringBackend], OsKeyring], backend: Callable[[], KeyringBackend], told: str
) -> None:
    ring = use(backend())
    assert ring.get("default") is None
    library.set_keyring(keyrings.Kept())
    assert ring.get("default") is None
    assert ring.trouble is not None
    assert (ring.trouble.message, ring.trouble.code) == (told, "settings")
    assert ring.trouble.hint
    ring.keep("default", SECRET)
    assert ring.get("default") == SECRET


def test_what_is_not_kept_is_not_called_kept(use: Callable[[KeyringBackend], OsKeyring]) -> None:
    assert "did not keep" in failing(lambda: use(keyrings.Forgetful()).keep("default", SECRET)).message
    assert "refused to keep" in failing(lambda: use(keyrings.Refusing()).keep("default", SECRET)).message


def test_what_is_not_erased_is_not_called_erased(use: Callable[[KeyringBackend], OsKeyring]) -> None:
    clinging, refusing = keyrings.Clinging(), keyrings.Refusing()
    for backend in (clinging, refusing):
        backend.entries["smschat/default"] = "zq7-canary"
    assert "did not let go" in failing(lambda: use(clinging).erase("default")).message
    assert "refused to erase" in failing(lambda: use(refusing).erase("default")).message


@pytest.fixture
def prompting(monkeypatch: pytest.MonkeyPatch) -> Iterator[keyrings.Prompting]:
    monkeypatch.delenv(BACKEND_VARIABLE)
    backend = keyrings.Prompting()
    library.set_keyring(backend)
    yield backend
    backend.unlocked.set()
    wait_for_the_keyring()
    forget()


def wait_for_the_keyring() -> None:
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(PATIENT_S)


def test_a_keyring_that_waits_for_a_prompt_is_given_up(prompting: keyrings.Prompting) -> None:
    ring = OsKeyring(0.05)
    assert ring.get("default") is None
    assert ring.trouble is not None
    assert "no answer in 0.05 s" in ring.trouble.message
    assert "unlock it" in ring.trouble.hint
    waiting = threading.active_count()
    assert "no answer" in failing(lambda: ring.erase("default")).message
    assert ring.why_unfit() is not None
    assert threading.active_count() == waiting


def test_a_keyring_is_not_waited_for_when_smschat_ends(prompting: keyrings.Prompting) -> None:
    ring = OsKeyring(PATIENT_S)
    waits.give_up()
    try:
        assert ring.get("default") is None
        assert ring.trouble is not None
        assert ring.trouble.code == "given_up"
    finally:
        waits.wait_again()


def test_a_secret_that_was_not_stored_in_time_is_not_stored_later(prompting: keyrings.Prompting) -> None:
    ring = OsKeyring(0.05)
    assert "no answer" in failing(lambda: ring.keep("default", SECRET)).message
    prompting.unlocked.set()
    wait_for_the_keyring()
    assert prompting.entries == {}
    patient = OsKeyring(PATIENT_S)
    patient.keep("default", SECRET)
    assert patient.get("default") == SECRET


PROGRAM = """
import sys
from smschat.settings.os_keyring import OsKeyring
ring = OsKeyring(60)
print(ring.get("default"), ring.trouble and ring.trouble.message)
print("loaded" if "keyring" in sys.modules else "not loaded")
"""


def run_with(backend: str) -> list[str]:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, BACKEND_VARIABLE: backend, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENT_S,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_what_a_keyring_says_by_itself_does_not_reach_the_screen() -> None:
    assert run_with("tests.keyrings.Chatty") == ["None None", "loaded"]


def test_a_keyring_that_cannot_be_loaded_is_told() -> None:
    assert run_with("nowhere.at.All") == ["None the OS keyring failed (ModuleNotFoundError)", "loaded"]


def test_a_keyring_that_is_switched_off_is_not_even_loaded() -> None:
    switched_off = f"None the OS keyring is switched off by {BACKEND_VARIABLE}"
    assert run_with("keyring.backends.null.Keyring") == [switched_off, "not loaded"]
