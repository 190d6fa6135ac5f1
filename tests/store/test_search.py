"""Search: words as people type them, newest first, case and accents aside, and never an error."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smschat.domain.sms import SmsOptions, SmsType
from smschat.store import search, sms_rows
from tests.store.conftest import memory_db
from tests.store.samples import OTHER_PEER, PEER, Desk, inbound, new_sms, raw

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from smschat.domain.finding import Hit
    from smschat.store import SqliteStore


def write(desk: Desk, *texts: str, peer: str = PEER) -> None:
    for text in texts:
        sms_rows.add_outbound(desk.work(), new_sms(text=text, peer=peer), clear_draft=False)


def hits(desk: Desk, query: str, *, peer: str | None = None, before: int | None = None, limit: int = 50) -> list[Hit]:
    return search.search(desk.db, query, peer=peer, before=before, limit=limit)


def found(desk: Desk, query: str) -> list[str]:
    """The texts found, each find in brackets."""
    return [bracketed(hit) for hit in hits(desk, query)]


def bracketed(hit: Hit) -> str:
    text, end = "", 0
    for start, stop in hit.spans:
        text += f"{hit.sms.text[end:start]}[{hit.sms.text[start:stop]}]"
        end = stop
    return text + hit.sms.text[end:]


def test_the_newest_comes_first(desk: Desk) -> None:
    write(desk, "one demo", "no", "two demos", "demo three")
    assert found(desk, "demo") == ["[demo] three", "two [demos]", "one [demo]"]


@pytest.mark.parametrize("query", ["CAFÉ", "cafe", "Café", "café"])
def test_case_and_accents_do_not_matter(desk: Desk, query: str) -> None:
    write(desk, "Café Noord", "CAFE", "koffie", "im café")
    assert found(desk, query) == ["im [café]", "[CAFE]", "[Café] Noord"]


def test_every_word_must_be_there_in_any_order(desk: Desk) -> None:
    write(desk, "bring the key", "the car key", "a key")
    assert found(desk, "key the") == ["[the] car [key]", "bring [the] [key]"]


def test_only_the_last_word_may_go_on(desk: Desk) -> None:
    write(desk, "station", "the station", "them station")
    assert found(desk, "the stat") == ["[the] [station]"]


def test_words_in_quotes_stand_together(desk: Desk) -> None:
    write(desk, "see you, at 8", "at 8 i see you", "see you at 80")
    assert found(desk, '"you at 8"') == ["see [you, at 8]"]


def test_a_phrase_that_is_still_being_typed_may_go_on(desk: Desk) -> None:
    write(desk, "see you at 80", "you see at 8")
    assert found(desk, '"you at 8') == ["see [you at 80]"]


def test_a_word_behind_a_minus_must_not_be_there(desk: Desk) -> None:
    write(desk, "demo at three", "demo at four", "demo canceled")
    assert found(desk, "demo -canceled -four") == ["[demo] at three"]
    assert found(desk, 'demo -"at three"') == ["[demo] canceled", "[demo] at four"]


def test_the_last_word_that_is_wanted_may_go_on_before_one_that_is_not(desk: Desk) -> None:
    write(desk, "demos", "demos off")
    assert found(desk, "dem -off") == ["[demos]"]


@pytest.mark.parametrize("query", ["", " ", "-", "*", '"', '""', "-demo", "😀", "?!", "-- -", '-"demo x"'])
def test_a_query_without_a_word_finds_nothing(desk: Desk, query: str) -> None:
    write(desk, "demo 😀")
    assert hits(desk, query) == []


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("AND", "this and that"),
        ("near(a", "come near (a)"),
        ("text:hello", "a text: hello"),
        ("it's", "it's on"),
        ("^first", "first"),
        ("06-12", "call 06-12345"),
        ("a+b", "a + b"),
        ("50%", "50 % off"),
        ("日本", "日本語"),
        ("😀 smile", "smile 😀"),
        ("o'brien*", "O`Brien"),
        ("{code}", "code"),
    ],
)
def test_nothing_that_is_typed_is_an_operator(desk: Desk, query: str, text: str) -> None:
    write(desk, text)
    assert [hit.sms.text for hit in hits(desk, query)] == [text]


@pytest.mark.parametrize(
    "query",
    [
        "x" * 10_000,
        "x " * 5_000,
        '"' * 10_000,
        "- " * 5_000,
        " ".join(f"w{n}" for n in range(2000)),
        "a\0b",
        "\ud83d a",
    ],
)
def test_a_query_of_any_length_or_kind_is_no_error(desk: Desk, query: str) -> None:
    write(desk, "something else")
    assert hits(desk, query) == []


def test_many_words_that_must_not_be_there_are_no_error(desk: Desk) -> None:
    write(desk, "demo")
    assert found(desk, "demo " + " ".join(f"-w{number}" for number in range(2000))) == ["[demo]"]


def test_pages_follow_each_other(desk: Desk) -> None:
    write(desk, *(f"demo {number}" for number in range(5)))
    first = hits(desk, "demo", limit=2)
    second = hits(desk, "demo", limit=2, before=first[-1].sms.seq)
    third = hits(desk, "demo", limit=2, before=second[-1].sms.seq)
    assert [hit.sms.text[-1] for hit in (*first, *second, *third)] == ["4", "3", "2", "1", "0"]


def test_one_conversation_is_searched_alone(desk: Desk) -> None:
    write(desk, "demo here")
    write(desk, "demo there", peer=OTHER_PEER)
    write(desk, "demo again")
    assert [hit.sms.text for hit in hits(desk, "demo", peer=PEER)] == ["demo again", "demo here"]
    assert [hit.sms.text for hit in hits(desk, "demo", peer=PEER, before=3)] == ["demo here"]
    assert hits(desk, "demo", peer="31600000000") == []


async def test_a_hit_has_the_name_and_the_sms_whole(store: SqliteStore) -> None:
    await store.open_conversation(PEER, name="Anna")
    added = await store.add_outbound(new_sms(text="the demo"))
    (hit,) = await store.search("demo")
    assert (hit.sms, hit.name, hit.spans) == (added, "Anna", ((4, 8),))


async def test_what_came_in_is_found_too(store: SqliteStore) -> None:
    await store.take_callback(raw(), inbound("Zoë komt"))
    assert [hit.sms.text for hit in await store.search("zoe")] == ["Zoë komt"]


async def test_a_binary_sms_is_no_obstacle(store: SqliteStore) -> None:
    await store.add_outbound(new_sms(type=SmsType.BINARY, text="", data="00ff", options=SmsOptions()))
    assert await store.search("ff") == []


def test_spans_are_right_behind_wide_and_foreign_characters(desk: Desk) -> None:
    write(desk, "👩‍👩‍👧 ümlaut\n日本 demo 😀demo")
    (hit,) = hits(desk, "demo")
    assert [hit.sms.text[start:end] for start, end in hit.spans] == ["demo", "demo"]


@pytest.fixture(scope="module")
def kept_db() -> Iterator[sqlite3.Connection]:
    """Emptied by whoever uses it."""
    connection = memory_db()
    yield connection
    connection.close()


LETTERS = "aàåÅbcçéeEøs9"
WORDS = st.text(st.sampled_from(LETTERS), min_size=1, max_size=3)
TEXTS = st.lists(WORDS | st.sampled_from([" ", "-", "😀", "\n", "'", "日本", '"']), max_size=12).map(" ".join)


def folded(text: str) -> str:
    """As unicode61 folds what is in LETTERS; ø has no accent but a form of its own."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in folded(text)).split()


@given(texts=st.lists(TEXTS, max_size=4), query=st.lists(WORDS, min_size=1, max_size=3))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_it_finds_just_what_has_the_words_and_marks_just_these(
    kept_db: sqlite3.Connection, texts: list[str], query: list[str]
) -> None:
    kept_db.execute("BEGIN")
    desk = Desk(kept_db)
    write(desk, *texts)
    kept_db.execute("SAVEPOINT written")
    match = search.expression(" ".join(query))
    assert match is not None
    found_rows = kept_db.execute(search.FOUND, (*search.MARKS, match, 2**62, 99)).fetchall()
    *whole, last = [folded(word) for word in query]
    fitting = [
        text
        for text in texts
        if set(whole) <= set(words_of(text)) and any(word.startswith(last) for word in words_of(text))
    ]
    marked = [row["marked"] for row in found_rows]
    kept_db.execute("ROLLBACK")
    assert len(marked) == len(fitting)
    for text, mark in zip(reversed(fitting), marked, strict=True):
        for start, end in search.spans_of(mark):
            word = folded(text[start:end])
            assert word in whole or word.startswith(last)


@given(query=st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_query_is_an_error(kept_db: sqlite3.Connection, query: str) -> None:
    assert search.search(kept_db, query, peer=None, before=None, limit=5) == []
