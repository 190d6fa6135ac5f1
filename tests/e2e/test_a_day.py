"""A day in the chat, over a store of 10,000 SMS, at three sizes: the whole program on a real pseudo-terminal.

What was written last year is found and answered in the editor, another SMS is scheduled, the contact gets another name,
the conversation is archived, and the chat goes on in another profile.
"""

from __future__ import annotations

import asyncio
import re
import sys
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from smschat.domain.delivery import Status
from smschat.domain.sms import Direction, Encoding, SmsType
from smschat.store import PastConversation, PastSms, SqliteStore
from tests.program import NUMBER, Program
from tests.standin import SEND
from tests.terminal import Terminal, smschat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.standin import Standin

PEOPLE = 200
EACH = 50
FOUND = "is the blue bicycle still for sale?"
SELLER = "31612000107"
EDITOR = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text('it was sold long ago')"

IN_MESSAGES = re.compile("Enter details|Esc done")
F2, F6 = b"\x1bOQ", b"\x1b[17~"


def _conversations() -> list[PastConversation]:
    return [PastConversation(peer=f"31612{number:06}", name=f"Somebody {number}") for number in range(PEOPLE)]


def _sms() -> Iterator[PastSms]:
    """Ten thousand, the oldest two years ago, one of them about a bicycle."""
    begin = datetime.now(UTC) - timedelta(days=730)
    for place in range(PEOPLE * EACH):
        peer = f"31612{place % PEOPLE:06}"
        is_found = peer == SELLER and place // PEOPLE == EACH // 2
        is_inbound = is_found or place % 3 > 0
        yield PastSms(
            id=uuid.uuid4().hex,
            peer=peer,
            direction=Direction.INBOUND if is_inbound else Direction.OUTBOUND,
            sender=peer if is_inbound else NUMBER,
            recipient=NUMBER if is_inbound else peer,
            type=SmsType.TEXT,
            text=FOUND if is_found else f"this and that, number {place}, said in so many words",
            encoding=Encoding.GSM7,
            segments=1,
            status=Status.RECEIVED if is_inbound else Status.DELIVERED,
            created_at=begin + timedelta(minutes=place * 105),
        )


async def _fill(path: Path) -> None:
    async with await SqliteStore.open(path) as store:
        assert await store.import_history(_conversations(), _sms()) == PEOPLE * EACH


@pytest.fixture
def program(tmp_path: Path, standin: Standin) -> Program:
    """A user with a store, an editor and a second profile."""
    asyncio.run(_fill(tmp_path / "data" / "default.db"))
    config = tmp_path / "config"
    config.mkdir()
    (config / "config.toml").write_text('[profiles.work]\ntheme = "smschat-light"\n')
    editor = tmp_path / "editor.py"
    editor.write_text(EDITOR)
    more = {
        "EDITOR": f"'{sys.executable}' '{editor}'",
        "TMPDIR": str(tmp_path),
        "SMSCHAT_CONFIG_DIR": str(config),
        "SMSCHAT_DATA_DIR": str(tmp_path / "data"),
    }
    return Program(home=tmp_path, api_url=standin.url, more=more)


@pytest.mark.parametrize(("columns", "rows"), [(120, 36), (80, 24), (50, 20)])
def test_a_day_in_the_chat(program: Program, standin: Standin, columns: int, rows: int) -> None:
    with Terminal(smschat(), env=program.env, columns=columns, rows=rows) as chat:
        chat.wait_for("Somebody 199")
        chat.type("ctrl+f")
        chat.wait_for("search")
        chat.type("bicycle")
        chat.wait_for("blue bicycle")
        chat.type("enter")
        chat.wait_for("next hit")
        chat.wait_for("still for sale?")

        chat.type("r", "ctrl+o")
        chat.wait_for("> it was sold long ago")
        chat.type("enter")
        assert standin.wait_for(SEND, 1)[-1].form["text"] == "it was sold long ago"
        chat.wait_for("> Write an SMS")

        chat.type("and a good morning")
        chat.wait_for("good morning")
        chat.send(F6)
        chat.wait_for("Send later")
        chat.type("tomorrow 9:00")
        chat.wait_for("tomorrow 09:00")
        chat.type("enter")
        chat.wait_for("> Write an SMS")

        chat.send(F2)
        chat.wait_for("Contact")
        chat.type("Sam the Seller")
        chat.wait_for("Sam the Seller")
        chat.send(F2)
        chat.wait_for("to Sam the Seller")

        chat.type("esc")
        chat.wait_for(IN_MESSAGES)
        chat.type("a")
        chat.wait_for("archived")

        if "Esc done" in chat.text():
            chat.type("esc")
            chat.wait_for("Enter details")
        chat.type("esc")
        chat.wait_for("Enter open")
        chat.type("P")
        chat.wait_for("Profiles")
        chat.type("j", "enter")
        chat.wait_for("No conversations yet")
        assert "work" in chat.text()
        chat.type("ctrl+q")
        assert chat.wait_exit() == 0

    threads = program.run("threads", "--archived", "--json").document()
    assert [(one["peer"], one["name"], one["last"]["status"]) for one in threads] == [
        (SELLER, "Sam the Seller", "scheduled")
    ]
    assert len(standin.of(SEND)) == 1
