"""Settings as far as they can be read: each that is malformed is a fault, and the rest holds."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smschat import log
from smschat.cli.partial_settings import as_far_as_possible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smschat.domain.checks import Check
    from smschat.settings import Settings


@pytest.fixture(autouse=True)
def _no_log() -> Iterator[None]:
    yield
    log.end()


def read(text: str) -> tuple[Settings, list[Check]]:
    file = Path.home() / "config.toml"
    file.write_text(text, encoding="utf-8")
    return as_far_as_possible(Namespace(config=str(file)))


def test_settings_that_are_well_have_no_fault() -> None:
    settings, faults = read('number = "0612345678"')
    assert (settings.number, faults) == ("31612345678", [])


def test_each_malformed_one_is_named_and_the_others_hold() -> None:
    settings, faults = read('number = "12"\nrate = 0\nlisten = "here"\nclient_id = "an id"')
    assert [next(n for n in ("number", "rate", "listen") if f"`{n}`" in f.text) for f in faults] == [
        "listen",
        "rate",
        "number",
    ]
    assert all(fault.is_fault for fault in faults)
    assert (settings.client_id, settings.number, settings.rate) == ("an id", None, 30.0)


def test_a_tunnel_that_lacks_its_address_is_looked_past() -> None:
    settings, (fault,) = read('tunnel = "fixed"\nclient_id = "an id"')
    assert "`public_url` is not set" in fault.text
    assert (settings.tunnel, settings.client_id) == ("ngrok", "an id")


@pytest.mark.parametrize("text", ["this is not TOML", 'colour = "red"'])
def test_without_a_file_that_can_be_read_the_environment_holds(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMSCHAT_CLIENT_ID", "an id")
    monkeypatch.setenv("SMSCHAT_RATE", "fast")
    settings, (first, note, second) = read(text)
    assert first.is_fault
    assert "config.toml" in first.text
    assert "as if that file" in note.text
    assert "`rate`" in second.text
    assert settings.client_id == "an id"
