"""Who watches the wire sees everything but the secrets."""

from __future__ import annotations

import json

import httpx
import pytest

from smschat.domain.exchanges import Step
from smschat.gateway import wire
from smschat.gateway.faults import Reply
from smschat.gateway.watching import answered, asked

TOKEN = "A" * 22


def request(path: str, **fields: str) -> httpx.Request:
    return httpx.Request("POST", "http://gateway.example" + path, content=wire.encode(fields))


def test_a_token_request_keeps_its_secret() -> None:
    asked_for = request(wire.TOKEN_PATH, client_id="me", client_secret="zq7")
    seen = asked(asked_for, None)
    assert (seen.step, seen.line) == (Step.TOKEN, "POST /accesstoken")
    assert ("client_id", "me") in seen.fields
    assert "zq7" not in str(seen.fields)
    reply = Reply(http=200, headers={}, body=json.dumps({"access_token": "xyz", "expires_in": "3599"}).encode())
    got = answered(asked_for, reply, None, 12.0)
    assert (got.step, got.line, got.took_ms) == (Step.TOKEN, "HTTP 200", 12.0)
    assert "xyz" not in str(got.fields)


def test_a_callback_address_keeps_its_path_token() -> None:
    seen = asked(request(wire.SEND_PATH, callback=f"https://a.example/{TOKEN}/ref", text="hi"), "1" * 32)
    assert (seen.step, seen.sms_id) == (Step.SEND, "1" * 32)
    assert dict(seen.fields) == {"callback": "https://a.example/*****/ref", "text": "hi"}


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b"\xff", b"[" * 100_000, b'{"messages": [{"status": "0"}]}'])
def test_whatever_comes_back_can_be_shown(body: bytes) -> None:
    seen = answered(request(wire.SEND_PATH), Reply(http=500, headers={}, body=body), None, 1.0)
    assert seen.step is Step.ANSWER
    assert all(isinstance(value, str) for _, value in seen.fields)


def test_the_fields_of_an_answer_stand_by_their_names_and_those_of_several_parts_by_their_place() -> None:
    one, two = ({"messages": [{"status": "0", "to": "31"}] * count} for count in (1, 2))
    seen = [
        answered(request(wire.SEND_PATH), Reply(http=200, headers={}, body=json.dumps(body).encode()), None, 1.0).fields
        for body in (one, two, {"codes": ["7"]})
    ]
    assert seen[0] == (("status", "0"), ("to", "31"))
    assert [name for name, _ in seen[1]] == ["messages 1 status", "messages 1 to", "messages 2 status", "messages 2 to"]
    assert seen[2] == (("codes 1", "7"),)
