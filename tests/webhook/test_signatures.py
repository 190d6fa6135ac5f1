"""Signed callbacks over real HTTP: who passes, what is kept of whom does not, and that a replay is nothing new."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import httpx
import pytest

from smschat.domain.callbacks import Inbound, Kind, RawCallback, Signature, Unreadable
from smschat.domain.secret import Secret
from smschat.domain.signing import Method, signature
from smschat.webhook.app import MOST_REFUSED
from smschat.webhook.parse import meaning
from smschat.webhook.signatures import verifier
from tests.store.samples import NOON
from tests.webhook.rig import FORMS, OWN_NUMBER, TOKEN, rig

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.webhook.rig import Rig

SECRET: Final = "not a secret"
PEER: Final = "31611111111"
VERIFY: Final = verifier(Secret(SECRET), Method.MD5HASH)
SMS: Final = {
    "msisdn": PEER,
    "to": OWN_NUMBER,
    "messageId": "0A01",
    "text": "1 + 1 = 2 & more €",
    "type": "unicode",
    "timestamp": f"{NOON.timestamp():.0f}",
}
RECEIPT: Final = {"msisdn": PEER, "to": OWN_NUMBER, "messageId": "0B01", "status": "delivered", "err-code": "0"}


def signed(fields: Mapping[str, str], method: Method = Method.MD5HASH) -> dict[str, str]:
    return {**fields, "sig": signature(fields, SECRET, method)}


def raw(body: bytes) -> RawCallback:
    return RawCallback(received_at=NOON, method="POST", body=body)


async def kept(gateway: Rig) -> list[tuple[Signature, Kind]]:
    """The callbacks of the log, oldest first."""
    return [(each.raw.signature, each.kind) for each in reversed(await gateway.store.callbacks(limit=500))]


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("form", FORMS)
async def test_a_good_signature_passes_by_each_method_in_each_form(tmp_path: Path, method: Method, form: str) -> None:
    concat = {"concat-ref": "7", "concat-total": "2", "concat-part": "1"}
    async with rig(tmp_path, verify=verifier(Secret(SECRET), method)) as gateway:
        assert await gateway.call(signed(SMS, method), form) == 200
        assert await gateway.call(signed(SMS | concat | {"messageId": "0A02"}, method), form) == 200
        assert await gateway.texts(PEER) == [SMS["text"]]
        assert await kept(gateway) == [(Signature.GOOD, Kind.INBOUND)] * 2


@pytest.mark.parametrize("fields", [SMS, RECEIPT], ids=["inbound", "receipt"])
@pytest.mark.parametrize(
    ("sig", "found"),
    [(None, Signature.MISSING), ("", Signature.MISSING), ("0" * 32, Signature.WRONG), ("é", Signature.WRONG)],
)
async def test_without_a_good_one_a_callback_is_kept_and_means_nothing(
    tmp_path: Path, fields: dict[str, str], sig: str | None, found: Signature
) -> None:
    given = fields if sig is None else {**fields, "sig": sig}
    async with rig(tmp_path, verify=VERIFY) as gateway:
        assert [await gateway.call(given, form) for form in FORMS] == [401] * len(FORMS)
        assert await gateway.texts(PEER) == []
        assert await kept(gateway) == [(found, Kind.REFUSED)] * len(FORMS)
        newest = (await gateway.store.callbacks(limit=1))[0]
        assert (newest.raw.query, newest.raw.body) == (urlencode(given).encode(), b"")
        assert newest.reason is not None


async def test_the_checks_of_an_address_need_no_signature(tmp_path: Path) -> None:
    async with rig(tmp_path, verify=VERIFY) as gateway:
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            answers = [
                await client.get(gateway.url),
                await client.head(gateway.url),
                await client.get(f"{gateway.url}/p/{'n' * 22}"),
                await client.get(gateway.url.replace(TOKEN, TOKEN[::-1])),
            ]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 404]
        assert await kept(gateway) == []


async def test_a_replay_is_nothing_new_however_late(tmp_path: Path) -> None:
    async with rig(tmp_path, verify=VERIFY) as gateway:
        for wait_s in (0, 1, 86_400, 365 * 86_400):
            gateway.clock.advance(wait_s)
            assert await gateway.call(signed(SMS)) == 200
        assert await gateway.texts(PEER) == [SMS["text"]]
        assert [found for found, _ in await kept(gateway)] == [Signature.GOOD] * 2 + [Signature.LATE] * 2


async def test_a_late_one_with_an_id_that_is_new_is_taken(tmp_path: Path) -> None:
    async with rig(tmp_path, verify=VERIFY) as gateway:
        gateway.clock.advance(86_000)
        assert await gateway.call(signed(SMS)) == 200
        assert await gateway.texts(PEER) == [SMS["text"]]


@pytest.mark.parametrize("name", ["messageId", "text"])
async def test_a_replay_with_another_separator_is_nothing_new(tmp_path: Path, name: str) -> None:
    """`a_b`, `a&b` and `a=b` sign alike."""
    async with rig(tmp_path, verify=VERIFY) as gateway:
        sent = signed({**SMS, name: "0A_1"})
        for value in ("0A_1", "0A=1", "0A&1"):
            assert await gateway.call({**sent, name: value}) == 200
        assert len(await gateway.texts(PEER)) == 1


async def test_a_field_hidden_in_a_name_makes_no_replay(tmp_path: Path) -> None:
    async with rig(tmp_path, verify=VERIFY) as gateway:
        sent = signed(SMS)
        del sent["messageId"]
        del sent["msisdn"]
        assert await gateway.call({**sent, "messageId=0A01&msisdn": PEER}) == 401
        assert await gateway.texts(PEER) == []


async def test_refused_ones_are_kept_as_long_as_there_are_not_too_many(tmp_path: Path) -> None:
    async with rig(tmp_path, verify=VERIFY) as gateway:
        answers = [await gateway.call(SMS) for _ in range(MOST_REFUSED + 2)]
        assert answers == [401] * MOST_REFUSED + [429] * 2
        assert await gateway.call(signed(SMS)) == 200
        gateway.clock.advance(20)
        assert [await gateway.call(SMS) for _ in range(3)] == [401, 401, 429]
        assert await gateway.texts(PEER) == [SMS["text"]]


@pytest.mark.parametrize(
    ("stamp", "found"),
    [
        (300, Signature.GOOD),
        (-300, Signature.GOOD),
        (301, Signature.LATE),
        (-301, Signature.LATE),
        (86_400, Signature.LATE),
    ],
)
def test_what_is_far_from_our_clock_is_late(stamp: int, found: Signature) -> None:
    body = json.dumps(signed(SMS)).encode()
    assert VERIFY(raw(body), NOON + timedelta(seconds=stamp)) is found


@pytest.mark.parametrize("stamp", ["", "soon", "0", "9999999999999999"])
def test_without_a_stamp_that_can_be_read_it_is_late(stamp: str) -> None:
    body = json.dumps(signed({**SMS, "timestamp": stamp})).encode()
    assert VERIFY(raw(body), NOON) is Signature.LATE


def test_json_is_signed_as_the_text_of_its_values() -> None:
    """Numbers keep their digits, null is left out, and so is what is no value."""
    sig = signature({"a": "1", "b": "1.50", "c": "true", "d": "x", "n": "9" * 5000}, SECRET, Method.MD5HASH)
    document = f'{{"d":"x","c":true,"b":1.50,"a":1,"n":{"9" * 5000},"z":null,"y":[1],"x":{{}},"w":NaN,"sig":"{sig}"}}'
    assert VERIFY(raw(document.encode()), NOON) is Signature.LATE


def test_values_are_signed_as_they_came_and_not_as_they_are_taken_in() -> None:
    """The first door drops NUL and makes line ends one; the signature covers what was sent."""
    body = json.dumps(signed({**SMS, "text": "a\r\nb\0 \ud83d"})).encode()
    assert VERIFY(raw(body), NOON) is Signature.GOOD


@pytest.mark.parametrize("body", [b"", b"garbage", b"[]", b"{}", b"sig=", b'{"sig":null}', b'{"sig":["x"]}'])
def test_what_has_no_signature_misses_it(body: bytes) -> None:
    assert VERIFY(raw(body), NOON) is Signature.MISSING


@pytest.mark.parametrize("found", Signature)
def test_what_was_refused_means_nothing(found: Signature) -> None:
    taken = RawCallback(received_at=NOON, method="POST", body=json.dumps(SMS).encode(), signature=found)
    assert isinstance(meaning(taken, "NL"), Unreadable if found.is_refused else Inbound)
