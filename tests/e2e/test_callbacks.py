"""`webhook list` and `webhook show`: everything that reached the token's address is there, signed or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from smschat.domain.signing import Method, signature
from tests.program import NUMBER, Program, free_port

if TYPE_CHECKING:
    from pathlib import Path

    from tests.standin import Standin

PEER: Final = "31611111111"
SECRET: Final = "zq7-canary-of-signatures"
SMS: Final = {"msisdn": PEER, "to": NUMBER, "messageId": "0A01", "text": "hello\x1b]0;owned\x07", "type": "text"}
RECEIPT: Final = {"msisdn": PEER, "to": "KPN", "messageId": "0B01", "status": "failed", "err-code": "9", "scts": "2601"}


@pytest.fixture
def program(tmp_path: Path, standin: Standin) -> Program:
    origin = f"http://127.0.0.1:{(port := free_port())}"
    more = {"SMSCHAT_TUNNEL": "fixed", "SMSCHAT_PUBLIC_URL": origin, "SMSCHAT_LISTEN": f"127.0.0.1:{port}"}
    return Program(home=tmp_path, api_url=standin.url, more=more)


def test_everything_that_came_is_listed_and_shown(program: Program) -> None:
    with program.start("listen", "--json") as listening, httpx.Client(trust_env=False, timeout=60) as gateway:
        address = listening.wait_for("listening")["callback_url"]
        answers = [
            gateway.post(address, json=SMS, headers={"User-Agent": "Nexmo/MessagingHUB/v1.0"}),
            gateway.get(address, params=SMS),
            gateway.post(f"{address}/r/abc-EFG_123", data=RECEIPT),
            gateway.post(address, content=b"\xff\x00{"),
            gateway.get(address),
        ]
        assert {answer.status_code for answer in answers} == {200}
        assert listening.wait_for("inbound")["sms"]["text"] == "hello]0;owned"
        told = program.run("webhook", "list", "--json").document()
        assert [(each["kind"], each["outcome"]) for each in told] == [
            ("unreadable", "unreadable"),
            ("receipt", "pending"),
            ("inbound", "repeat"),
            ("inbound", "taken"),
        ]
        assert set(told[0]) == {
            "id", "received_at", "kind", "outcome", "reason", "signature", "method", "ref", "sms_id", "peer"
        }  # fmt: skip
        assert [each["ref"] for each in told] == [None, "abc-EFG_123", None, None]
        unreadable, receipt, repeat, inbound = (
            program.run("webhook", "show", each["id"], "--json").document() for each in told
        )
        assert inbound["fields"] == SMS
        assert (inbound["peer"], inbound["signature"], inbound["raw"]["method"]) == (PEER, "unchecked", "POST")
        assert (inbound["raw"]["user_agent"], inbound["raw"]["body_hex"]) == ("Nexmo/MessagingHUB/v1.0", None)
        assert (repeat["raw"]["query"], repeat["raw"]["body"]) == (urlencode(SMS), "")
        assert (receipt["fields"], receipt["raw"]["body"]) == (RECEIPT, urlencode(RECEIPT))
        assert (unreadable["fields"], unreadable["raw"]["body"], unreadable["raw"]["body_hex"]) == ({}, None, "ff007b")
        as_people_see_it(program, [each["id"] for each in told])
        assert [each["id"] for each in program.run("webhook", "list", "-n", "1", "--json").document()] == [
            told[0]["id"]
        ]


def as_people_see_it(program: Program, ids: list[str]) -> None:
    """Nothing of what came commands the terminal, and octets that are no text are shown in hex."""
    listed = program.run("webhook", "list")
    assert [line.split()[0] for line in listed.out.splitlines()] == ids
    assert "failed, err-code 9" in listed.out
    shown = [program.run("webhook", "show", each).out for each in ids]
    assert "ff 00 7b" in shown[0]
    assert "hello␛]0;owned␇" in shown[-1]
    assert "scts" in shown[1]
    assert not {"\x1b", "\x07", "\0"} & set(listed.out + "".join(shown))


def test_without_a_store_nothing_came_and_none_is_made(program: Program) -> None:
    assert program.run("webhook", "list", "--json").document() == []
    listed = program.run("webhook", "list")
    assert (listed.code, listed.out, listed.err) == (0, "", "no callbacks\n")
    missing = program.run("webhook", "show", "1", "--json")
    assert (missing.code, missing.document()["error"]["code"]) == (20, "not_found")
    assert not (program.home / "data").exists()


@pytest.mark.parametrize("name", ["0", "99", "-1", "one", "9" * 40, "\x1b[31m"])
def test_what_is_not_there_is_not_found(program: Program, name: str) -> None:
    with program.start("listen", "--json") as listening:
        listening.wait_for("listening")
        missing = program.run("webhook", "show", "--", name)
    assert (missing.code, missing.out) == (20, "")
    assert "webhook list" in missing.err
    assert "\x1b" not in missing.err


@pytest.mark.parametrize("in_file", [False, True], ids=["environment", "config.toml"])
def test_with_a_signature_secret_only_what_is_signed_is_an_sms(program: Program, *, in_file: bool) -> None:
    settings = {"signature_secret": SECRET, "signature_method": "sha256"}
    if in_file:
        file = program.home / "own.toml"
        file.write_text("".join(f'{name} = "{value}"\n' for name, value in settings.items()))
        file.chmod(0o600)
        flags = ["--config", str(file)]
    else:
        program.more.update({f"SMSCHAT_{name.upper()}": value for name, value in settings.items()})
        flags = []
    good = {**SMS, "sig": signature(SMS, SECRET, Method.SHA256)}
    with program.start("listen", "--json", *flags) as listening, httpx.Client(trust_env=False, timeout=60) as gateway:
        address = listening.wait_for("listening")["callback_url"]
        answers = [gateway.post(address, json=fields) for fields in (SMS, {**good, "text": "forged"}, good)]
        assert [answer.status_code for answer in answers] == [401, 401, 200]
        assert gateway.get(address).status_code == 200
        assert listening.wait_for("inbound")["sms"]["text"] == "hello]0;owned"
        told = program.run("webhook", "list", "--json", *flags).document()
        assert [(each["kind"], each["signature"]) for each in told] == [
            ("inbound", "late"),
            ("refused", "wrong"),
            ("refused", "missing"),
        ]
        assert [sms["text"] for sms in program.run("read", PEER, "--json", *flags).document()] == ["hello]0;owned"]
        assert program.run("webhook", "status", "--json", *flags).document()["refused"] == 2
        told_settings = program.run("config", "show", *flags)
        assert SECRET not in told_settings.out + told_settings.err
        assert urlsplit(address).path.strip("/") not in program.run("webhook", "list", *flags).out
