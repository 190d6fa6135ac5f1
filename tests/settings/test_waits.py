"""Whoever waits for a command or a keyring is let go at once when smschat ends, and nothing it began stays behind."""

from __future__ import annotations

import queue
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from smschat.errors import SettingsError
from smschat.settings import waits
from smschat.settings.secrets import printed_by
from tests.program import PATIENCE_S, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    waits.wait_again()


def test_a_wait_is_ended_whenever_it_began() -> None:
    ends: queue.SimpleQueue[str] = queue.SimpleQueue()
    with waits.ended_by(lambda: ends.put("before")):
        waits.give_up()
        waits.give_up()
    with waits.ended_by(lambda: ends.put("after")):
        pass
    waits.wait_again()
    with waits.ended_by(lambda: ends.put("never")):
        assert [ends.get_nowait(), ends.get_nowait(), ends.empty()] == ["before", "after", True]


def test_a_wait_that_is_over_is_not_ended() -> None:
    ends: list[str] = []
    with waits.ended_by(lambda: ends.append("it")):
        pass
    waits.give_up()
    assert ends == []


def test_a_command_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    begun, done = tmp_path / "begun", tmp_path / "done"
    command = f"touch '{begun}'; (sleep 300; touch '{done}') & wait; echo late"
    with ThreadPoolExecutor() as threads:
        printing = threads.submit(printed_by, command, {"PATH": "/bin:/usr/bin"}, PATIENCE_S)
        until(begun.exists)
        waits.give_up()
        with pytest.raises(SettingsError, match="ended with -9"):
            printing.result(PATIENCE_S)
    assert not done.exists()
