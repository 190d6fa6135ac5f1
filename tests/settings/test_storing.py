"""What login stores is found again where it was said to be, and nothing else of the user's is touched."""

from __future__ import annotations

import json
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import keyring as library
import pytest

from smschat.domain.checks import Finding
from smschat.domain.secret import Secret
from smschat.errors import SettingsError
from smschat.settings import Account, Login, Place, TunnelKind, erase_login, keep_login, load, places, secret_checks
from smschat.settings.os_keyring import BACKEND_VARIABLE
from tests import keyrings

if TYPE_CHECKING:
    from smschat.domain.checks import Check
    from smschat.settings import Settings

SECRET = Secret("zq7-canary")
TOKEN = Secret("ngrok-canary")
ALL = Login(
    client_id="an-id",
    client_secret=SECRET,
    number="06 12345678",
    account=Account.TEST,
    tunnel=TunnelKind.NGROK,
    public_url="name.ngrok-free.dev",
    ngrok_authtoken=TOKEN,
)
NO_KEYRING = (
    f"what an OS keyring that is out of reach now may hold (the OS keyring is switched off by {BACKEND_VARIABLE})"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "config"


def loaded(folder: Path, profile: str = "default", **env: str) -> Settings:
    home = {"SMSCHAT_CONFIG_DIR": str(folder), "SMSCHAT_DATA_DIR": str(folder / "data"), "HOME": str(folder)}
    return load({"profile": profile}, {**home, **env})


def revealed(settings: Settings) -> tuple[str | None, str | None]:
    secret, token = settings.client_secret(), settings.authtoken()
    return secret.reveal() if secret else None, token.reveal() if token else None


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def by_name(checks: tuple[Check, ...]) -> dict[str, Check]:
    assert "canary" not in repr(checks)
    return {check.name: check for check in checks}


def test_a_login_is_found_again(folder: Path) -> None:
    checks = by_name(keep_login(loaded(folder), ALL, Place.FILE))
    assert {check.finding for check in checks.values()} == {Finding.OK}
    assert checks["client secret"].text == f"the client secret is kept in {folder}/credentials.toml"
    assert checks["number"].text == f"the number is kept in {folder}/config.toml"
    assert checks["account"].text == f"the account is the default, and needs no line in {folder}/config.toml"
    settings = loaded(folder)
    assert (settings.client_id, settings.number, settings.public_url) == (
        "an-id",
        "31612345678",
        "https://name.ngrok-free.dev",
    )
    assert revealed(settings) == ("zq7-canary", "ngrok-canary")
    assert (settings.client_secret_origin(), settings.authtoken_origin()) == ("credentials.toml", "credentials.toml")


def test_new_files_are_for_their_owner_alone(folder: Path) -> None:
    keep_login(loaded(folder), ALL, Place.FILE)
    assert [mode(folder), mode(folder / "config.toml"), mode(folder / "credentials.toml")] == [0o700, 0o600, 0o600]
    assert sorted(file.name for file in folder.iterdir()) == ["config.toml", "credentials.toml"]


def test_what_a_killed_login_left_half_written_goes_with_the_next_change(folder: Path) -> None:
    settings = loaded(folder)
    keep_login(settings, ALL, Place.FILE)
    (folder / ".credentials.toml.ab12cd34").write_text('client_secret = "zq7-canary"')
    erase_login(loaded(folder))
    assert [path.name for path in folder.iterdir() if "credentials" in path.name] == []


def test_the_keyring_goes_before_the_file_and_keeps_both_secrets(folder: Path, ring: keyrings.Kept) -> None:
    assert places(folder / "config.toml") == (Place.KEYRING, Place.FILE)
    keep_login(loaded(folder, "shop"), ALL, Place.KEYRING)
    assert ring.entries == {"smschat/shop": "zq7-canary", "smschat/shop ngrok": "ngrok-canary"}
    assert not (folder / "credentials.toml").exists()
    assert "canary" not in (folder / "config.toml").read_text()
    settings = loaded(folder, "shop")
    assert revealed(settings) == ("zq7-canary", "ngrok-canary")
    assert (settings.client_secret_origin(), settings.authtoken_origin()) == ("OS keyring", "OS keyring")
    assert revealed(loaded(folder)) == (None, None)


def test_where_there_is_no_keyring_there_is_the_file(folder: Path) -> None:
    assert places(folder / "config.toml") == (Place.FILE,)


def test_a_secret_stands_in_one_place_only(folder: Path, ring: keyrings.Kept) -> None:
    keep_login(loaded(folder), ALL, Place.FILE)
    keep_login(loaded(folder), ALL, Place.KEYRING)
    assert not (folder / "credentials.toml").exists()
    checks = by_name(keep_login(loaded(folder), ALL, Place.FILE))
    assert ring.entries == {}
    assert checks["client secret"].finding is Finding.OK
    assert revealed(loaded(folder)) == ("zq7-canary", "ngrok-canary")


def test_an_older_one_that_cannot_be_erased_is_told(folder: Path, ring: keyrings.Kept) -> None:
    keep_login(loaded(folder), ALL, Place.KEYRING)
    clinging = keyrings.Clinging()
    clinging.entries = ring.entries
    library.set_keyring(clinging)
    check = by_name(keep_login(loaded(folder), Login(client_secret=Secret("new-canary")), Place.FILE))["client secret"]
    assert check.finding is Finding.NOTE
    assert "the OS keyring, and would go before it" in check.text


def test_without_a_place_secrets_are_not_stored(folder: Path, ring: keyrings.Kept) -> None:
    checks = by_name(keep_login(loaded(folder), ALL, None))
    assert {"client secret", "authtoken"}.isdisjoint(checks)
    assert (revealed(loaded(folder)), ring.entries) == ((None, None), {})
    assert loaded(folder).client_id == "an-id"


def test_a_secret_that_the_keyring_does_not_keep_is_an_error_and_nothing_is_stored(
    folder: Path, ring: keyrings.Kept
) -> None:
    library.set_keyring(keyrings.Refusing())
    with pytest.raises(SettingsError, match="refused to keep") as caught:
        keep_login(loaded(folder), ALL, Place.KEYRING)
    assert "canary" not in caught.value.message + caught.value.hint
    assert not (folder / "config.toml").exists()


def test_a_profile_other_than_the_default_has_its_own_table(folder: Path) -> None:
    keep_login(loaded(folder), ALL, Place.FILE)
    keep_login(loaded(folder, "shop"), Login(client_id="shop-id", client_secret=Secret("shop-canary")), Place.FILE)
    assert '[profiles.shop]\nclient_id = "shop-id"\n' in (folder / "config.toml").read_text()
    assert (loaded(folder).client_id, loaded(folder, "shop").client_id) == ("an-id", "shop-id")
    assert revealed(loaded(folder)) == ("zq7-canary", "ngrok-canary")
    assert revealed(loaded(folder, "shop")) == ("shop-canary", None)


def test_a_value_that_holds_anyway_is_not_written_unless_another_stands_there(folder: Path) -> None:
    folder.mkdir()
    file = folder / "config.toml"
    file.write_text('account = "production"\n')
    keep_login(loaded(folder), Login(account=Account.TEST, tunnel=TunnelKind.NGROK), None)
    assert file.read_text() == 'account = "test"\n'
    keep_login(loaded(folder, "shop"), Login(account=Account.TEST), None)
    assert file.read_text() == 'account = "test"\n'
    file.write_text('account = "production"\n')
    check = by_name(keep_login(loaded(folder, "shop"), Login(account=Account.PRODUCTION), None))["account"]
    assert check.text == f"the account is that of every profile, in {file}"
    file.write_text('account = "test"\n')
    keep_login(loaded(folder, "shop"), Login(account=Account.PRODUCTION), None)
    assert (loaded(folder).account, loaded(folder, "shop").account) == (Account.TEST, Account.PRODUCTION)


def test_an_empty_public_address_takes_it_out(folder: Path) -> None:
    keep_login(loaded(folder), ALL, None)
    check = by_name(keep_login(loaded(folder), Login(public_url=""), None))["public address"]
    assert check.text == f"no public address is kept in {folder}/config.toml"
    assert loaded(folder).public_url is None


def test_what_the_user_wrote_stays_and_a_link_stays_a_link(folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    real = tmp_path / "dotfiles.toml"
    real.write_text('# mine\ntheme = "nord" # dark\n\n# other keys\n[keys]\nquit = "ctrl+x"\n')
    real.chmod(0o640)
    (folder / "config.toml").symlink_to(real)
    keep_login(loaded(folder), Login(client_id="an-id"), None)
    assert (folder / "config.toml").is_symlink()
    assert real.read_text() == (
        '# mine\ntheme = "nord" # dark\nclient_id = "an-id"\n\n# other keys\n[keys]\nquit = "ctrl+x"\n'
    )
    assert mode(real) == 0o640


def test_what_goes_before_what_was_stored_is_told(folder: Path) -> None:
    env = {"SMSCHAT_NUMBER": "31600000009", "SMSCHAT_CLIENT_SECRET": "env-canary", "NGROK_AUTHTOKEN": "env-canary"}
    checks = by_name(keep_login(loaded(folder, **env), ALL, Place.FILE))
    assert {name for name, check in checks.items() if check.finding is Finding.NOTE} == {
        "number",
        "client secret",
        "authtoken",
    }
    assert "SMSCHAT_NUMBER is set and goes before it" in checks["number"].text
    assert checks["client secret"].fix == "unset SMSCHAT_CLIENT_SECRET to use what is stored"


def test_an_authtoken_in_the_settings_makes_way_for_the_one_that_is_stored(folder: Path) -> None:
    folder.mkdir()
    file = folder / "config.toml"
    file.write_text('ngrok_authtoken = "old-canary"\n')
    file.chmod(0o600)
    shop = by_name(keep_login(loaded(folder, "shop"), Login(ngrok_authtoken=TOKEN), Place.FILE))["authtoken"]
    assert (shop.finding, shop.fix) == (
        Finding.NOTE,
        "take ngrok_authtoken out of config.toml to use what is stored",
    )
    assert by_name(keep_login(loaded(folder), Login(ngrok_authtoken=TOKEN), Place.FILE))["authtoken"].fix == ""
    assert file.read_text() == ""
    assert (revealed(loaded(folder))[1], revealed(loaded(folder, "shop"))[1]) == ("ngrok-canary", "ngrok-canary")


@pytest.mark.parametrize(
    ("login", "match"),
    [
        (Login(api_url="http://example.org"), "`api_url` must begin with https"),
        (Login(number="12"), "`number`: "),
        (Login(client_id="two\nlines"), "`client_id` must be a line"),
        (Login(public_url="http://x"), "`public_url` must"),
        (Login(tunnel=TunnelKind.FIXED), "`public_url` is not set"),
    ],
)
def test_what_could_not_be_read_again_is_not_stored(folder: Path, login: Login, match: str) -> None:
    with pytest.raises(SettingsError, match=match):
        keep_login(loaded(folder), login, Place.FILE)
    assert not folder.exists()


def test_logins_at_the_same_time_lose_nothing_of_each_other(folder: Path) -> None:
    profiles = [f"profile-{number}" for number in range(8)]
    start = threading.Barrier(len(profiles))

    def log_in(profile: str) -> None:
        settings = loaded(folder, profile)
        start.wait()
        keep_login(settings, Login(client_id=f"of {profile}", client_secret=Secret(f"canary-{profile}")), Place.FILE)

    with ThreadPoolExecutor(len(profiles)) as pool:
        list(pool.map(log_in, profiles))
    assert [loaded(folder, profile).client_id for profile in profiles] == [f"of {profile}" for profile in profiles]
    assert [revealed(loaded(folder, profile))[0] for profile in profiles] == [f"canary-{name}" for name in profiles]
    assert sorted(file.name for file in folder.iterdir()) == ["config.toml", "credentials.toml"]


def test_the_agents_program_is_kept_as_a_whole_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    keep_login(loaded(folder), Login(ngrok_path=Path("bin/ngrok")), None)
    assert loaded(folder).ngrok_path == folder.parent / "bin" / "ngrok"


def test_a_broken_file_is_an_error_and_stays_as_it_is(folder: Path) -> None:
    settings = loaded(folder)
    folder.mkdir()
    file = folder / "config.toml"
    file.write_text("theme = = 'x'")
    with pytest.raises(SettingsError, match="is not TOML"):
        keep_login(settings, ALL, Place.FILE)
    assert file.read_text() == "theme = = 'x'"
    assert not (folder / "credentials.toml").exists()


def test_credentials_that_others_can_read_are_not_added_to(folder: Path) -> None:
    folder.mkdir()
    file = folder / "credentials.toml"
    file.write_text('[shop]\nclient_secret = "x"\n')
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="open to others"):
        keep_login(loaded(folder), ALL, Place.FILE)
    assert file.read_text() == '[shop]\nclient_secret = "x"\n'


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(SettingsError, match="cannot be written") as caught:
        keep_login(loaded(blocked / "config"), ALL, Place.FILE)
    assert caught.value.hint


def test_logout_erases_what_login_stored_and_leaves_the_rest(folder: Path) -> None:
    folder.mkdir()
    (folder / "config.toml").write_text('# mine\ntheme = "nord"\n')
    keep_login(loaded(folder), ALL, Place.FILE)
    keep_login(loaded(folder, "shop"), Login(client_id="shop-id", client_secret=Secret("shop-canary")), Place.FILE)
    gone = erase_login(loaded(folder))
    assert "canary" not in repr(gone)
    assert f"the client secret in {folder}/credentials.toml" in gone.erased
    assert f"the authtoken in {folder}/credentials.toml" in gone.erased
    assert f"the number in {folder}/config.toml" in gone.erased
    assert gone.left == (NO_KEYRING, f"the other settings in {folder}/config.toml")
    assert (folder / "config.toml").read_text() == '# mine\ntheme = "nord"\n\n[profiles.shop]\nclient_id = "shop-id"\n'
    assert "zq7-canary" not in (folder / "credentials.toml").read_text()
    assert revealed(loaded(folder, "shop"))[0] == "shop-canary"


def test_logout_leaves_no_file_of_secrets_and_no_table_of_the_profile(folder: Path) -> None:
    keep_login(loaded(folder, "shop"), ALL, Place.FILE)
    assert erase_login(loaded(folder, "shop")).left == (NO_KEYRING,)
    assert not (folder / "credentials.toml").exists()
    assert (folder / "config.toml").read_text().strip() == ""
    assert erase_login(loaded(folder, "shop")).erased == ()


def test_logout_erases_the_keyring(folder: Path, ring: keyrings.Kept) -> None:
    keep_login(loaded(folder), ALL, Place.KEYRING)
    ring.entries["smschat/shop"] = "of another profile"
    gone = erase_login(loaded(folder))
    assert ring.entries == {"smschat/shop": "of another profile"}
    assert gone.erased[:2] == ("the client secret in the OS keyring", "the authtoken in the OS keyring")


def test_a_keyring_in_trouble_is_not_called_erased(folder: Path, ring: keyrings.Kept) -> None:
    library.set_keyring(keyrings.Locked())
    gone = erase_login(loaded(folder))
    assert gone.erased == ()
    assert gone.left == ("what the OS keyring may hold: the OS keyring is locked; unlock it, then try again",)


def test_what_was_erased_before_the_keyring_failed_is_told(folder: Path, ring: keyrings.Kept) -> None:
    half = keyrings.HalfOpen()
    half.entries["smschat/default"] = "zq7-canary"
    library.set_keyring(half)
    gone = erase_login(loaded(folder))
    assert gone.erased == ("the client secret in the OS keyring",)
    assert "the OS keyring is locked" in gone.left[0]
    assert half.entries == {}


def test_logout_says_what_goes_on_giving_the_secrets(folder: Path) -> None:
    agent = folder / ".config" / "ngrok" / "ngrok.yml"
    agent.parent.mkdir(parents=True)
    agent.write_text("version: '3'\nagent:\n  authtoken: agent-canary\n")
    folder.joinpath("credentials.toml").write_text('client_secret = "for-all-canary"\n')
    (folder / "data").mkdir()
    (folder / "data" / "default.db").touch()
    env = {
        "SMSCHAT_CLIENT_SECRET_COMMAND": "echo canary",
        "NGROK_AUTHTOKEN": "env-canary",
        "SMSCHAT_NUMBER": "+31600000009",
    }
    gone = erase_login(loaded(folder, **env))
    assert "canary" not in repr(gone)
    assert gone.left == (
        NO_KEYRING,
        f"the client secret for every profile, in {folder}/credentials.toml",
        "the client secret from the command SMSCHAT_CLIENT_SECRET_COMMAND",
        "the authtoken from the environment NGROK_AUTHTOKEN",
        "the number from the environment SMSCHAT_NUMBER",
        f"the authtoken in {agent}, which is the agent's own",
        f"the conversations in {folder}/data/default.db",
        "the callback at the gateway, which goes on calling the address that was registered last",
    )


def test_logout_of_a_profile_leaves_what_holds_for_all(folder: Path) -> None:
    keep_login(loaded(folder), ALL, Place.FILE)
    gone = erase_login(loaded(folder, "shop"))
    assert gone.erased == ()
    assert gone.left[1:] == (f"the client ID, number, public address for every profile, in {folder}/config.toml",)
    assert loaded(folder).client_id == "an-id"


def test_secrets_are_told_by_origin_and_the_keyring_by_its_state(folder: Path, ring: keyrings.Kept) -> None:
    keep_login(loaded(folder), ALL, Place.KEYRING)
    checks = by_name(secret_checks(loaded(folder)))
    assert [(name, check.finding, check.text) for name, check in checks.items()] == [
        ("client secret", Finding.OK, "from: OS keyring"),
        ("authtoken", Finding.OK, "from: OS keyring"),
        ("signatures", Finding.OK, "callbacks are not checked; their address is secret"),
        ("OS keyring", Finding.OK, "secrets can be kept there"),
    ]
    library.set_keyring(keyrings.Locked())
    checks = by_name(secret_checks(loaded(folder)))
    assert [check.finding for check in checks.values()] == [Finding.FAULT, Finding.FAULT, Finding.OK, Finding.UNKNOWN]
    assert checks["OS keyring"].text == "the OS keyring is locked"


def test_how_signatures_are_checked_is_told_and_the_secret_is_not(folder: Path) -> None:
    file = folder / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('signature_secret = "sig-canary"\nsignature_method = "sha256"\n')
    file.chmod(0o600)
    check = by_name(secret_checks(loaded(folder)))["signatures"]
    assert (check.finding, check.text) == (Finding.OK, "callbacks are checked with sha256, from: config.toml")
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="others"):
        loaded(folder)


def test_an_authtoken_that_others_can_read_in_the_agents_file_is_used_and_told(folder: Path) -> None:
    agent = folder / ".config" / "ngrok" / "ngrok.yml"
    agent.parent.mkdir(parents=True)
    agent.write_text("version: 2\nauthtoken: agent-canary\n")
    agent.chmod(0o644)
    settings = loaded(folder)
    assert revealed(settings)[1] == "agent-canary"
    check = by_name(secret_checks(settings))["authtoken"]
    assert (check.finding, check.fix) == (Finding.NOTE, f"run: chmod 600 '{agent}'")
    agent.chmod(0o600)
    assert by_name(secret_checks(loaded(folder)))["authtoken"].finding is Finding.OK


def test_a_keyring_of_the_program_is_told_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The double that other tests run the program with keeps what it is given."""
    monkeypatch.setenv("KEYRING_PROPERTY_FILE", str(tmp_path / "ring"))
    keyrings.Kept().set_password("smschat", "default", "x")
    assert keyrings.Kept().get_password("smschat", "default") == "x"
    assert json.loads((tmp_path / "ring").read_text()) == {"smschat/default": "x"}
