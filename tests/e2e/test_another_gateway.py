"""The main job against a gateway that is not ours, from outside: commands, wire and callbacks."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.program import NUMBER, Program, free_port, until
from tests.standin import REGISTER, SEND, Manner, Reply, flat, inbound, receipt
from tests.terminal import smschat

if TYPE_CHECKING:
    from tests.standin import Standin

SMS_KEYS = {
    "id", "direction", "peer", "from", "to", "type", "text", "encoding", "segments", "status", "reason", "created_at",
    "updated_at", "price", "remaining_balance", "parts", "answer",
}  # fmt: skip


@pytest.fixture
def program(standin: Standin, tmp_path: Path) -> Program:
    return Program(home=tmp_path / "home", api_url=standin.url)


@pytest.fixture
def receiver(standin: Standin, tmp_path: Path) -> Program:
    """A program whose listener the stand-in can reach."""
    port = free_port()
    more = {
        "SMSCHAT_TUNNEL": "fixed",
        "SMSCHAT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SMSCHAT_LISTEN": f"127.0.0.1:{port}",
    }
    return Program(home=tmp_path / "home", api_url=standin.url, more=more)


def test_send_prints_the_sms_and_puts_the_documented_fields_on_the_wire(program: Program, standin: Standin) -> None:
    ended = program.run("send", "06 11 11 11 11", "hello", "--json")
    sms = ended.document()
    assert ended.code == 0
    assert set(sms) >= SMS_KEYS
    assert (sms["status"], sms["price"], sms["remaining_balance"]) == ("accepted", "0.07250000", "12.50000000")
    assert sms["parts"][0]["message_id"]
    (sent,) = standin.sends
    wanted = {"from": NUMBER, "to": "31611111111", "text": "hello", "type": "text", "status-report-req": "true"}
    assert wanted.items() <= sent.form.items()
    assert sent.headers["inbound"] == "yes"
    assert sent.headers["authorization"] == "Bearer token-1"


def test_a_text_that_gsm7_cannot_carry_goes_as_unicode(program: Program, standin: Standin) -> None:
    assert program.run("send", "31611111111", "ideeën", "--json").document()["encoding"] == "ucs2"
    assert standin.sends[0].form["type"] == "unicode"


def test_one_refused_token_is_renewed_and_the_sms_goes_out_once_more(program: Program, standin: Standin) -> None:
    standin.script(SEND, Reply(status=401))
    ended = program.run("send", "31611111111", "hello", "--json")
    assert (ended.code, ended.document()["status"]) == (0, "accepted")
    assert (len(standin.tokens), len(standin.sends)) == (2, 2)
    assert standin.sends[0].form["client-ref"] != standin.sends[1].form["client-ref"]


def test_a_token_that_is_always_refused_ends_after_two_requests(program: Program, standin: Standin) -> None:
    standin.always(SEND, Reply(status=401))
    ended = program.run("send", "31611111111", "hello", "--json")
    assert (ended.code, ended.document()["status"]) == (5, "refused")
    assert len(standin.sends) == 2


@pytest.mark.parametrize("manner", [Manner.CLOSE, Manner.RESET, Manner.HALF, Manner.RUBBISH])
def test_no_readable_answer_is_unknown_and_is_not_sent_again(
    program: Program, standin: Standin, manner: Manner
) -> None:
    standin.script(SEND, Reply(manner=manner))
    ended = program.run("send", "31611111111", "hello", "--json")
    assert (ended.code, ended.document()["status"]) == (6, "unknown")
    assert len(standin.sends) == 1


def test_throttled_for_longer_than_it_tries_is_withdrawn(program: Program, standin: Standin) -> None:
    standin.script(SEND, Reply(status=429, headers={"Retry-After": "600"}))
    ended = program.run("send", "31611111111", "hello", "--json")
    assert (ended.code, ended.document()["status"]) == (75, "refused")
    assert len(standin.sends) == 1


def test_queued_stays_on_disk_and_nothing_is_sent(program: Program, standin: Standin) -> None:
    ended = program.run("send", "31611111111", "later", "--queue", "--json")
    assert (ended.code, ended.document()["status"]) == (0, "queued")
    assert standin.sends == []


def test_a_dry_run_shows_the_request_and_sends_nothing(program: Program, standin: Standin) -> None:
    request = program.run("send", "0611111111", "hello", "--dry-run", "--json").document()["request"]
    assert request["form"]["to"] == "31611111111"
    assert request["url"].endswith("/communication/nexmo/sms/send")
    curl = program.run("send", "0611111111", "it's", "--dry-run", "--curl").out
    assert curl.startswith("curl -X POST ")
    assert "Bearer *****" in curl
    assert standin.requests == []


def test_register_sends_the_documented_form(program: Program, standin: Standin) -> None:
    ended = program.run("webhook", "register", "--url", "https://hook.example/x", "--json")
    assert ended.code == 0
    assert standin.of(REGISTER)[0].form == {"to": NUMBER, "callback_url": "https://hook.example/x"}


def test_register_without_an_address_is_a_usage_error(program: Program) -> None:
    assert program.run("webhook", "register", "--json").code == 2


@pytest.mark.parametrize("form", ["json", "form", "get"])
def test_listen_tells_of_inbound_sms_in_every_form(receiver: Program, standin: Standin, form: str) -> None:
    with receiver.start("listen", "--json") as listening:
        told = listening.wait_for("listening")
        assert told["registered"] is True
        assert standin.registrations[0].form == {"to": NUMBER, "callback_url": told["callback_url"]}
        fields = inbound("hé, één “vraag” ☺", message_id="0B01")
        assert standin.callback(told["callback_url"], fields, as_=form) == 200  # type: ignore[arg-type]
        sms = listening.wait_for("inbound")["sms"]
        assert SMS_KEYS | {"keyword"} <= set(sms)
        assert (sms["direction"], sms["peer"], sms["to"]) == ("inbound", "31611111111", NUMBER)
        assert (sms["text"], sms["status"]) == ("hé, één “vraag” ☺", "received")
        assert listening.end() == 0


def test_a_receipt_at_its_own_address_settles_an_unknown_sms(receiver: Program, standin: Standin) -> None:
    with receiver.start("listen", "--json") as listening:
        listening.wait_for("listening")
        standin.script(SEND, Reply(manner=Manner.CLOSE))
        ended = receiver.run("send", "31611111111", "hello", "--json")
        assert (ended.code, ended.document()["status"]) == (6, "unknown")
        sent = standin.sends[0]
        fields = receipt(sent, message_id="0A77", status="delivered")
        assert standin.callback(sent.form["callback"], fields) == 200
        sms = listening.wait_for("receipt")["sms"]
        assert (sms["id"], sms["status"]) == (ended.document()["id"], "delivered")
        assert listening.end() == 0
    assert len(standin.sends) == 1


def test_waiting_prints_each_state_until_delivered(receiver: Program, standin: Standin) -> None:
    with receiver.start("send", "31611111111", "hello", "--wait", "--json") as sending:
        sent = standin.wait_for(SEND)[0]
        standin.callback(sent.form["callback"], receipt(sent, message_id="0A00000000000001", status="buffered"))
        standin.callback(sent.form["callback"], receipt(sent, message_id="0A00000000000001", status="delivered"))
        assert sending.process.wait(60) == 0


def test_what_has_no_token_gets_an_empty_404(receiver: Program, standin: Standin) -> None:
    with receiver.start("listen", "--json") as listening:
        told = listening.wait_for("listening")
        origin = told["local_url"]
        assert standin.callback(origin + "/", inbound("x", message_id="1")) == 404
        assert standin.callback(origin + "/" + "A" * 22, inbound("x", message_id="1")) == 404
        assert standin.callback(told["callback_url"], {}, as_="get") == 200
        assert urlsplit(told["callback_url"]).path.count("/") == 1
    assert receiver.run("threads", "--json").document() == []


def test_the_whole_conversation_is_read_back(receiver: Program, standin: Standin) -> None:
    with receiver.start("listen", "--json") as listening:
        told = listening.wait_for("listening")
        receiver.run("send", "31611111111", "are you there?")
        standin.callback(told["callback_url"], inbound("yes", message_id="0B02"))
        listening.wait_for("inbound")
    rows = receiver.run("read", "0611111111", "--json").document()
    assert [(row["direction"], row["text"]) for row in rows] == [("outbound", "are you there?"), ("inbound", "yes")]
    (thread,) = receiver.run("threads", "--json").document()
    assert (thread["peer"], thread["unread"], thread["last"]["text"]) == ("31611111111", 1, "yes")
    assert receiver.run("read", "31699999999").code == 20


def test_several_recipients_need_a_yes(program: Program, standin: Standin) -> None:
    assert program.run("send", "31611111111,31622222222", "hello", "--json").code == 3
    assert standin.sends == []
    ended = program.run("send", "31611111111,31622222222", "hello", "--json", "--yes")
    assert [sms["status"] for sms in ended.document()["sms"]] == ["accepted", "accepted"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_send_interrupted_while_the_answer_hangs_is_printed_as_unknown(
    program: Program, standin: Standin, number: signal.Signals
) -> None:
    standin.script(SEND, Reply(manner=Manner.SILENT))
    with program.start("send", "31611111111", "hello", "--json") as sending:
        standin.wait_for(SEND)
        assert sending.end(number) == 130
        assert sending.document()["status"] == "unknown"
    assert program.run("read", "31611111111", "--json").document()[0]["status"] == "unknown"


def test_a_send_interrupted_between_two_tries_is_withdrawn(program: Program, standin: Standin) -> None:
    standin.script(SEND, Reply(status=429, headers={"Retry-After": "20"}))
    with program.start("send", "31611111111", "hello", "--json") as sending:
        standin.wait_for(SEND)
        until(lambda: program.run("read", "31611111111", "--json").document()[0]["answer"])
        assert sending.end(signal.SIGTERM) == 130
        withdrawn = sending.document()
    assert (withdrawn["status"], withdrawn["reason"]) == ("refused", "withdrawn, not sent: interrupted")


def test_what_is_withdrawn_promises_no_other_try(program: Program, standin: Standin) -> None:
    refused = {
        "messages": [{"status": "1", "error-text": "Throughput Rate Exceeded - please wait [ 60000 ] and retry"}]
    }
    standin.script(SEND, Reply(body=refused))
    ended = program.run("send", "31611111111", "hello")
    assert ended.code == 75
    assert "by itself" not in ended.out + ended.err


def test_a_wrong_command_line_is_told_as_json_where_json_was_asked_for(program: Program) -> None:
    for arguments in (["send", "--json"], ["--json", "nope"], ["read", "31611111111", "--since", "soon", "--json"]):
        ended = program.run(*arguments)
        assert ended.code == 2
        assert set(ended.document()["error"]) == {"code", "message", "hint"}
        assert ended.err == ""
    ended = program.run("send")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("usage: smschat send")


def test_a_recipient_named_twice_gets_one_sms(program: Program, standin: Standin) -> None:
    assert program.run("send", "0611111111, +31 6 1111 1111", "hello", "--json").document()["status"] == "accepted"
    assert len(standin.sends) == 1


def test_a_sender_in_national_form_is_read_by_the_country_of_the_number(program: Program, standin: Standin) -> None:
    assert program.run("send", "31611111111", "hello", "--from", "0612345678").code == 0
    assert standin.sends[0].form["from"] == NUMBER


def test_the_daily_budget_asks_for_queued_sms_too(program: Program) -> None:
    tight = Program(home=program.home, api_url=program.api_url, more={"SMSCHAT_DAILY_BUDGET": "0"})
    assert tight.run("send", "31611111111", "hello", "--queue").code == 3
    assert tight.run("threads", "--json").document() == []
    assert tight.run("send", "31611111111", "hello", "--queue", "--yes").code == 0


@pytest.mark.parametrize("url", ["ftp://hook.example/x", "http://hook.example/x", "hook example", ""])
def test_an_address_that_no_gateway_calls_is_not_registered(program: Program, standin: Standin, url: str) -> None:
    assert program.run("webhook", "register", "--url", url, "--json").code == 2
    assert standin.requests == []


def test_a_bad_number_is_told_before_a_missing_account(program: Program) -> None:
    nobody = Program(home=program.home, api_url="", more={"SMSCHAT_CLIENT_ID": "", "SMSCHAT_NUMBER": ""})
    assert nobody.run("send", "06123", "hello").code == 3
    assert nobody.run("send", "0611111111", "hello").code == 2
    assert nobody.run("send", "0611111111", "hello", "--dry-run").code == 2
    assert nobody.run("send", "0611111111", "hello", "--dry-run", "--from", "Bakker").code == 0


def test_the_version_may_stand_behind_the_command(program: Program) -> None:
    assert program.run("send", "--version").out == program.run("--version").out


def test_what_the_gateway_said_is_in_its_own_words(program: Program, standin: Standin) -> None:
    standin.script(SEND, Reply(status=400, body=flat(400, "Bad Request", "no such thing")))
    answer = program.run("send", "31611111111", "hello", "--json").document()["answer"]
    assert (answer["http"], answer["status"], answer["error_text"]) == (400, None, "no such thing")
    standin.script(SEND, Reply(body={"messages": [{"message-id": "0A01"}]}))
    assert program.run("send", "31611111111", "hello", "--json").document()["answer"]["status"] is None


def test_no_answer_is_null(program: Program, standin: Standin) -> None:
    standin.script(SEND, Reply(manner=Manner.CLOSE))
    assert program.run("send", "31611111111", "hello", "--json").document()["answer"] is None


def test_a_stream_of_ascii_carries_every_text(program: Program) -> None:
    plain = Program(home=program.home, api_url=program.api_url, more={"PYTHONIOENCODING": "ascii"})
    assert plain.run("send", "31611111111", "hi ☺ 😀").code == 0
    assert plain.run("send", "31611111111", "hi ☺ 😀", "--json").document()["text"] == "hi ☺ 😀"


def test_a_full_disk_under_standard_output_is_one_sentence(program: Program) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(
            smschat("count", "hello"), env=program.env, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ended.returncode, ended.stderr) == (1, "smschat: the system says: No space left on device\n")


def test_nothing_is_registered_while_nothing_listens(receiver: Program, standin: Standin) -> None:
    host, port = receiver.more["SMSCHAT_LISTEN"].split(":")
    with socket.create_server((host, int(port))), receiver.start("listen", "--json") as listening:
        told = listening.wait_for("listening")
        assert (told["local_url"], told["registered"]) == (None, False)
        assert listening.end() == 0
    assert standin.registrations == []


def test_a_reader_that_is_gone_does_not_change_the_exit_code(program: Program, standin: Standin) -> None:
    standin.script(SEND, Reply(manner=Manner.CLOSE))
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as gone:
        ended = subprocess.run(
            smschat("send", "31611111111", "hello", "--json"),
            env=program.env,
            stdout=gone,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (6, "")


def test_waiting_for_several_ends_when_all_are_final(receiver: Program, standin: Standin) -> None:
    standin.script(SEND, Reply(status=400, body=flat(400, "Bad Request", "no")))
    arguments = ("send", "31622222222,31611111111", "hello", "--wait", "--json", "--yes")
    with receiver.start(*arguments) as sending:
        sent = standin.wait_for(SEND, 2)[1]
        until(lambda: receiver.run("read", "31611111111", "--json").document()[0]["status"] == "accepted")
        standin.callback(sent.form["callback"], receipt(sent, message_id="0A00000000000001", status="failed"))
        assert sending.process.wait(60) == 7


def test_a_reference_of_several_lines_is_refused(program: Program, standin: Standin) -> None:
    assert program.run("send", "31611111111", "hello", "--ref", "a\nb").code == 3
    assert standin.requests == []


def test_the_plain_demo_streams_documents_where_json_is_asked_for(program: Program) -> None:
    told = program.run("demo", "--json").documents()
    states = [sms["status"] for sms in told if sms["id"] == told[0]["id"]]
    course = ["queued", "sending", "accepted", "delivered"]  # a busy machine tells of fewer, never in another order
    assert states == [state for state in course if state in states]
    assert states[-1] == "delivered"
    assert {sms["direction"] for sms in told} == {"outbound", "inbound"}
