"""The timeline: order, quiet, and an end that leaves nothing behind."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING

from smschat.simulator.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    import pytest


def _noting(into: list[str], what: str) -> Callable[[], Coroutine[None, None, None]]:
    async def note() -> None:
        into.append(what)

    return note


async def test_things_happen_in_the_order_of_their_times() -> None:
    timeline, seen = Timeline(pace=1000), list[str]()
    for delay_s, what in ((30, "c"), (10, "a"), (20, "b"), (40, "d")):
        timeline.after(delay_s, _noting(seen, what))
    await timeline.settled()
    assert seen == ["a", "b", "c", "d"]
    await timeline.close()


async def test_without_waiting_things_happen_as_they_came() -> None:
    timeline, seen = Timeline(pace=math.inf), list[str]()
    for delay_s, what in ((1, "a"), (1, "b"), (2, "c")):
        timeline.after(delay_s, _noting(seen, what))
    await timeline.settled()
    assert seen == ["a", "b", "c"]
    await timeline.close()


async def test_what_follows_from_a_thing_is_waited_for() -> None:
    timeline, seen = Timeline(pace=math.inf), list[str]()

    async def first() -> None:
        timeline.after(5, _noting(seen, "second"))

    timeline.after(1, first)
    await timeline.settled()
    assert seen == ["second"]
    await timeline.close()


async def test_closing_cancels_what_runs_and_drops_what_is_due() -> None:
    timeline, seen, began, ended = Timeline(pace=1), list[str](), asyncio.Event(), asyncio.Event()

    async def long() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    timeline.after(0, long)
    timeline.after(3600, _noting(seen, "never"))
    await began.wait()
    await timeline.close()
    timeline.after(0, _noting(seen, "after the end"))
    await timeline.settled()
    assert ended.is_set()
    assert seen == []


async def test_no_timer_is_armed_while_nothing_is_due() -> None:
    timeline, seen = Timeline(pace=math.inf), list[str]()
    timeline.after(1, _noting(seen, "a"))
    await timeline.settled()
    assert timeline._timer is None
    await timeline.close()


async def test_a_pause_ends_with_the_timeline() -> None:
    timeline = Timeline(pace=1)
    pausing = asyncio.create_task(timeline.pause(3600))
    hanging = asyncio.create_task(timeline.while_open(asyncio.Event().wait(), most_s=3600))
    await asyncio.wait([pausing], timeout=0)
    await timeline.close()
    await asyncio.gather(pausing, hanging)


async def test_a_stumble_is_logged_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    timeline, seen = Timeline(pace=math.inf), list[str]()

    async def stumble() -> None:
        raise ValueError("over a stone")

    timeline.after(0, stumble)
    timeline.after(1, _noting(seen, "still here"))
    await timeline.settled()
    assert seen == ["still here"]
    assert "stumbled" in caplog.text
    await timeline.close()
