"""`smschat numbers`: the account's virtual numbers, what can be rented, renting, giving up, and where SMS and calls go.

The rule: what costs money is asked about with its price before it is done, and the question is asked while nothing is
under way, so that Ctrl-C always ends it.
"""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from smschat.cli import output, session
from smschat.domain.numbers import NumberChange, VirtualNumber, Where
from smschat.domain.text import shown
from smschat.errors import NumberError, UsageError
from smschat.messaging.numbers import LARGEST_PAGE, cost_in_words, meaning_of_cancelling, price_of_renting

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable, Sequence

    from smschat.domain.numbers import NumberPage
    from smschat.messaging.numbers import Numbers
    from smschat.settings import Settings

T = TypeVar("T")

_WHERE: Final = {"start": Where.START, "anywhere": Where.ANYWHERE, "end": Where.END}
_SEPARATORS: Final = re.compile(r"[\s.()/-]+")
_WHOLE: Final = re.compile(r"(?:\+|00)?([1-9]\d{6,14})", re.ASCII)
_GAP: Final = "  "
_ANY: Final = "0"
"""Stands for a number where it does not matter which."""


def own(flags: argparse.Namespace) -> int:
    """The account's own numbers, a page of them."""
    pattern, where = _pattern(flags)

    async def do(numbers: Numbers) -> NumberPage:
        return await numbers.own(flags.page, flags.size, pattern, where)

    page = session.run(_with_numbers(session.settings_of(flags), do))
    nothing = "no number of the account fits" if pattern else "the account has no virtual numbers"
    return _print_page(page, [_own_row(number) for number in page.numbers], flags, nothing)


def search(flags: argparse.Namespace) -> int:
    """The numbers that can be rented in a country, a page of them."""
    pattern, where = _pattern(flags)

    async def do(numbers: Numbers) -> NumberPage:
        return await numbers.search(
            flags.country,
            number_type=flags.number_type,
            features=flags.features,
            pattern=pattern,
            where=where,
            page=flags.page,
            size=flags.size,
        )

    page = session.run(_with_numbers(session.settings_of(flags), do))
    nothing = f"no {flags.number_type} number with {', '.join(flags.features)} can be rented in {flags.country}"
    nothing += " that fits the pattern" if pattern else ""
    return _print_page(page, [(*_row(number), cost_in_words(number)) for number in page.numbers], flags, nothing)


def buy(flags: argparse.Namespace) -> int:
    """Rent a number, after a question that tells its price."""
    settings, msisdn = session.settings_of(flags), msisdn_of(flags.number)
    offer = session.run(
        _with_numbers(settings, lambda numbers: numbers.find_offer(msisdn, country=flags.country))
    ) or VirtualNumber(country=flags.country, msisdn=msisdn, type="")
    if not offer.type:
        output.note(f"smschat: the gateway does not list {msisdn} among the numbers to rent in {flags.country}")
    session.confirm(price_of_renting(offer), flags)
    session.run(_with_numbers(settings, lambda numbers: numbers.buy(offer, confirmed=True)))
    if getattr(flags, "json", False):
        output.document(plain(offer))
    else:
        output.line(f"rented {offer.msisdn} in {offer.country}, {cost_in_words(offer)}")
        output.note("  to send from it and receive with it, make it the `number` of a profile: `smschat login`")
    return 0


def cancel(flags: argparse.Namespace) -> int:
    """Give a number up for good, after a question."""
    settings, msisdn = session.settings_of(flags), msisdn_of(flags.number)
    session.confirm(meaning_of_cancelling(msisdn, is_profile=msisdn == settings.number), flags)
    session.run(_with_numbers(settings, lambda numbers: numbers.cancel(msisdn, country=flags.country, confirmed=True)))
    if getattr(flags, "json", False):
        output.document({"country": flags.country, "msisdn": msisdn, "cancelled": True})
    else:
        output.line(f"gave up {msisdn} in {flags.country}")
    return 0


def update(flags: argparse.Namespace) -> int:
    """Change where the SMS and calls of a number go."""
    settings, msisdn, change = session.settings_of(flags), msisdn_of(flags.number), _change(flags)
    number, before = session.run(
        _with_numbers(settings, lambda numbers: _updated(numbers, msisdn, flags.country, change))
    )
    if getattr(flags, "json", False):
        output.document(plain(number))
    else:
        output.line(f"changed {_aligned([_own_row(number)])[0]}")
    if before and before != number.mo_http_url:
        output.note(f"  before, its SMS went to {shown(before, multiline=False)}")
    return 0


async def _updated(
    numbers: Numbers, msisdn: str, country: str, change: NumberChange
) -> tuple[VirtualNumber, str | None]:
    """The number as it is then, and where its SMS went before: nobody else keeps that."""
    own = await numbers.find_own(msisdn) if change.mo_http_url is not None else None
    after = await numbers.update_by_hand(msisdn, country=country, change=change)
    return after, own.mo_http_url if own else None


def plain(number: VirtualNumber) -> dict[str, Any]:
    """A virtual number as a document."""
    return {
        "country": number.country,
        "msisdn": number.msisdn,
        "type": number.type or None,
        "features": list(number.features),
        "cost": number.cost,
        "mo_http_url": number.mo_http_url,
        "voice_callback_type": number.voice_callback_type,
        "voice_callback_value": number.voice_callback_value,
        "voice_status_callback": number.voice_status_callback,
        "app_id": number.app_id,
    }


def msisdn_of(text: str) -> str:
    """The digits of a number that is written in full: with country code, separators and a plus or 00 before it or not.

    Raises:
        NumberError: it is no whole number; a national form is none, because a wrong guess costs money.
    """
    whole = _WHOLE.fullmatch(_SEPARATORS.sub("", text))
    if whole is None:
        raise NumberError(
            f"{shown(text, multiline=False)} is no whole number",
            hint="write all of its digits with the country code, such as 3197012345678",
        )
    return whole[1]


async def _with_numbers(settings: Settings, do: Callable[[Numbers], Awaitable[T]]) -> T:
    """Do something with the account's numbers; nothing is received meanwhile, and no `number` has to be set.

    Whoever rents the first one has none yet.
    """
    with_number = replace(settings, number=settings.number or _ANY)
    plan = replace(session.plan_of(settings), find_missing=lambda: session.missing_account(with_number))
    missing = await session.what_is_missing(plan)
    if missing is not None:
        raise missing
    async with session.opened(plan) as runtime:
        await runtime.go_online(receiving=False)
        return await do(await runtime.online.numbers())


def _pattern(flags: argparse.Namespace) -> tuple[str | None, Where | None]:
    """The pattern and where it stands. Raises UsageError: it is no digits, or the page is too large."""
    if flags.size > LARGEST_PAGE:
        raise UsageError(f"--size is at most {LARGEST_PAGE}", hint="--page shows the others")
    if flags.pattern is None:
        return None, None
    digits = _SEPARATORS.sub("", flags.pattern).removeprefix("+")
    if not (digits.isascii() and digits.isdecimal()):
        raise UsageError("--pattern is digits that stand in the number", hint="such as --pattern 31970")
    return digits, _WHERE[flags.where]


def _change(flags: argparse.Namespace) -> NumberChange:
    """What is to change. Raises UsageError: nothing is, or the values do not go together."""
    if (flags.voice_type is None) != (flags.voice_value is None):
        raise UsageError("--voice-type and --voice-value go together", hint="give both")
    change = NumberChange(
        mo_http_url=_web_address("--mo-url", flags.mo_url),
        mo_smpp_sys_type=flags.smpp_type,
        voice_callback_type=flags.voice_type,
        voice_callback_value=flags.voice_value,
        voice_status_callback=_web_address("--voice-status-url", flags.voice_status_url),
    )
    if change == NumberChange():
        raise UsageError("there is nothing to change", hint="say what, for example --mo-url URL")
    return change


def _web_address(flag: str, text: str | None) -> str | None:
    """An address as it was given; empty text clears what is there."""
    if not text:
        return text
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        is_address = False
    if not (is_address and text.isprintable()):
        raise UsageError(f"{flag} is no web address", hint="it begins with https://")
    return text


def _row(number: VirtualNumber) -> tuple[str, ...]:
    return (number.msisdn, number.country, number.type, ",".join(number.can) or "-")


def _own_row(number: VirtualNumber) -> tuple[str, ...]:
    """A number of ours and where its SMS go: an application goes before an address."""
    address = f"SMS to {number.mo_http_url}" if number.mo_http_url else "SMS to nobody"
    return (*_row(number), f"SMS to the application {number.app_id}" if number.app_id else address)


def _print_page(page: NumberPage, rows: Sequence[tuple[str, ...]], flags: argparse.Namespace, nothing: str) -> int:
    if getattr(flags, "json", False):
        output.document([plain(number) for number in page.numbers])
    for line in [] if getattr(flags, "json", False) else _fitted(_aligned(rows)):
        output.line(line)
    output.note(_standing(page) if page.numbers else nothing if page.page == 1 else f"there is no page {page.page}")
    return 0


def _standing(page: NumberPage) -> str:
    """`page 2 of 7 · 139 numbers · next: --page 3`."""
    pages = max(page.page, -(-page.count // page.size))
    many = f"{page.count} number{'' if page.count == 1 else 's'}"
    return " · ".join(
        [f"page {page.page} of {pages}", many, *([f"next: --page {page.page + 1}"] if page.has_next else [])]
    )


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """The rows under one another, through the gate."""
    cells = [[shown(cell, multiline=False) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    return [_GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _fitted(lines: Sequence[str]) -> list[str]:
    """Cut to a terminal's width, so that each number keeps its line; whole where somebody else reads."""
    if not sys.stdout.isatty():
        return list(lines)
    width = shutil.get_terminal_size().columns
    return [line if len(line) <= width else line[: width - 1] + "…" for line in lines]
