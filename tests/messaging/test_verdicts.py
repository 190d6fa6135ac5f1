"""What an attempt came to: only what is certain not to have been carried out is tried again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smschat.domain.delivery import PartAnswer, SendAnswer, Status
from smschat.errors import (
    GatewayError,
    GatewayRefusedError,
    NotAuthorisedError,
    OutcomeUnknownError,
    ThrottledError,
    TokenRefusedError,
    UnreachableError,
)
from smschat.messaging import verdicts


def answer(*statuses: str, error_text: str | None = None) -> SendAnswer:
    parts = tuple(PartAnswer(status=status, error_text=error_text) for status in statuses)
    return SendAnswer(http=200, parts=parts)


def test_every_part_taken_is_accepted() -> None:
    assert verdicts.of_answer(answer("0", "0"), tries=1).status is Status.ACCEPTED


def test_some_parts_refused_is_failed_and_names_them() -> None:
    verdict = verdicts.of_answer(answer("0", "7", "0"), tries=1)
    assert verdict.status is Status.FAILED
    assert verdict.reason is not None
    assert "part 2 of 3 refused" in verdict.reason


@pytest.mark.parametrize("status", ["1", "10"])
def test_throttled_waits_and_everything_waits_with_it(status: str) -> None:
    verdict = verdicts.of_answer(answer(status, error_text="Throughput Rate Exceeded"), tries=1)
    assert (verdict.status, verdict.holds_all, verdict.wait_s) == (Status.QUEUED, True, 1.0)


@pytest.mark.parametrize(
    ("text", "wait_s"),
    [("Throughput Rate Exceeded - please wait [ 1702 ] and retry", 1.702), ("please wait [702] and retry", 1.0)],
)
def test_throttled_waits_as_long_as_the_answer_names_and_a_second_at_least(text: str, wait_s: float) -> None:
    assert verdicts.of_answer(answer("1", error_text=text), tries=1).wait_s == wait_s


def test_not_submitted_is_tried_at_most_twice_more() -> None:
    said = [verdicts.of_answer(answer("13"), tries=tries).status for tries in (1, 2, 3)]
    assert said == [Status.QUEUED, Status.QUEUED, Status.REFUSED]


@pytest.mark.parametrize(
    "status", [*map(str, [2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 16, 19, 20, 22, 23, 29, 33, 34]), "101", "77"]
)
def test_any_other_status_is_refused_with_a_reason(status: str) -> None:
    verdict = verdicts.of_answer(answer(status), tries=1)
    assert verdict.status is Status.REFUSED
    assert verdict.reason


def test_a_part_without_a_status_leaves_the_outcome_unknown() -> None:
    assert verdicts.of_answer(answer(""), tries=1).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnreachableError("no route"), Status.QUEUED),
        (ThrottledError("quota"), Status.QUEUED),
        (TokenRefusedError("token"), Status.QUEUED),
        (NotAuthorisedError("no product"), Status.REFUSED),
        (GatewayRefusedError("no"), Status.REFUSED),
        (OutcomeUnknownError("cut"), Status.UNKNOWN),
        (GatewayError("something new"), Status.UNKNOWN),
    ],
)
def test_an_error_goes_back_to_queued_only_when_certain(error: GatewayError, status: Status) -> None:
    assert verdicts.of_error(error, backoff_s=1.0, token_was_new=False).status is status


def test_a_refused_token_is_final_when_it_was_new() -> None:
    verdict = verdicts.of_error(TokenRefusedError("token"), backoff_s=1.0, token_was_new=True)
    assert verdict.status is Status.REFUSED


def test_a_throttled_answer_that_names_its_wait_is_believed() -> None:
    error = ThrottledError("quota", retry_after_s=12.0)
    assert verdicts.of_error(error, backoff_s=0.1, token_was_new=False).wait_s == 12.0


def test_a_refusal_that_may_be_the_countrys_says_what_is_known_of_it() -> None:
    refused = verdicts.of_answer(answer("15"), tries=1, recipient="12025550123", sender="AcmeInc")
    assert refused.reason is not None
    assert "the United States" in refused.reason
    assert "this sender is not allowed" in refused.reason
    nowhere = verdicts.of_answer(answer("29"), tries=1, recipient="88312345678", sender="AcmeInc")
    assert nowhere.reason is not None
    assert "some countries need more information" in nowhere.reason
    other = verdicts.of_answer(answer("7"), tries=1, recipient="12025550123", sender="AcmeInc")
    assert other.reason is not None
    assert "United States" not in other.reason


QUOTA = {"quota-limit": "1000", "quota-used": "12"}


@pytest.mark.parametrize("statuses", [("0",), ("0", "7"), ("1",), ("13",), ("9",), ("",)])
def test_the_quota_of_an_answer_goes_with_its_verdict(statuses: tuple[str, ...]) -> None:
    assert verdicts.of_answer(replace(answer(*statuses), quota=QUOTA), tries=1).quota == QUOTA


@pytest.mark.parametrize(
    "error",
    [ThrottledError("quota"), TokenRefusedError("token"), GatewayRefusedError("no"), OutcomeUnknownError("cut")],
)
def test_the_quota_of_an_error_goes_with_its_verdict(error: GatewayError) -> None:
    error.quota = QUOTA
    assert verdicts.of_error(error, backoff_s=1.0, token_was_new=False).quota == QUOTA
