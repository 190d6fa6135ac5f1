"""`smschat login` and `logout` as people and scripts meet them: on a real pseudo-terminal, and by a pipe."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.agent import Agent
from tests.program import NUMBER, Program, free_port, until
from tests.standin import REGISTER, SEND, TOKEN, Manner, Reply, fault, inbound, receipt
from tests.terminal import Terminal, smschat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.standin import Request, Standin

SECRET = "zq7-canary"
AUTHTOKEN = "zq7-canary-of-ngrok"
REFUSED = Reply(status=401, body={"ErrorCode": "invalid_client", "Error": "ClientId is Invalid"})
NO_PRODUCT = Reply(
    status=401, body=fault("oauth.v2.InvalidAPICallAsNoApiProductMatchFound", "no apiproduct match found")
)
WHO = ("--client-id", "an-id", "--number", "06 12345678")


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    with Agent(tmp_path / "agent") as standing_in:
        yield standing_in


@pytest.fixture
def stranger(standin: Standin, tmp_path: Path, agent: Agent) -> Program:
    """Somebody who has set nothing but where the gateway is, and has no OS keyring."""
    nothing = dict.fromkeys(("SMSCHAT_CLIENT_ID", "SMSCHAT_CLIENT_SECRET", "SMSCHAT_NUMBER", "SMSCHAT_TUNNEL"), "")
    more = {**nothing, "SMSCHAT_NGROK_PATH": str(agent.path)}
    return Program(home=tmp_path / "home", api_url=standin.url, more=more)


def files_of(program: Program) -> dict[str, str]:
    """Every settings file by name."""
    folder = program.home / ".config" / "smschat"
    return {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*")} if folder.exists() else {}


def answer(terminal: Terminal, *answers: tuple[str, str]) -> None:
    """Wait for each question, and answer it."""
    for question, text in answers:
        terminal.wait_for(question)
        terminal.type(*([text] if text else []), "enter")


def test_a_stranger_gets_to_an_answered_sms(stranger: Program, standin: Standin, agent: Agent) -> None:
    """Wrong secret first, a number that is none, the file agreed to, ngrok by its agent, and the round trip."""
    standin.script(TOKEN, REFUSED)
    with Terminal(smschat("login"), env=stranger.env, rows=60) as terminal:
        answer(terminal, ("client ID:", "an-id"), ("client secret, not shown:", "zq7-mistyped"))
        terminal.wait_for("refuses the credentials")
        answer(terminal, ("client ID [an-id]:", ""))
        until(lambda: terminal.text().count("client secret, not shown:") == 2)
        terminal.type(SECRET, "enter")
        terminal.wait_for("level demo")
        answer(terminal, ("[test]:", ""), ("your own mobile number:", "12"), ("too short", "06 12345678"))
        terminal.wait_for("+31 6 12345678 (NL), your own phone")
        answer(
            terminal,
            ("May the client secret be kept", "y"),
            ("[ngrok]:", ""),
            ("Your Authtoken", AUTHTOKEN),
            ("your own ngrok domain [none]:", ""),
        )
        terminal.wait_for(f"{agent.public_url} leads to this machine")
        terminal.wait_for("Send it? [y/N]")
        assert texts_of(standin) == []
        terminal.type("y", "enter")
        terminal.wait_for("answer it when it comes")
        until(lambda: texts_of(standin))
        [sent] = texts_of(standin)
        standin.callback(sent.form["callback"], receipt(sent, message_id="0A00000000000001"))
        terminal.wait_for("it is delivered")
        hello = inbound("hello", message_id="0B1", msisdn=NUMBER)
        assert standin.callback(standin.registrations[-1].form["callback_url"], hello) == 200
        terminal.wait_for("it works")
        assert terminal.wait_exit() == 0
        assert "zq7-" not in terminal.raw.decode()
    assert (sent.form["to"], sent.form["from"]) == (NUMBER, NUMBER)
    assert all("zq7-" not in f"{start['argv']} {start['environ']}" for start in agent.starts)
    shown = stranger.run("config", "show", "--json").document()
    assert (shown["client_id"]["value"], shown["number"]["value"]) == ("an-id", NUMBER)
    assert shown["client_secret"]["origin"] == shown["ngrok_authtoken"]["origin"] == "credentials.toml"


def texts_of(standin: Standin) -> list[Request]:
    """The sends that are an SMS; a look at the gateway has no recipient."""
    return [request for request in standin.sends if "to" in request.form]


def test_ctrl_c_leaves_what_was_stored_and_says_what(stranger: Program) -> None:
    with Terminal(smschat("login", "--yes", *WHO), env=stranger.env) as terminal:
        answer(
            terminal,
            ("client ID [an-id]:", ""),
            ("client secret, not shown:", SECRET),
            ("[test]:", ""),
            ("your own mobile number [06 12345678]:", ""),
        )
        terminal.wait_for("2. Tunnel")
        terminal.type("ctrl+c")
        terminal.wait_for("stored so far")
        assert terminal.wait_exit() == 130
    assert 'client_id = "an-id"' in files_of(stranger)["config.toml"]


def test_ctrl_c_while_the_gateway_is_asked_stores_nothing(stranger: Program, standin: Standin) -> None:
    standin.script(TOKEN, Reply(manner=Manner.SILENT))
    with Terminal(smschat("login"), env=stranger.env) as terminal:
        answer(terminal, ("client ID:", "an-id"), ("client secret, not shown:", SECRET))
        standin.wait_for(TOKEN)
        terminal.type("ctrl+c")
        terminal.wait_for("nothing was stored")
        assert terminal.wait_exit() == 130
    assert files_of(stranger) == {}


def test_every_step_can_be_skipped(stranger: Program, standin: Standin) -> None:
    with Terminal(smschat("login"), env=stranger.env) as terminal:
        answer(terminal, ("client ID:", "-"))
        terminal.wait_for("asks for the account again")
        answer(terminal, ("[ngrok]:", "-"))
        terminal.wait_for("asks for the tunnel again")
        answer(terminal, ("Send it? [y/N]", ""))
        terminal.wait_for("Done")
        assert terminal.wait_exit() == 0
    assert files_of(stranger) == {}
    assert standin.requests == []


def test_out_of_reach_it_may_be_stored_unchecked(stranger: Program) -> None:
    offline = replace(stranger, api_url=f"http://127.0.0.1:{free_port()}")
    with Terminal(smschat("login", "--no-trip", "--yes", *WHO), env=offline.env) as terminal:
        answer(
            terminal,
            ("client ID [an-id]:", ""),
            ("client secret, not shown:", SECRET),
            ("Keep them without the check? [y/N]", "y"),
            ("[test]:", ""),
            ("[06 12345678]:", ""),
            ("[ngrok]:", "off"),
        )
        terminal.wait_for("Done")
        assert terminal.wait_exit() == 0
    assert 'tunnel = "off"' in files_of(stranger)["config.toml"]


def test_a_pipe_stores_what_the_gateway_takes(stranger: Program, standin: Standin) -> None:
    ended = stranger.run("login", *WHO, "--yes", "--json", stdin=f"{SECRET}\n")
    assert ended.code == 0
    document = ended.document()
    assert document["ok"] is True
    assert {"credentials", "number", "client secret"} <= {check["name"] for check in document["checks"]}
    assert SECRET in files_of(stranger)["credentials.toml"]
    assert texts_of(standin) == []
    told = next(check for check in document["checks"] if check["name"] == "tunnel")
    assert (told["finding"], "no authtoken" in told["text"]) == ("note", True)
    assert stranger.run("send", "31611111111", "hello", "--queue").code == 0


def test_a_second_line_is_the_authtoken(stranger: Program, agent: Agent) -> None:
    ended = stranger.run("login", *WHO, "--yes", "--tunnel", "ngrok", stdin=f"{SECRET}\n{AUTHTOKEN}\n")
    assert ended.code == 0, ended.err
    assert AUTHTOKEN in files_of(stranger)["credentials.toml"]
    assert len(agent.endpoints) == 1
    agent.wait_ended()


@pytest.mark.parametrize(
    ("path", "reply", "code", "said"),
    [(TOKEN, REFUSED, 5, "refuses the credentials"), (SEND, NO_PRODUCT, 5, "SMS - Vonage"),
     (TOKEN, Reply(status=429), 75, "too fast")],
    ids=["wrong secret", "product missing", "throttled"],
)  # fmt: skip
def test_what_is_refused_is_not_stored(
    stranger: Program, standin: Standin, path: str, reply: Reply, code: int, said: str
) -> None:
    standin.always(path, reply)
    ended = stranger.run("login", *WHO, "--yes", stdin=f"{SECRET}\n")
    assert ended.code == code
    assert said in ended.err
    assert files_of(stranger) == {}
    told = stranger.run("login", *WHO, "--yes", "--json", stdin=f"{SECRET}\n")
    assert (told.code, told.document()["ok"]) == (code, False)
    assert stranger.run("login", *WHO, "--yes", "--no-check", stdin=f"{SECRET}\n").code == 0
    assert SECRET in files_of(stranger)["credentials.toml"]


def test_a_refused_tunnel_leaves_the_account_stored(stranger: Program, agent: Agent) -> None:
    agent.change(authtokens=["another"])
    ended = stranger.run("login", *WHO, "--yes", "--tunnel", "ngrok", stdin=f"{SECRET}\n{AUTHTOKEN}\n")
    assert ended.code == 69
    assert AUTHTOKEN not in ended.err + "".join(files_of(stranger).values())
    assert SECRET in files_of(stranger)["credentials.toml"]


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "said"),
    [
        (("--yes",), f"{SECRET}\n", 2, "--client-id and --number"),
        ((*WHO, "--yes"), "", 2, "there is no client secret"),
        (WHO, f"{SECRET}\n", 3, "there is no OS keyring"),
        (("--client-id", "an-id", "--number", "12", "--yes"), f"{SECRET}\n", 3, "too short"),
        ((*WHO, "--yes"), "one\ntwo\nthree\n", 2, "more than two lines"),
        ((*WHO, "--yes", "--api-url", "https://example.org/path"), f"{SECRET}\n", 2, "api_url"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_stored(
    stranger: Program, standin: Standin, arguments: tuple[str, ...], stdin: str, code: int, said: str
) -> None:
    ended = stranger.run("login", *arguments, stdin=stdin)
    assert ended.code == code
    assert said in ended.err
    assert files_of(stranger) == {}
    assert standin.requests == []


def test_logout_erases_what_login_stored_and_says_what_is_left(stranger: Program) -> None:
    assert stranger.run("login", *WHO, "--yes", stdin=f"{SECRET}\n").code == 0
    assert stranger.run("send", "31611111111", "hello", "--queue").code == 0
    ended = stranger.run("logout", "--json")
    document = ended.document()
    assert ended.code == 0
    assert any("client secret" in text for text in document["erased"])
    assert any(str(stranger.home / "data" / "default.db") in text for text in document["left"])
    assert SECRET not in "".join(files_of(stranger).values())
    assert "an-id" not in "".join(files_of(stranger).values())
    assert stranger.run("logout").code == 0
    failed = stranger.run("send", "31611111111", "hello")
    assert failed.code == 2
    assert "smschat login" in failed.err


def test_without_a_terminal_the_chat_names_the_ways(stranger: Program) -> None:
    ended = stranger.run()
    assert ended.code == 2
    assert "smschat login" in ended.err
    assert "smschat demo" in ended.err


def test_half_set_up_the_chat_opens_and_says_what_is_missing(stranger: Program, standin: Standin) -> None:
    half = replace(stranger, more={**stranger.more, "SMSCHAT_CLIENT_ID": "an-id", "SMSCHAT_TUNNEL": "off"})
    with Terminal(smschat(), env=half.env) as terminal:
        terminal.wait_for("Not set: client_secret and number; run `smschat login`")
        terminal.wait_for("gateway: not set")
        terminal.type("ctrl+q")
        assert terminal.wait_exit() == 0
    assert standin.of(REGISTER) == []
