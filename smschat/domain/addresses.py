"""The addresses under the profile's path token: those that the gateway calls, and the one that proves whose it is.

The rule: they are secrets as the token is, so nothing here logs or keeps them.
"""

from __future__ import annotations

from typing import Final

MAX_CALLBACK_CHARACTERS: Final = 100
"""The longest `callback` of an SMS that Vonage's SDK lets through; the gateway's own limit is not documented."""


def inbound_address(public: str, token: str) -> str:
    """Where inbound SMS are sent to; `public` is an origin such as `https://name.example`."""
    return f"{public.rstrip('/')}/{token}"


def has_token(address: str, token: str) -> bool:
    """Whether an address has our path token in it, wherever and however written: then it is ours, of now or of before.

    128 random bits stand nowhere by chance.
    """
    from urllib.parse import unquote  # noqa: PLC0415 - most who make addresses read none

    return token in unquote(address)


def origin(address: str) -> str:
    """An address without its path, which may hold the token of whoever it belongs to: `https://name.example/…`."""
    from urllib.parse import urlsplit  # noqa: PLC0415 - as above

    try:
        parts = urlsplit(address)
    except ValueError:
        return "an address that cannot be read"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}/…" if host else "an address that cannot be read"


def receipt_address(public: str, token: str, ref: str) -> str | None:
    """Where the receipts of one attempt are sent to; None when it is too long for `callback`."""
    address = f"{inbound_address(public, token)}/r/{ref}"
    return address if len(address) <= MAX_CALLBACK_CHARACTERS else None


def proof_address(public: str, token: str, nonce: str) -> str:
    """Where a listener proves that it is the one with this token; `nonce` is 22 characters of base64url, used once."""
    return f"{inbound_address(public, token)}/p/{nonce}"


def proof(token: str, nonce: str) -> str:
    """What is answered there: HMAC-SHA256 of the nonce under the token, in hex.

    Nobody without the token can say it, and it says nothing about the token.
    """
    import hmac  # noqa: PLC0415 - loads OpenSSL, and most who make addresses prove nothing

    return hmac.digest(token.encode(), nonce.encode(), "sha256").hex()
