"""`smschat webhook status` and `register`: who receives, at which address, and what the gateway was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smschat.cli import output, session
from smschat.domain import documents
from smschat.domain.addresses import inbound_address
from smschat.domain.phone import parse_peer
from smschat.errors import TunnelError, UsageError
from smschat.settings.values import public_url

if TYPE_CHECKING:
    import argparse

    from smschat.domain.account import Owner, Registration
    from smschat.runtime import Runtime
    from smschat.settings import Settings


def status(flags: argparse.Namespace) -> int:
    """Who receives for this profile, and what the gateway was told last."""
    return session.run(_status(flags))


def register(flags: argparse.Namespace) -> int:
    """Tell the gateway a callback address."""
    return session.run(_register(flags))


async def _status(flags: argparse.Namespace) -> int:
    settings = session.settings_of(flags)
    plan = session.plan_of(settings)
    owner: Owner | None = None
    registration: Registration | None = None
    callback_url: str | None = None
    if plan.store_path.exists():
        async with session.opened(plan) as runtime:
            owner = await runtime.store.owner()
            registration = await runtime.store.registration()
            callback_url = await _address(runtime, settings)
    if getattr(flags, "json", False):
        output.document(_status_document(settings, owner, registration, callback_url))
    else:
        _print_status(settings, owner, registration, callback_url)
    return 0


async def _address(runtime: Runtime, settings: Settings) -> str | None:
    """The inbound address as it is now: the fixed one, else that of whoever receives."""
    owner = await runtime.store.owner()
    public = settings.public_url if settings.tunnel == "fixed" else owner.public_url if owner else None
    return inbound_address(public, await runtime.store.path_token()) if public else None


def _status_document(
    settings: Settings, owner: Owner | None, registration: Registration | None, callback_url: str | None
) -> dict[str, Any]:
    return {
        "receiving": owner is not None,
        "owner": {"pid": owner.pid, "since": documents.moment(owner.since)} if owner else None,
        "local_url": owner.local_url if owner else None,
        "public_url": owner.public_url if owner else None,
        "tunnel": settings.tunnel,
        "callback_url": callback_url,
        "registered": registration is not None and registration.error is None and registration.url == callback_url,
        "registration": {
            "number": registration.number,
            "callback_url": registration.url,
            "at": documents.moment(registration.at),
            "error": registration.error,
        }
        if registration
        else None,
    }


def _print_status(
    settings: Settings, owner: Owner | None, registration: Registration | None, callback_url: str | None
) -> None:
    if owner is None:
        output.line("receiving     nobody: start `smschat` or `smschat listen`")
    else:
        output.line(f"receiving     process {owner.pid} since {owner.since.astimezone():%Y-%m-%d %H:%M:%S}")
        output.line(f"listener      {owner.local_url or 'none'}")
    output.line(f"tunnel        {settings.tunnel}")
    output.line(f"callback      {callback_url or 'none'}")
    if registration is None:
        output.line("gateway       was never told a callback address")
    elif registration.error is not None:
        output.line(f"gateway       did not take it: {registration.error}")
    else:
        other = registration.url if callback_url is None else f"another address: {registration.url}"
        told = "this address" if registration.url == callback_url else other
        when = registration.at.astimezone()
        output.line(f"gateway       was told {told}, for {registration.number}, {when:%Y-%m-%d %H:%M:%S}")


async def _register(flags: argparse.Namespace) -> int:
    settings = session.settings_of(flags)
    plan = session.plan_of(settings)
    missing = await session.what_is_missing(plan)
    if missing is not None:
        raise missing
    if settings.account != "test":
        raise UsageError(
            "POST /register is for test accounts; a production number has its callback in its own settings",
            hint="set the number's moHttpUrl in the Phone Numbers API",
        )
    given = _web_address(flags.url) if flags.url is not None else None
    numbers = [parse_peer(number, settings.country) for number in flags.to or [plan.identity.number]]
    async with session.opened(plan) as runtime:
        url = given or await _address(runtime, settings)
        if url is None:
            raise _no_address(settings)
        await runtime.go_online(receiving=False)
        for number in numbers:
            await runtime.online.register(number=number, url=url)
    if getattr(flags, "json", False):
        output.document({"registered": True, "callback_url": url, "numbers": numbers})
    else:
        output.line(f"registered {url} for {', '.join(numbers)}")
    return 0


def _web_address(text: str) -> str:
    """The address as it was given. Raises UsageError unless the gateway may be told it: HTTPS, HTTP on loopback."""
    try:
        public_url(text.partition("?")[0])
    except ValueError as error:
        raise UsageError(f"--url {error}", hint="the gateway calls HTTPS addresses only") from error
    return text


def _no_address(settings: Settings) -> Exception:
    if settings.tunnel == "off":
        return UsageError(
            "there is no address to register: tunnel is off", hint="give one with --url, or set tunnel and public_url"
        )
    return TunnelError(
        "nobody receives for this profile, so there is no address to register",
        hint="start `smschat listen` first, or give an address with --url",
    )
