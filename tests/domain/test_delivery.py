"""The life of an SMS: only the drawn steps, receipts only upwards, and the same end whatever their order."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.domain.delivery import FINAL, NOT_SENT, RANK, STEPS, Status, after_receipt, may_become, of_parts

S = Status
TOLD = [S.ACCEPTED, S.BUFFERED, S.FAILED, S.EXPIRED, S.REJECTED, S.DELIVERED]

ARROWS = {
    S.SCHEDULED: "queued",
    S.QUEUED: "sending refused unknown accepted buffered failed expired rejected delivered",
    S.SENDING: "queued unknown refused accepted buffered failed expired rejected delivered",
    S.UNKNOWN: "queued accepted buffered failed expired rejected delivered",
    S.ACCEPTED: "buffered failed expired rejected delivered",
    S.BUFFERED: "failed expired rejected delivered",
    S.FAILED: "delivered",
    S.EXPIRED: "delivered",
    S.REJECTED: "delivered",
    S.DELIVERED: "",
    S.REFUSED: "",
    S.PARTIAL: "received",
    S.RECEIVED: "",
}

words = st.sampled_from([*TOLD, "unknown", "Delivered", " buffered ", "submitted", "sending", "refused", ""])
states = st.sampled_from([S.REFUSED, *TOLD])


@pytest.mark.parametrize("old", list(Status))
@pytest.mark.parametrize("new", list(Status))
def test_a_state_becomes_what_the_table_draws_and_nothing_else(old: Status, new: Status) -> None:
    assert may_become(old, new) == (old == new or new in ARROWS[old].split())


def test_every_state_is_in_the_table() -> None:
    assert set(STEPS) == set(Status)


def test_what_was_sent_is_never_sent_again_by_itself() -> None:
    assert {old for old, after in STEPS.items() if S.SENDING in after} == {S.QUEUED}
    assert {old for old, after in STEPS.items() if S.QUEUED in after} == {S.SCHEDULED, S.SENDING, S.UNKNOWN}


def test_a_step_among_what_receipts_tell_goes_up_in_rank() -> None:
    for old in TOLD:
        assert STEPS[old] == {new for new in TOLD if RANK[new] > RANK[old]}


def test_final_states_have_no_way_out_but_a_late_delivery() -> None:
    assert all(STEPS[state] <= {S.DELIVERED} for state in FINAL)
    assert {S.DELIVERED, S.FAILED, S.EXPIRED, S.REJECTED, S.REFUSED} == FINAL
    assert {S.SCHEDULED, S.QUEUED, S.REFUSED} == NOT_SENT


def test_the_ranks_are_those_of_the_rule() -> None:
    by_rank: dict[int, set[Status]] = {}
    for status, rank in RANK.items():
        by_rank.setdefault(rank, set()).add(status)
    assert [by_rank[rank] for rank in sorted(by_rank)] == [
        {S.ACCEPTED},
        {S.BUFFERED},
        {S.FAILED, S.EXPIRED, S.REJECTED},
        {S.DELIVERED},
    ]


@pytest.mark.parametrize(
    ("part", "receipt", "after"),
    [
        (None, "accepted", S.ACCEPTED),
        (None, "delivered", S.DELIVERED),
        (None, "unknown", None),
        (None, "submitted", None),
        (S.ACCEPTED, "buffered", S.BUFFERED),
        (S.BUFFERED, "accepted", S.BUFFERED),
        (S.DELIVERED, "failed", S.DELIVERED),
        (S.FAILED, "delivered", S.DELIVERED),
        (S.FAILED, "expired", S.FAILED),
        (S.EXPIRED, "rejected", S.EXPIRED),
        (S.ACCEPTED, "unknown", S.ACCEPTED),
        (S.ACCEPTED, "refused", S.ACCEPTED),
        (S.REFUSED, "delivered", S.DELIVERED),
        (S.ACCEPTED, " DELIVERED ", S.DELIVERED),
        (S.ACCEPTED, "", S.ACCEPTED),
    ],
)
def test_a_receipt_moves_a_part_up_or_not_at_all(part: Status | None, receipt: str, after: Status | None) -> None:
    assert after_receipt(part, receipt) == after


def settled(receipts: list[str]) -> Status | None:
    part: Status | None = None
    for receipt in receipts:
        part = after_receipt(part, receipt)
    return part


def rank(part: Status | None) -> int:
    return RANK[part] if part else 0


@given(st.lists(words, max_size=8), st.data())
def test_receipts_in_any_order_and_repeated_end_the_same(receipts: list[str], data: st.DataObject) -> None:
    """Which of three equal failures is named depends on which came first; that it failed does not."""
    shuffled = data.draw(st.permutations(receipts))
    again = data.draw(st.lists(st.sampled_from(receipts), max_size=4)) if receipts else []
    end = settled(receipts)
    assert rank(settled([*shuffled, *again])) == rank(end)
    kinds = {word.strip().lower() for word in receipts} & {"failed", "expired", "rejected"}
    if len(kinds) < 2:
        assert settled([*shuffled, *again]) == end


@given(st.lists(words, max_size=8))
def test_no_receipt_moves_a_part_down(receipts: list[str]) -> None:
    ranks = [rank(settled(receipts[:end])) for end in range(len(receipts) + 1)]
    assert ranks == sorted(ranks)


@given(st.lists(words, min_size=1, max_size=8))
def test_every_move_is_a_step_of_the_table(receipts: list[str]) -> None:
    ways = [settled(receipts[:end]) for end in range(len(receipts) + 1)]
    for old, new in itertools.pairwise(ways):
        assert new is None or may_become(old or S.UNKNOWN, new)


@pytest.mark.parametrize(
    ("parts", "segments", "together"),
    [
        ([], 1, None),
        ([S.ACCEPTED], 1, S.ACCEPTED),
        ([S.DELIVERED], 1, S.DELIVERED),
        ([S.DELIVERED], 2, S.ACCEPTED),
        ([S.FAILED], 3, S.ACCEPTED),
        ([S.DELIVERED, S.DELIVERED], 2, S.DELIVERED),
        ([S.DELIVERED, S.BUFFERED, S.DELIVERED], 3, S.BUFFERED),
        ([S.DELIVERED, S.EXPIRED], 2, S.EXPIRED),
        ([S.DELIVERED, S.ACCEPTED, S.FAILED], 3, S.ACCEPTED),
        ([S.REFUSED], 1, S.REFUSED),
        ([S.REFUSED, S.REFUSED], 2, S.REFUSED),
        ([S.REFUSED, S.ACCEPTED], 2, S.FAILED),
        ([S.DELIVERED, S.REFUSED, S.DELIVERED], 3, S.FAILED),
    ],
)
def test_an_sms_shows_its_least_advanced_part(parts: list[Status], segments: int, together: Status | None) -> None:
    assert of_parts(parts, segments) == together


@given(st.lists(states, max_size=6), st.integers(1, 6), st.data())
def test_the_order_of_the_parts_does_not_matter(parts: list[Status], segments: int, data: st.DataObject) -> None:
    one, other = of_parts(parts, segments), of_parts(data.draw(st.permutations(parts)), segments)
    assert rank_or_refused(one) == rank_or_refused(other)


@given(st.lists(states, min_size=1, max_size=6), st.integers(1, 6))
def test_an_sms_is_delivered_only_when_as_many_parts_are_as_it_has_segments(parts: list[Status], segments: int) -> None:
    is_all = len(parts) >= segments and set(parts) == {S.DELIVERED}
    assert (of_parts(parts, segments) is S.DELIVERED) == is_all


def rank_or_refused(state: Status | None) -> int:
    return -1 if state is S.REFUSED else rank(state)
