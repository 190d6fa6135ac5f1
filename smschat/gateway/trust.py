"""Which certificates the gateway's is checked against: the built-in list, or those of SSL_CERT_FILE or SSL_CERT_DIR.

The rule: certificates are always checked, and a file that cannot be used is an error, never a fall back.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import httpx

from smschat.errors import SettingsError

if TYPE_CHECKING:
    import ssl

VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""As OpenSSL names them; the first that is set goes instead of the built-in list (httpx, environment variables)."""


def trusted() -> ssl.SSLContext:
    """The certificates to trust.

    Raises:
        SettingsError: the variable names something that holds none.
    """
    try:
        return httpx.create_ssl_context()
    except OSError as error:  # ssl.SSLError is one
        variable = next((name for name in VARIABLES if os.environ.get(name)), VARIABLES[0])
        raise SettingsError(
            f"{variable} names no certificates that can be read",
            hint="set it to a file of CA certificates in PEM form, or take it out of the environment",
        ) from error
