"""So many at once, and another one after each while."""

from __future__ import annotations

from datetime import timedelta

from smschat.webhook.allowance import Allowance
from tests.store.samples import NOON


def test_so_many_at_once_and_one_more_after_each_while() -> None:
    allowance = Allowance(most=2, again_after=timedelta(seconds=10))
    at = (0, 0, 0, 9, 10, 10, 25, 30, 30)
    found = [allowance.is_left(NOON + timedelta(seconds=seconds)) for seconds in at]
    assert found == [True, True, False, False, True, False, True, True, False]


def test_a_long_while_gives_no_more_than_the_most() -> None:
    allowance = Allowance(most=2, again_after=timedelta(seconds=10))
    assert allowance.is_left(NOON)
    assert [allowance.is_left(NOON + timedelta(days=1)) for _ in range(3)] == [True, True, False]


def test_a_clock_that_is_set_back_gives_nothing_and_takes_nothing() -> None:
    allowance = Allowance(most=1, again_after=timedelta(seconds=10))
    assert allowance.is_left(NOON)
    assert not allowance.is_left(NOON - timedelta(days=365))
    assert allowance.is_left(NOON - timedelta(days=365) + timedelta(seconds=10))
