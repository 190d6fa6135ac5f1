"""The gateway: credentials and product, the level, the clock against its own, the quota, and the end of its version.

All by one look.

The rule: a look can be no SMS. Where the gateway refuses, its refusal is the fault, and the rest is not known.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from smschat.domain.checks import Check, Finding, fault_of
from smschat.errors import SettingsError, SmschatError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from smschat.gateway import KpnGateway, Look
    from smschat.settings import Settings

GATEWAY: Final = "gateway"
CLOCK: Final = "clock"
QUOTA: Final = "quota"
VERSION: Final = "API version"

NOTED_S: Final = 30.0
"""Seconds by which a clock may be wrong before it is worth a note."""

FAULT_S: Final = 300.0
"""Seconds from which on tokens, certificates and the times of SMS cannot be relied on."""

NEARLY_USED_UP: Final = 0.8
_DAY_S: Final = 86_400


async def look(settings: Settings) -> Look | Check:
    """What a look at the gateway showed, or why there is none: the fault, or what is missing for it."""
    try:
        gateway = await asyncio.to_thread(_client, settings)
    except SettingsError as error:
        return fault_of(GATEWAY, error)
    if gateway is None:
        text = "not asked: the client ID or the client secret is missing"
        return Check(name=GATEWAY, finding=Finding.UNKNOWN, text=text)
    try:
        return await gateway.look()
    except SmschatError as error:
        return fault_of(GATEWAY, error)
    finally:
        await gateway.aclose()


def of_look(seen: Look | Check) -> tuple[Check, ...]:
    """What was looked at, as lines: gateway, clock, quota, and the API's version where its end is known."""
    if isinstance(seen, Check):
        why = "the gateway could not be looked at"
        return (seen, *(Check(name=name, finding=Finding.UNKNOWN, text=why) for name in (CLOCK, QUOTA)))
    level = f", level {seen.level}" if seen.level else ""
    text = f"it takes the credentials, and the project has SMS - Vonage{level}"
    found = (Check(name=GATEWAY, finding=Finding.OK, text=text), of_clock(seen), of_quota(seen.quota))
    return (*found, *of_version(seen.quota, today=seen.asked_at.date()))


def of_clock(seen: Look) -> Check:
    """This machine's clock against the gateway's, which tells it to the second."""
    if seen.date is None:
        return Check(name=CLOCK, finding=Finding.UNKNOWN, text="the gateway does not tell its time")
    ahead_s = (seen.asked_at - seen.date).total_seconds()
    if abs(ahead_s) <= NOTED_S:
        return Check(name=CLOCK, finding=Finding.OK, text=f"within {NOTED_S:.0f} s of the gateway's")
    text = f"this machine's clock is {lasting(abs(ahead_s))} {'ahead of' if ahead_s > 0 else 'behind'} the gateway's"
    finding = Finding.FAULT if abs(ahead_s) > FAULT_S else Finding.NOTE
    return Check(name=CLOCK, finding=finding, text=text, fix="let the system set its clock, for example by NTP")


def of_quota(said: Mapping[str, str]) -> Check:
    """The quota as the answer's headers tell it."""
    limit, used = _number(said.get("quota-limit")), _number(said.get("quota-used"))
    if limit is None or used is None:
        return Check(name=QUOTA, finding=Finding.UNKNOWN, text="the gateway tells none")
    text = f"{used:g} of {limit:g} calls used{_period(said)}"
    if (reset := said.get("quota-reset-UTC")) is not None:
        text += f", reset at {reset} (UTC)"
    if used >= limit:
        fix = "ask KPN for a larger quota, or wait until it is reset"
        return Check(name=QUOTA, finding=Finding.FAULT, text=text, fix=fix)
    if used >= NEARLY_USED_UP * limit:
        return Check(name=QUOTA, finding=Finding.NOTE, text=text, fix="ask KPN for a larger quota in time")
    return Check(name=QUOTA, finding=Finding.OK, text=text)


def of_version(said: Mapping[str, str], *, today: date) -> tuple[Check, ...]:
    """The day on which this version of the API ends, where `sunset` names one; `n/a` and anything else are no day."""
    end = _day(said.get("sunset", ""))
    if end is None:
        return ()
    named = f" {said['api-version']}" if "api-version" in said else ""
    is_over = end <= today
    text = f"version{named} of the API {'ended' if is_over else 'ends'} on {end.isoformat()}"
    fix = "look for a newer smschat, and at KPN's documentation of the API"
    return (Check(name=VERSION, finding=Finding.FAULT if is_over else Finding.NOTE, text=text, fix=fix),)


def lasting(seconds: float) -> str:
    """A length of time for people, to two units: `1 h 5 min`, `40 s`, `3 days`."""
    whole = round(seconds)
    if whole >= _DAY_S:
        days = whole // _DAY_S
        return "1 day" if days == 1 else f"{days} days"
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    units = ((hours, "h"), (minutes, "min"), (rest if not hours else 0, "s"))
    return " ".join(f"{amount} {unit}" for amount, unit in units if amount) or "0 s"


def _client(settings: Settings) -> KpnGateway | None:
    """The client, with less patience than for an SMS; None when it would have no credentials."""
    secret = settings.client_secret() if settings.client_id is not None else None
    if settings.client_id is None or secret is None:
        return None
    from smschat.gateway import KpnGateway, Timeouts  # noqa: PLC0415 - imports the HTTP client

    return KpnGateway(
        api_url=settings.api_url,
        client_id=settings.client_id,
        client_secret=secret,
        timeouts=Timeouts(pool_s=1.0, connect_s=4.0, write_s=2.0, read_s=5.0),
        proxy=settings.proxy,
    )


def _period(said: Mapping[str, str]) -> str:
    """`per month`, `per 2 days`; empty where the answer does not say."""
    unit, interval = said.get("quota-time-unit", ""), said.get("quota-interval", "1")
    if not unit:
        return ""
    return f" this {unit}" if interval == "1" else f" in {interval} {unit}s"


def _day(text: str) -> date | None:
    """A day in ISO 8601, or as HTTP writes a moment (RFC 8594)."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(text.strip()).date()
        except (ValueError, OverflowError):
            continue
    return None


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None
