"""A store with everything in it that a store can have, for what must lose nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from smschat.domain.callbacks import Concat, RawCallback, Signature, Unreadable
from smschat.domain.conversation import Contact, Flags
from smschat.domain.delivery import Status, Verdict
from smschat.domain.sms import Direction, Encoding, SmsOptions, SmsType
from smschat.store import PastConversation, PastSms
from tests.store.samples import (
    NOON,
    OTHER_PEER,
    OWN_NUMBER,
    PEER,
    UNKNOWN,
    accepted,
    inbound,
    new_sms,
    not_sent,
    part,
    receipt,
    refused,
)

if TYPE_CHECKING:
    from smschat.domain.callbacks import Meaning
    from smschat.store import SqliteStore
    from tests.store.samples import Clock

SENDER = "PostNL"
BLOCKED = "31633333333"


async def fill(store: SqliteStore, clock: Clock) -> None:
    """Write all of it down."""
    await _past(store)
    await _conversations(store)
    await _sent(store, clock)
    await _waiting(store)
    await _received(store, clock)
    await _deleted(store, clock)


async def take(store: SqliteStore, clock: Clock, meaning: Meaning, **changed: object) -> str | None:
    """A callback whose octets are its own."""
    clock.advance(1)
    body = repr(meaning).encode() + b"\x00\xff"
    values = {"received_at": clock.now, "method": "POST", "body": body, "content_type": "x"} | changed
    return (await store.take_callback(RawCallback(**values), meaning)).sms_id  # type: ignore[arg-type]


async def _past(store: SqliteStore) -> None:
    past = PastSms(
        id="f" * 32,
        peer=PEER,
        direction=Direction.OUTBOUND,
        sender=OWN_NUMBER,
        recipient=PEER,
        type=SmsType.TEXT,
        text="long ago",
        encoding=Encoding.GSM7,
        segments=1,
        status=Status.DELIVERED,
        created_at=NOON - timedelta(days=400),
    )
    await store.import_history([PastConversation(peer=PEER, name="Anna", draft="so\nfar")], [past])


async def _conversations(store: SqliteStore) -> None:
    await store.save_contacts([Contact(peer="31699999999", name="Zoë", notes="no chat\nyet")])
    await store.save_contacts([Contact(peer=OTHER_PEER, name="=cmd|'/C'!A0", notes="**bold** <b>")])
    await store.open_conversation(OTHER_PEER)
    await store.save_sender(OTHER_PEER, "Shop")
    await store.set_flags(OTHER_PEER, Flags(pinned=True, muted=True, opted_out=True, marked_unread=True))
    await store.open_conversation("31644444444")


async def _sent(store: SqliteStore, clock: Clock) -> None:
    verdicts = [
        accepted(part("p1", network="20408", price="0.07", remaining_balance="9.5"), part("p2", price="0.07")),
        refused("no", part(None, "15")),
        UNKNOWN,
        Verdict(status=Status.FAILED, reason="part 2", parts=(part("p5"), part(None, "6")), quota={"a-day": "5"}),
    ]
    for number, verdict in enumerate(verdicts):
        clock.advance(1)
        options = SmsOptions(ttl_ms=90_500, message_class=0, title="t", url="https://x.example", validity_ms=60_000)
        sms = new_sms(
            id=f"{number:032x}",
            text=f"Größe 😀 {number}\nzwei",
            segments=2,
            client_ref="mine" if number else None,
            wants_receipt=number != 1,
            wants_inbound=number != 2,
            options=options if number == 1 else SmsOptions(),
        )
        await store.add_outbound(sms)
        await _try(store, sms.id, not_sent())
        ref = await _try(store, sms.id, verdict)
        if number == 0:
            await take(store, clock, receipt("p1", network="20404", price="0.08", scts="2601311200"), ref=ref)
            await take(store, clock, receipt("p1", network="20404", price="0.08", scts="2601311200"), ref=ref)
            await take(store, clock, receipt("p2", "failed", error_code="9"))
    binary = {"type": SmsType.BINARY, "text": "", "encoding": Encoding.BINARY, "data": "00ff", "udh": "050003"}
    await store.add_outbound(new_sms(id="b" * 32, **binary))
    await store.withdraw("b" * 32, "no more")


async def _try(store: SqliteStore, sms_id: str, verdict: Verdict) -> str:
    attempt = await store.begin_attempt(sms_id)
    assert attempt is not None
    await store.finish_attempt(attempt.ref, verdict)
    return attempt.ref


async def _waiting(store: SqliteStore) -> None:
    """One of each that an import must never send."""
    await store.add_outbound(new_sms(id="1" * 32, text="queued"))
    await store.add_outbound(new_sms(id="2" * 32, text="held"))
    await store.hold("2" * 32, "wait for me")
    await store.add_outbound(new_sms(id="3" * 32, text="later", send_at=NOON + timedelta(days=30)))
    await store.add_outbound(new_sms(id="4" * 32, text="on its way"))
    await store.begin_attempt("4" * 32)
    await store.add_outbound(new_sms(id="5" * 32, text="again"))
    await _try(store, "5" * 32, UNKNOWN)
    await store.repeat("5" * 32)


async def _received(store: SqliteStore, clock: Clock) -> None:
    await take(store, clock, inbound("hi <b>*you*</b>", message_id="m1", keyword="HI"))
    await take(store, clock, inbound("hi <b>*you*</b>", message_id="m1", keyword="HI"))
    await take(store, clock, inbound("another", message_id="m1"))
    await take(store, clock, inbound("", message_id="m2", type="binary", data="c0ffee", udh="0605040b8423f0"))
    await take(store, clock, inbound("your parcel", message_id="m3", sender=SENDER))
    for place in (2, 1):
        await take(
            store, clock, inbound(f"p{place} ", message_id=f"w{place}", concat=Concat(ref="7", total=2, part=place))
        )
    await take(store, clock, inbound("one of", message_id="x1", concat=Concat(ref="8", total=3, part=1)))
    await store.show_partials(older_than=clock.now + timedelta(seconds=1))
    await take(store, clock, inbound("waits", message_id="y2", concat=Concat(ref="9", total=2, part=2)))
    await take(store, clock, Unreadable(reason="no form"), body=b"\xff\xfe", query=b"a=b&sig=1")
    await take(store, clock, inbound("forged"), signature=Signature.WRONG)
    await take(store, clock, receipt("nobody-knows"))
    last = (await store.transcript(PEER))[-2]
    await store.mark_read(PEER, last.seq)
    await store.set_flags(SENDER, Flags(archived=True))
    await take(store, clock, inbound("psst", message_id="b1", sender=BLOCKED))
    await store.set_flags(BLOCKED, Flags(blocked=True))
    await take(store, clock, inbound("psst!", message_id="b2", sender=BLOCKED))


async def _deleted(store: SqliteStore, clock: Clock) -> None:
    gone = await take(store, clock, inbound("forget me", message_id="d1"))
    assert gone is not None
    assert await store.delete_sms(gone)
