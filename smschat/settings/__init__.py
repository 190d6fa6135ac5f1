"""What the user set, where, and what holds: flag before environment before config.toml before default.

Importing this loads neither tables of numbers nor anything of the network or the screen.
"""

from __future__ import annotations

from smschat.domain.secret import Secret
from smschat.domain.signing import Method as SignatureMethod
from smschat.settings.checking import secret_checks
from smschat.settings.erasing import Erased, erase_login
from smschat.settings.loading import DEFAULT_COUNTRY, Settings, load, require_account
from smschat.settings.secrets import SECRET_VARIABLES, take_secrets
from smschat.settings.showing import Row, table, template
from smschat.settings.storing import Login, Place, keep_login, places
from smschat.settings.table import ACCOUNT_SETTINGS, TABLE, Setting
from smschat.settings.values import Account, Enter, LogLevel, TunnelKind
from smschat.settings.waits import give_up, wait_again

__all__ = [
    "ACCOUNT_SETTINGS",
    "DEFAULT_COUNTRY",
    "SECRET_VARIABLES",
    "TABLE",
    "Account",
    "Enter",
    "Erased",
    "LogLevel",
    "Login",
    "Place",
    "Row",
    "Secret",
    "Setting",
    "Settings",
    "SignatureMethod",
    "TunnelKind",
    "erase_login",
    "give_up",
    "keep_login",
    "load",
    "places",
    "require_account",
    "secret_checks",
    "table",
    "take_secrets",
    "template",
    "wait_again",
]
