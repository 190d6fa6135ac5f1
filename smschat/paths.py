"""Where smschat keeps its files: settings, stores and the log, each where the system wants it.

Nothing is made here. SMSCHAT_CONFIG_DIR, SMSCHAT_DATA_DIR and SMSCHAT_STATE_DIR go before the system's own places (XDG
on Linux).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_APP = "smschat"


def config_dir(env: Mapping[str, str] = os.environ) -> Path:
    """The folder of config.toml."""
    return _given("SMSCHAT_CONFIG_DIR", env) or _system("config")


def config_file(env: Mapping[str, str] = os.environ) -> Path:
    """The settings file; it need not exist."""
    return config_dir(env) / "config.toml"


def credentials_file(config: Path) -> Path:
    """The file of secrets beside a settings file; it need not exist."""
    return config.with_name("credentials.toml")


def data_dir(env: Mapping[str, str] = os.environ) -> Path:
    """The folder of the stores, one for each profile."""
    return _given("SMSCHAT_DATA_DIR", env) or _system("data")


def state_dir(env: Mapping[str, str] = os.environ) -> Path:
    """The folder of the log and of crash reports."""
    return _given("SMSCHAT_STATE_DIR", env) or _system("state")


def log_file(env: Mapping[str, str] = os.environ) -> Path:
    """The log; it need not exist."""
    return state_dir(env) / "smschat.log"


def _given(variable: str, env: Mapping[str, str]) -> Path | None:
    path = env.get(variable)
    return Path(path).expanduser().absolute() if path else None


def _system(kind: str) -> Path:
    import platformdirs  # noqa: PLC0415 - not needed where every folder is given

    folders = {
        "config": platformdirs.user_config_path,
        "data": platformdirs.user_data_path,
        "state": platformdirs.user_state_path,
    }
    return folders[kind](_APP, appauthor=False)
