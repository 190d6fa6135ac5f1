"""What is shown of the settings is all of them, with their origin, and no secret."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from smschat.settings import TABLE, load, table, template

from .test_loading import FULL

if TYPE_CHECKING:
    from pathlib import Path


def test_every_setting_is_shown_with_its_origin_and_no_secret(tmp_path: Path) -> None:
    rows = {row.name: row for row in table(load({}, {**FULL, "SMSCHAT_CONFIG_DIR": str(tmp_path)}))}
    assert set(rows) == {setting.name for setting in TABLE} | {"client_secret"}
    assert "canary" not in repr(rows)
    assert (rows["client_secret"].value, rows["client_secret"].origin) == (
        "********",
        "environment SMSCHAT_CLIENT_SECRET",
    )
    assert (rows["signature_secret"].value, rows["signature_secret"].origin) == (
        "********",
        "environment SMSCHAT_SIGNATURE_SECRET",
    )
    assert (rows["listen"].value, rows["rate"].value, rows["account"].value) == ("[::1]:8080", 0.5, "production")
    assert (rows["keys"].value, rows["data_dir"].value) == ("quit=ctrl+x help=f1,f2", "/data")
    assert all(type(row.value) in {str, int, float} for row in rows.values())


def test_what_is_not_set_has_no_value(tmp_path: Path) -> None:
    rows = {row.name: row for row in table(load({}, {"SMSCHAT_CONFIG_DIR": str(tmp_path)}))}
    assert [rows[name].value for name in ("client_id", "client_secret", "proxy", "keys")] == [None] * 4
    assert rows["listen"].value == "127.0.0.1:0"


def test_the_first_config_changes_nothing_and_every_line_of_it_can_be_used(tmp_path: Path) -> None:
    text = template()
    assert tomllib.loads(text) == {}
    used = re.sub(r"(?m)^# (\w+ = |\[)", r"\1", text)
    assert set(tomllib.loads(used)) == {setting.name for setting in TABLE}
    file = tmp_path / "config.toml"
    file.write_text(re.sub(r'(?m)^\w+ = ""$', "", used))
    file.chmod(0o600)
    assert load({}, {}, file).rate == load({}, {"SMSCHAT_CONFIG_DIR": str(tmp_path / "none")}).rate
