"""Virtual numbers from outside: the commands, the forms on the wire, and what costs money asked about first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.numbers_document import BUY, CANCEL, OWN, SEARCH, UPDATE
from tests.program import Program
from tests.standin import Manner, Reply
from tests.terminal import Terminal, smschat

if TYPE_CHECKING:
    from pathlib import Path

    from tests.standin import Standin

MINE, FREE = "3197000000001", "3197012345678"
NEW = "https://new.example/sms"
KEYS = {
    "country", "msisdn", "type", "features", "cost", "mo_http_url", "voice_callback_type", "voice_callback_value",
    "voice_status_callback", "app_id",
}  # fmt: skip


@pytest.fixture
def program(standin: Standin, tmp_path: Path) -> Program:
    return Program(
        home=tmp_path / "home",
        api_url=standin.url,
        more={"SMSCHAT_ACCOUNT": "production", "SMSCHAT_NUMBER": MINE},
    )


def test_the_own_numbers_are_listed_a_page_at_a_time(program: Program, standin: Standin) -> None:
    for last in range(1, 6):
        standin.numbers.owns(f"319700000000{last}", mo_http_url="https://other.example/sms")
    ended = program.run("numbers", "list", "--size", "2", "--page", "2")
    assert ended.code == 0
    assert [line.split()[0] for line in ended.out.splitlines()] == ["3197000000003", "3197000000004"]
    assert "https://other.example/sms" in ended.out
    assert ended.err.strip() == "page 2 of 3 · 5 numbers · next: --page 3"
    assert dict(standin.of(OWN)[0].query) == {"index": "2", "size": "2"}


def test_the_own_numbers_as_json_are_a_list(program: Program, standin: Standin) -> None:
    standin.numbers.owns(MINE, app_id="aaaa-bbbb")
    (number,) = program.run("numbers", "list", "--json").document()
    assert set(number) == KEYS
    assert (number["msisdn"], number["country"], number["features"]) == (MINE, "NL", ["SMS", "VOICE"])
    assert (number["app_id"], number["mo_http_url"]) == ("aaaa-bbbb", None)


def test_no_number_is_an_empty_list_and_a_word(program: Program) -> None:
    ended = program.run("numbers", "list", "--json")
    assert (ended.code, ended.document()) == (0, [])
    assert "no virtual numbers" in ended.err
    assert program.run("numbers", "list", "--page", "9").err.strip() == "there is no page 9"


def test_a_search_asks_for_mobile_numbers_that_carry_sms(program: Program, standin: Standin) -> None:
    standin.numbers.lets(FREE, cost="1.25")
    ended = program.run("numbers", "search", "nl")
    assert ended.out.split() == [FREE, "NL", "mobile-lvn", "SMS,VOICE", "€", "1.25", "a", "month"]
    wanted = {"country": "NL", "type": "mobile-lvn", "features": "SMS", "index": "1", "size": "20"}
    assert dict(standin.of(SEARCH)[0].query) == wanted


def test_a_search_has_every_parameter_of_the_document(program: Program, standin: Standin) -> None:
    flags = ("--type", "landline", "--features", "sms,voice", "--pattern", "+31 20", "--where", "end", "--page", "3")
    ended = program.run("numbers", "search", "NL", *flags, "--size", "7")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.strip() == "there is no page 3"
    assert dict(standin.of(SEARCH)[0].query) == {
        "country": "NL", "type": "landline", "features": "SMS,VOICE", "pattern": "3120", "search_pattern": "2",
        "index": "3", "size": "7",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("search", "NL", "--size", "101"), "at most 100"),
        (("search", "NL", "--pattern", "31x"), "digits"),
        (("update", MINE, "--country", "NL"), "nothing to change"),
        (("update", MINE, "--country", "NL", "--mo-url", "other.example"), "no web address"),
        (("update", MINE, "--country", "NL", "--voice-type", "tel"), "go together"),
    ],
)
def test_what_cannot_be_asked_for_asks_nothing(
    program: Program, standin: Standin, arguments: tuple[str, ...], said: str
) -> None:
    ended = program.run("numbers", *arguments)
    assert ended.code == 2
    assert said in ended.err
    assert standin.requests == []


def test_nothing_is_rented_without_a_yes_and_the_cost_is_said(program: Program, standin: Standin) -> None:
    standin.numbers.lets(FREE, cost="1.25")
    ended = program.run("numbers", "buy", FREE, "--country", "NL", "--json")
    assert ended.code == 3
    assert "€ 1.25 a month" in ended.document()["error"]["message"]
    assert "--yes" in ended.document()["error"]["hint"]
    assert standin.of(BUY) == []


def test_a_number_is_rented_once_with_the_fields_of_the_document(program: Program, standin: Standin) -> None:
    standin.numbers.lets(FREE, cost="1.25")
    ended = program.run("numbers", "buy", "+31 970 1234 5678", "--country", "nl", "--yes", "--json")
    assert ended.code == 0
    assert (ended.document()["msisdn"], ended.document()["cost"]) == (FREE, "1.25")
    (bought,) = standin.of(BUY)
    assert bought.body == f"country=NL&msisdn={FREE}".encode()
    assert standin.numbers.owned() == [FREE]


def test_the_first_number_is_rented_by_someone_who_has_none(program: Program, standin: Standin) -> None:
    program.more["SMSCHAT_NUMBER"] = ""
    standin.numbers.lets(FREE)
    assert program.run("numbers", "buy", FREE, "--country", "NL", "--yes").code == 0
    assert standin.numbers.owned() == [FREE]


def test_a_number_that_is_not_on_offer_is_asked_about_as_such(program: Program, standin: Standin) -> None:
    ended = program.run("numbers", "buy", FREE, "--country", "NL", "--yes")
    assert ended.code == 4
    assert "does not list" in ended.err
    assert "420" in ended.err
    assert standin.numbers.owned() == []


def test_what_may_have_been_rented_is_said_and_not_repeated(program: Program, standin: Standin) -> None:
    standin.numbers.lets(FREE)
    standin.script(BUY, Reply(manner=Manner.CLOSE))
    ended = program.run("numbers", "buy", FREE, "--country", "NL", "--yes")
    assert ended.code == 6
    assert f"{FREE} may have been rented" in ended.err
    assert "numbers list" in ended.err
    assert len(standin.of(BUY)) == 1


@pytest.mark.parametrize("command", ["buy", "cancel"])
@pytest.mark.parametrize("number", ["06 12345678", "31970", "MINE", "319701000000\u0669"])
def test_only_a_whole_number_is_rented_or_given_up(
    program: Program, standin: Standin, command: str, number: str
) -> None:
    ended = program.run("numbers", command, number, "--country", "NL", "--yes")
    assert ended.code == 3
    assert "no whole number" in ended.err
    assert standin.requests == []


def test_nothing_is_given_up_without_a_yes(program: Program, standin: Standin) -> None:
    standin.numbers.owns(MINE)
    ended = program.run("numbers", "cancel", MINE, "--country", "NL")
    assert ended.code == 3
    assert "this profile sends from it" in ended.err
    assert standin.requests == []


def test_an_own_number_is_given_up_with_the_fields_of_the_document(program: Program, standin: Standin) -> None:
    standin.numbers.owns(MINE)
    ended = program.run("numbers", "cancel", MINE, "--country", "NL", "--yes", "--json")
    assert ended.document() == {"country": "NL", "msisdn": MINE, "cancelled": True}
    assert [request.body for request in standin.of(CANCEL)] == [f"country=NL&msisdn={MINE}".encode()]
    assert standin.numbers.owned() == []


def test_a_number_of_somebody_else_is_not_given_up(program: Program, standin: Standin) -> None:
    standin.numbers.owns(MINE)
    assert program.run("numbers", "cancel", FREE, "--country", "NL", "--yes").code == 20
    assert standin.of(CANCEL) == []


def test_an_update_sends_every_other_field_as_it_was(program: Program, standin: Standin) -> None:
    voice = {"voiceCallbackType": "tel", "voiceCallbackValue": "31201234567", "voiceStatusCallback": "https://v.nl/"}
    standin.numbers.owns(MINE, mo_http_url="https://other.example/sms", **voice)
    standin.numbers.answers[NEW] = 200
    ended = program.run(
        "numbers", "update", MINE, "--country", "NL", "--mo-url", NEW, "--smpp-type", "inbound", "--json"
    )
    assert (ended.code, ended.document()["mo_http_url"]) == (0, NEW)
    assert "https://other.example/sms" in ended.err
    wanted = {"country": "NL", "msisdn": MINE, "moHttpUrl": NEW, "moSmppSysType": "inbound", **voice}
    assert [request.form for request in standin.of(UPDATE)] == [wanted]


def test_an_address_that_does_not_answer_is_refused_with_what_to_do(program: Program, standin: Standin) -> None:
    standin.numbers.owns(MINE)
    ended = program.run("numbers", "update", MINE, "--country", "NL", "--mo-url", "http://127.0.0.1:9/sms")
    assert ended.code == 4
    assert "empty GET" in ended.err


def test_a_project_that_is_not_in_production_is_told_so(program: Program, standin: Standin) -> None:
    standin.numbers.is_in_production = False
    ended = program.run("numbers", "list")
    assert ended.code == 5
    assert "production" in ended.err


def test_without_credentials_nothing_is_asked(program: Program, standin: Standin) -> None:
    program.more["SMSCHAT_CLIENT_ID"] = ""
    ended = program.run("numbers", "list")
    assert ended.code == 2
    assert "client_id" in ended.err
    assert standin.requests == []


def test_on_a_terminal_the_cost_is_asked_about_before_anything_is_rented(program: Program, standin: Standin) -> None:
    standin.numbers.lets(FREE, cost="1.25")
    argv = smschat("numbers", "buy", FREE, "--country", "NL")
    with Terminal(argv, env=program.env) as terminal:
        terminal.wait_for("Go on? [y/N]")
        assert "1.25 a month" in terminal.text()
        assert standin.of(BUY) == []
        terminal.type("y", "enter")
        assert terminal.wait_exit() == 0
    assert standin.numbers.owned() == [FREE]
