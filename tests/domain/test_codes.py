"""Every number of the gateway has a name, a sentence and something to do; only throttling waits by itself."""

from __future__ import annotations

import pytest

from smschat.domain.codes import Retry, receipt_error, receipt_status, send_status

SEND_CODES = [str(n) for n in [*range(21), 22, 23, 29, 32, 33, 34, 101, 102, 103]]
RECEIPT_CODES = [str(n) for n in [*range(17), 50, 51, 52, 53, 54, 95, 99]]
NEVER_ASSIGNED = ["21", "24", "25", "26", "27", "28", "30", "31"]


@pytest.mark.parametrize("code", SEND_CODES)
def test_every_status_of_a_send_is_explained(code: str) -> None:
    meaning = send_status(code, "Own words")
    assert meaning.name
    assert "Own words" not in meaning.sentence
    assert not meaning.sentence.endswith(".")
    assert (meaning.hint == "") == (code == "0")


@pytest.mark.parametrize("code", RECEIPT_CODES)
def test_every_error_of_a_receipt_is_explained(code: str) -> None:
    meaning = receipt_error(code)
    assert meaning.name
    assert not meaning.sentence.endswith(".")
    assert (meaning.hint == "") == (code == "0")


def test_no_two_codes_of_a_send_say_the_same() -> None:
    sentences = [send_status(code).sentence for code in SEND_CODES]
    assert len(set(sentences)) == len(sentences)


def test_only_1_and_10_throttle_13_is_tried_twice_and_5_is_repeated_by_hand() -> None:
    codes = [*SEND_CODES, *NEVER_ASSIGNED, "999", "", "01", "1x"]
    told = {code: send_status(code).retry for code in codes if send_status(code).retry is not Retry.NO}
    assert told == {"1": Retry.WAIT, "10": Retry.WAIT, "13": Retry.TWICE, "5": Retry.BY_HAND}


@pytest.mark.parametrize("code", [*NEVER_ASSIGNED, "35", "-1", "zero"])
def test_a_code_that_is_not_known_shows_its_number_and_the_gateways_words(code: str) -> None:
    meaning = send_status(code, "Quota of the moon")
    assert f"code {code}: Quota of the moon" in meaning.sentence
    assert meaning.hint
    assert f"code {code}" in send_status(code).sentence
    assert f"code {code}" in receipt_error("9" + code).sentence.replace("code 9", "code ")


def test_a_missing_code_is_never_a_success() -> None:
    assert send_status("").sentence == "the gateway gave no status code"
    assert send_status(" ").retry is Retry.NO


def test_the_gateways_own_words_pass_the_gate() -> None:
    meaning = send_status("\x1b9", "\x1b]2;x\x07\nline" + "!" * 500)
    assert "\x1b" not in meaning.sentence
    assert "\n" not in meaning.sentence
    assert len(meaning.sentence) < 300


def test_spaces_around_a_code_do_not_matter() -> None:
    assert send_status(" 7 ") is send_status("7")


@pytest.mark.parametrize("word", ["accepted", "buffered", "delivered", "expired", "failed", "rejected", "unknown"])
def test_every_status_of_a_receipt_is_explained(word: str) -> None:
    meaning = receipt_status(word)
    assert receipt_status(f" {word.upper()} ") is meaning
    assert meaning.name == word.capitalize()
    assert (meaning.hint == "") == (word == "delivered")


def test_a_status_of_a_receipt_that_is_not_known_is_shown_as_it_came() -> None:
    assert "status code submitted" in receipt_status("submitted").sentence


def test_a_line_has_what_happened_and_what_to_do() -> None:
    meaning = send_status("7")
    assert meaning.line == f"{meaning.sentence}; {meaning.hint}"
    assert send_status("0").line == "the gateway accepted it"
