"""The transcript: windowing, following, ticks, resizing, hostile text, the cursor."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from textual.app import App
from textual.events import MouseScrollUp
from textual.screen import Screen

from smschat.domain.delivery import Status
from smschat.errors import StoreError
from smschat.ui.render import Ink
from smschat.ui.widgets.feed import LIMIT, PAGE
from smschat.ui.widgets.scrollback import Scrollback
from smschat.ui.widgets.transcript import Transcript
from tests.ui.reading import ANNA, NOW, Shelf, anna, changed, inbound, now, outbound
from tests.ui.test_render import FORBIDDEN, HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType
    from textual.app import ComposeResult
    from textual.geometry import Size
    from textual.pilot import Pilot
    from textual.strip import Strip

    from smschat.domain.sms import Sms


class Host(App[None]):
    """A screen with nothing but the transcript, which hears what it tells."""

    CSS = "Screen { layout: vertical; }"

    def __init__(self, shelf: Shelf) -> None:
        super().__init__()
        self.transcript = Transcript(shelf, now=now)
        self.ends: list[tuple[bool, int]] = []
        self.chosen: list[str | None] = []
        self.failures = 0

    def compose(self) -> ComposeResult:
        yield self.transcript

    def on_transcript_at_end(self, event: Transcript.AtEnd) -> None:
        self.ends.append((event.at_end, event.newer))

    def on_transcript_selected(self, event: Transcript.Selected) -> None:
        self.chosen.append(event.sms.text if event.sms else None)

    def on_line_view_read_failed(self) -> None:
        self.failures += 1


SIZE = (80, 20)


async def settle(pilot: Pilot[None]) -> None:
    """Until nothing is read or painted any more."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Until it is so; the test's own time limit ends a wait for nothing."""
    while not condition():
        await pilot.pause()


def screen_of(transcript: Transcript) -> list[str]:
    return [transcript.render_line(y).text.rstrip() for y in range(transcript.size.height)]


def shown(transcript: Transcript) -> list[str]:
    """The screen from the first line on that is not blank."""
    lines = screen_of(transcript)
    return lines[next((y for y, line in enumerate(lines) if line), len(lines)) :]


def dialogue(count: int) -> list[Sms]:
    return [(inbound if seq % 2 else outbound)(seq, f"text {seq}") for seq in range(1, count + 1)]


async def test_it_opens_at_the_newest_sms_with_one_read() -> None:
    shelf = Shelf(dialogue(1000))
    host = Host(shelf)
    async with host.run_test(size=SIZE) as pilot:
        await host.transcript.show(anna())
        await settle(pilot)

        assert shelf.reads == [(ANNA, None, None)]
        assert " text 1000 " in screen_of(host.transcript)[-1]
        assert host.transcript.newest_seq_on_screen == 1000
        assert host.transcript.virtual_size.height < 2 * PAGE


async def test_going_up_reads_older_pages_and_holds_the_line_under_the_eye() -> None:
    shelf = Shelf(dialogue(1000))
    host = Host(shelf)
    async with host.run_test(size=SIZE) as pilot:
        await host.transcript.show(anna())
        await settle(pilot)
        host.transcript.jump(10)
        before = screen_of(host.transcript)
        await settle(pilot)

        assert (ANNA, 801, None) in shelf.reads
        assert screen_of(host.transcript) == before
        assert host.transcript.top > 10


async def test_paging_through_a_long_conversation_shows_every_sms_and_holds_few() -> None:
    host = Host(Shelf(dialogue(900)))
    async with host.run_test(size=(80, 60)) as pilot:
        transcript = host.transcript
        await transcript.show(anna())
        await settle(pilot)
        for turn, last in ((transcript.action_page_up, 1), (transcript.action_page_down, 900)):
            seen: set[str] = set()
            while str(last) not in seen:
                seen.update(part for line in screen_of(transcript) for part in line.split() if part.isdigit())
                assert len(transcript._window) <= LIMIT
                turn()
                await settle(pilot)
            assert {str(seq) for seq in range(1, 901)} <= seen


async def test_ten_thousand_sms_are_scrolled_up_and_down_and_few_are_held() -> None:
    host = Host(Shelf(dialogue(10_000)))
    async with host.run_test(size=(80, 60)) as pilot:
        transcript = host.transcript
        await transcript.show(anna())
        await settle(pilot)
        window = transcript._window
        for is_up in (True, False):
            while window.has_older if is_up else window.has_newer:
                transcript.jump(0 if is_up else window.height)
                await settle(pilot)
                assert len(window) <= LIMIT
                assert len(window._bodies) == len(window._leads) == len(window)
                assert len(transcript._strips) <= 512
        assert transcript.newest_seq_on_screen == 10_000


async def test_home_and_end_go_to_the_ends_of_the_conversation_in_one_read_each() -> None:
    shelf = Shelf(dialogue(5000))
    host = Host(shelf)
    async with host.run_test(size=SIZE) as pilot:
        transcript = host.transcript
        await transcript.show(anna())
        await settle(pilot)

        transcript.action_home()
        await settle(pilot)
        assert "text 1" in screen_of(transcript)[1]
        assert host.chosen[-1] == "text 1"
        assert host.ends[-1] == (False, 0)

        transcript.action_end()
        await settle(pilot)
        assert "text 5000" in screen_of(transcript)[-1]
        assert host.ends[-1] == (True, 0)
        assert len(shelf.reads) <= 5


async def test_it_follows_a_new_sms_only_when_at_the_end() -> None:
    host = Host(Shelf(dialogue(100)))
    async with host.run_test(size=SIZE) as pilot:
        transcript = host.transcript
        await transcript.show(anna())
        await settle(pilot)
        transcript.apply(inbound(101, "the newest"))
        await pilot.pause()
        assert "the newest" in screen_of(transcript)[-1]

        transcript.jump(transcript.top - 5)
        before = screen_of(transcript)
        for seq in (102, 103, 104):
            transcript.apply(inbound(seq, "unseen"))
        transcript.apply(outbound(105, "our own is not news"))
        await pilot.pause()
        assert screen_of(transcript) == before
        assert host.ends[-1] == (False, 3)
        assert transcript.newest_seq_on_screen == 96

        transcript.jump(transcript.top + 7)
        await pilot.pause()
        assert host.ends[-1] == (False, 1)

        transcript.action_end()
        await pilot.pause()
        assert host.ends[-1] == (True, 0)


async def test_a_change_far_below_is_no_news() -> None:
    host = Host(Shelf(dialogue(1000)))
    async with host.run_test(size=SIZE) as pilot:
        await host.transcript.show(anna())
        host.transcript.action_home()
        await settle(pilot)
        host.transcript.apply(changed(inbound(999, "changed")))
        await pilot.pause()
        assert host.ends[-1] == (False, 0)
        host.transcript.apply(inbound(1001, "news"))
        await pilot.pause()
        assert host.ends[-1] == (False, 1)


async def test_a_tick_paints_the_lines_of_its_own_sms_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host(Shelf([*dialogue(30), outbound(31, "one\ntwo", Status.SENDING), inbound(32)]))
    async with host.run_test(size=SIZE) as pilot:
        transcript = host.transcript
        await transcript.show(anna())
        await settle(pilot)
        painted: list[int] = []
        render_line = Transcript.render_line

        def noting(view: Transcript, y: int) -> Strip:
            painted.append(y)
            return render_line(view, y)

        monkeypatch.setattr(Transcript, "render_line", noting)
        transcript.apply(changed(outbound(31, "one\ntwo"), status=Status.ACCEPTED))
        await pilot.pause()

        assert sorted(set(painted)) == [17, 18]
        assert "✓" in screen_of(transcript)[18]


async def test_a_tick_that_adds_a_line_keeps_the_end_in_view() -> None:
    host = Host(Shelf([*dialogue(40), outbound(41, "last", Status.SENDING)]))
    async with host.run_test(size=SIZE) as pilot:
        transcript = host.transcript
        await transcript.show(anna())
        await settle(pilot)
        transcript.apply(changed(outbound(41, "last"), status=Status.UNKNOWN))
        await pilot.pause()

        assert "not known whether it was sent" in screen_of(transcript)[-1]


async def test_an_older_revision_and_another_conversation_change_nothing() -> None:
    host = Host(Shelf([outbound(1, "mine", Status.DELIVERED, revision=9)]))
    async with host.run_test(size=SIZE) as pilot:
        transcript = host.transcript
        await transcript.show(anna())
        await settle(pilot)
        before = screen_of(transcript)
        transcript.apply(outbound(1, "mine", Status.ACCEPTED, revision=8))
        transcript.apply(inbound(2, "hello", peer="31622222222"))
        await pilot.pause()

        assert screen_of(transcript) == before


async def test_what_is_heard_while_a_page_is_read_wins_over_the_page() -> None:
    shelf = Shelf([outbound(1, "old", Status.SENDING)])
    host = Host(shelf)
    async with host.run_test(size=SIZE) as pilot:
        shelf.gate.clear()
        host.run_worker(host.transcript.show(anna()))
        await until(pilot, lambda: bool(shelf.reads))
        host.transcript.apply(changed(outbound(1, "old"), status=Status.DELIVERED))
        host.transcript.apply(inbound(2, "came meanwhile"))
        assert host.transcript.newest_seq_on_screen is None
        shelf.gate.set()
        await settle(pilot)

        lines = shown(host.transcript)
        assert "✓✓" in lines[1]
        assert "came meanwhile" in lines[2]


async def test_a_read_that_was_overtaken_is_dropped() -> None:
    shelf = Shelf([inbound(1, "of anna"), inbound(2, "of eve", peer="31622222222")])
    host = Host(shelf)
    async with host.run_test(size=SIZE) as pilot:
        shelf.gate.clear()
        host.run_worker(host.transcript.show(anna()), group="a")
        await until(pilot, lambda: len(shelf.reads) == 1)
        host.run_worker(host.transcript.show(anna(peer="31622222222")), group="b")
        await until(pilot, lambda: len(shelf.reads) == 2)
        shelf.gate.set()
        await settle(pilot)

        assert "of eve" in shown(host.transcript)[1]
        assert host.transcript.peer == "31622222222"
        host.transcript.clear()
        assert not any(screen_of(host.transcript))


async def test_a_page_that_cannot_be_read_is_told_and_tried_again() -> None:
    class Torn(Shelf):
        torn = True

        async def transcript(
            self, peer: str, *, before: int | None = None, after: int | None = None, limit: int = 200
        ) -> list[Sms]:
            if self.torn and before is not None:
                raise StoreError("The database cannot be read.")
            return await super().transcript(peer, before=before, after=after, limit=limit)

    shelf = Torn(dialogue(500))
    host = Host(shelf)
    async with host.run_test(size=SIZE) as pilot:
        await host.transcript.show(anna())
        await settle(pilot)
        host.transcript.jump(5)
        await settle(pilot)
        assert host.failures == 1

        shelf.torn = False
        host.transcript.jump(4)
        await settle(pilot)
        assert host.transcript.virtual_size.height > 2 * PAGE


async def test_new_sms_stand_below_a_divider_that_counts_them() -> None:
    host = Host(Shelf([inbound(1), outbound(2), inbound(3, "new one"), outbound(4), inbound(5, "new two")]))
    async with host.run_test(size=SIZE) as pilot:
        await host.transcript.show(anna(unread=2, read_upto=1))
        await settle(pilot)
        host.transcript.apply(inbound(6, "came later"))
        await pilot.pause()

        lines = shown(host.transcript)
        assert "Tuesday 12 May" in lines[0]
        assert " 2 new " in lines[3]
        assert "new one" in lines[4]
        assert sum(" new " in line and "─" in line for line in lines) == 1


def _says_new(transcript: Transcript) -> bool:
    window = transcript._window
    places = (window.place(y) for y in range(window.height))
    return any(piece.ink is Ink.NEW for place in places if place is not None for piece in window.line(place))


async def test_the_new_divider_waits_until_the_first_new_sms_is_read() -> None:
    host = Host(Shelf([inbound(seq, f"text {seq}") for seq in range(1, 301)]))
    async with host.run_test(size=SIZE) as pilot:
        transcript = host.transcript
        await transcript.show(anna(unread=280, read_upto=20))
        await settle(pilot)
        assert not _says_new(transcript)

        transcript.jump(0)
        await settle(pilot)
        assert _says_new(transcript)
        window = transcript._window
        number = next(number for number in range(len(window)) if window[number].seq == 21)
        above = window.place(window.body(number).start - 1)
        assert above is not None
        assert " 280 new " in "".join(piece.text for piece in window.line(above))


async def test_a_short_conversation_stands_at_the_bottom_whatever_comes() -> None:
    host = Host(Shelf(dialogue(3)))
    async with host.run_test(size=SIZE) as pilot:
        transcript = host.transcript
        await transcript.show(anna())
        await settle(pilot)
        assert " text 3" in screen_of(transcript)[-1]
        assert not any(screen_of(transcript)[:16])
        assert (transcript.top, transcript.max_scroll_y) == (0, 0)

        transcript.apply(inbound(4, "one more"))
        await pilot.pause()
        assert "one more" in screen_of(transcript)[-1]
        assert " text 3" in screen_of(transcript)[-2]

        for size in ((80, 30), (60, 12), (100, 4)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            assert "one more" in screen_of(transcript)[-1]
            assert len(screen_of(transcript)) == size[1]
        for seq in range(5, 30):
            transcript.apply(inbound(seq, f"text {seq}"))
        await pilot.pause()
        assert [line.split()[-1] for line in screen_of(transcript)] == ["26", "27", "28", "29"]
        await pilot.resize_terminal(80, 40)
        await settle(pilot)
        assert [not line for line in screen_of(transcript)] == [True] * 10 + [False] * 30


async def test_the_lines_above_a_short_conversation_are_no_sms() -> None:
    host = Host(Shelf(dialogue(2)))
    async with host.run_test(size=SIZE) as pilot:
        transcript = host.transcript
        await transcript.show(anna())
        transcript.focus()
        await settle(pilot)
        await pilot.click(transcript, offset=(12, 3))
        assert host.chosen[-1] == "text 1"
        transcript.action_home()
        assert screen_of(transcript)[18].startswith("▌")
        transcript.action_cursor_down()
        assert screen_of(transcript)[19].startswith("▌")
        transcript.action_page_up()
        assert transcript.selected is not None
        assert transcript.selected.seq == 1
        transcript.apply(changed(inbound(1, "text 1\nand a line")))
        await pilot.pause()
        assert [line.split()[-1] for line in screen_of(transcript)[17:]] == ["1", "line", "✓✓"]


async def test_the_sms_under_the_cursor_keeps_its_ground() -> None:
    host = Host(Shelf([outbound(1, "mine")]))
    async with host.run_test(size=SIZE) as pilot:
        transcript = host.transcript
        await transcript.show(anna())
        await settle(pilot)

        def ground() -> object:
            bubble = next(segment for segment in transcript.render_line(19) if "mine" in segment.text)
            return bubble.style and bubble.style.bgcolor

        before = ground()
        transcript.focus()
        await pilot.pause()
        assert screen_of(transcript)[19].startswith("▌")
        assert ground() == before


async def test_each_day_has_its_divider() -> None:
    days = [NOW - timedelta(days=2), NOW - timedelta(days=2), NOW]
    host = Host(Shelf([inbound(seq, at=at) for seq, at in enumerate(days, 1)]))
    async with host.run_test(size=SIZE) as pilot:
        await host.transcript.show(anna())
        await settle(pilot)

        lines = shown(host.transcript)
        assert "Sunday 10 May" in lines[0]
        assert not lines[3]
        assert "Tuesday 12 May" in lines[4]


LONG = "words that wrap into several lines on every terminal that there is, and then some more of them"


async def test_a_resize_keeps_the_line_under_the_eye() -> None:
    host = Host(Shelf([inbound(seq, f"n{seq} {LONG}") for seq in range(1, 151)]))
    async with host.run_test(size=SIZE) as pilot:
        transcript = host.transcript
        await transcript.show(anna())
        await settle(pilot)
        transcript.jump(transcript._window.start(60))
        await settle(pilot)
        assert "n61 " in screen_of(transcript)[0]
        await pilot.resize_terminal(50, 24)
        await settle(pilot)
        assert "n61 " in screen_of(transcript)[0]
        await pilot.resize_terminal(120, 30)
        await settle(pilot)
        assert "n61 " in screen_of(transcript)[0]


async def test_a_resize_lays_out_no_more_than_is_near_and_forgets_nothing() -> None:
    host = Host(Shelf(dialogue(900)))
    async with host.run_test(size=SIZE) as pilot:
        transcript = host.transcript
        await transcript.show(anna())
        for _ in range(3):
            await settle(pilot)
            transcript.jump(0)
        await settle(pilot)
        transcript.jump(250)
        before = screen_of(transcript)
        await pilot.resize_terminal(79, 20)
        await settle(pilot)

        assert len(transcript._window) <= PAGE + 20
        assert screen_of(transcript)[0].split()[:2] == before[0].split()[:2]
        transcript.action_end()
        await settle(pilot)
        assert "text 900" in screen_of(transcript)[-1]


@pytest.mark.parametrize("size", [(50, 20), (120, 20), (80, 9), (40, 40)])
async def test_a_resize_at_the_end_stays_at_the_end(size: tuple[int, int]) -> None:
    host = Host(Shelf([inbound(seq, f"n{seq} {LONG}") for seq in range(1, 61)]))
    async with host.run_test(size=SIZE) as pilot:
        await host.transcript.show(anna())
        await settle(pilot)
        await pilot.resize_terminal(*size)
        await settle(pilot)

        assert host.transcript.top == host.transcript.max_scroll_y
        assert host.transcript.newest_seq_on_screen == 60
        host.transcript.apply(inbound(61, "follows"))
        assert "follows" in screen_of(host.transcript)[-1]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_never_reaches_a_segment(text: str) -> None:
    hostile = [inbound(1, text), outbound(2, text, Status.FAILED, reason=text)]
    host = Host(Shelf(hostile))
    async with host.run_test(size=(60, 12)) as pilot:
        await host.transcript.show(anna(name=text))
        await settle(pilot)
        for y in range(12):
            for segment in host.transcript.render_line(y):
                assert not FORBIDDEN & set(segment.text)
                assert segment.style is None or not {"@click", "link"} & set(segment.style.meta)
                assert segment.style is None or segment.style.link is None
        await pilot.click(host.transcript, offset=(12, 2))
        assert host.is_running


async def test_the_cursor_moves_from_sms_to_sms_and_scrolls_as_little_as_it_must() -> None:
    host = Host(Shelf(dialogue(100)))
    async with host.run_test(size=SIZE) as pilot:
        transcript = host.transcript
        await transcript.show(anna())
        transcript.focus()
        await settle(pilot)
        assert transcript.selected is not None
        assert transcript.selected.seq == 100
        top = transcript.top
        for _ in range(19):
            transcript.action_cursor_up()
        assert transcript.selected.seq == 81
        assert transcript.top == top
        transcript.action_cursor_up()
        assert transcript.top == top - 1
        assert screen_of(transcript)[0].startswith("▌")
        transcript.action_cursor_down()
        assert transcript.top == top - 1
        assert transcript.selected.seq == 81


async def test_the_cursor_walks_through_an_sms_that_is_higher_than_the_screen() -> None:
    tall = "\n".join(f"line {number}" for number in range(30))
    host = Host(Shelf([inbound(1, "first"), inbound(2, tall), inbound(3, "last")]))
    async with host.run_test(size=(80, 10)) as pilot:
        transcript = host.transcript
        await transcript.show(anna())
        transcript.action_home()
        seen: list[str] = []
        for _ in range(12):
            seen += screen_of(transcript)
            transcript.action_cursor_down()
        await settle(pilot)

        assert all(any(line.endswith(f"line {number}") for line in seen) for number in range(30))
        assert transcript.selected is not None
        assert transcript.selected.seq == 3


async def test_the_cursor_stays_when_something_comes_and_is_at_the_newest_after_coming_back() -> None:
    host = Host(Shelf(dialogue(10)))
    async with host.run_test(size=SIZE) as pilot:
        transcript = host.transcript
        await transcript.show(anna())
        transcript.focus()
        await settle(pilot)
        transcript.apply(inbound(11, "came"))
        assert transcript.selected is not None
        assert transcript.selected.seq == 10

        host.set_focus(None)
        await pilot.pause()
        assert not any(line.startswith("▌") for line in screen_of(transcript))
        transcript.apply(inbound(12, "came again"))
        transcript.focus()
        await pilot.pause()
        assert transcript.selected.seq == 12
        assert host.chosen[-1] == "came again"


async def test_the_selected_sms_is_the_one_of_now() -> None:
    host = Host(Shelf([outbound(1, "x", Status.SENDING)]))
    async with host.run_test(size=SIZE) as pilot:
        await host.transcript.show(anna())
        host.transcript.focus()
        await settle(pilot)
        host.transcript.apply(changed(outbound(1, "x"), status=Status.UNKNOWN))
        assert host.transcript.selected is not None
        assert host.transcript.selected.status is Status.UNKNOWN


async def test_a_click_selects_and_the_wheel_scrolls() -> None:
    host = Host(Shelf(dialogue(100)))
    async with host.run_test(size=SIZE) as pilot:
        await host.transcript.show(anna())
        await settle(pilot)
        await pilot.click(host.transcript, offset=(12, 4))
        assert host.chosen[-1] == "text 85"
        top = host.transcript.top
        await pilot._post_mouse_events([MouseScrollUp], host.transcript, (5, 5))
        await pilot.pause()
        assert host.transcript.top < top


async def test_text_can_be_selected_with_the_mouse() -> None:
    host = Host(Shelf([inbound(1, "hello there"), inbound(2, "good bye")]))
    async with host.run_test(size=SIZE) as pilot:
        await host.transcript.show(anna())
        await settle(pilot)
        await pilot.mouse_down(host.transcript, offset=(9, 18))
        await pilot.hover(host.transcript, offset=(13, 19))
        await pilot.mouse_up(host.transcript, offset=(13, 19))
        await pilot.pause()

        assert host.screen.get_selected_text() == "hello there\n  14:02  good"


async def test_a_key_press_and_a_new_sms_cost_one_repaint_and_no_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host(Shelf(dialogue(300)))
    async with host.run_test(size=SIZE) as pilot:
        transcript = host.transcript
        await transcript.show(anna())
        transcript.focus()
        await settle(pilot)
        repaints = layouts = 0
        display, lay_out = Host._display, Screen._refresh_layout

        def counted(app: Host, screen: Screen[object], renderable: RenderableType | None) -> None:
            nonlocal repaints
            repaints += renderable is not None
            display(app, screen, renderable)

        def laid_out(screen: Screen[object], size: Size | None = None, *, scroll: bool = False) -> None:
            nonlocal layouts
            layouts += 1
            lay_out(screen, size, scroll)

        monkeypatch.setattr(Host, "_display", counted)
        monkeypatch.setattr(Screen, "_refresh_layout", laid_out)
        for act in (
            partial(transcript.apply, inbound(301)),
            transcript.action_cursor_up,
            transcript.action_page_up,
            transcript.action_page_down,
        ):
            repaints = 0
            act()
            for _ in range(3):
                await pilot.pause()
            assert (repaints, layouts) == (1, 0), act


def test_the_parts_of_the_transcript_keep_their_public_names() -> None:
    assert Transcript.AtEnd.handler_name == "on_transcript_at_end"
    assert Scrollback.AtEnd is Transcript.AtEnd


async def test_a_conversation_that_was_read_while_hidden_is_wrapped_for_the_width_it_is_shown_in() -> None:
    """A view that is hidden is told of no resize: the width counts in which it is painted."""
    host = Host(Shelf([inbound(1, f"n1 {LONG}")]))
    async with host.run_test(size=SIZE) as pilot:
        transcript = host.transcript
        await settle(pilot)
        await transcript.show(anna())
        transcript._window.dress(replace(transcript._window.look, width=0))
        transcript.refresh()
        await settle(pilot)
        assert transcript.laid_out_width == transcript.size.width
