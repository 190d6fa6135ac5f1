"""A table `[profiles.NAME]` of config.toml goes before what stands above all tables, for that profile alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smschat.errors import SettingsError
from smschat.settings import load

if TYPE_CHECKING:
    from pathlib import Path

TWO = """\
client_id = "of all"
theme = "nord"

[keys]
quit = "ctrl+x"

[profiles.shop]
client_id = "of the shop"
number = "31600000001"
account = "production"
keys = { quit = "f10" }

[profiles.default]
theme = "light"
"""


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return file


def test_a_profile_has_what_its_table_says_and_the_rest_of_what_holds_for_all(tmp_path: Path) -> None:
    file = written(tmp_path, TWO)
    shop = load({"profile": "shop"}, {}, file)
    assert (shop.client_id, shop.number, shop.account, shop.theme) == (
        "of the shop",
        "31600000001",
        "production",
        "nord",
    )
    assert shop.keys == {"quit": "f10"}
    assert [shop.origins[name] for name in ("client_id", "theme", "profile")] == [
        "config.toml [profiles.shop]",
        "config.toml",
        "flag",
    ]
    default = load({}, {}, file)
    assert (default.client_id, default.number, default.theme) == ("of all", None, "light")
    assert load({}, {"SMSCHAT_PROFILE": "other"}, file).client_id == "of all"


def test_a_flag_and_the_environment_go_before_the_table(tmp_path: Path) -> None:
    shop = load({"theme": "dark"}, {"SMSCHAT_PROFILE": "shop", "SMSCHAT_CLIENT_ID": "env"}, written(tmp_path, TWO))
    assert (shop.client_id, shop.theme) == ("env", "dark")


def test_the_file_itself_may_choose_the_profile(tmp_path: Path) -> None:
    assert load({}, {}, written(tmp_path, f'profile = "shop"\n{TWO}')).number == "31600000001"


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("[profiles.shop]\nnumbr = '1'", r"config\.toml \[profiles\.shop\]: there is no setting `numbr`"),
        ("[profiles.shop]\nprofile = 'x'", r"\[profiles\.shop\]: `profile` cannot be set here"),
        ("[profiles.shop]\nclient_secret = 'canary'", r"\[profiles\.shop\]: client_secret does not belong here"),
        ("[profiles.'../x']", r"must be letters"),
        ("profiles = 'shop'", "must be tables"),
        ("[profiles]\nshop = 'x'", "must be tables"),
    ],
)
def test_a_mistake_in_any_profile_is_named_with_its_place(tmp_path: Path, text: str, match: str) -> None:
    with pytest.raises(SettingsError, match=match) as caught:
        load({}, {}, written(tmp_path, text))
    assert caught.value.hint
    assert "canary" not in caught.value.message + caught.value.hint


def test_a_value_that_cannot_be_used_is_named_with_its_table(tmp_path: Path) -> None:
    file = written(tmp_path, "[profiles.shop]\naccount = 'trial'\n[profiles.two]\nrate = 'x'")
    with pytest.raises(SettingsError, match=r"`account` must be .* \(.*config\.toml \[profiles\.shop\]\)"):
        load({"profile": "shop"}, {}, file)
    with pytest.raises(SettingsError, match=r"\[profiles\.two\]: `rate` must be a number"):
        load({"profile": "two"}, {}, file)
    assert load({}, {}, file).account == "test"


def test_a_secret_in_any_profile_closes_the_file_to_others(tmp_path: Path) -> None:
    file = written(tmp_path, "[profiles.shop]\nngrok_authtoken = 'x'")
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="open to others"):
        load({}, {}, file)
