"""The list of conversations: paging, the cursor that is a peer, rows that stay put under a hand, the rail."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from textual.app import App

from smschat.ui.rows import PAGE
from smschat.ui.widgets.conversations import ConversationList
from smschat.ui.widgets.ordering import Ordering
from tests.ui.reading import Shelf, conversation, now
from tests.ui.test_render import FORBIDDEN, HOSTILE
from tests.ui.test_transcript import settle, until

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from smschat.domain.conversation import Conversation

SIZE = (30, 20)
NEVER_S = 3600.0


class Host(App[None]):
    """A screen with nothing but the list, which hears what it tells."""

    def __init__(self, shelf: Shelf, *, settle_s: float = 0.0) -> None:
        super().__init__()
        self.list = ConversationList(shelf, now=now, settle_s=settle_s)
        self.pointed: list[str | None] = []
        self.opened: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.list

    def on_conversation_list_highlighted(self, event: ConversationList.Highlighted) -> None:
        self.pointed.append(event.peer)

    def on_conversation_list_opened(self, event: ConversationList.Opened) -> None:
        self.opened.append(event.peer)


def many(count: int) -> list[Conversation]:
    return [conversation(number, name=f"name {number}") for number in range(1, count + 1)]


def peer(number: int) -> str:
    return conversation(number).peer


def names(view: ConversationList) -> list[str]:
    lines = [view.render_line(y).text for y in range(view.size.height)]
    return [line[2:12].strip() for line in lines if "name" in line[:8] or line.startswith("▌ name")]


def under_bar(view: ConversationList) -> list[int]:
    return [y for y in range(view.size.height) if view.render_line(y).text.startswith("▌")]


def moved(number: int, activity: int) -> Conversation:
    return conversation(activity, peer=peer(number), name=f"name {number}", revision=activity)


async def test_it_loads_one_page_with_the_cursor_on_the_newest() -> None:
    shelf = Shelf(conversations=many(1000))
    host = Host(shelf)
    async with host.run_test(size=SIZE) as pilot:
        await host.list.load()
        await settle(pilot)

        assert shelf.pages == 1
        assert names(host.list) == [f"name {number}" for number in range(1000, 990, -1)]
        assert host.pointed == [peer(1000)]
        assert under_bar(host.list) == [0, 1]


async def test_an_empty_list_points_at_nothing() -> None:
    host = Host(Shelf())
    async with host.run_test(size=SIZE) as pilot:
        await host.list.load()
        for act in (host.list.action_cursor_down, host.list.action_end, host.list.action_home, host.list.action_open):
            act()
        await settle(pilot)

        assert host.pointed == [None]
        assert host.opened == []
        host.list.apply(conversation(1, name="name 1"))
        await settle(pilot)
        assert host.list.cursor_peer == peer(1)


async def test_further_pages_are_read_when_the_end_is_near() -> None:
    shelf = Shelf(conversations=many(1000))
    host = Host(shelf)
    async with host.run_test(size=SIZE) as pilot:
        await host.list.load()
        for _ in range(PAGE - 1):
            host.list.action_cursor_down()
        await settle(pilot)
        assert shelf.pages == 2
        host.list.action_cursor_down()
        await settle(pilot)

        assert host.list.cursor_peer == peer(1000 - PAGE)


async def test_ten_thousand_rows_are_reached_by_one_key_and_few_reads() -> None:
    shelf = Shelf(conversations=many(10_000))
    host = Host(shelf)
    async with host.run_test(size=SIZE) as pilot:
        await host.list.load()
        host.list.action_end()
        await settle(pilot)
        assert host.list.cursor_peer == peer(1)
        assert names(host.list)[-1] == "name 1"
        assert shelf.pages <= 12

        host.list.action_page_up()
        assert host.list.cursor_peer == peer(10)
        host.list.action_home()
        assert host.list.cursor_peer == peer(10_000)
        assert names(host.list)[0] == "name 10000"


async def test_a_change_in_place_paints_its_own_row(monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host(Shelf(conversations=many(30)))
    async with host.run_test(size=SIZE) as pilot:
        await host.list.load()
        await settle(pilot)
        painted: list[int] = []
        line_at = ConversationList.line_at

        def noting(view: ConversationList, y: int) -> object:
            painted.append(y)
            return line_at(view, y)

        monkeypatch.setattr(ConversationList, "line_at", noting)
        host.list.apply(conversation(28, name="name 28", draft="a draft", revision=99))
        await pilot.pause()

        assert sorted(set(painted)) == [4, 5]
        assert "✎ a draft" in host.list.render_line(5).text


async def test_rows_stay_put_while_a_hand_is_on_the_list_and_settle_when_it_leaves() -> None:
    host = Host(Shelf(conversations=many(30)), settle_s=NEVER_S)
    async with host.run_test(size=SIZE) as pilot:
        await host.list.load()
        host.list.focus()
        host.list.action_cursor_down()
        await settle(pilot)
        before = names(host.list)
        host.list.apply(moved(25, 31))
        host.list.apply(moved(40, 32))
        await pilot.pause()
        assert names(host.list) == before

        host.set_focus(None)
        await settle(pilot)
        assert names(host.list)[:4] == ["name 40", "name 25", "name 30", "name 29"]
        assert host.list.cursor_peer == peer(29)
        assert under_bar(host.list) == [6, 7]


async def test_rows_settle_by_themselves_once_the_hand_rests() -> None:
    host = Host(Shelf(conversations=many(30)), settle_s=0.05)
    async with host.run_test(size=SIZE) as pilot:
        await host.list.load()
        host.list.focus()
        host.list.action_cursor_down()
        host.list.apply(moved(25, 31))
        await until(pilot, lambda: names(host.list)[0] == "name 25")

        assert host.list.cursor_peer == peer(29)


async def test_away_from_the_top_the_row_under_the_cursor_keeps_its_height() -> None:
    host = Host(Shelf(conversations=many(60)))
    async with host.run_test(size=SIZE) as pilot:
        await host.list.load()
        for _ in range(25):
            host.list.action_cursor_down()
        for _ in range(3):
            host.list.action_cursor_up()
        await settle(pilot)
        before = names(host.list)
        bar = under_bar(host.list)
        host.list.apply(moved(2, 61))
        host.list.apply(moved(70, 62))
        await settle(pilot)

        assert names(host.list) == before
        assert under_bar(host.list) == bar


async def test_out_of_sight_of_the_cursor_what_is_seen_does_not_move() -> None:
    host = Host(Shelf(conversations=many(60)))
    async with host.run_test(size=SIZE) as pilot:
        await host.list.load()
        host.list.jump(40)
        await settle(pilot)
        before = names(host.list)
        host.list.apply(moved(2, 61))
        await settle(pilot)

        assert names(host.list) == before
        assert host.list.cursor_peer == peer(60)


async def test_enter_and_a_click_open_the_peer_that_is_pointed_at() -> None:
    host = Host(Shelf(conversations=many(30)))
    async with host.run_test(size=SIZE) as pilot:
        await host.list.load()
        host.list.action_cursor_down()
        host.list.apply(moved(3, 31))
        host.list.action_open()
        await pilot.click(host.list, offset=(5, 8))
        await pilot.click(host.list, offset=(5, 19))
        await settle(pilot)

        assert host.opened == [peer(29), peer(27), peer(22)]


async def test_an_archived_conversation_leaves_and_the_cursor_takes_the_next() -> None:
    host = Host(Shelf(conversations=many(5)))
    async with host.run_test(size=SIZE) as pilot:
        await host.list.load()
        host.list.action_cursor_down()
        host.list.apply(conversation(4, archived=True, revision=99))
        await settle(pilot)
        assert names(host.list) == ["name 5", "name 3", "name 2", "name 1"]
        assert host.pointed[-1] == peer(3)

        host.list.apply(conversation(9, peer=peer(4), name="name 4", revision=100))
        await settle(pilot)
        assert names(host.list)[0] == "name 4"


async def test_a_peer_that_is_not_there_yet_is_selected_when_it_comes() -> None:
    host = Host(Shelf(conversations=many(5)))
    async with host.run_test(size=SIZE) as pilot:
        await host.list.load()
        host.list.select(peer(3))
        assert host.list.cursor_peer == peer(3)
        host.list.select(peer(77))
        assert host.list.cursor_peer == peer(3)
        host.list.apply(conversation(77))
        await settle(pilot)
        assert host.list.cursor_peer == peer(77)


async def test_what_is_heard_during_a_read_wins_over_the_page() -> None:
    shelf = Shelf(conversations=many(5))
    host = Host(shelf)
    async with host.run_test(size=SIZE) as pilot:
        shelf.gate.clear()
        host.run_worker(host.list.load())
        await until(pilot, lambda: shelf.pages == 1)
        host.list.apply(conversation(2, name="name 2b", revision=99))
        host.list.apply(conversation(8, name="name 8"))
        shelf.gate.set()
        await settle(pilot)

        assert names(host.list) == ["name 8", "name 5", "name 4", "name 3", "name 2b", "name 1"]


async def test_the_rail_has_one_line_a_conversation() -> None:
    host = Host(Shelf(conversations=many(100)))
    async with host.run_test(size=(16, 20)) as pilot:
        await host.list.load()
        host.list.rail = True
        await settle(pilot)
        assert len(names(host.list)) == 20
        for _ in range(19):
            host.list.action_cursor_down()
        assert host.list.top == 0
        assert under_bar(host.list) == [19]


async def test_a_narrower_list_keeps_the_cursor_in_sight() -> None:
    host = Host(Shelf(conversations=many(100)))
    async with host.run_test(size=(30, 30)) as pilot:
        await host.list.load()
        for _ in range(14):
            host.list.action_cursor_down()
        await pilot.resize_terminal(20, 10)
        await settle(pilot)
        assert under_bar(host.list)


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_names_previews_and_drafts_never_reach_a_segment(text: str) -> None:
    rows = [conversation(1, name=text), conversation(2, draft=text), conversation(3, peer=text)]
    host = Host(Shelf(conversations=rows))
    async with host.run_test(size=SIZE) as pilot:
        await host.list.load()
        for rail in (False, True):
            host.list.rail = rail
            await settle(pilot)
            for y in range(20):
                for segment in host.list.render_line(y):
                    assert not FORBIDDEN & set(segment.text)
                    assert segment.style is None or not segment.style.meta
        assert host.is_running


def test_any_sequence_of_changes_ends_in_the_order_of_the_store() -> None:
    dice = random.Random(7)
    stored = {row.peer: row for row in many(50)}
    ordering = Ordering()
    ordering.extend(sorted(stored.values(), key=lambda row: -row.activity), is_last=True)
    for revision in range(100, 600):
        number = dice.randrange(1, 60)
        activity = revision if dice.random() < 0.5 else stored.get(peer(number), conversation(number)).activity
        pinned, archived = dice.random() < 0.2, dice.random() < 0.1
        row = conversation(activity, peer=peer(number), revision=revision, pinned=pinned, archived=archived)
        stored[row.peer] = row
        ordering.put(row)
        if dice.random() < 0.3:
            ordering.settle()
    ordering.settle()

    expected = sorted(
        (row for row in stored.values() if not row.archived), key=lambda row: (not row.pinned, -row.activity)
    )
    assert [ordering[index] for index in range(len(ordering))] == expected
    assert all(ordering.index(row.peer) == index for index, row in enumerate(expected))
