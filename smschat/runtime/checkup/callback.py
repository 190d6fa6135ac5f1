"""The callback: which address the gateway has, and whether that is ours.

The rule: a production number is asked for its address; for a test account the gateway cannot be asked, so what the
store remembers of telling it is all that is known.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from smschat.domain.addresses import has_token, inbound_address, origin
from smschat.domain.checks import Check, Finding, fault_of
from smschat.domain.numbers import Where
from smschat.errors import SmschatError
from smschat.settings import TunnelKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smschat.domain.account import Loan, Registration
    from smschat.domain.numbers import VirtualNumber
    from smschat.runtime.plan import Plan
    from smschat.settings import Settings

CALLBACK: Final = "callback"

ASK_S: Final = 10.0
"""Seconds that asking the gateway for a number may take."""

_NOT_ASKED: Final = "the number's address is not known: "

_REGISTER: Final = "run `smschat webhook register`"
_START: Final = "start `smschat` or `smschat listen`, which registers its own address"


def of_registration(settings: Settings, told: Registration | None, *, token: str, public_url: str | None) -> Check:
    """What was registered, against what should be.

    Args:
        told: what the gateway was told last; None: nothing.
        token: the profile's path token.
        public_url: where the listener is reached now; None: nobody receives, and the address is not known.
    """
    fix = _REGISTER if public_url is not None else _START
    if told is not None and told.error is None:
        return _registered(settings, told, token, public_url, fix)
    if settings.tunnel is TunnelKind.OFF:
        return _note("none: the tunnel is off, and SMS are only sent")
    if told is None or settings.number not in {None, told.number}:
        return _note("the gateway was never told an address for this number", fix)
    return _failed(told, fix)


async def of_number(
    plan: Plan, loans: Sequence[Loan], *, token: str, public_url: str | None, is_received: bool
) -> Check:
    """Where a production number's inbound SMS go, asked of the gateway.

    Args:
        loans: what is borrowed or owed.
        token: the profile's path token.
        public_url: where the listener is reached now; None: that is not known.
        is_received: whether a smschat receives for the profile now.
    """
    owed = next((loan for loan in loans if loan.error is not None), None)
    if owed is not None:
        text = f"{owed.number} is still owed its callback address {origin(owed.url)}: {owed.error}"
        return _fault(text, "mend what it says; then run `smschat webhook restore`")
    missing = await asyncio.to_thread(lambda: plan.missing)
    if missing is not None:
        return Check(name=CALLBACK, finding=Finding.UNKNOWN, text=f"{_NOT_ASKED}{missing.message}")
    number = plan.identity.number
    try:
        async with asyncio.timeout(ASK_S):
            found = await _own(plan, number)
    except TimeoutError:
        text = f"{_NOT_ASKED}the gateway does not answer"
        return Check(name=CALLBACK, finding=Finding.UNKNOWN, text=text)
    except SmschatError as error:
        return fault_of(CALLBACK, error)
    if found is None:
        return _fault(f"{number} is none of the account's own numbers", "check `number`; see `smschat numbers list`")
    ours = inbound_address(public_url, token) if public_url is not None else None
    return _of_address(found, loans, token=token, ours=ours, is_received=is_received)


async def _own(plan: Plan, number: str) -> VirtualNumber | None:
    gateway = await asyncio.to_thread(plan.make_gateway)
    try:
        page = await gateway.numbers.own(pattern=number, where=Where.START)
    finally:
        await gateway.aclose()
    return next((found for found in page.numbers if found.msisdn == number), None)


def _of_address(
    number: VirtualNumber, loans: Sequence[Loan], *, token: str, ours: str | None, is_received: bool
) -> Check:
    address, fix = number.mo_http_url or "", _REGISTER if is_received else _START
    if number.app_id or number.messages_callback_type:
        text = f"{number.msisdn} belongs to an application, which gets its SMS whatever the number's own address is"
        return _fault(text, "take the number out of the application, or let the application call smschat's address")
    if has_token(address, token):
        if not is_received or ours in {None, address}:
            return Check(
                name=CALLBACK, finding=Finding.OK, text=f"{number.msisdn} has {origin(address)}{_after(loans)}"
            )
        return _fault(f"{number.msisdn} has {origin(address)}, an earlier address of ours", fix)
    if address:
        text = f"foreign callback: {number.msisdn} has {origin(address)}, which is not smschat's"
        fix = f"{fix}; it asks first, keeps the address, and gives it back at the end"
    else:
        text = f"{number.msisdn} has no callback address"
    return _fault(text, fix) if is_received else _note(text, fix)


def _after(loans: Sequence[Loan]) -> str:
    """What the number had before, where it gets that back."""
    return f", borrowed from {origin(loans[0].url)}" if loans else ""


def _fault(text: str, fix: str) -> Check:
    return Check(name=CALLBACK, finding=Finding.FAULT, text=text, fix=fix)


def _note(text: str, fix: str = "") -> Check:
    return Check(name=CALLBACK, finding=Finding.NOTE, text=text, fix=fix)


def _registered(settings: Settings, told: Registration, token: str, public_url: str | None, fix: str) -> Check:
    if settings.number is not None and told.number != settings.number:
        text = f"registered for {told.number}, and your number is {settings.number}"
        return Check(name=CALLBACK, finding=Finding.FAULT, text=text, fix=fix)
    ours = inbound_address(public_url, token) if public_url is not None else None
    if (told.url == ours) if ours is not None else has_token(told.url, token):
        return Check(name=CALLBACK, finding=Finding.OK, text=f"registered at {origin(told.url)} on {_when(told)}")
    now = f"; ours is {origin(ours)}" if ours is not None else ""
    text = f"foreign callback: the gateway was told {origin(told.url)} on {_when(told)}{now}"
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
