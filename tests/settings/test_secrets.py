"""The client secret is fetched from the first place that has it, once, and never shown."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from smschat.domain.secret import Secret, masked
from smschat.errors import SettingsError
from smschat.settings.secrets import ProfileSecrets, printed_by, take_secrets

if TYPE_CHECKING:
    from pathlib import Path

    from smschat.settings.secrets import KeptSecret

PATH = "/usr/bin:/bin"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "credentials.toml"


def credentials(file: Path, text: str, mode: int = 0o600) -> Path:
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


def client_secret(file: Path, profile: str = "default", **env: str) -> KeptSecret:
    return ProfileSecrets({"PATH": PATH, **env}, file, profile).client_secret


def command(text: str, file: Path) -> KeptSecret:
    return client_secret(file, SMSCHAT_CLIENT_SECRET_COMMAND=text)


def revealed(source: KeptSecret) -> str | None:
    secret = source.fetch()
    return secret.reveal() if secret else None


def test_a_secret_shows_nowhere_but_where_it_is_revealed() -> None:
    secret = Secret("zq7-canary")
    assert "canary" not in f"{secret} {secret!r} {[secret]} {secret:>40}"
    assert secret.reveal() == "zq7-canary"
    assert secret == Secret("zq7-canary")
    assert secret != Secret("another one")
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_a_text_is_cleaned_of_every_secret_that_exists() -> None:
    Secret("cleaned-canary")
    assert masked("x cleaned-canary y") == "x ******** y"
    Secret("abc")
    assert masked("abc") == "abc"


def test_it_is_nowhere_when_nobody_set_it(file: Path) -> None:
    source = client_secret(file)
    assert (source.origin(), source.fetch()) == (None, None)


def test_the_environment_goes_before_the_command_before_the_file(file: Path) -> None:
    credentials(file, 'client_secret = "of the file"')
    env = {"SMSCHAT_CLIENT_SECRET": "of the variable", "SMSCHAT_CLIENT_SECRET_COMMAND": "echo of the command"}
    source = client_secret(file, **env)
    assert (source.origin(), revealed(source)) == ("environment SMSCHAT_CLIENT_SECRET", "of the variable")
    source = command("echo of the command", file)
    assert (source.origin(), revealed(source)) == ("command SMSCHAT_CLIENT_SECRET_COMMAND", "of the command")
    source = client_secret(file)
    assert (source.origin(), revealed(source)) == ("credentials.toml", "of the file")


def test_a_command_runs_once_and_only_when_it_is_needed(file: Path, tmp_path: Path) -> None:
    source = command(f"echo run >> {tmp_path}/runs; echo secret-canary; echo more", file)
    assert source.origin() is not None
    assert not (tmp_path / "runs").exists()
    assert [revealed(source), revealed(source)] == ["secret-canary", "secret-canary"]
    assert (tmp_path / "runs").read_text() == "run\n"


@pytest.mark.parametrize(
    ("text", "how"), [("echo canary; exit 3", "ended with 3"), ("true", "printed nothing"), ("echo; echo x", "nothing")]
)
def test_a_command_that_fails_is_said_and_what_it_printed_is_not(text: str, how: str, file: Path) -> None:
    with pytest.raises(SettingsError, match=how) as caught:
        command(text, file).fetch()
    assert "canary" not in caught.value.message + caught.value.hint


def test_a_command_that_hangs_is_ended_with_its_children(file: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"longer than 0\.5 s"):
        printed_by(f"sleep 600 & echo $! > {tmp_path}/child; wait", {"PATH": PATH}, limit_s=0.5)


def test_a_profile_of_its_own_goes_before_what_holds_for_all(file: Path) -> None:
    credentials(file, 'client_secret = "for all"\n[shop]\nclient_secret = "of the shop"')
    assert revealed(client_secret(file, "shop")) == "of the shop"
    assert revealed(client_secret(file)) == "for all"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_a_file_that_others_can_read_is_refused(file: Path, mode: int) -> None:
    source = client_secret(credentials(file, 'client_secret = "x"', mode))
    with pytest.raises(SettingsError, match="open to others") as caught:
        source.origin()
    assert f"chmod 600 '{file}'" in caught.value.hint


@pytest.mark.parametrize("text", ["client_secret = canary", "client_secret = 5", 'client_secret = ["canary"]'])
def test_a_file_that_cannot_be_read_is_said_and_what_stands_in_it_is_not(file: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"credentials\.toml") as caught:
        client_secret(credentials(file, text)).fetch()
    assert "canary" not in caught.value.message + caught.value.hint


def test_a_file_without_the_secret_is_as_good_as_none(file: Path) -> None:
    assert client_secret(credentials(file, "[shop]")).origin() is None


def test_what_is_taken_from_the_environment_is_gone_there() -> None:
    env = {
        "SMSCHAT_CLIENT_SECRET": "a-canary",
        "SMSCHAT_CLIENT_SECRET_COMMAND": "echo canary",
        "SMSCHAT_SIGNATURE_SECRET": "b-canary",
        "NGROK_AUTHTOKEN": "c-canary",
        "SMSCHAT_NUMBER": "31612345678",
        "PATH": PATH,
    }
    before = dict(env)
    assert take_secrets(env) == before
    assert env == {"SMSCHAT_NUMBER": "31612345678", "PATH": PATH}
    assert take_secrets(env) == env


def test_the_command_is_given_the_environment_without_secrets(file: Path) -> None:
    env = {"SMSCHAT_CLIENT_SECRET_COMMAND": "env | grep -c canary; true", "NGROK_AUTHTOKEN": "canary", "PASS": "kept"}
    assert revealed(client_secret(file, **env)) == "0"
    assert revealed(client_secret(file, **{**env, "SMSCHAT_CLIENT_SECRET_COMMAND": "echo $PASS"})) == "kept"


def test_a_secret_of_the_file_is_cleaned_from_what_is_written_out(file: Path) -> None:
    client_secret(credentials(file, 'client_secret = "file-canary-1"')).fetch()
    assert masked("file-canary-1") == "********"


def authtoken(tmp_path: Path, env: dict[str, str], given: tuple[Secret, str] | None = None) -> KeptSecret:
    return ProfileSecrets({"HOME": str(tmp_path), **env}, tmp_path / "credentials.toml", "shop", given).authtoken


def agents(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("version: '3'\nagent:\n  authtoken: of-the-agent\n", "of-the-agent"),
        ("version: '2'\nauthtoken: of-the-agent\n", "of-the-agent"),
        ("authtoken: ''\n", None),
        ("authtoken: [1]\n", None),
        ("agent: x\n", None),
        ("just words", None),
        ("a: b: c: [", None),
        ("agent:\n  metadata: 2024-99-99\n", None),
        ("[" * 5000, None),
        ("", None),
    ],
)
def test_the_agents_own_file_has_the_token_where_its_version_puts_it(
    tmp_path: Path, text: str, expected: str | None
) -> None:
    agents(tmp_path / "config" / "ngrok" / "ngrok.yml", text)
    source = authtoken(tmp_path, {"XDG_CONFIG_HOME": str(tmp_path / "config")})
    assert revealed(source) == expected
    assert source.origin() == (expected and "the agent's own ngrok.yml")


def test_an_authtoken_comes_from_the_first_place_that_has_one(tmp_path: Path) -> None:
    agents(tmp_path / ".config" / "ngrok" / "ngrok.yml", "authtoken: of-the-agent")
    assert revealed(authtoken(tmp_path, {})) == "of-the-agent"
    credentials(tmp_path / "credentials.toml", '[shop]\nngrok_authtoken = "of-the-file"')
    assert revealed(authtoken(tmp_path, {})) == "of-the-file"
    source = authtoken(tmp_path, {}, (Secret("of the settings"), "config.toml"))
    assert (revealed(source), source.origin()) == ("of the settings", "config.toml")


def test_an_authtoken_that_others_can_read_is_used_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    agents(tmp_path / ".config" / "ngrok" / "ngrok.yml", "authtoken: of-the-agent")
    (tmp_path / ".config" / "ngrok" / "ngrok.yml").chmod(0o644)
    assert revealed(authtoken(tmp_path, {})) == "of-the-agent"
    assert "others can read the authtoken" in caplog.text
    assert "of-the-agent" not in caplog.text
