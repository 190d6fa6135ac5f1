"""Who is told of an SMS, and of which."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from smschat.domain.conversation import Conversation
from smschat.domain.delivery import Status
from smschat.domain.sms import Direction, Encoding, Sms, SmsType
from smschat.messaging.notify import NEWS_FOR, Known, Notice, gathered, tell_of

NOW = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)
ANNA = Conversation(peer="31611111111", name="Anna", activity=1, revision=1)
IN = Sms(
    id="a" * 32,
    seq=1,
    revision=1,
    direction=Direction.INBOUND,
    peer="31611111111",
    sender="31611111111",
    recipient="31970000000",
    type=SmsType.TEXT,
    text="see you at 8",
    encoding=Encoding.GSM7,
    segments=1,
    status=Status.RECEIVED,
    created_at=NOW,
    updated_at=NOW,
)
OUT = replace(IN, direction=Direction.OUTBOUND, status=Status.FAILED, reason="the telephone is off")


def told(sms: Sms = IN, conversation: Conversation | None = ANNA, *, watched: bool = False) -> Notice | None:
    return tell_of(sms, conversation, is_watched=watched, now=NOW)


def test_an_inbound_sms_is_told_with_who_and_what() -> None:
    assert told() == Notice(who="Anna", text="see you at 8")
    assert told(replace(IN, status=Status.PARTIAL)) == Notice(who="Anna", text="see you at 8")


def test_hidden_text_tells_who_and_not_what() -> None:
    assert tell_of(IN, ANNA, is_watched=False, now=NOW, hides_text=True) == Notice(who="Anna")


@pytest.mark.parametrize("quiet", [{"muted": True}, {"blocked": True}, {"muted": True, "archived": True}])
def test_muted_and_blocked_ones_are_not_told(quiet: dict[str, bool]) -> None:
    assert told(conversation=replace(ANNA, **quiet)) is None  # type: ignore[arg-type]  # three flags


def test_what_somebody_looks_at_is_not_told() -> None:
    assert told(watched=True) is None


def test_what_is_old_or_whose_conversation_is_gone_is_not_told() -> None:
    assert told(replace(IN, created_at=NOW - NEWS_FOR)) is None
    assert told(replace(IN, created_at=NOW - NEWS_FOR + timedelta(seconds=1))) is not None
    assert told(conversation=None) is None


@pytest.mark.parametrize("status", [Status.FAILED, Status.EXPIRED, Status.REJECTED, Status.REFUSED, Status.UNKNOWN])
def test_an_sms_of_ours_that_did_not_arrive_is_told(status: Status) -> None:
    notice = told(replace(OUT, status=status))
    assert notice is not None
    assert notice.title.startswith("SMS to Anna ")
    assert notice.text == "the telephone is off"


@pytest.mark.parametrize("status", [Status.SCHEDULED, Status.QUEUED, Status.SENDING, Status.ACCEPTED, Status.DELIVERED])
def test_an_sms_of_ours_that_goes_well_is_not_told(status: Status) -> None:
    assert told(replace(OUT, status=status)) is None


def test_a_burst_is_one_notice() -> None:
    anna, bakker, carla = (Notice(who=who, text=f"from {who}") for who in ("Anna", "Bakker", "Carla"))
    assert gathered([anna]) == anna
    assert gathered([anna, anna, anna]) == Notice(who="Anna: 3 SMS", text="from Anna")
    assert gathered([carla, anna, bakker]) == Notice(who="3 SMS", text="Bakker, Anna and 1 more")


def test_failures_in_a_burst_are_told_as_such() -> None:
    failed = Notice(who="Anna", text="off", is_failure=True, word="failed")
    assert gathered([failed, failed]).title == "Anna: 2 SMS failed"
    assert gathered([Notice(who="Bakker", text="hi"), failed]).title == "2 SMS, 1 of them failed"


def test_the_same_is_not_new_twice_and_a_late_part_makes_nothing_new() -> None:
    known = Known(most=2)
    assert known.is_new(replace(IN, status=Status.PARTIAL))
    assert not known.is_new(IN)
    assert known.is_new(replace(OUT, status=Status.UNKNOWN))
    assert known.is_new(OUT)
    assert known.is_new(IN), "the oldest was forgotten"
