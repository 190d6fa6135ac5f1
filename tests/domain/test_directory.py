"""Everybody one can switch to, by a few letters or digits."""

from __future__ import annotations

import pytest

from smschat.domain.directory import Directory
from smschat.domain.finding import Person


def people(*names: str) -> Directory:
    return Directory([Person(peer=f"3161111{number:04}", name=name, activity=1) for number, name in enumerate(names)])


def names(directory: Directory, text: str) -> list[str]:
    return [person.name for person in directory.find(text)]


def test_nothing_looked_for_is_everybody_in_their_order() -> None:
    assert names(people("b", "a", "c"), "  ") == ["b", "a", "c"]


def test_the_better_match_comes_first_and_among_equals_the_newest() -> None:
    directory = people("Hanna", "Jo Anna", "a nun, nested", "Anna B", "Annabel", "bel anna-x")
    assert names(directory, "anna") == ["Anna B", "Annabel", "Jo Anna", "bel anna-x", "Hanna"]


def test_letters_in_their_order_are_enough() -> None:
    assert names(people("Bakker BV", "Vera Bakker", "Anna"), "bkv") == ["Bakker BV"]


def test_words_may_stand_in_any_order() -> None:
    assert names(people("Anna de Vries", "Anna Bakker"), "vries anna") == ["Anna de Vries"]


def test_case_and_accents_do_not_matter() -> None:
    assert names(people("Zoë Müller"), "zoe mull") == ["Zoë Müller"]
    assert names(people("Zoe"), "ZOË") == ["Zoe"]


@pytest.mark.parametrize("text", ["0611111111", "06 1111 1111", "+31 6 11111111", "0031611111111", "6-1111"])
def test_digits_match_in_any_form(text: str) -> None:
    directory = Directory([Person(peer="31611111111"), Person(peer="31622222222")])
    assert [person.peer for person in directory.find(text)] == ["31611111111"]


def test_a_national_number_begins_behind_the_country_code() -> None:
    directory = Directory([Person(peer="31610863171"), Person(peer="31631040783")])
    assert [person.peer for person in directory.find("0631")] == ["31631040783", "31610863171"]


def test_a_name_and_digits_together() -> None:
    directory = Directory([Person(peer="31611111111", name="Anna"), Person(peer="31622222222", name="Anna")])
    assert [person.peer for person in directory.find("anna 0622")] == ["31622222222"]


def test_a_sender_that_is_a_name_is_found_by_it() -> None:
    directory = Directory([Person(peer="PostNL"), Person(peer="31622222222")])
    assert [person.peer for person in directory.find("post")] == ["PostNL"]


@pytest.mark.parametrize("text", ["zzz", "+", "()", "99999"])
def test_what_nobody_has_finds_nobody(text: str) -> None:
    assert names(people("Anna"), text) == []


def test_digits_of_a_name_are_found() -> None:
    assert names(people("Room 4099", "Hall"), "4099") == ["Room 4099"]
