"""The parts of the set-up that need no screen: how far it is, its words, and what a round trip is at."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from smschat.domain.changes import Subsystem
from smschat.domain.checks import Check, Finding
from smschat.domain.delivery import Status
from smschat.runtime.round_trip import Stage, TripNews
from smschat.ui.render import Marks
from smschat.ui.setup.agent import progress as agent_progress
from smschat.ui.setup.findings import lines_of
from smschat.ui.setup.live import Trip, rows_of
from smschat.ui.setup.progress import Progress, State, Step, later, mark_of
from smschat.ui.setup.steps import column, row
from smschat.ui.setup.words import NO_ACCOUNT, TITLES, WHY, inked, sentence, spelled
from tests.ui.reading import inbound, outbound

UNICODE, ASCII = Marks(ascii=False), Marks(ascii=True)
SKIPPED = Progress().ended(Step.ACCOUNT, State.SKIPPED).onward().ended(Step.NUMBER, State.SKIPPED).onward()


def test_one_goes_through_the_steps_and_back() -> None:
    progress = Progress()
    assert [progress.state(step) for step in Step] == [State.NOW, State.TO_DO, State.TO_DO, State.TO_DO]
    for step in Step:
        assert progress.now is step
        progress = progress.ended(step, State.OK).onward()
    assert progress.now is None
    for step in reversed(Step):
        progress = progress.back()
        assert progress.now is step
    assert progress.back().now is Step.ACCOUNT


def test_a_fault_is_said_while_one_is_at_it() -> None:
    progress = Progress().ended(Step.ACCOUNT, State.FAULT)
    assert progress.state(Step.ACCOUNT) is State.FAULT
    assert progress.ended(Step.ACCOUNT, State.TO_DO).state(Step.ACCOUNT) is State.NOW


def test_what_was_left_out_is_named_with_the_way_to_do_it() -> None:
    everything = Progress()
    for step in Step:
        everything = everything.ended(step, State.OK)
    assert later(everything) == ""
    left = later(everything.ended(Step.TUNNEL, State.SKIPPED).ended(Step.TRIP, State.FAULT))
    assert left == "Not done: tunnel and round trip. `smschat login` does it later, in any terminal."


@pytest.mark.parametrize("is_ascii", [False, True])
def test_every_state_has_a_mark_of_its_own(is_ascii: bool) -> None:  # noqa: FBT001 - a case
    marks = [mark_of(state, is_ascii=is_ascii) for state in State]
    assert len(set(marks)) == len(marks)
    assert all(cell_len(mark) == 1 and (mark.isascii() or not is_ascii) for mark in marks)


@pytest.mark.parametrize("progress", [Progress(), SKIPPED, SKIPPED.onward().ended(Step.TUNNEL, State.FAULT).onward()])
@pytest.mark.parametrize("width", [48, 58, 78, 98])
def test_the_line_of_steps_fits_and_names_the_one_at_hand(progress: Progress, width: int) -> None:
    line = row(progress, width, UNICODE)
    assert line.cell_length <= width
    assert all(str(int(step)) in line.plain for step in Step)
    assert progress.now is None or progress.now.title in line.plain


def test_the_column_says_every_state_in_a_word_and_cuts_what_is_long() -> None:
    progress = Progress().ended(Step.ACCOUNT, State.OK, "level demo").onward().ended(Step.NUMBER, State.OK, "x" * 60)
    lines = column(progress, 28, ASCII).plain.splitlines()
    assert all(cell_len(line) <= 28 for line in lines)
    assert "v 1 Account     ok" in lines[0]
    assert "level demo" in lines[1]
    assert ". 4 Round trip  to do" in lines[9]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the gateway refuses it", "The gateway refuses it."),
        ("https://a.example answers", "https://a.example answers."),
        ("smschat waits", "smschat waits."),
        ("ngrok takes it", "ngrok takes it."),
        ("client_id is empty", "client_id is empty."),
        ("is it there?", "Is it there?"),
        ("asking…", "Asking…"),
        ("", ""),
        ("a\x1b[2Jb", "A␛[2Jb."),
    ],
)
def test_a_sentence_is_written_as_one_and_deceives_nobody(text: str, shown: str) -> None:
    said = sentence(text)
    assert "\x1b" not in said
    assert said == shown or "\x1b" in text


def test_names_of_commands_lose_their_backticks_over_a_line_s_end_too() -> None:
    lines = inked(["do it with `smschat", "login`, or never"], "")
    assert [line.plain for line in lines] == ["do it with smschat", "login, or never"]


def test_everything_that_it_says_can_be_said_in_ascii() -> None:
    said = [*TITLES.values(), *WHY.values(), NO_ACCOUNT]
    assert all(spelled(text, ASCII).isascii() for text in said)
    assert agent_progress(40, ASCII).plain.isascii()
    check = Check(name="x", finding=Finding.FAULT, text="a “quoted” text", fix="do this → that")
    assert all(line.plain.isascii() for line in lines_of(check, 40, ASCII))


@pytest.mark.parametrize("percent", [None, -1, 0, 42, 100, 250])
def test_the_agent_s_progress_is_a_bar_of_one_length(percent: int | None) -> None:
    said = agent_progress(percent, UNICODE).plain
    assert said.startswith("Fetching ngrok")
    assert percent is None or sum(said.count(sign) for sign in "━─") == 24


def test_a_check_is_wrapped_beside_its_mark() -> None:
    check = Check(name="x", finding=Finding.FAULT, text="one two three four five", fix="six seven eight nine")
    lines = [line.plain for line in lines_of(check, 16, UNICODE)]
    assert lines == ["✗ One two three", "  four five.", "  Six seven", "  eight nine."]


def up(part: Subsystem, text: str) -> TripNews:
    return TripNews(stage=Stage.CONNECTING, text=f"{part}: {text}", part=part)


def told(*news: TripNews) -> Trip:
    trip = Trip()
    for one in news:
        trip = trip.take(one)
    return trip


READY = (
    up(Subsystem.LISTENER, "listening, http://127.0.0.1:8080"),
    up(Subsystem.TUNNEL, "ngrok ok, https://a.example"),
    up(Subsystem.CALLBACK, "registered"),
    TripNews(stage=Stage.READY, text="everything is up"),
)


def said(trip: Trip) -> list[tuple[str, str, str]]:
    return [(one.mark, one.name, one.words) for one in rows_of(trip, UNICODE)]


def test_the_parts_come_up_one_after_the_other() -> None:
    assert said(told(*READY[:1]))[:3] == [
        ("✓", "Listener", "listening"),
        ("○", "Tunnel", "starting…"),
        ("○", "Callback", ""),
    ]
    assert said(told(*READY))[1:3] == [("✓", "Tunnel", "https://a.example"), ("✓", "Callback", "registered")]


def test_another_process_that_receives_is_said() -> None:
    news = TripNews(stage=Stage.READY, text="another smschat is receiving (process 1); the answer comes here too")
    assert said(told(news))[0] == ("✓", "Listener", "another smschat has it")


def test_the_sms_ticks_and_one_is_asked_to_answer() -> None:
    states = (Status.QUEUED, Status.SENDING, Status.ACCEPTED, Status.DELIVERED)
    trips = [told(*READY, TripNews(stage=Stage.TEXTED, text="x", sms=outbound(1, status=state))) for state in states]
    assert [said(trip)[3][0] for trip in trips] == ["◷", "…", "✓", "✓✓"]
    assert [trip.asks for trip in trips] == [False, False, True, True]
    answered = trips[-1].take(TripNews(stage=Stage.ANSWERED, text="x", sms=inbound(2), is_over=True))
    assert said(answered)[4] == ("✓", "Answer", "received")
    assert not answered.asks


def test_a_part_that_fails_is_marked_and_its_fix_kept() -> None:
    news = TripNews(stage=Stage.FAILED, text="no authtoken", fix="give one", part=Subsystem.TUNNEL, is_over=True)
    trip = told(READY[0], news)
    assert said(trip)[1] == ("✗", "Tunnel", "failed")
    assert trip.fault == Check(name="round trip", finding=Finding.FAULT, text="no authtoken", fix="give one")
    assert not trip.asks


def test_where_only_sending_works_nobody_is_asked_to_answer() -> None:
    ready = TripNews(stage=Stage.READY, text="the tunnel is off", fix="choose a tunnel")
    trip = told(READY[0], ready, TripNews(stage=Stage.TEXTED, text="x", sms=outbound(1, status=Status.ACCEPTED)))
    assert [name for _, name, _ in said(trip)] == ["Listener", "SMS"]
    assert not trip.asks
