"""The pure half of the screen: the gate, marks, times, wrapping, an SMS and a conversation as lines."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from smschat.domain.delivery import Status
from smschat.domain.sms import SmsType
from smschat.ui import bubbles, render, rows
from smschat.ui.bubbles import Look
from smschat.ui.render import Ink, Marks, Piece
from smschat.ui.rows import RowLook
from tests.ui.reading import NOW, ZONE, anna, changed, conversation, inbound, outbound, sent

if TYPE_CHECKING:
    from smschat.ui.render import Line

PLAIN = Marks()
STYLES = {ink: Style() for ink in Ink}

HOSTILE = (
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x1b]2;ING Bank - OK\x07",
    "\x1b[?1049l",
    "\x1b[?1003l\x1b[?1000l",
    "\x1b[1;1HFAKE BANNER",
    "\x1b[c",
    "\x1b]0;unterminated",
    "\x9d2;title\x9c",
    "\x0e\x0f\x00\x7f",
    "a\u202eb\u2066c",
    "[/foo]",
    "[@click=app.quit]x[/]",
    "[link=file:///etc/passwd]x[/link]",
    "e" + "\u0301" * 500,
    "a\tb",
)
FORBIDDEN = {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def look(width: int = 90, *, ascii_only: bool = False) -> Look:
    return Look(width=width, marks=Marks(ascii=ascii_only), zone=ZONE)


def text_of(lines: tuple[Line, ...]) -> list[str]:
    return ["".join(piece.text for piece in line) for line in lines]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_segment_carries_what_commands_or_deceives_a_terminal(text: str) -> None:
    strip = render.paint((Piece(text),), 60, STYLES)

    assert not FORBIDDEN & set(strip.text)
    assert all(segment.control is None and not (segment.style and segment.style.meta) for segment in strip)
    assert strip.cell_length == 60


def test_markup_in_a_foreign_text_stays_text() -> None:
    assert render.paint((Piece("[b]x[/foo]"),), 10, STYLES).text == "[b]x[/foo]"
    assert render.content("[b]x[/foo]").plain == "[b]x[/foo]"
    assert not render.content("[b]x[/b]").spans


@given(st.text(max_size=300), st.integers(min_value=1, max_value=60))
def test_wrapping_keeps_every_visible_character_and_the_width(text: str, width: int) -> None:
    safe = render.safe(text, multiline=True)
    lines = render.wrap(safe, width)

    assert all(cell_len(line) <= max(width, render.MIN_WRAP) for line in lines)
    assert "".join(lines).replace(" ", "") == safe.replace("\n", "").replace(" ", "")


def test_text_that_is_measured_by_counting_has_one_cell_a_character() -> None:
    narrow = [chr(code) for code in range(0x3000) if render._NARROW.fullmatch(chr(code))]

    assert len(narrow) > 900
    assert all(cell_len(character) == 1 for character in narrow)


def test_words_are_kept_whole_and_a_long_one_is_cut() -> None:
    assert render.wrap("one two three", 9) == ["one two", "three"]
    assert render.wrap("see https://example.com/a", 10) == ["see", "https://ex", "ample.com/", "a"]
    assert render.wrap("abcdefghijkl mn", 10) == ["abcdefghij", "kl mn"]
    assert render.wrap("a\n\nb", 10) == ["a", "", "b"]


@given(st.text(max_size=60), st.integers(min_value=1, max_value=30))
def test_what_is_clipped_fits_and_says_so(text: str, cells: int) -> None:
    safe = render.safe(text)
    clipped = render.clip(safe, cells, "…")

    assert cell_len(clipped) <= cells
    assert clipped == safe or clipped.endswith("…")


@pytest.mark.parametrize("status", Status)
def test_ascii_marks_are_ascii_and_no_mark_is_wider_than_two_cells(status: Status) -> None:
    assert Marks(ascii=True).of(status).isascii()
    assert cell_len(PLAIN.of(status)) <= 2


@pytest.mark.parametrize("ascii_only", [False, True])
def test_states_that_differ_for_the_reader_differ_by_their_mark(*, ascii_only: bool) -> None:
    marks = Marks(ascii=ascii_only)
    told_apart = [Status.QUEUED, Status.SENDING, Status.UNKNOWN, Status.ACCEPTED, Status.BUFFERED, Status.DELIVERED]
    told_apart += [Status.SCHEDULED, Status.FAILED]

    assert len({marks.of(status) for status in told_apart}) == len(told_apart)


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(minutes=1), "14:31"),
        (timedelta(hours=14, minutes=32), "00:00"),
        (timedelta(days=1), "Mon"),
        (timedelta(days=6), "Wed"),
        (timedelta(days=7), "5 May"),
        (timedelta(days=400), "Apr 2025"),
        (timedelta(days=-1), "13 May"),
    ],
)
def test_a_row_shows_the_time_today_the_weekday_this_week_then_the_date(ago: timedelta, shown: str) -> None:
    assert render.short_time(NOW - ago, NOW) == shown


def test_a_day_is_named_with_its_year_only_when_it_is_another_one() -> None:
    assert render.day_name(date(2026, 5, 12), date(2026, 1, 1)) == "Tuesday 12 May"
    assert render.day_name(date(2025, 5, 12), date(2026, 1, 1)) == "Monday 12 May 2025"


def test_a_named_zone_rules_the_clock_and_an_offset_does_not() -> None:
    assert render.zone_of(NOW) == ZoneInfo("Europe/Amsterdam")
    assert render.zone_of(datetime.fromisoformat("2026-05-12T14:00:00+02:00")) is None


def test_inbound_stands_behind_its_time() -> None:
    assert text_of(bubbles.lines_of(inbound(1, "hi, is the demo still on?"), look())) == [
        " 14:02  hi, is the demo still on?"
    ]


def test_outbound_ends_with_time_and_mark() -> None:
    (line,) = text_of(bubbles.lines_of(outbound(1, "yes", Status.ACCEPTED), look()))

    assert line.startswith(" " * 14 + " yes ")
    assert line.endswith("14:02  ✓ sent")


def test_without_room_the_mark_stands_alone() -> None:
    (line,) = text_of(bubbles.lines_of(outbound(1, "yes", Status.ACCEPTED), look(50)))

    assert line.endswith("14:02 ✓")


@pytest.mark.parametrize("width", [20, 30, 48, 60, 65, 80, 90, 200])
@pytest.mark.parametrize("status", Status)
def test_no_line_is_wider_than_the_reading_column(width: int, status: Status) -> None:
    text = "the quick brown fox 日本語のテキスト " * 8
    sms = outbound(1, text, status, reason="a reason that is long enough to be wrapped somewhere " * 2)
    column = look(width).column

    for lines in (bubbles.lines_of(sms, look(width)), bubbles.lines_of(inbound(1, text), look(width))):
        assert all(cell_len(line) <= max(column, 40) for line in text_of(lines))
        assert column <= 89


def test_a_failure_tells_its_reason_and_the_key_beneath() -> None:
    sms = outbound(1, "yes", Status.REFUSED, reason="Illegal sender address.")
    _, note = text_of(bubbles.lines_of(sms, look()))

    assert note.strip() == "Illegal sender address · r resend"


def test_where_only_the_mark_fits_the_state_stands_in_words_beneath() -> None:
    sms = outbound(1, "yes", Status.FAILED, reason="off")
    line, note = text_of(bubbles.lines_of(sms, look(50)))

    assert line.endswith("✗")
    assert note.strip() == "failed: off · r resend"


def test_what_a_key_does_is_a_hint_and_no_alarm() -> None:
    _, note = bubbles.lines_of(outbound(1, "yes", Status.FAILED, reason="off"), look())
    assert [(piece.text.strip(" ·"), piece.ink) for piece in note[1:]] == [("off", Ink.FAILED), ("r resend", Ink.HINT)]


def test_an_unknown_outcome_warns_that_it_may_arrive_twice() -> None:
    _, note = text_of(bubbles.lines_of(outbound(1, "yes", Status.UNKNOWN), look()))

    assert note.strip() == "not known whether it was sent · r repeat (may arrive twice)"


def test_what_waits_for_the_user_says_so() -> None:
    line, note = text_of(bubbles.lines_of(outbound(1, "yes", Status.QUEUED, held=True), look()))
    assert line.endswith("◷ waits")
    assert note.strip() == "r try again"


def test_what_waits_for_the_clock_offers_no_key() -> None:
    sms = outbound(1, "yes", Status.QUEUED, reason="The gateway is out of reach.")
    _, note = text_of(bubbles.lines_of(sms, look()))
    assert note.strip() == "The gateway is out of reach"


def test_a_key_is_never_parted_from_what_it_does() -> None:
    notes = text_of(bubbles.lines_of(outbound(1, "yes", Status.UNKNOWN), look(50)))[1:]
    assert notes[-1].strip() == "r repeat (may arrive twice)"


def test_a_rebound_key_is_the_one_that_is_shown() -> None:
    retry_on_x = Look(width=90, marks=PLAIN, zone=ZONE, retry_key="x")
    assert text_of(bubbles.lines_of(outbound(1, "y", Status.FAILED), retry_on_x))[1].endswith("x resend")


def test_a_reason_is_foreign_text_too() -> None:
    sms = outbound(1, "yes", Status.FAILED, reason="\x1b[2J[/foo]\nnext")
    assert not any(FORBIDDEN & set(line) for line in text_of(bubbles.lines_of(sms, look())))


def test_a_long_text_ends_with_the_number_of_its_other_lines() -> None:
    lines = text_of(bubbles.lines_of(inbound(1, "\n".join(["x"] * 50)), look()))

    assert len(lines) == bubbles.MAX_LINES + 1
    assert lines[-1].strip() == "… 10 more lines, x shows them"


def test_an_endless_text_costs_no_more_than_its_beginning() -> None:
    lines = text_of(bubbles.lines_of(inbound(1, "日" * 1_000_000), look()))

    assert len(lines) == bubbles.MAX_LINES + 1
    assert "about" in lines[-1]


def test_an_sms_without_text_says_what_it_is() -> None:
    binary = changed(inbound(1, ""), type=SmsType.BINARY, data="0a0b")

    assert text_of(bubbles.lines_of(binary, look()))[0].endswith("binary · 2 octets · 0a 0b")
    assert text_of(bubbles.lines_of(inbound(1, ""), look()))[0].endswith("(no text)")


def test_a_long_inbound_sms_with_a_gap_says_so() -> None:
    partial = changed(inbound(1, "begin […]"), status=Status.PARTIAL)
    assert text_of(bubbles.lines_of(partial, look()))[-1].strip() == "… parts of it have not arrived"


def test_a_row_has_name_unread_count_time_and_preview() -> None:
    head, below = text_of(rows.lines_of(anna(unread=2), RowLook(width=30, marks=PLAIN), NOW))

    assert head.split() == ["Anna", "de", "Vries", "2", "14:31"]
    assert below.strip() == "message 1"


def test_a_draft_takes_the_place_of_the_preview_and_leaves_the_mark_above() -> None:
    row = anna(draft="order is", last=sent(Status.FAILED))
    head, below = text_of(rows.lines_of(row, RowLook(width=30, marks=PLAIN), NOW))

    assert head.split()[-2:] == ["✗", "14:31"]
    assert below.strip() == "✎ order is"


def test_the_rail_shows_name_count_and_mark_on_one_line() -> None:
    rail = RowLook(width=16, marks=PLAIN, rail=True)
    (line,) = text_of(rows.lines_of(anna(unread=3, last=sent(Status.DELIVERED)), rail, NOW))

    assert line == " Anna de… 3 ✓✓"


def test_our_own_number_says_that_it_is_ours() -> None:
    own = conversation(7, peer="31970000000")
    for width, rail, name in ((30, False, "31970000000 (you)"), (18, True, "…70000000 (you)"[-14:])):
        look = RowLook(width=width, marks=PLAIN, rail=rail, own="31970000000")
        assert name in text_of(rows.lines_of(own, look, NOW))[0]
        assert "you" not in text_of(rows.lines_of(anna(), look, NOW))[0]


def test_the_rail_shows_the_end_of_a_number() -> None:
    (line,) = text_of(
        rows.lines_of(conversation(7, peer="31655555555"), RowLook(width=12, marks=PLAIN, rail=True), NOW)
    )
    assert line == " …55555555"


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [10, 18, 30])
def test_names_drafts_and_previews_pass_the_gate(text: str, width: int) -> None:
    for row in (anna(name=text), anna(draft=text), conversation(1, peer=text)):
        for rail in (False, True):
            lines = rows.lines_of(row, RowLook(width=width, marks=PLAIN, rail=rail), NOW)
            assert not any(FORBIDDEN & set(line) for line in text_of(lines))
            assert all(cell_len(line) <= max(width, 7) for line in text_of(lines))
