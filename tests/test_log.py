"""The log is its owner's alone, and tells on nobody."""

from __future__ import annotations

import logging
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from smschat import log
from smschat.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "AbCdEfGhIjKlMnOpQrS_-1"


@dataclass(frozen=True)
class Level:
    log_level: str = "debug"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    level = root.level
    yield tmp_path / "state" / "smschat.log"
    log.end()
    root.setLevel(level)


def test_the_log_is_0600_in_a_folder_0700_and_made_by_the_first_record(file: Path) -> None:
    log.begin(Level(), file)
    assert not file.parent.exists()
    logging.getLogger("smschat.x").info("begun")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert file.read_text().endswith("INFO smschat.x: begun\n")


def test_beginning_again_changes_file_and_level(file: Path) -> None:
    log.begin(Level(), file)
    other = file.with_name("other.log")
    log.begin(Level("warning"), other)
    logging.getLogger("smschat.x").info("quiet")
    logging.getLogger("smschat.x").warning("loud")
    assert not file.exists()
    assert other.read_text().count("\n") == 1


def test_nothing_reaches_the_screen_even_where_no_file_can_be(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").write_text("in the way")
    log.begin(Level(), file)
    logging.getLogger("smschat.x").error("dropped")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to 31612345678 and 06123456", "to ####### and #######"),
        ("Authorization: Bearer abc.DEF-1~2/3+4==", "Authorization: Bearer ***"),
        ("client_secret=hunter&x=1", "client_secret=***&x=1"),
        ('{"access_token": "abc", "x": 1}', '{"access_token": "***", "x": 1}'),
        (f"https://h.example/{TOKEN}/r/AbCdEfGhIjK", "https://h.example/***/r/AbCdEfGhIjK"),
        (f"GET /{TOKEN}?msisdn=31612345678", "GET /***?msisdn=#######"),
        ("sms 8c1f0000000000000000000000000000 queued", "sms 8c1f0000000000000000000000000000 queued"),
        ("port 40123, 123456 octets", "port 40123, 123456 octets"),
        ("\x1b]0;x\x07\u202e", "␛]0;x␇⟨U+202E⟩"),
    ],
)
def test_what_gives_somebody_away_is_blanked_out(text: str, expected: str) -> None:
    assert log.redacted(text) == expected


def test_every_secret_of_the_process_is_blanked_out_wherever_it_stands(file: Path) -> None:
    Secret("log-canary")
    log.begin(Level(), file)
    try:
        int("bad log-canary for 31612345678")
    except ValueError:
        logging.getLogger("other.library").exception("at %s", "log-canary")
    text = file.read_text()
    assert "Traceback" in text
    assert "canary" not in text
    assert "31612345678" not in text


def test_a_record_is_one_line_whatever_it_holds(file: Path) -> None:
    log.begin(Level(), file)
    logging.getLogger("smschat.x").info("from %s", "a\n2026-01-01 00:00:00 INFO forged\r\x1b[2J")
    assert file.read_text().count("\n") == 1
    assert "\x1b" not in file.read_text()


def test_libraries_that_name_addresses_are_kept_quiet(file: Path) -> None:
    log.begin(Level(), file)
    for name in ("httpx", "httpcore.connection", "uvicorn.access"):
        logging.getLogger(name).info("GET https://h.example/secret")
    assert not file.exists()


def test_a_log_that_has_grown_begins_anew_and_one_is_kept(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"x" * log.LARGEST)
    log.begin(Level(), file)
    logging.getLogger("smschat.x").info("new")
    assert file.with_name("smschat.log.1").stat().st_size == log.LARGEST
    assert file.read_text().count("\n") == 1
