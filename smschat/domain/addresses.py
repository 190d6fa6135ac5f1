"""The addresses that the gateway calls, made of the public origin, the profile's path token and an attempt's ref.

The rule: they are secrets as the token is, so nothing here logs or keeps them.
"""

from __future__ import annotations

from typing import Final

MAX_CALLBACK_CHARACTERS: Final = 100
"""The longest `callback` of an SMS that Vonage's SDK lets through; the gateway's own limit is not documented."""


def inbound_address(public: str, token: str) -> str:
    """Where inbound SMS are sent to; `public` is an origin such as `https://name.example`."""
    return f"{public.rstrip('/')}/{token}"


def receipt_address(public: str, token: str, ref: str) -> str | None:
    """Where the receipts of one attempt are sent to; None when it is too long for `callback`."""
    address = f"{inbound_address(public, token)}/r/{ref}"
    return address if len(address) <= MAX_CALLBACK_CHARACTERS else None
