"""A production number's callback, over the wire: borrowed after a yes, kept over a kill, given back, or owed.

The program is the real one, each time a process of its own; the gateway is the strict stand-in, which tests an address
before it takes it, and clears what an update leaves out.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.numbers_document import said
from tests.program import PATIENCE_S, Program, free_port
from tests.standin import OWN, UPDATE, Reply, inbound
from tests.terminal import Terminal, smschat

if TYPE_CHECKING:
    from pathlib import Path

    from tests.program import Stream
    from tests.standin import Standin

NUMBER = "3197010000001"
FOREIGN = "https://crm.example/inbound?key=theirs"
OTHER = "https://another.example/hook"
REST = {
    "moSmppSysType": "inbound",
    "voiceCallbackType": "sip",
    "voiceCallbackValue": "sip:desk@pbx.example",
    "voiceStatusCallback": "https://pbx.example/ended",
}


@pytest.fixture
def program(tmp_path: Path, standin: Standin) -> Program:
    port = free_port()
    more = {
        "SMSCHAT_ACCOUNT": "production",
        "SMSCHAT_NUMBER": f"+{NUMBER}",
        "SMSCHAT_TUNNEL": "fixed",
        "SMSCHAT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SMSCHAT_LISTEN": f"127.0.0.1:{port}",
    }
    standin.numbers.answers |= {FOREIGN: 200, OTHER: 200}
    return Program(home=tmp_path, api_url=standin.url, more=more)


def address(standin: Standin) -> str | None:
    """Where the number's SMS go; every other field has to be as it was."""
    number = standin.numbers.number(NUMBER)
    assert {name: number.get(name) for name in REST} == REST
    told: str | None = number.get("moHttpUrl")
    return told


def borrowed(program: Program) -> list[str]:
    """The addresses that are borrowed or owed; none of them may be ours."""
    loans = program.run("webhook", "status", "--json").document()["borrowed"]
    assert all("127.0.0.1" not in loan["callback_url"] for loan in loans)
    return [loan["callback_url"] for loan in loans]


def listening(program: Program, *more: str) -> Stream:
    return program.start("listen", "--json", *more)


def test_a_foreign_address_is_borrowed_kept_over_a_kill_and_given_back(program: Program, standin: Standin) -> None:
    """Start, asked, ours is set, an SMS comes, SIGKILL, the next start keeps what was saved, the exit gives back."""
    standin.numbers.owns(NUMBER, mo_http_url=FOREIGN, **REST)
    refused = program.run("listen", "--json")
    assert refused.code == 3
    assert refused.documents()[-1]["error"]["code"] == "foreign_callback"
    assert address(standin) == FOREIGN
    assert standin.of(UPDATE) == []
    assert borrowed(program) == []

    with listening(program, "--yes") as first:
        told = first.wait_for("listening")
        assert told["registered"]
        ours: str = told["callback_url"]
        assert address(standin) == ours
        assert borrowed(program) == [FOREIGN]
        assert standin.callback(ours, inbound("hello", message_id="0B1")) == 200
        assert first.wait_for("inbound")["sms"]["text"] == "hello"
        first.end(signal.SIGKILL)
    assert address(standin) == ours
    assert borrowed(program) == [FOREIGN]

    with listening(program) as second:
        assert second.wait_for("listening")["registered"]
        assert borrowed(program) == [FOREIGN]
        assert len(standin.of(UPDATE)) == 2
        assert second.end() == 0
    assert address(standin) == FOREIGN
    assert borrowed(program) == []
    refused = program.run("listen", "--json")
    assert refused.code == 3  # the yes was for the time until it was given back


def test_what_cannot_be_given_back_is_owed_said_and_tried_again(program: Program, standin: Standin) -> None:
    """The gateway tests the foreign address first; it says 420, with HTTP 420 or inside HTTP 200."""
    standin.numbers.owns(NUMBER, mo_http_url=FOREIGN, **REST)
    with listening(program, "--yes") as first:
        first.wait_for("listening")
        ours = address(standin)
        standin.numbers.answers[FOREIGN] = 503
        assert first.end() == 0
        assert first.process.stderr is not None
        said_last = first.process.stderr.read()
    assert f"{NUMBER} is still owed its callback address https://crm.example/…" in said_last
    assert "theirs" not in said_last
    assert address(standin) == ours
    (loan,) = program.run("webhook", "status", "--json").document()["borrowed"]
    assert loan["callback_url"] == FOREIGN
    assert loan["error"]

    standin.numbers.refuses_with = 200
    refused = program.run("webhook", "restore", "--json")
    assert refused.code == 4
    assert refused.document()["numbers"][0]["outcome"] == "owed"
    with listening(program) as second:
        assert second.wait_for("listening")["registered"]
        second.end()
    assert borrowed(program) == [FOREIGN]

    standin.numbers.answers[FOREIGN] = 200
    given = program.run("webhook", "restore", "--json")
    assert (given.code, given.document()["numbers"][0]["outcome"]) == (0, "given_back")
    assert address(standin) == FOREIGN
    assert borrowed(program) == []
    nothing = program.run("webhook", "restore")
    assert (nothing.code, "nothing is borrowed" in nothing.out) == (0, True)


def test_an_exit_gives_back_what_an_earlier_one_could_not(program: Program, standin: Standin) -> None:
    standin.numbers.owns(NUMBER, mo_http_url=FOREIGN, **REST)
    with listening(program, "--yes") as first:
        first.wait_for("listening")
        standin.always(UPDATE, Reply(status=500, body=said("500", "no")))
        first.end()
    standin.always(UPDATE, None)
    assert borrowed(program) == [FOREIGN]
    with listening(program) as second:
        second.wait_for("listening")
        second.end()
    assert address(standin) == FOREIGN
    assert borrowed(program) == []


def test_while_another_smschat_waits_the_address_is_handed_on(program: Program, standin: Standin) -> None:
    """The last one gives it back; the one before it does not, so that nobody is asked twice."""
    standin.numbers.owns(NUMBER, mo_http_url=FOREIGN, **REST)
    with listening(program, "--yes") as first:
        first.wait_for("listening")
        with listening(program) as second:
            assert "another smschat" in second.wait_for("health")["text"]
            assert first.end() == 0
            assert second.wait_for("listening")["registered"]
            assert address(standin) != FOREIGN
            assert borrowed(program) == [FOREIGN]
            assert second.end() == 0
    assert address(standin) == FOREIGN
    assert borrowed(program) == []


def test_all_of_them_told_to_end_at_once_give_it_back(program: Program, standin: Standin) -> None:
    standin.numbers.owns(NUMBER, mo_http_url=FOREIGN, **REST)
    with listening(program, "--yes") as first:
        first.wait_for("listening")
        with listening(program) as second:
            second.wait_for("health")
            second.process.send_signal(signal.SIGTERM)
            assert first.end() == 0
            assert second.process.wait(PATIENCE_S) == 0
    assert address(standin) == FOREIGN
    assert borrowed(program) == []


def test_an_address_that_somebody_changed_meanwhile_is_left_alone(program: Program, standin: Standin) -> None:
    standin.numbers.owns(NUMBER, mo_http_url=FOREIGN, **REST)
    with listening(program, "--yes") as first:
        first.wait_for("listening")
        standin.numbers.owns(NUMBER, mo_http_url=OTHER, **REST)
        first.end()
    assert address(standin) == OTHER
    assert borrowed(program) == []


def test_a_gateway_that_hangs_does_not_hold_up_the_end_and_all_stays_owed(program: Program, standin: Standin) -> None:
    standin.numbers.owns(NUMBER, mo_http_url=FOREIGN, **REST)
    with listening(program, "--yes") as first:
        first.wait_for("listening")
        hangs = Reply(until=standin.stopping)
        standin.script(OWN, hangs)
        assert first.end() == 0
    (loan,) = program.run("webhook", "status", "--json").document()["borrowed"]
    assert "did not answer" in loan["error"]


def test_without_a_foreign_address_ours_is_set_and_stays(program: Program, standin: Standin) -> None:
    """The address is the same at the next start, so the gateway may go on repeating what it could not deliver."""
    standin.numbers.owns(NUMBER, **REST)
    with listening(program) as first:
        told = first.wait_for("listening")
        assert told["registered"]
        first.end()
    assert address(standin) == told["callback_url"]
    assert borrowed(program) == []


def test_register_asks_for_each_number_and_restore_gives_each_back(program: Program, standin: Standin) -> None:
    second = "3197010000002"
    standin.numbers.owns(NUMBER, mo_http_url=FOREIGN, **REST)
    standin.numbers.owns(second, mo_http_url=OTHER)
    to = ("--to", f"+{NUMBER}", "--to", f"+{second}", "--url", "https://ours.example/by-hand")
    standin.numbers.answers["https://ours.example/by-hand"] = 200
    assert program.run("webhook", "register", *to).code == 3
    assert standin.of(UPDATE) == []
    assert program.run("webhook", "register", *to, "--yes").code == 0
    assert borrowed(program) == [FOREIGN, OTHER]
    restored = program.run("webhook", "restore")
    assert restored.code == 0
    assert address(standin) == FOREIGN
    assert borrowed(program) == []


def test_a_number_that_is_not_ours_or_belongs_to_an_application_is_said(program: Program, standin: Standin) -> None:
    missing = program.run("webhook", "register", "--json")
    assert (missing.code, missing.document()["error"]["code"]) == (20, "number_not_own")
    standin.numbers.owns(NUMBER, app_id="aaaaaaaa-bbbb-cccc-dddd-0123456789ab", **REST)
    tied = program.run("webhook", "register", "--json")
    assert (tied.code, tied.document()["error"]["code"]) == (3, "number_of_application")
    with listening(program) as first:
        assert not first.wait_for("listening")["registered"]
        assert first.end() == 0
    assert standin.of(UPDATE) == []


def test_on_a_terminal_listen_asks_before_it_takes_somebody_elses_place(program: Program, standin: Standin) -> None:
    standin.numbers.owns(NUMBER, mo_http_url=FOREIGN, **REST)
    with Terminal(smschat("listen"), env=program.env) as terminal:
        assert FOREIGN in terminal.wait_for("Go on? [y/N]")
        terminal.type("n", "enter")
        assert terminal.wait_exit() == 3
    assert address(standin) == FOREIGN
    with Terminal(smschat("listen"), env=program.env) as terminal:
        terminal.wait_for("Go on? [y/N]")
        terminal.type("y", "enter")
        terminal.wait_for("· registered")
        assert address(standin) != FOREIGN
        terminal.process.send_signal(signal.SIGTERM)
        terminal.wait_for(f"{NUMBER} has its callback address https://crm.example/… back")
        assert terminal.wait_exit() == 0
    assert address(standin) == FOREIGN


def test_a_question_that_nobody_answers_does_not_hold_up_the_end(program: Program, standin: Standin) -> None:
    standin.numbers.owns(NUMBER, mo_http_url=FOREIGN, **REST)
    with Terminal(smschat("listen"), env=program.env) as terminal:
        terminal.wait_for("Go on? [y/N]")
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.wait_exit() == 0
    assert standin.of(UPDATE) == []


def test_the_chat_gives_the_address_back_and_says_so_on_the_terminal_it_leaves(
    program: Program, standin: Standin
) -> None:
    standin.numbers.owns(NUMBER, mo_http_url=FOREIGN, **REST)
    with Terminal(smschat("--yes"), env=program.env) as terminal:
        standin.wait_for(UPDATE)
        terminal.wait_for("listening")
        terminal.type("ctrl+q")
        terminal.wait_for("back")
        assert terminal.wait_exit() == 0
    assert address(standin) == FOREIGN
    assert borrowed(program) == []


def test_a_terminal_that_is_gone_gives_the_address_back(program: Program, standin: Standin) -> None:
    """The window is closed: SIGHUP, and nothing left to write to."""
    standin.numbers.owns(NUMBER, mo_http_url=FOREIGN, **REST)
    with Terminal(smschat("--yes"), env=program.env) as terminal:
        standin.wait_for(UPDATE)
        terminal.wait_for("listening")
        terminal.process.send_signal(signal.SIGHUP)
        assert terminal.wait_exit() == 0
    assert address(standin) == FOREIGN
