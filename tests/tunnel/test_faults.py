"""Faults of the agent as sentences: every code, and ngrok's own words made safe."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyngrok.exception import PyngrokNgrokHTTPError
from pyngrok.log import NgrokLog

from smschat.domain.secret import Secret
from smschat.tunnel import faults

CODES = sorted(faults._TABLE)
NAMED = ["105", "107", "108", "120", "121", "334", "4018", "3200", "8012", "717", "727", "734", "8007", "8009", "9009"]


def log(text: str) -> NgrokLog:
    """A line of the agent's log."""
    return NgrokLog(text)


def http(status: int, body: str) -> PyngrokNgrokHTTPError:
    """What pyngrok raises when the agent refuses a request."""
    return PyngrokNgrokHTTPError("refused", "http://127.0.0.1:4040/api/endpoints", status, "", {}, body)


def test_the_codes_that_users_meet_have_sentences_of_ours() -> None:
    assert set(NAMED) <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_sentence_says_what_happened_and_what_to_do(code: str) -> None:
    fault = faults.of_code(code, "")
    assert fault.code == f"ngrok_{code}"
    assert fault.exit_code == 69
    for text in (fault.message, fault.hint):
        assert text
        assert text == text.strip(" .")
        assert text[0].islower()


def test_an_unknown_code_keeps_ngroks_own_words() -> None:
    fault = faults.not_started(
        http(502, '{"details": {"err": "The moon is full.\\r\\n\\r\\nERR_NGROK_9999\\r\\n"}}'), []
    )
    assert (fault.code, fault.message) == ("ngrok_9999", "ngrok refuses it (ERR_NGROK_9999): The moon is full")
    assert fault.hint == "see https://ngrok.com/docs/errors/err_ngrok_9999"


@pytest.mark.parametrize(
    ("status", "body", "code", "words"),
    [
        (502, '{"details": {"err": "is already online. ERR_NGROK_334"}}', "ngrok_334", "online"),
        (404, '{"status_code": 404, "msg": "Not Found"}', "agent_old", "too old"),
        (
            400,
            '{"msg": "invalid tunnel configuration", "details": {"err": "bad name"}}',
            "endpoint_refused",
            "bad name",
        ),
        (500, "<html>", "endpoint_refused", "HTTP 500"),
        (500, '["a list"]', "endpoint_refused", "HTTP 500"),
    ],
)
def test_a_refused_address_says_why(status: int, body: str, code: str, words: str) -> None:
    fault = faults.not_started(http(status, body), [])
    assert fault.code == code
    assert words in fault.message


@pytest.mark.parametrize(
    "words",
    [
        "dial tcp: lookup connect.ngrok-agent.com on 10.0.0.1:53: no such host",
        "failed to dial ngrok server: dial tcp 1.2.3.4:443: connect: network is unreachable",
        "read tcp: i/o timeout",
    ],
)
def test_a_network_that_is_not_there_is_said(words: str) -> None:
    fault = faults.told([log(f'lvl=eror msg="failed to reconnect session" err="{words}"'), log("lvl=info msg=waiting")])
    assert fault is not None
    assert fault.code == "ngrok_unreachable"


def test_a_log_without_a_complaint_tells_nothing() -> None:
    assert faults.told([log('lvl=info msg="starting web service"'), log("lvl=warn msg=hm err=nil")]) is None


def test_an_agent_that_may_not_read_our_folder_says_what_to_do() -> None:
    fault = faults.told([log("ERROR:  open /home/me/.local/share/smschat/default.ngrok.yml: permission denied")])
    assert fault is not None
    assert "snap" in fault.hint


def test_an_agent_that_says_nothing_is_told_without_the_names_of_our_parts() -> None:
    from pyngrok.exception import PyngrokNgrokError  # noqa: PLC0415 - slow to import

    silent = faults.not_started(PyngrokNgrokError("The ngrok process was unable to start."), [])
    garbled = faults.not_started(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), [])
    assert silent.message == "the ngrok agent does not come up, and does not say why"
    assert garbled.message == "the ngrok agent could not be started: what it writes is no text"
    assert silent.code == garbled.code == "agent_start"


def test_the_last_words_of_a_panic_are_its_first_line() -> None:
    lines = ["panic: nil map", "", "goroutine 1 [running]:", "main.main()"]
    fault = faults.told([log(line) for line in lines])
    assert fault is not None
    assert fault.message == "the ngrok agent does not come up: panic: nil map"


@pytest.mark.parametrize(
    ("level", "words", "code"),
    [
        ("eror", "authentication failed: revoked ERR_NGROK_107", "ngrok_107"),
        ("eror", "authentication failed: suspended ERR_NGROK_103", "ngrok_103"),
        ("info", "ERR_NGROK_107", None),
        ("eror", "ERR_NGROK_8007", None),
        ("eror", "read tcp: i/o timeout", None),
    ],
)
def test_a_running_agent_that_is_not_let_in_again_is_lost(level: str, words: str, code: str | None) -> None:
    fault = faults.session_ended(log(f'lvl={level} msg="session closing" err="{words}"'))
    assert (fault.code if fault else None) == code


@pytest.mark.parametrize(
    ("status", "lines", "message"),
    [
        (0, [], "the ngrok agent has ended (exit status 0)"),
        (-9, ["lvl=info msg=fine"], "the ngrok agent has ended (ended by SIGKILL)"),
        (2, ["lvl=eror err=early", *["lvl=info msg=fine"] * 3], "the ngrok agent has ended (exit status 2)"),
        (1, ['lvl=crit err="the disk is full."'], "the ngrok agent has ended (exit status 1): the disk is full"),
        (1, ['lvl=crit err="too many ERR_NGROK_108"'], faults.of_code("108", "").message),
    ],
)
def test_the_end_of_an_agent_tells_its_status_and_last_words(status: int, lines: list[str], message: str) -> None:
    assert faults.ended(status, [log(line) for line in lines]).message == message


def test_ngroks_words_never_hold_the_authtoken_whatever_its_length() -> None:
    Secret("2longAuthtokenOfSomebody")
    words = "is invalid.\\nYour authtoken: 2sh\\r\\n and 2longAuthtokenOfSomebody ERR_NGROK_107"
    assert faults.cleaned(words) == "is invalid. Your authtoken: *** and ********"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (
            "see https://dashboard.ngrok.com/billing/plan for more",
            "see https://dashboard.ngrok.com/billing/plan for more",
        ),
        ("https://user:pass@h.example/a?token=b#c", "https://h.example/a"),
        ("at https://h.example/4q8Xn0pWJr2sVtYzAbCdEf/p", "at https://h.example"),
        ("https://[nonsense", ""),
    ],
)
def test_an_address_in_ngroks_words_loses_what_could_be_a_secret(words: str, shown: str) -> None:
    assert faults.cleaned(words) == shown


@given(st.text())
def test_ngroks_words_become_one_short_line(words: str) -> None:
    cleaned = faults.cleaned(words)
    assert len(cleaned) <= faults.LONGEST_WORDS + 1
    assert not {unicodedata.category(character) for character in cleaned} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
