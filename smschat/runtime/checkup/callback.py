"""The callback: what the gateway was told last, and whether that is our address.

The rule: the gateway cannot be asked, so what the store remembers of telling it is all that is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from smschat.domain.addresses import inbound_address
from smschat.domain.checks import Check, Finding
from smschat.settings import Account, TunnelKind

if TYPE_CHECKING:
    from smschat.domain.account import Registration
    from smschat.settings import Settings

CALLBACK: Final = "callback"

_REGISTER: Final = "run `smschat webhook register`"
_START: Final = "start `smschat` or `smschat listen`, which registers its own address"


def of_registration(settings: Settings, told: Registration | None, *, token: str, public_url: str | None) -> Check:
    """What was registered, against what should be.

    Args:
        told: what the gateway was told last; None: nothing.
        token: the profile's path token.
        public_url: where the listener is reached now; None: nobody receives, and the address is not known.
    """
    if settings.account is Account.PRODUCTION:
        return _note("set at the number itself: a production account has no registration to look at")
    fix = _REGISTER if public_url is not None else _START
    if told is not None and told.error is None:
        return _registered(settings, told, token, public_url, fix)
    if settings.tunnel is TunnelKind.OFF:
        return _note("none: the tunnel is off, and SMS are only sent")
    if told is None or settings.number not in {None, told.number}:
        return _note("the gateway was never told an address for this number", fix)
    return _failed(told, fix)


def _note(text: str, fix: str = "") -> Check:
    return Check(name=CALLBACK, finding=Finding.NOTE, text=text, fix=fix)


def _registered(settings: Settings, told: Registration, token: str, public_url: str | None, fix: str) -> Check:
    if settings.number is not None and told.number != settings.number:
        text = f"registered for {told.number}, and your number is {settings.number}"
        return Check(name=CALLBACK, finding=Finding.FAULT, text=text, fix=fix)
    ours = inbound_address(public_url, token) if public_url is not None else None
    if (told.url == ours) if ours is not None else _has_token(told.url, token):
        return Check(name=CALLBACK, finding=Finding.OK, text=f"registered at {_origin(told.url)} on {_when(told)}")
    now = f"; ours is {_origin(ours)}" if ours is not None else ""
    text = f"foreign callback: the gateway was told {_origin(told.url)} on {_when(told)}{now}"
    return Check(name=CALLBACK, finding=Finding.FAULT, text=text, fix=fix)


def _failed(told: Registration, fix: str) -> Check:
    return Check(
        name=CALLBACK,
        finding=Finding.FAULT,
        text=f"it could not be registered for {told.number} on {_when(told)}: {told.error}",
        fix=f"mend what it says; if it is the number, check `number`, on a test account your own phone; then {fix}",
    )


def _when(told: Registration) -> str:
    return f"{told.at.astimezone():%Y-%m-%d %H:%M}"


def _has_token(url: str, token: str) -> bool:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2] == token


def _origin(url: str) -> str:
    """An address without its path, which holds the token of whoever it belongs to."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…"
