"""The list's line of a conversation: the text as it is, or one line that says what is no plain text."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from smschat.domain import contents
from smschat.domain.callbacks import Concat
from smschat.domain.sms import Encoding, SmsOptions, SmsType
from smschat.store import previews
from tests.store.samples import PEER, accepted, inbound, new_sms, raw
from tests.store.test_attempts import attempt_of
from tests.store.test_history import past_sms

if TYPE_CHECKING:
    from smschat.store import SqliteStore
    from tests.store.samples import Clock

CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Anna de Vries\nTEL:+31611111111\nEND:VCARD"
EVENT = "\ufeff\nbegin:vcalendar\nBEGIN:VEVENT\nSUMMARY:Lunch\nDTSTART:20260131T120000Z\nEND:VEVENT\nEND:VCALENDAR"

KINDS: list[dict[str, Any]] = [
    {"text": "begin with the soup"},
    {"type": SmsType.UNICODE, "text": "ünï ☕"},
    {"text": CARD},
    {"text": EVENT},
    {"type": SmsType.VCARD, "text": CARD},
    {"type": SmsType.WAPPUSH, "text": "", "options": SmsOptions(title="Offer", url="https://shop.example/")},
    {"type": SmsType.BINARY, "text": "", "data": "00ff", "udh": "0605041f900000", "encoding": Encoding.BINARY},
]


async def shown(store: SqliteStore) -> str:
    conversation = await store.conversation(PEER)
    assert conversation is not None
    assert conversation.last is not None
    return conversation.last.text


def summary(sms: Any) -> str:
    said = contents.summary(sms_type=sms.type, text=sms.text, data=sms.data, udh=sms.udh, options=sms.options)
    return said[: previews.CHARACTERS]


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_is_shown_as_its_summary_written_moved_or_imported(
    store: SqliteStore, kind: dict[str, Any]
) -> None:
    sms = await store.add_outbound(new_sms(**kind))
    expected = summary(sms)
    assert expected
    seen = [await shown(store)]
    ref = await attempt_of(store, sms.id)
    seen.append(await shown(store))
    await store.finish_attempt(ref, accepted())
    seen.append(await shown(store))
    await store.import_history([], [past_sms(**kind)])
    seen.append(await shown(store))
    assert seen == [expected] * 4


async def test_a_plain_text_is_cut_and_not_changed(store: SqliteStore) -> None:
    text = "  two\nlines " * 20
    await store.add_outbound(new_sms(text=text))
    assert await shown(store) == text[: previews.CHARACTERS]


async def test_a_card_that_came_in_parts_is_shown_as_one_once_it_is_whole(store: SqliteStore, clock: Clock) -> None:
    for place, text in enumerate((CARD[:40], CARD[40:]), start=1):
        await store.take_callback(raw(), inbound(text, concat=Concat(ref="1", total=2, part=place)))
        await store.show_partials(older_than=clock.now)
    (sms,) = await store.transcript(PEER)
    assert sms.text == CARD
    assert await shown(store) == summary(sms) != CARD


def test_plain_texts_are_written_without_what_explains_the_others() -> None:
    code = (
        "import sys; from smschat.store import previews; from tests.store.test_history import past_sms;"
        "previews.of_past(past_sms()); print('smschat.domain.contents' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
