"""Installing the agent: pyngrok's own installer, and a server of the test's own in the place of ngrok's."""

from __future__ import annotations

import io
import tarfile
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyngrok import installer

from smschat.errors import TunnelError
from smschat.tunnel import find_agent, install_agent
from tests.program import free_port
from tests.tunnel.opening import left_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Offer = Callable[["Shop"], None]


class Shop:
    """A server that gives out one archive, where pyngrok looks for the agent."""

    def __init__(self, archive: bytes, *, tells_length: bool = True) -> None:
        octets = archive

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                if tells_length:
                    self.send_header("Content-Length", str(len(octets)))
                self.end_headers()
                self.wfile.write(octets)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
                """Nothing is printed."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/ngrok-v3-stable.tgz"


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[Callable[[Shop], None]]:
    """Offer an archive in the place of ngrok's."""
    shops: list[tuple[Shop, threading.Thread]] = []

    def offered(shop: Shop) -> None:
        thread = threading.Thread(target=shop.server.serve_forever, args=(0.02,))
        thread.start()
        shops.append((shop, thread))
        monkeypatch.setattr(installer, "PLATFORMS", dict.fromkeys(installer.PLATFORMS, shop.url))

    yield offered
    for shop, thread in shops:
        shop.server.shutdown()
        shop.server.server_close()
        thread.join()


def archive(text: str) -> bytes:
    """The agent as ngrok gives it out."""
    octets = io.BytesIO()
    with tarfile.open(fileobj=octets, mode="w:gz") as packed:
        member = tarfile.TarInfo("ngrok")
        member.size, member.mode = len(text), 0o755
        packed.addfile(member, io.BytesIO(text.encode()))
    return octets.getvalue()


AGENT = "#!/bin/sh\necho ngrok version 3.37.2\n" + "# padding\n" * 5000


@pytest.mark.parametrize("tells_length", [True, False])
def test_the_agent_is_installed_where_it_is_found(
    home: Path, offer: Offer, *, tells_length: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    offer(Shop(archive(AGENT), tells_length=tells_length))
    told: list[int | None] = []
    installed = install_agent(told.append)
    assert installed == find_agent(None) == home / "ngrok"
    assert left_in(home) == ["ngrok"]
    assert [percent for percent in told if percent == 100] == ([100] if tells_length else [])
    assert None in told
    assert capfd.readouterr() == ("", "")


def test_the_archive_never_lies_where_anybody_can_write(home: Path, offer: Offer) -> None:
    """Where pyngrok puts it: it would follow a link of that name in the common temporary folder."""
    trap = Path(tempfile.gettempdir(), "ngrok-v3-stable.tgz")
    assert not trap.exists()
    offer(Shop(archive(AGENT)))
    install_agent(lambda _: None)
    assert not trap.exists()
    assert vars(installer)["tempfile"] is tempfile


def test_what_is_no_agent_does_not_replace_the_one_that_is_there(home: Path, offer: Offer) -> None:
    before = home / "ngrok"
    home.mkdir(parents=True)
    before.write_text("the one before", encoding="utf-8")
    for text in ("#!/bin/sh\nexit 1\n", "no program"):
        offer(Shop(archive(text)))
        with pytest.raises(TunnelError, match="does not run on this machine") as caught:
            install_agent(lambda _: None)
        assert "by hand" in caught.value.hint
    assert before.read_text(encoding="utf-8") == "the one before"
    assert left_in(home) == ["ngrok"]


def test_what_cannot_be_unpacked_is_said(home: Path, offer: Offer) -> None:
    offer(Shop(b"no archive"))
    with pytest.raises(TunnelError, match="not a gzip file"):
        install_agent(lambda _: None)
    assert left_in(home) == []


def test_without_a_network_the_way_by_hand_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/ngrok.tgz"
    monkeypatch.setattr(installer, "PLATFORMS", dict.fromkeys(installer.PLATFORMS, nowhere))
    with pytest.raises(TunnelError) as caught:
        install_agent(lambda _: None)
    assert caught.value.message == "the ngrok agent could not be installed: Connection refused"
    assert "https://ngrok.com/download" in caught.value.hint
    assert caught.value.code == "agent_install"


def test_a_system_that_ngrok_has_no_agent_for_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installer, "PLATFORMS", {})
    with pytest.raises(TunnelError, match="is not a supported platform"):
        install_agent(lambda _: None)


def test_a_folder_that_cannot_be_written_is_said(home: Path) -> None:
    home.parent.mkdir()
    home.touch()
    with pytest.raises(TunnelError, match="File exists"):
        install_agent(lambda _: None)
