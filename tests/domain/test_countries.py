"""A country has the notes that are known of it, each with its source, and no others."""

from __future__ import annotations

import pytest

from smschat.domain.countries import MORE_MAY_BE_NEEDED, notes_for, why_refused

KNOWN = ["US", "CA", "NL", "IN"]


def sentences(country: str | None, sender: str) -> str:
    return " / ".join(note.sentence for note in notes_for(country, sender))


@pytest.mark.parametrize("country", KNOWN)
@pytest.mark.parametrize("sender", ["31612345678", "Acme", "INFO"])
def test_every_note_names_its_source_and_its_country(country: str, sender: str) -> None:
    notes = notes_for(country, sender)
    assert notes
    for note in notes:
        assert note.country == country
        assert note.source
        assert note.sentence
        assert not note.sentence.endswith(".")
        assert not note.hint.endswith(".")


@pytest.mark.parametrize("country", [None, "DE", "BE", "GB", ""])
def test_what_is_not_known_is_not_invented(country: str | None) -> None:
    assert notes_for(country, "Acme") == ()


@pytest.mark.parametrize(("country", "place"), [("US", "the United States"), ("CA", "Canada")])
def test_north_america_refuses_names_and_numbers_from_elsewhere(country: str, place: str) -> None:
    assert sentences(country, "Acme") == f"a name is refused as sender ID in {place}, with status 15"
    assert "not registered there" in sentences(country, "31612345678")


def test_the_netherlands_take_a_name_but_no_general_word() -> None:
    assert "needs no registration" in sentences("NL", "Acme")
    assert "general words" in sentences("NL", "Info")
    assert "sender ID" not in sentences("NL", "31612345678")


def test_india_wants_ids_that_the_form_has_no_field_for() -> None:
    assert "entity id" in sentences("IN", "Acme")


@pytest.mark.parametrize("code", ["15", "29"])
def test_a_refusal_that_may_be_the_countrys_says_what_is_known_of_it(code: str) -> None:
    assert why_refused(code, None, "Acme") == MORE_MAY_BE_NEEDED
    assert why_refused(code, "DE", "Acme") == MORE_MAY_BE_NEEDED
    said = why_refused(code, "US", "Acme")
    assert said is not None
    assert said.startswith("a name is refused as sender ID in the United States")
    assert said.endswith(MORE_MAY_BE_NEEDED)


def test_the_hour_of_the_day_explains_no_refusal() -> None:
    assert why_refused("29", "NL", "31612345678") == MORE_MAY_BE_NEEDED


@pytest.mark.parametrize("code", ["0", "1", "6", "", "x"])
def test_another_refusal_has_nothing_to_do_with_a_country(code: str) -> None:
    assert why_refused(code, "US", "Acme") is None
