"""Flag before environment before config.toml before default; what cannot be used is said, with its place."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from smschat.errors import SettingsError
from smschat.settings import (
    ACCOUNT_SETTINGS,
    TABLE,
    Account,
    Enter,
    LogLevel,
    SignatureMethod,
    TunnelKind,
    load,
    require_account,
)

if TYPE_CHECKING:
    from pathlib import Path

    from smschat.settings import (
        Settings,
    )

FULL = {
    "SMSCHAT_CLIENT_ID": "id",
    "SMSCHAT_CLIENT_SECRET": "zq7-canary",
    "SMSCHAT_NUMBER": "06 12345678",
    "SMSCHAT_ACCOUNT": "Production",
    "SMSCHAT_SENDER": "Bakker",
    "SMSCHAT_API_URL": "http://127.0.0.1:9/communication/nexmo/sms/",
    "SMSCHAT_TUNNEL": "fixed",
    "SMSCHAT_PUBLIC_URL": "https://hook.example/",
    "SMSCHAT_LISTEN": "[::1]:8080",
    "NGROK_AUTHTOKEN": "ngrok-canary",
    "SMSCHAT_SIGNATURE_SECRET": "signature-canary",
    "SMSCHAT_SIGNATURE_METHOD": "sha256",
    "SMSCHAT_NGROK_PATH": "/opt/ngrok",
    "SMSCHAT_DATA_DIR": "/data",
    "SMSCHAT_PROFILE": "shop",
    "SMSCHAT_COUNTRY": "nl",
    "SMSCHAT_RATE": "0.5",
    "SMSCHAT_DAILY_BUDGET": "100",
    "SMSCHAT_THEME": "nord",
    "SMSCHAT_KEYS": "quit=ctrl+x help=f1,f2",
    "SMSCHAT_ENTER": "newline",
    "SMSCHAT_UNDO_SEND_S": "5",
    "SMSCHAT_NOTIFY_COMMAND": "notify-send SMS",
    "SMSCHAT_NOTIFY": "bell",
    "SMSCHAT_NOTIFY_TEXT": "hide",
    "SMSCHAT_LOG_LEVEL": "DEBUG",
    "SMSCHAT_PROXY": "http://proxy.example:3128",
}


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"SMSCHAT_CONFIG_DIR": str(tmp_path), "SMSCHAT_DATA_DIR": str(tmp_path / "data")}


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return file


def test_every_setting_has_its_default(home: dict[str, str]) -> None:
    settings = load({}, {**home, "SMSCHAT_DATA_DIR": ""})
    assert (settings.client_id, settings.client_secret(), settings.number, settings.sender) == (None, None, None, None)
    assert (settings.account, settings.tunnel, settings.public_url) == (Account.TEST, TunnelKind.NGROK, None)
    assert (settings.api_url, settings.listen) == ("https://api-prd.kpn.com", ("127.0.0.1", 0))
    assert (settings.profile, settings.country, settings.rate) == ("default", "NL", 30.0)
    assert (settings.signature_secret, settings.signature_method) == (None, SignatureMethod.MD5HASH)
    assert (settings.daily_budget, settings.theme, settings.keys, settings.enter) == (None, None, {}, Enter.SEND)
    assert (settings.undo_send_s, settings.notify_command, settings.log_level) == (0.0, None, LogLevel.INFO)
    assert (settings.ngrok_authtoken, settings.ngrok_path, settings.proxy) == (None, None, None)
    assert settings.data_dir.name == "smschat"
    assert set(settings.origins.values()) == {"default"}


def test_every_setting_is_read_from_its_variable(tmp_path: Path) -> None:
    settings = load({}, {**FULL, "SMSCHAT_CONFIG_DIR": str(tmp_path)})
    assert (settings.client_id, settings.number, settings.sender) == ("id", "31612345678", "Bakker")
    assert (settings.account, settings.tunnel) == (Account.PRODUCTION, TunnelKind.FIXED)
    assert (settings.api_url, settings.public_url) == ("http://127.0.0.1:9", "https://hook.example")
    assert settings.listen == ("::1", 8080)
    assert settings.ngrok_authtoken is not None
    assert settings.ngrok_authtoken.reveal() == "ngrok-canary"
    assert (settings.signature_method, str(settings.ngrok_path)) == (SignatureMethod.SHA256, "/opt/ngrok")
    assert (str(settings.data_dir), settings.profile, settings.country) == ("/data", "shop", "NL")
    assert (settings.rate, settings.daily_budget, settings.theme) == (0.5, 100, "nord")
    assert settings.keys == {"quit": "ctrl+x", "help": "f1,f2"}
    assert (settings.enter, settings.undo_send_s, settings.log_level) == (Enter.NEWLINE, 5.0, LogLevel.DEBUG)
    assert (settings.notify_command, settings.proxy) == ("notify-send SMS", "http://proxy.example:3128")
    assert (settings.notify, settings.notify_text.value) == (frozenset({"bell"}), "hide")
    assert settings.signature_secret is not None
    assert settings.signature_secret.reveal() == "signature-canary"
    assert settings.origins == {setting.name: f"environment {setting.variable}" for setting in TABLE}


def test_every_setting_is_read_from_the_file(tmp_path: Path) -> None:
    lines = [
        'client_id = "id"',
        "number = 31612345678",
        'account = "production"',
        'sender = "Bakker"',
        'api_url = "https://example.org"',
        'tunnel = "off"',
        'public_url = "name.ngrok-free.dev"',
        'listen = "0.0.0.0:80"',
        'ngrok_authtoken = "ngrok-canary"',
        'signature_secret = "signature-canary"',
        'signature_method = "md5"',
        'ngrok_path = "/opt/ngrok"',
        'data_dir = "/data"',
        'profile = "shop"',
        'country = "BE"',
        "rate = 10",
        "daily_budget = 5",
        'theme = "nord"',
        'enter = "newline"',
        "undo_send_s = 2.5",
        'notify_command = "notify-send"',
        'notify = "none"',
        'notify_text = "show"',
        'log_level = "error"',
        'proxy = "http://proxy.example"',
        "[keys]",
        'quit = "ctrl+x"',
        'help = ["f1", "f2"]',
    ]
    settings = load({}, {}, written(tmp_path, "\n".join(lines)))
    assert set(settings.origins.values()) == {"config.toml"}
    assert settings.signature_secret is not None
    assert settings.signature_secret.reveal() == "signature-canary"
    assert (settings.number, settings.country, settings.rate) == ("31612345678", "BE", 10.0)
    assert settings.public_url == "https://name.ngrok-free.dev"
    assert settings.keys == {"quit": "ctrl+x", "help": "f1,f2"}


def test_a_flag_goes_before_the_environment_before_the_file_before_the_default(
    home: dict[str, str], tmp_path: Path
) -> None:
    written(tmp_path, 'profile = "file"\ntheme = "file"\nenter = "newline"')
    settings = load({"profile": "flag", "theme": None}, {**home, "SMSCHAT_PROFILE": "env", "SMSCHAT_THEME": "env"})
    assert (settings.profile, settings.theme, settings.enter, settings.rate) == ("flag", "env", Enter.NEWLINE, 30.0)
    assert [settings.origins[name] for name in ("profile", "theme", "enter", "rate")] == [
        "flag",
        "environment SMSCHAT_THEME",
        "config.toml",
        "default",
    ]


def test_the_signature_secret_of_an_account_holds_nowhere_but_there(home: dict[str, str], tmp_path: Path) -> None:
    written(tmp_path, 'signature_secret = "in-the-file"')
    in_file, in_environment = (load({}, {**home, **more}) for more in ({}, {"SMSCHAT_SIGNATURE_SECRET": "given"}))
    assert [s.signature_secret and s.signature_secret.reveal() for s in (in_file, in_environment)] == [
        "in-the-file",
        "given",
    ]
    assert load({}, home, ignored=ACCOUNT_SETTINGS).signature_secret is None


def test_an_empty_variable_is_not_set(home: dict[str, str]) -> None:
    assert load({}, {**home, "SMSCHAT_RATE": " ", "SMSCHAT_THEME": ""}).origins["rate"] == "default"


def test_settings_never_show_what_is_private(tmp_path: Path) -> None:
    text = repr(load({}, {**FULL, "SMSCHAT_CONFIG_DIR": str(tmp_path), "SMSCHAT_PROXY": "http://u:proxy-canary@x"}))
    assert "canary" not in text
    assert "31612345678" not in text


@pytest.mark.parametrize(
    ("variable", "value", "name"),
    [
        ("SMSCHAT_ACCOUNT", "trial", "account"),
        ("SMSCHAT_TUNNEL", "on", "tunnel"),
        ("SMSCHAT_RATE", "0", "rate"),
        ("SMSCHAT_RATE", "nan", "rate"),
        ("SMSCHAT_RATE", "fast", "rate"),
        ("SMSCHAT_DAILY_BUDGET", "1.5", "daily_budget"),
        ("SMSCHAT_DAILY_BUDGET", "-1", "daily_budget"),
        ("SMSCHAT_LISTEN", "8080", "listen"),
        ("SMSCHAT_LISTEN", "127.0.0.1:99999", "listen"),
        ("SMSCHAT_PROFILE", "../etc", "profile"),
        ("SMSCHAT_PROFILE", ".hidden", "profile"),
        ("SMSCHAT_COUNTRY", "NLD", "country"),
        ("SMSCHAT_ENTER", "yes", "enter"),
        ("SMSCHAT_LOG_LEVEL", "loud", "log_level"),
        ("SMSCHAT_KEYS", "quit", "keys"),
        ("SMSCHAT_PROXY", "socks5://x", "proxy"),
        ("SMSCHAT_SIGNATURE_METHOD", "crc", "signature_method"),
        ("SMSCHAT_UNDO_SEND_S", "61", "undo_send_s"),
        ("SMSCHAT_NUMBER", "12", "number"),
        ("SMSCHAT_SENDER", "two words", "sender"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_its_place(
    home: dict[str, str], variable: str, value: str, name: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load({}, {**home, variable: value})
    assert f"`{name}`" in caught.value.message
    assert f"(environment {variable})" in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "line",
    [
        'rate = "30"',
        "rate = true",
        "daily_budget = 1.5",
        "theme = 3",
        'keys = "quit=x"',
        "client_id = []",
        'theme = ""',
        "number = true",
        "[rate]",
    ],
)
def test_a_wrong_type_in_the_file_is_named_with_the_file(tmp_path: Path, line: str) -> None:
    file = written(tmp_path, line)
    with pytest.raises(SettingsError) as caught:
        load({}, {}, file)
    assert str(file) in caught.value.message
    assert line.strip("[]").split(" ")[0] in caught.value.message


@pytest.mark.parametrize(
    ("line", "hint"),
    [("client_ident = 1", "did you mean `client_id`?"), ("[profil.shop]", "`profile`?"), ("zzz = 1", "config edit")],
)
def test_an_unknown_name_in_the_file_is_named_with_the_nearest(tmp_path: Path, line: str, hint: str) -> None:
    file = written(tmp_path, line)
    with pytest.raises(SettingsError) as caught:
        load({}, {}, file)
    assert str(file) in caught.value.message
    assert line.strip("[]").split(" ")[0].split(".")[0] in caught.value.message
    assert hint in caught.value.hint


def test_the_client_secret_does_not_belong_into_the_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load({}, {}, written(tmp_path, 'client_secret = "zq7-canary"'))
    assert "canary" not in caught.value.message + caught.value.hint
    assert "SMSCHAT_CLIENT_SECRET" in caught.value.hint


def test_a_file_with_a_secret_must_not_be_open_to_others(tmp_path: Path) -> None:
    file = written(tmp_path, 'ngrok_authtoken = "x"')
    file.chmod(0o640)
    with pytest.raises(SettingsError) as caught:
        load({}, {}, file)
    assert "chmod 600" in caught.value.hint


def test_a_file_that_was_named_must_exist_and_the_usual_one_need_not(home: dict[str, str], tmp_path: Path) -> None:
    assert load({}, home).file == tmp_path / "config.toml"
    with pytest.raises(SettingsError, match=r"nowhere\.toml cannot be read: No such file"):
        load({}, home, tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("octets", "match"),
    [(b"rate = = 1", "is not TOML: .*line 1"), (b"\xff", "not UTF-8"), (b"\xef\xbb\xbfrate = 1", "byte order mark")],
)
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, octets: bytes, match: str) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(octets)
    with pytest.raises(SettingsError, match=match):
        load({}, {}, file)


def test_a_fixed_tunnel_needs_its_address(home: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="`public_url` is not set") as caught:
        load({}, {**home, "SMSCHAT_TUNNEL": "fixed"})
    assert "SMSCHAT_PUBLIC_URL" in caught.value.hint


@pytest.mark.parametrize(
    ("number", "country", "expected"),
    [
        ("06 12345678", "", ("31612345678", "NL")),
        ("+32470123456", "", ("32470123456", "BE")),
        ("0470 123456", "be", ("32470123456", "BE")),
        ("", "GB", (None, "GB")),
        ("+32470123456", "NL", ("32470123456", "NL")),
    ],
)
def test_the_country_is_that_of_the_number_unless_it_is_set(
    home: dict[str, str], number: str, country: str, expected: tuple[str | None, str]
) -> None:
    settings = load({}, {**home, "SMSCHAT_NUMBER": number, "SMSCHAT_COUNTRY": country})
    assert (settings.number, settings.country) == expected
    assert settings.sender == settings.number


def test_a_refused_number_is_not_repeated(home: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as caught:
        load({}, {**home, "SMSCHAT_NUMBER": "+999 123456789"})
    assert "123456789" not in caught.value.message + caught.value.hint


def test_the_demo_ignores_whatever_is_wrong_with_the_account(home: dict[str, str]) -> None:
    broken = {**home, "SMSCHAT_TUNNEL": "fixed", "SMSCHAT_API_URL": "ftp://x", "SMSCHAT_NUMBER": "12"}
    settings = load({}, {**broken, "SMSCHAT_THEME": "nord"}, ignored=ACCOUNT_SETTINGS)
    assert (settings.tunnel, settings.number, settings.theme) == (TunnelKind.NGROK, None, "nord")


def complete(home: dict[str, str], **changed: str) -> Settings:
    env = {"SMSCHAT_CLIENT_ID": "id", "SMSCHAT_CLIENT_SECRET": "zq7-canary", "SMSCHAT_NUMBER": "31612345678"}
    return load({}, {**home, **env, **changed})


def test_an_account_is_client_id_client_secret_and_number(home: dict[str, str]) -> None:
    require_account(complete(home))


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        (["CLIENT_ID"], "not set: client_id"),
        (["CLIENT_SECRET", "NUMBER"], "not set: client_secret and number"),
        (["CLIENT_ID", "CLIENT_SECRET", "NUMBER"], "not set: client_id, client_secret and number"),
    ],
)
def test_all_that_is_missing_is_named_at_once(home: dict[str, str], missing: list[str], sentence: str) -> None:
    settings = complete(home, **{f"SMSCHAT_{name}": "" for name in missing})
    with pytest.raises(SettingsError) as caught:
        require_account(settings)
    assert caught.value.message == sentence
    assert all(f"SMSCHAT_{name}" in caught.value.hint for name in missing)


def test_importing_the_settings_loads_nothing_heavy() -> None:
    heavy = "{'phonenumbers', 'httpx', 'textual', 'platformdirs', 'logging', 'asyncio', 'subprocess', 'urllib.request'}"
    program = f"import sys, smschat.settings\nprint(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


def test_a_blank_signature_secret_does_not_switch_the_check_off_unseen(tmp_path: Path) -> None:
    env = {"SMSCHAT_CONFIG_DIR": str(tmp_path), "SMSCHAT_SIGNATURE_SECRET": " "}
    with pytest.raises(SettingsError, match="`signature_secret` is blank"):
        load({}, env)
    assert load({}, {**env, "SMSCHAT_SIGNATURE_SECRET": ""}).signature_secret is None
