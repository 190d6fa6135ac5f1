"""Files belong where the system wants them, unless somebody says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from smschat import paths


def test_a_folder_that_is_given_goes_before_the_system() -> None:
    env = {"SMSCHAT_CONFIG_DIR": "/c", "SMSCHAT_DATA_DIR": "~/d", "SMSCHAT_STATE_DIR": "/s"}
    assert paths.config_file(env) == Path("/c/config.toml")
    assert paths.data_dir(env) == Path.home() / "d"
    assert paths.log_file(env) == Path("/s/smschat.log")


@pytest.mark.skipif("not __import__('sys').platform.startswith('linux')", reason="XDG is Linux's way")
def test_on_linux_xdg_says_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for kind in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
    assert paths.config_file({}) == tmp_path / "CONFIG/smschat/config.toml"
    assert paths.data_dir({}) == tmp_path / "DATA/smschat"
    assert paths.log_file({}) == tmp_path / "STATE/smschat/smschat.log"
    assert not list(tmp_path.iterdir())


def test_secrets_stand_beside_the_settings() -> None:
    assert paths.credentials_file(Path("/c/other.toml")) == Path("/c/credentials.toml")
