"""`smschat webhook status`, `register` and `restore`: who receives, what the gateway was told, and what is borrowed.

The rule: `status` asks the store alone; somebody else's address is taken only after a yes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smschat.cli import output, session
from smschat.domain import documents
from smschat.domain.addresses import inbound_address
from smschat.domain.callbacks import Kind
from smschat.domain.phone import parse_peer
from smschat.domain.text import shown
from smschat.errors import ForeignCallbackError, TunnelError, UsageError
from smschat.settings import Account
from smschat.settings.values import public_url

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from smschat.domain.account import Loan, Owner, Registration
    from smschat.messaging.account import Returned
    from smschat.runtime import Runtime
    from smschat.settings import Settings


LOOKED_AT: Final = 50
"""The newest callbacks, among which those are counted that had no good signature."""


def status(flags: argparse.Namespace) -> int:
    """Who receives for this profile, and what the gateway was told last."""
    return session.run(_status(flags))


def register(flags: argparse.Namespace) -> int:
    """Tell the gateway a callback address."""
    return session.run(_register(flags))


def restore(flags: argparse.Namespace) -> int:
    """Give back the callback addresses that are borrowed or owed; 4 if the gateway refuses one, 69 if it is not there.

    Raises:
        SmschatError: the gateway cannot be asked.
    """
    return session.run(_restore(flags))


async def _status(flags: argparse.Namespace) -> int:
    settings = session.settings_of(flags)
    plan = session.plan_of(settings)
    owner: Owner | None = None
    registration: Registration | None = None
    callback_url: str | None = None
    loans: list[Loan] = []
    refused = 0
    if plan.store_path.exists():
        async with session.opened(plan) as runtime:
            owner = await runtime.store.owner()
            registration = await runtime.store.registration()
            callback_url = await _address(runtime, settings)
            loans = await runtime.store.loans()
            refused = sum(kept.kind is Kind.REFUSED for kept in await runtime.messenger.callbacks(limit=LOOKED_AT))
    if getattr(flags, "json", False):
        document = _status_document(settings, owner, registration, callback_url)
        output.document(document | {"borrowed": [_of_loan(loan) for loan in loans], "refused": refused})
    else:
        _print_status(settings, owner, registration, callback_url)
        _print_loans(loans)
        if refused:
            output.line(
                f"signatures    {refused} of the newest {LOOKED_AT} callbacks were refused: `smschat webhook list`"
            )
    return 0


def _of_loan(loan: Loan) -> dict[str, Any]:
    return {
        "number": loan.number,
        "country": loan.country,
        "callback_url": loan.url,
        "since": documents.moment(loan.since),
        "error": loan.error,
    }


def _print_loans(loans: Sequence[Loan]) -> None:
    for loan in loans:
        since = f"{loan.since.astimezone():%Y-%m-%d %H:%M:%S}"
        said = "borrowed" if loan.error is None else "owed"
        _line(f"{said:<14}{loan.url} of {loan.number}, since {since}")
        if loan.error is not None:
            _line(f"{'':<14}not given back: {loan.error}")
            output.line(f"{'':<14}`smschat webhook restore` tries again")


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
    elif not registration.url:
        when = registration.at.astimezone()
        output.line(f"gateway       was told of none any more, for {registration.number}, {when:%Y-%m-%d %H:%M:%S}")
    elif registration.error is not None:
        output.line(f"gateway       did not take it: {registration.error}")
    else:
        other = registration.url if callback_url is None else f"another address: {registration.url}"
        told = "this address" if registration.url == callback_url else other
        when = registration.at.astimezone()
        output.line(f"gateway       was told {told}, for {registration.number}, {when:%Y-%m-%d %H:%M:%S}")


async def _register(flags: argparse.Namespace) -> int:
    settings = session.settings_of(flags)
    plan = session.plan_of(settings, may_take_over=session.says_yes(flags))
    missing = await session.what_is_missing(plan)
    if missing is not None:
        raise missing
    given = _web_address(flags.url) if flags.url is not None else None
    numbers = [parse_peer(number, settings.country) for number in flags.to or [plan.identity.number]]
    async with session.opened(plan) as runtime:
        url = given or await _address(runtime, settings)
        if url is None:
            raise _no_address(settings)
        await runtime.go_online(receiving=False)
        for number in numbers:
            await _register_one(runtime, number, url)
    if getattr(flags, "json", False):
        output.document({"registered": True, "callback_url": url, "numbers": numbers})
    else:
        output.line(f"registered {url} for {', '.join(numbers)}")
    return 0


async def _register_one(runtime: Runtime, number: str, url: str) -> None:
    """Tell the gateway the address; in the place of somebody else's after a yes."""
    callback = runtime.online.callback
    try:
        await callback.register(number=number, url=url)
    except ForeignCallbackError as error:
        await session.take_over_from(error)
        callback.agree(error.url)
        await callback.register(number=number, url=url)


async def _restore(flags: argparse.Namespace) -> int:
    settings = session.settings_of(flags)
    plan = session.plan_of(settings)
    returned: tuple[Returned, ...] = ()
    if plan.store_path.exists():
        async with session.opened(plan) as runtime:
            if await runtime.store.loans():
                await runtime.go_online(receiving=False)
                returned = await runtime.online.callback.give_back()
    if getattr(flags, "json", False):
        output.document({"numbers": [_of_returned(one) for one in returned]})
    else:
        _print_returned(settings, returned)
    return max((one.error.exit_code for one in returned if one.error is not None), default=0)


def _of_returned(one: Returned) -> dict[str, Any]:
    why = None if one.error is None else one.loan.error
    return {"number": one.loan.number, "callback_url": one.loan.url, "outcome": one.ending.value, "error": why}


def _print_returned(settings: Settings, returned: Sequence[Returned]) -> None:
    from smschat.messaging.account import Ending  # noqa: PLC0415 - loaded already where something was given back
    from smschat.runtime.callback import sentence  # noqa: PLC0415

    for one in returned:
        _line(sentence(one))
        if one.ending is Ending.CHANGED:
            _line(f"  what was there before: {one.loan.url}")
    if returned:
        return
    output.line("nothing is borrowed, so there is nothing to give back")
    if settings.account is Account.TEST:
        output.line("a test account's callback can be replaced with `smschat webhook register`, and not be taken back")


def _line(text: str) -> None:
    """A line with foreign text in it."""
    output.line(shown(text, multiline=False))


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
