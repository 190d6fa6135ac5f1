"""What the user set, where, and what holds: flag before environment before config.toml before default.

Importing this loads neither tables of numbers nor anything of the network or the screen.
"""

from __future__ import annotations

from smschat.domain.secret import Secret
from smschat.settings.loading import DEFAULT_COUNTRY, Settings, load, require_account
from smschat.settings.showing import Row, table, template
from smschat.settings.table import ACCOUNT_SETTINGS, TABLE, Setting
from smschat.settings.values import Account, Enter, LogLevel, SignatureMethod, TunnelKind

__all__ = [
    "ACCOUNT_SETTINGS",
    "DEFAULT_COUNTRY",
    "TABLE",
    "Account",
    "Enter",
    "LogLevel",
    "Row",
    "Secret",
    "Setting",
    "Settings",
    "SignatureMethod",
    "TunnelKind",
    "load",
    "require_account",
    "table",
    "template",
]
