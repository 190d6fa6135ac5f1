"""The made-up world: the same for the same seed, as large as asked for, and fit to be looked at."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from smschat.domain.delivery import Status
from smschat.domain.sms import Encoding
from tests.bench.world import World, top, write

if TYPE_CHECKING:
    from pathlib import Path


def test_the_same_seed_gives_the_same_world() -> None:
    first, second = (World(messages=200, conversations=20, seed=7) for _ in range(2))
    assert first.conversations == second.conversations
    assert list(first.sms()) == list(second.sms())


def test_another_seed_gives_another_world() -> None:
    first, second = (list(World(messages=200, conversations=20, seed=seed).sms()) for seed in (1, 2))
    assert first != second


def test_a_world_has_something_of_everything() -> None:
    world = World(messages=5000, conversations=200, seed=1)
    sms = list(world.sms())
    assert len(sms) == 5000
    assert len({each.id for each in sms}) == 5000
    assert {each.encoding for each in sms} == {Encoding.GSM7, Encoding.UCS2}
    assert {Status.RECEIVED, Status.DELIVERED, Status.FAILED, Status.UNKNOWN} <= {each.status for each in sms}
    assert any(each.segments > 1 for each in sms)
    assert any(each.unread for each in world.conversations)
    assert any(each.draft for each in world.conversations)
    sizes = Counter(each.peer for each in sms).most_common()
    assert len(sizes) == 200
    assert sizes[0][0] == world.conversations[0].peer


async def test_the_largest_conversation_is_on_top(tmp_path: Path) -> None:
    world = World(messages=300, conversations=20, seed=1)
    assert await write(world, tmp_path / "default.db") == 300
    assert await top(tmp_path / "default.db") == world.conversations[0].name


async def test_a_world_may_be_as_small_as_one_likes(tmp_path: Path) -> None:
    for messages in (0, 1, 3):
        path = tmp_path / f"{messages}.db"
        assert await write(World(messages=messages, conversations=5, seed=1), path) == messages
        assert await top(path)
