"""The profile: its token, who owns what, and what the gateway was told."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from smschat.domain.account import Loan, Owner, Registration
from tests.store.samples import NOON, OWN_NUMBER

if TYPE_CHECKING:
    from smschat.store import SqliteStore
    from tests.store.conftest import OpenStore

OWNER = Owner(pid=4711, since=NOON, local_url="http://127.0.0.1:40123", public_url="https://callbacks.example")


async def test_the_path_token_is_random_and_made_once(store: SqliteStore, open_store: OpenStore) -> None:
    token = await store.path_token()
    assert len(base64.urlsafe_b64decode(token + "==")) == 16
    assert len(token) == 22
    assert await (await open_store()).path_token() == token


async def test_a_duty_has_one_owner(store: SqliteStore, open_store: OpenStore) -> None:
    other = await open_store()
    assert (await store.own("receiving"), await other.own("receiving")) == (True, False)
    assert await other.own("another duty")
    await store.disown("receiving")
    assert (await other.own("receiving"), await store.own("receiving")) == (True, False)


async def test_a_duty_is_free_when_its_owner_closes(store: SqliteStore, open_store: OpenStore) -> None:
    other = await open_store()
    await store.close()
    assert await other.own("receiving")


async def test_disowning_what_is_not_ours_does_nothing(store: SqliteStore, open_store: OpenStore) -> None:
    other = await open_store()
    await other.disown("receiving")
    assert not await other.own("receiving")


async def test_others_read_who_owns(store: SqliteStore, open_store: OpenStore) -> None:
    other = await open_store()
    assert await other.owner() is None
    await store.publish_owner(OWNER)
    assert (await other.owner(), await store.owner()) == (OWNER, OWNER)


async def test_nobody_owns_once_the_owner_is_gone(store: SqliteStore, open_store: OpenStore) -> None:
    other = await open_store()
    await store.publish_owner(OWNER)
    await store.close()
    assert await other.owner() is None


async def test_nobody_owns_once_the_duty_was_given_back(store: SqliteStore, open_store: OpenStore) -> None:
    other = await open_store()
    await store.publish_owner(OWNER)
    await store.disown("receiving")
    assert (await other.owner(), await store.owner()) == (None, None)


async def test_only_the_owner_takes_back_what_it_said(store: SqliteStore, open_store: OpenStore) -> None:
    other = await open_store()
    await store.publish_owner(OWNER)
    await other.publish_owner(None)
    assert await store.owner() == OWNER
    await store.publish_owner(None)
    assert await store.owner() is None


async def test_what_the_gateway_was_told_is_kept(store: SqliteStore) -> None:
    assert await store.registration() is None
    for error in (None, "refused"):
        told = Registration(number=OWN_NUMBER, url="https://callbacks.example/token", at=NOON, error=error)
        await store.save_registration(told)
        assert await store.registration() == told


def lent(number: str = OWN_NUMBER, **changed: Any) -> Loan:
    values: dict[str, Any] = {"country": "NL", "url": "https://theirs.example/in", "since": NOON}
    return Loan(number=number, **(values | changed))


async def test_what_is_borrowed_is_kept_for_every_process_until_it_is_given_back(
    store: SqliteStore, open_store: OpenStore
) -> None:
    other = await open_store()
    assert await other.loans() == []
    later = lent("31970000001", country="BE", since=NOON + timedelta(microseconds=1), error="the gateway refused")
    for loan in (later, lent()):
        await store.save_loan(loan)
    assert await other.loans() == [lent(), later]
    await other.end_loan(OWN_NUMBER)
    await other.end_loan(OWN_NUMBER)
    assert await store.loans() == [later]


async def test_a_number_has_one_loan_and_the_newest_counts(store: SqliteStore) -> None:
    newest = lent(country="DE", url="https://other.example/", since=NOON + timedelta(days=1), error="not reached")
    for loan in (lent(), newest):
        await store.save_loan(loan)
    assert await store.loans() == [newest]


async def test_the_own_numbers_are_those_kept_last_in_their_order(store: SqliteStore, open_store: OpenStore) -> None:
    assert await store.own_numbers() == []
    for numbers in (["31970000000"], ("31970000002", "31970000001")):
        await store.save_own_numbers(numbers)
    assert await (await open_store()).own_numbers() == ["31970000002", "31970000001"]
    await store.save_own_numbers([])
    assert await store.own_numbers() == []
