"""What every test stands on: a machine that is not there, and a gateway that is not ours.

The rule: no test sees the developer's environment, home folder or network.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Final

import hypothesis
import pytest

from smschat import log
from tests.standin import Standin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.keyrings import Kept

# A slow machine is no finding: the first example may load tables, and a deadline would be a wall clock in a test.
# The examples are the same in every run; `--hypothesis-profile searching` draws others, and keeps those that fail.
_UNHURRIED: Final = (hypothesis.HealthCheck.too_slow,)
hypothesis.settings.register_profile("searching", deadline=None, suppress_health_check=_UNHURRIED)
hypothesis.settings.register_profile("smschat", hypothesis.settings.get_profile("searching"), derandomize=True)
hypothesis.settings.load_profile("smschat")

# A shell without job control starts what it puts in the background deaf to Ctrl-C, nohup what it starts to a hangup;
# every program under test would inherit that, and none ends by a signal that it never gets.
for _deaf in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM):
    if signal.getsignal(_deaf) is signal.SIG_IGN:
        signal.signal(_deaf, signal.default_int_handler if _deaf is signal.SIGINT else signal.SIG_DFL)

_FORGOTTEN = ("SMSCHAT_", "NGROK_", "XDG_", "TEXTUAL")
_FORGOTTEN_NAMES = frozenset(
    {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "EDITOR", "VISUAL"}
    | {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """How far the fuzz of the listener goes."""
    parser.addoption(
        "--fuzz", type=int, default=2000, metavar="N", help="requests to the listener (many need --timeout 0 as well)"
    )


@pytest.fixture(autouse=True)
def _no_log() -> Iterator[None]:
    """A command that a test ran in this process has begun a log, which ends with the test."""
    yield
    log.end()


@pytest.fixture(autouse=True)
def _no_machine(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No settings, proxies or colours of this machine; the home folder is the test's own."""
    for name in list(os.environ):
        if name.upper() in _FORGOTTEN_NAMES or name.startswith(_FORGOTTEN):
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    folders = {"CONFIG": ".config", "DATA": ".local/share", "STATE": ".local/state", "CACHE": ".cache"}
    for name, folder in folders.items():
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def standin() -> Iterator[Standin]:
    """A stand-in for the gateway; at the end no request may have broken KPN's document, unless forgiven."""
    with Standin() as server:
        yield server
    assert server.violations == []


@pytest.fixture(scope="module")
def few_certificates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One certificate to trust instead of the built-in list, which takes longer to read than a test does."""
    import certifi  # noqa: PLC0415 - few tests need it

    listed = Path(certifi.where()).read_text("ascii")
    file = tmp_path_factory.mktemp("certificates") / "one.pem"
    end = "-----END CERTIFICATE-----\n"
    file.write_text(listed[listed.index("-----BEGIN") : listed.index(end)] + end, "ascii")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SSL_CERT_FILE", str(file))
        yield


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """The machine has a keyring; the library settles on one for the life of the process, so it is told."""
    import keyring  # noqa: PLC0415 - slow, and few tests need it
    from keyring.backends import null  # noqa: PLC0415

    from tests.keyrings import Kept  # noqa: PLC0415

    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    backend = Kept()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(null.Keyring())  # type: ignore[no-untyped-call]
