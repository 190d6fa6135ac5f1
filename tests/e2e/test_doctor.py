"""`smschat doctor` as a person calls it: a set-up that is well, and ten that are broken, each named with its fix."""

from __future__ import annotations

import os
import socket
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.agent import Agent
from tests.document import refused
from tests.program import NUMBER, Program, until
from tests.standin import REGISTER, SEND, TOKEN, Reply, fault, flat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.standin import Standin

AUTHTOKEN = "2abcCanaryAuthtoken_5xyz"
NO_PRODUCT = "keymanagement.service.InvalidAPICallAsNoApiProductMatchFound"


def program(home: Path, standin: Standin, **more: str) -> Program:
    return Program(
        home=home, api_url=standin.url, more={f"SMSCHAT_{name.upper()}": text for name, text in more.items()}
    )


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    with Agent(tmp_path / "agent") as agent:
        yield agent


def with_ngrok(home: Path, standin: Standin, path: Path) -> Program:
    smschat = program(home, standin, tunnel="ngrok", ngrok_path=str(path))
    return Program(home=home, api_url=standin.url, more={**smschat.more, "NGROK_AUTHTOKEN": AUTHTOKEN})


def faults(smschat: Program) -> list[dict[str, str]]:
    """What has to be mended; each has its fix, and the exit code says that there is something."""
    ended = smschat.run("doctor", "--json")
    assert AUTHTOKEN not in ended.out + ended.err
    told = ended.document()
    found = [check for check in told["checks"] if check["finding"] == "fault"]
    assert (ended.code, told["ok"]) == ((1, False) if found else (0, True))
    assert all(check["fix"] for check in found), found
    return found


def the_fault(smschat: Program, name: str, words: str, fix: str) -> None:
    """The one thing that has to be mended."""
    found = faults(smschat)
    assert [check["name"] for check in found] == [name], found
    assert words in found[0]["text"]
    assert fix in found[0]["fix"]


def test_a_set_up_that_is_well_is_all_well(tmp_path: Path, standin: Standin, agent: Agent) -> None:
    now = format_datetime(datetime.now(UTC), usegmt=True)
    quota = {"quota-limit": "1000", "quota-used": "12", "quota-time-unit": "month"}
    standin.always(SEND, Reply(body=refused("2", "Missing to param"), headers={"Date": now, **quota}))
    smschat = with_ngrok(tmp_path, standin, agent.path)
    ended = smschat.run("doctor")
    assert ended.code == 0, ended.out
    lines = ended.out.splitlines()
    assert lines[-1] == "all is well"
    well = [line.split("  ")[0] for line in lines if line.startswith("✓")]
    named = (
        "client secret",
        "authtoken",
        "signatures",
        "gateway",
        "clock",
        "quota",
        "number",
        "ngrok agent",
        "tunnel",
        "reachability",
    )
    assert {f"✓ {name}" for name in named} <= set(well)
    assert "✗" not in ended.out
    assert "\x1b" not in ended.out
    assert AUTHTOKEN not in ended.out + ended.err
    assert not (smschat.home / "data").exists()
    assert standin.sends == []
    assert standin.registrations == []


def test_it_looks_at_a_smschat_that_runs_and_leaves_it_alone(tmp_path: Path, standin: Standin, agent: Agent) -> None:
    smschat = with_ngrok(tmp_path, standin, agent.path)
    with smschat.start("listen", "--json") as listening:
        listening.wait_for("listening")
        told = smschat.run("doctor", "--json").document()
        assert told["ok"], told
        texts = {check["name"]: check["text"] for check in told["checks"]}
        assert f"process {listening.process.pid}" in texts["listener"]
        assert "registered at" in texts["callback"]
        assert "leads to this listener" in texts["reachability"]
        assert listening.end() == 0
    assert len(agent.endpoints) == 1
    assert len(standin.registrations) == 1


def test_on_a_new_machine_it_makes_no_store(tmp_path: Path, standin: Standin) -> None:
    smschat = Program(home=tmp_path, api_url=standin.url, more={"SMSCHAT_CLIENT_ID": "", "SMSCHAT_NUMBER": ""})
    found = faults(smschat)
    assert [check["name"] for check in found] == ["account", "account"]
    assert not (tmp_path / "data").exists()
    assert standin.requests == []


def test_malformed_settings_are_named_and_the_rest_is_looked_at(tmp_path: Path, standin: Standin) -> None:
    smschat = program(tmp_path, standin, rate="fast", listen="here")
    found = faults(smschat)
    assert [check["name"] for check in found] == ["settings", "settings"]
    assert "`listen`" in found[0]["text"]
    assert "`rate`" in found[1]["text"]
    assert len(standin.looks) == 1


def test_1_a_wrong_secret(tmp_path: Path, standin: Standin) -> None:
    standin.always(TOKEN, Reply(status=401, body={"ErrorCode": "invalid_client", "Error": "ClientId is Invalid"}))
    the_fault(program(tmp_path, standin), "gateway", "refuses the credentials", "check client_id and client_secret")


def test_2_a_missing_product(tmp_path: Path, standin: Standin) -> None:
    standin.always(SEND, Reply(status=401, body=fault(NO_PRODUCT, "Invalid API call as no apiproduct match found")))
    the_fault(program(tmp_path, standin), "gateway", "the project lacks SMS - Vonage", "add the product")


def test_3_a_wrong_number(tmp_path: Path, standin: Standin, agent: Agent) -> None:
    standin.always(REGISTER, Reply(status=400, body=flat(400, "Bad Request", "to is no number of this project")))
    smschat = with_ngrok(tmp_path, standin, agent.path)
    with smschat.start("listen", "--json") as listening:
        assert listening.wait_for("listening")["registered"] is False
        listening.end()
    the_fault(smschat, "callback", f"could not be registered for {NUMBER}", "check `number`")
    assert "to is no number of this project" in faults(smschat)[0]["text"]


def test_4_no_agent(tmp_path: Path, standin: Standin) -> None:
    smschat = with_ngrok(tmp_path, standin, tmp_path / "ngrok")
    the_fault(smschat, "ngrok agent", "there is no ngrok agent", "smschat doctor --install-ngrok")


def test_an_agent_that_cannot_be_fetched_is_a_fault_and_nothing_else_is_looked_at(
    tmp_path: Path, standin: Standin
) -> None:
    smschat = program(tmp_path, standin)
    offline = Program(home=tmp_path, api_url=standin.url, more={**smschat.more, "HTTPS_PROXY": "http://127.0.0.1:1"})
    ended = offline.run("doctor", "--install-ngrok", "--json")
    (check,) = ended.document()["checks"]
    assert (ended.code, check["name"], check["finding"]) == (1, "ngrok agent", "fault")
    assert "ngrok.com/download" in check["fix"]
    assert standin.requests == []


def test_an_agent_that_is_too_old(tmp_path: Path, standin: Standin, agent: Agent) -> None:
    agent.change(version="3.22.1")
    the_fault(with_ngrok(tmp_path, standin, agent.path), "ngrok agent", "version 3.22.1", "run `ngrok update`")


def test_5_a_bad_authtoken(tmp_path: Path, standin: Standin, agent: Agent) -> None:
    agent.change(authtokens=["another"])
    the_fault(with_ngrok(tmp_path, standin, agent.path), "tunnel", "authtoken is not valid", "dashboard.ngrok.com")


def test_sigterm_while_the_agent_starts_leaves_no_agent(tmp_path: Path, standin: Standin, agent: Agent) -> None:
    agent.change(hangs="online")
    with with_ngrok(tmp_path, standin, agent.path).start("doctor") as doctor:
        until(lambda: agent.running)
        assert doctor.end() == 130
    agent.wait_ended()


def test_6_a_port_in_use(tmp_path: Path, standin: Standin) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        the_fault(program(tmp_path, standin, listen=address), "listener", address, "listen")


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder that cannot be written in, not by root either."""
    if os.geteuid() == 0:
        if not Path("/proc/self").exists():
            pytest.skip("root may write everywhere, and there is no /proc")
        yield Path("/proc/self/smschat")
        return
    folder = tmp_path / "data"
    folder.mkdir(mode=0o500)
    yield folder
    folder.chmod(0o700)


def test_7_a_read_only_folder(tmp_path: Path, standin: Standin, read_only: Path) -> None:
    smschat = program(tmp_path, standin, data_dir=str(read_only))
    the_fault(smschat, "data folder", "cannot be used", "a folder that you can write in")


def test_8_a_clock_that_is_off_by_an_hour(tmp_path: Path, standin: Standin) -> None:
    date = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
    standin.always(SEND, Reply(body=refused("2", "Missing to param"), headers={"Date": date}))
    smschat = program(tmp_path, standin)
    the_fault(smschat, "clock", "ahead of the gateway's", "let the system set its clock")
    assert "1 h" in faults(smschat)[0]["text"] or "59 min" in faults(smschat)[0]["text"]


def test_9_a_foreign_callback(tmp_path: Path, standin: Standin) -> None:
    smschat = program(tmp_path, standin)
    assert smschat.run("webhook", "register", "--url", "https://elsewhere.example/hook").code == 0
    the_fault(
        smschat, "callback", "foreign callback: the gateway was told https://elsewhere.example", "start `smschat`"
    )


def test_9_a_foreign_callback_while_smschat_receives(tmp_path: Path, standin: Standin, agent: Agent) -> None:
    smschat = with_ngrok(tmp_path, standin, agent.path)
    with smschat.start("listen", "--json") as listening:
        listening.wait_for("listening")
        assert smschat.run("webhook", "register", "--url", "https://elsewhere.example/hook").code == 0
        the_fault(smschat, "callback", "foreign callback", "smschat webhook register")
        assert smschat.run("webhook", "register").code == 0
        assert faults(smschat) == []
        listening.end()


def test_10_a_corrupt_store(tmp_path: Path, standin: Standin) -> None:
    smschat = program(tmp_path, standin)
    assert smschat.run("send", "--queue", "0687654321", "hello").code == 0
    store = tmp_path / "data" / "default.db"
    file = bytearray(store.read_bytes())
    file[4096 : 4096 * 20] = os.urandom(4096 * 19)
    store.write_bytes(file)
    the_fault(smschat, "store", str(store), "bring back a backup")


def test_a_fault_has_its_mark_and_its_fix_indented_under_it(tmp_path: Path, standin: Standin) -> None:
    ended = program(tmp_path, standin, api_url="http://127.0.0.1:1", rate="fast").run("doctor")
    lines = ended.out.splitlines()
    first = lines.index("✗ gateway        127.0.0.1 is out of reach: it refuses the connection")
    assert lines[first + 1] == "                 → check api_url: nothing listens there"
    assert lines[-1] == "2 things to mend"
    assert ended.code == 1
