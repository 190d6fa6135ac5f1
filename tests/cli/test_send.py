"""Every kind of SMS from the shell: its flags, exactly the fields of the document on the wire, and the dry run."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import shutil
import subprocess
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from smschat.cli.parser import parse
from smschat.domain.callbacks import Inbound, RawCallback
from smschat.store import SqliteStore
from tests.document import refused
from tests.program import NUMBER, PATIENCE_S, Program
from tests.standin import SEND, Reply
from tests.terminal import smschat

if TYPE_CHECKING:
    from pathlib import Path

    from tests.standin import Standin

CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë & Co\r\nEND:VCARD\r\n"
CALENDAR = "BEGIN:VCALENDAR\nVERSION:1.0\nBEGIN:VEVENT\nSUMMARY:Demo\nEND:VEVENT\nEND:VCALENDAR\n"
TO = "31611111111"
PUSH = ("--title", "Welcome", "--url", "https://example.com/x?a=b&c")
BINARY = ("--body", "00 FF", "--udh", "06:05:04:15:81:15:81")


@pytest.fixture
def program(standin: Standin, tmp_path: Path) -> Program:
    home = tmp_path / "home"
    home.mkdir()
    (home / "card.vcf").write_bytes(CARD.encode())
    (home / "day.vcs").write_bytes(b"\xef\xbb\xbf" + CALENDAR.encode())
    return Program(home=home, api_url=standin.url)


@pytest.fixture
def offline(tmp_path: Path) -> Program:
    """Nothing may be sent: nobody listens there."""
    return Program(home=tmp_path / "home", api_url="http://127.0.0.1:9")


def flags_of(program: Program, flags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(flag.replace("HOME", str(program.home)) for flag in flags)


@pytest.mark.parametrize(
    ("flags", "wanted"),
    [
        (
            ("hello", "--ttl", "20", "--class", "0"),
            {"text": "hello", "ttl": "20000", "message-class": "0", "type": "text"},
        ),
        (
            ("hello", "--type", "unicode", "--ref", "order 7"),
            {"text": "hello", "type": "unicode", "client-ref": "order 7"},
        ),
        (("ë", "--from", "Acme", "--ttl", "90.5"), {"from": "Acme", "text": "ë", "ttl": "90500", "type": "unicode"}),
        (BINARY, {"type": "binary", "body": "00FF", "udh": "06050415811581"}),
        (
            (*BINARY, "--type", "binary", "--protocol-id", "127", "--class", "3"),
            {"message-class": "3", "type": "binary", "body": "00FF", "udh": "06050415811581", "protocol-id": "127"},
        ),
        (("--vcard", "HOME/card.vcf"), {"type": "vcard", "vcard": CARD}),
        (("--vcal", "HOME/day.vcs", "--ttl", "604800"), {"ttl": "604800000", "type": "vcal", "vcal": CALENDAR}),
        (PUSH, {"type": "wappush", "title": "Welcome", "url": "https://example.com/x?a=b&c"}),
        (
            (*PUSH, "--validity", "600", "--type", "wappush"),
            {"type": "wappush", "title": "Welcome", "url": "https://example.com/x?a=b&c", "validity": "600000"},
        ),
    ],
    ids=["flash", "unicode", "name", "binary", "protocol", "vcard", "vcal", "wappush", "validity"],
)
def test_each_kind_has_exactly_the_fields_of_the_document(
    program: Program, standin: Standin, flags: tuple[str, ...], wanted: dict[str, str]
) -> None:
    ended = program.run("send", TO, *flags_of(program, flags), "--json")
    assert (ended.code, ended.document()["type"]) == (0, wanted["type"])
    (sent,) = standin.sends
    form = dict(sent.form)
    if "client-ref" not in wanted:
        assert len(form.pop("client-ref")) == 11
    assert form == {"from": NUMBER, "to": TO, "status-report-req": "true"} | wanted


def test_no_receipt_and_no_inbound_leave_their_fields_out(program: Program, standin: Standin) -> None:
    assert program.run("send", TO, "hello", "--no-receipt", "--no-inbound").code == 0
    (sent,) = standin.sends
    assert set(sent.form) == {"from", "to", "text", "type", "client-ref"}
    assert "inbound" not in sent.headers


def test_a_card_may_come_from_standard_input(program: Program, standin: Standin) -> None:
    assert program.run("send", TO, "--vcard", "-", stdin=CARD).code == 0
    assert program.run("send", TO, "--type", "vcard", stdin=CARD).code == 0
    assert [sent.form["vcard"].strip() for sent in standin.sends] == [CARD.strip()] * 2


def test_octets_are_sent_without_reading_standard_input(program: Program, standin: Standin) -> None:
    assert program.run("send", TO, "--body", "00", stdin="not this").code == 0
    assert "text" not in standin.sends[0].form


def test_the_document_has_the_options_and_the_octets(program: Program, standin: Standin) -> None:
    sms = program.run("send", TO, *BINARY, "--ttl", "60", "--class", "0", "--protocol-id", "127", "--json").document()
    assert (sms["text"], sms["encoding"], sms["segments"]) == ("", "binary", 1)
    assert (sms["data"], sms["udh"]) == ("00FF", "06050415811581")
    assert sms["options"] == {"ttl_s": 60, "class": 0, "protocol_id": 127}
    push = program.run("send", TO, *PUSH, "--validity", "1.5", "--json").document()
    assert push["text"] == "Welcome\nhttps://example.com/x?a=b&c"
    assert push["options"] == {"title": "Welcome", "url": "https://example.com/x?a=b&c", "validity_s": 1.5}
    assert "options" not in program.run("send", TO, "hello", "--json").document()
    assert program.run("read", TO, "--json").document()[0] == sms


@pytest.mark.parametrize(
    "line",
    [
        ["send", TO, "hello", "--ttl", "60"],
        ["send", TO, "--ttl", "60", "hello"],
        ["send", "--ttl", "60", TO, "hello"],
        ["--json", "send", "--ttl", "60", TO, "--class", "0", "hello"],
        ["send", TO, "--ttl", "60", "-5 degrees"],
        ["send", TO, "--ttl", "60", "-"],
    ],
)
def test_the_text_may_stand_before_flags_or_behind_them(line: list[str]) -> None:
    flags = parse(line)
    assert (flags.to, flags.ttl) == (TO, 60)
    assert flags.text in {"hello", "-5 degrees", "-"}


@pytest.mark.parametrize("rest", [["hello", "there"], ["hello", "--nope"], ["--nope", "hello"]])
def test_what_is_left_over_is_a_mistake(rest: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(["send", TO, "--ttl", "60", *rest])
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("field", "flags"),
    [
        ("ttl", ("hello", "--ttl", "19")),
        ("ttl", ("hello", "--ttl", "604801")),
        ("message-class", ("hello", "--class", "4")),
        ("protocol-id", (*BINARY, "--protocol-id", "256")),
        ("client-ref", ("hello", "--ref", "r" * 41)),
        ("body", ("--body", "123")),
        ("body", ("--body", "xx")),
        ("body", ("--body", "00" * 141)),
        ("body", ("--udh", "00")),
        ("udh", ("--body", "00", "--udh", "0605")),
        ("title", ("--url", "https://example.com")),
        ("url", ("--title", "x")),
        ("url", ("--title", "x", "--url", "example")),
        ("validity", (*PUSH, "--validity", "0")),
        ("vcard", ("Anna", "--type", "vcard")),
    ],
)
def test_a_value_that_the_gateway_would_refuse_is_refused_here_by_name(
    offline: Program, field: str, flags: tuple[str, ...]
) -> None:
    ended = offline.run("send", TO, *flags, "--json")
    assert (ended.code, ended.document()["error"]["code"]) == (3, "refused_here")
    assert ended.document()["error"]["message"].startswith(field)


@pytest.mark.parametrize(
    ("named", "flags"),
    [
        (("--body", "--title"), (*BINARY, *PUSH)),
        (("--vcard", "--vcal"), ("--vcard", "-", "--vcal", "-")),
        (("--body", "--type text"), (*BINARY, "--type", "text")),
        (("--vcard", "--type binary"), ("--vcard", "-", "--type", "binary")),
        (("--body", "text"), ("hello", *BINARY)),
        (("--protocol-id", "text"), ("hello", "--protocol-id", "1")),
        (("--title", "text"), ("hello", *PUSH)),
        (("--type wappush", "text"), ("hello", "--type", "wappush")),
        (("no-such.vcf",), ("--vcard", "no-such.vcf")),
        (("HOME",), ("--vcal", "HOME")),
        (("--curl", "--dry-run"), ("hello", "--curl")),
    ],
)
def test_flags_that_do_not_go_together_are_a_mistake_of_the_command_line(
    offline: Program, named: tuple[str, ...], flags: tuple[str, ...]
) -> None:
    offline.home.mkdir()
    ended = offline.run("send", TO, *flags_of(offline, flags), "--json", stdin=CARD)
    assert (ended.code, ended.document()["error"]["code"]) == (2, "usage")
    said = " ".join(ended.document()["error"].values())
    assert all(flag in said for flag in flags_of(offline, named))


def test_a_file_that_is_not_utf8_is_named(offline: Program) -> None:
    offline.home.mkdir()
    (offline.home / "old.vcf").write_bytes(b"BEGIN:VCARD\nFN:Zo\xeb\nEND:VCARD")
    ended = offline.run("send", TO, "--vcard", str(offline.home / "old.vcf"))
    assert ended.code == 2
    assert "old.vcf is not UTF-8" in ended.err


def test_of_a_long_file_nothing_is_left_out(offline: Program) -> None:
    offline.home.mkdir()
    (offline.home / "long.vcf").write_bytes(CARD.encode() + b"\xff" * 1_100_000)
    ended = offline.run("send", TO, "--vcard", str(offline.home / "long.vcf"))
    assert (ended.code, "long.vcf is not UTF-8" in ended.err) == (2, True)


def _written_on(terminal: int) -> str:
    """All that was written on a terminal that nobody has any more."""
    written = b""
    with suppress(OSError):  # Linux tells the end by an error
        while piece := os.read(terminal, 65536):
            written += piece
    return written.decode()


@pytest.mark.parametrize("more", [(), ("--queue",)])
def test_what_was_sent_is_told_when_a_later_one_goes_over_the_budget(
    program: Program, standin: Standin, more: tuple[str, ...]
) -> None:
    terminal, slave = os.openpty()
    sending = subprocess.Popen(
        smschat("send", f"{TO},31622222222", "hello", "--json", *more),
        env=program.env | {"SMSCHAT_DAILY_BUDGET": "1"},
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
        text=True,
    )
    os.write(terminal, b"y\n")
    told, _ = sending.communicate(timeout=PATIENCE_S)
    os.close(slave)
    said = _written_on(terminal)
    os.close(terminal)
    assert (sending.returncode, json.loads(told)["peer"]) == (3, TO)
    assert "1 of 2 SMS were not written down" in said
    assert "over the daily budget" in said
    assert [sent.form["to"] for sent in standin.sends] == ([] if more else [TO])


def test_a_dry_run_tells_of_the_country_the_sender_and_the_price(program: Program, standin: Standin) -> None:
    def dry(*arguments: str) -> dict[str, Any]:
        told: dict[str, Any] = program.run("send", *arguments, "--dry-run", "--json").document()
        return told

    first = dry(TO, "hello", "--from", "Acme")
    assert (first["one_way"], first["estimated_price"], first["segments"]) == (True, None, 1)
    assert {note["country"] for note in first["notes"]} == {"NL"}
    assert set(first["notes"][0]) == {"country", "sentence", "hint", "source"}
    assert program.run("send", TO, "hello").code == 0
    second = dry(TO, "x" * 161)
    assert (second["one_way"], second["notes"], second["estimated_price"]) == (False, [], "0.14500000")
    assert "the United States" in dry("+12025550123", "hello", "--from", "Acme")["notes"][0]["sentence"]
    said = program.run("send", "+12025550123", "hello", "--from", "Acme", "--dry-run").out
    assert "cannot answer" in said
    assert "Vonage" in said
    assert len(standin.sends) == 1


def test_a_dry_run_writes_nothing(offline: Program) -> None:
    assert offline.run("send", TO, *BINARY, "--dry-run").code == 0
    assert not (offline.home / "data").exists()


def test_a_person_is_told_of_a_country_at_the_first_sms_there(program: Program, standin: Standin) -> None:
    first, second = (program.run("send", "+12025550123", "hello") for _ in range(2))
    assert "the United States" in first.err
    assert "the United States" not in second.err
    assert program.run("send", "+14165550123", "hello", "--json").err == ""


def test_a_refusal_of_the_sender_says_what_is_known_of_the_country(program: Program, standin: Standin) -> None:
    standin.script(SEND, Reply(body=refused("15", "Illegal Sender Address - rejected")))
    ended = program.run("send", "+12025550123", "hello", "--from", "Acme", "--json")
    assert ended.code == 4
    assert "the United States" in ended.document()["reason"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl itself is what is tried")
@pytest.mark.parametrize("flags", [('it\'s "5 €" & $more',), BINARY, PUSH, ("--vcard", "HOME/card.vcf"), ("@a\nb",)])
def test_the_curl_command_sends_the_same_once_the_mask_is_replaced(
    program: Program, standin: Standin, flags: tuple[str, ...]
) -> None:
    given = flags_of(program, flags)
    assert program.run("send", TO, *given).code == 0
    ended = program.run("send", TO, *given, "--dry-run", "--curl")
    command = shlex.split(ended.out.replace("*****", "token-1").replace("\\\n", ""))
    done = subprocess.run([*command, "--silent", "--noproxy", "*"], capture_output=True, check=True, timeout=60)
    assert b"message-count" in done.stdout
    sent, pasted = standin.sends
    assert dict(pasted.form) == {**sent.form, "client-ref": "x" * 11}
    assert pasted.headers["inbound"] == "yes"
    assert "client_secret=*****" in ended.err


def test_an_sms_with_a_time_waits_for_it_and_nothing_is_sent(offline: Program) -> None:
    ended = offline.run("send", f"{TO},31622222222", "hello", "--at", "2h", "--yes")
    assert (ended.code, "a time is written 14:30" in ended.err) == (2, True)
    ended = offline.run("send", f"{TO},31622222222", "hello", "--at", "in 2h", "--yes", "--json")
    assert ended.code == 0
    told = ended.document()["sms"]
    assert [sms["status"] for sms in told] == ["scheduled", "scheduled"]
    assert all(sms["send_at"] > sms["created_at"] for sms in told)
    ended = offline.run("send", TO, "hello", "--at", "tomorrow 9:00")
    assert ended.code == 0
    assert re.search(r"scheduled for \d{4}-\d\d-\d\d 09:00  hello", ended.out)


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (("--at", "2020-01-01 9:00"), 2, "has passed"),
        (("--at", "in 2h", "--wait"), 2, "do not go together"),
        (("--at", "2199-01-01 9:00"), 3, "more than a year ahead"),
    ],
)
def test_a_time_that_cannot_be_is_refused(offline: Program, more: tuple[str, ...], code: int, words: str) -> None:
    ended = offline.run("send", TO, "hello", *more)
    assert (ended.code, words in ended.err) == (code, True)


def test_a_dry_run_tells_when_it_would_be_sent(offline: Program) -> None:
    told = offline.run("send", TO, "hello", "--at", "2099-01-02T03:04:05Z", "--dry-run", "--json").document()
    assert told["send_at"] == "2099-01-02T03:04:05.000000Z"
    assert (
        "to be sent 2099-01-02 03:04"
        in offline.run("send", TO, "hello", "--at", "2099-01-02T03:04:05Z", "--dry-run").out
    )
    assert offline.run("send", TO, "hello", "--dry-run", "--json").document()["send_at"] is None


@pytest.mark.parametrize("text", ["hello", "x" * 1000])
def test_who_said_stop_is_not_written_to_without_a_yes(program: Program, standin: Standin, text: str) -> None:
    """Also where it was asked about for another reason, and among several recipients; nothing is sent then."""
    assert program.run("send", TO, "first", "--queue").code == 0
    asyncio.run(_said_stop(program))
    ended = program.run("send", TO, text)
    assert ended.code == 3
    told = program.run("send", f"{TO},31622222222", "hello", "--json")
    assert told.code == 3
    assert standin.sends == []
    ended = program.run("send", TO, "hello", "--json")
    assert ended.document()["error"]["code"] == "opted_out"
    assert program.run("send", TO, text, "--yes", "--queue").code == 0


async def _said_stop(program: Program) -> None:
    store = await SqliteStore.open(program.home / "data" / "default.db")
    raw = RawCallback(received_at=datetime.now(UTC), method="POST", body=b"x")
    await store.take_callback(raw, Inbound(message_id="m1", sender=TO, recipient=NUMBER, text="STOP"))
    await store.close()
