"""`smschat send --dry-run`: segments, price, what is known of the country, and the exact request; nothing is sent.

The rule: nothing is written, and a secret is a mask wherever it would stand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from smschat.cli import output, session
from smschat.domain import documents, phone
from smschat.domain.addresses import receipt_address
from smschat.domain.countries import notes_for
from smschat.domain.delivery import Status
from smschat.domain.sms import Attempt, Direction, Sms
from smschat.domain.text import shown
from smschat.messaging.compose import Advice, Extras

if TYPE_CHECKING:
    import argparse

    from smschat.domain.sms import NewSms
    from smschat.settings import Settings

A_REF: Final = "x" * 11
"""Stands for the id that each attempt gets of its own."""

MASK: Final = "*****"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it would go out, secrets masked.

    Attributes:
        estimated_price: of all segments, decimals as text; None: nothing was paid to that network yet.
    """

    sms: NewSms
    advice: Advice
    url: str
    headers: dict[str, str] = field(repr=False)
    form: dict[str, str] = field(repr=False)
    estimated_price: str | None = None


def show(made: list[NewSms], settings: Settings, flags: argparse.Namespace) -> int:
    """Print what each SMS would be on the wire."""
    requests = session.run(_requests(made, settings))
    if getattr(flags, "json", False):
        told = [_document(request) for request in requests]
        output.document(told[0] if len(told) == 1 else {"requests": told})
    elif flags.curl:
        _print_curl(requests, settings)
    else:
        for request in requests:
            _print(request)
    return 0


async def _requests(made: list[NewSms], settings: Settings) -> list[Request]:
    """The requests; what was paid and written before, and the receipt address, come from the store if there is one."""
    plan = session.plan_of(settings)
    public = plan.tunnel.public_url
    if not plan.store_path.exists():
        advised = [_first_advice(sms) for sms in made]
    else:
        async with session.opened(plan) as runtime:
            owner = await runtime.store.owner()
            public = public or (owner.public_url if owner else None)
            advised = [await runtime.messenger.advice(sms.peer, Extras(sender=sms.sender)) for sms in made]
    address = receipt_address(public, "*" * 22, A_REF) if public else None
    return [_request(sms, settings, address, advice) for sms, advice in zip(made, advised, strict=True)]


def _first_advice(sms: NewSms) -> Advice:
    """What is known before anything was sent."""
    country = phone.country_of(sms.peer)
    return Advice(
        sender=sms.sender,
        is_one_way=not phone.can_be_answered(sms.sender),
        country=country,
        country_notes=notes_for(country, sms.sender),
    )


def _request(sms: NewSms, settings: Settings, callback: str | None, advice: Advice) -> Request:
    from smschat.gateway import wire  # noqa: PLC0415 - only here does the command line look at the wire

    attempt = Attempt(
        ref=A_REF,
        sms=_as_sms(sms),
        client_ref=sms.client_ref,
        wants_receipt=sms.wants_receipt,
        wants_inbound=sms.wants_inbound,
    )
    return Request(
        sms=sms,
        advice=advice,
        url=settings.api_url + wire.SEND_PATH,
        headers={**wire.HEADERS, **wire.FORM_HEADERS, **wire.send_headers(attempt), "Authorization": f"Bearer {MASK}"},
        form=wire.send_fields(attempt, callback=callback),
        estimated_price=_price(advice.part_price, sms.segments),
    )


def _as_sms(sms: NewSms) -> Sms:
    now = datetime.now(UTC)
    return Sms(
        id=sms.id,
        seq=0,
        revision=0,
        direction=Direction.OUTBOUND,
        peer=sms.peer,
        sender=sms.sender,
        recipient=sms.recipient,
        type=sms.type,
        text=sms.text,
        encoding=sms.encoding,
        segments=sms.segments,
        status=Status.QUEUED,
        created_at=now,
        updated_at=now,
        data=sms.data,
        udh=sms.udh,
        options=sms.options,
    )


def _price(part_price: str | None, segments: int) -> str | None:
    """An estimate from what a part cost last in that network; None while it is not known."""
    from decimal import Decimal, InvalidOperation  # noqa: PLC0415 - only where something was paid

    try:
        return None if part_price is None else f"{Decimal(part_price) * segments:f}"
    except InvalidOperation:
        return None


def _document(request: Request) -> dict[str, Any]:
    return {
        "dry_run": True,
        "encoding": request.sms.encoding.value,
        "segments": request.sms.segments,
        "estimated_price": request.estimated_price,
        "send_at": None if request.sms.send_at is None else documents.moment(request.sms.send_at),
        "one_way": request.advice.is_one_way,
        "notes": [documents.of_note(note) for note in request.advice.country_notes],
        "request": {"method": "POST", "url": request.url, "headers": request.headers, "form": request.form},
    }


def _notes(request: Request) -> list[str]:
    one_way = ["the recipient cannot answer a name as sender ID"] if request.advice.is_one_way else []
    return one_way + [output.country_line(note) for note in request.advice.country_notes]


def _print_curl(requests: list[Request], settings: Settings) -> None:
    """The commands to standard output, ready to be pasted once the mask is replaced; the rest is for the person."""
    from smschat.gateway import curl  # noqa: PLC0415 - as below

    for request in requests:
        output.line(curl.command(request.url, request.headers, request.form))
        for note in _notes(request):
            output.note(f"note: {note}")
    output.note(f"{MASK} stands for the access_token of:")
    output.note(_token_curl(settings))


def _token_curl(settings: Settings) -> str:
    from smschat.gateway import curl, wire  # noqa: PLC0415 - only here does the command line look at the wire

    form = wire.token_fields(settings.client_id or MASK, MASK)
    return curl.command(settings.api_url + wire.TOKEN_PATH, {**wire.HEADERS, **wire.FORM_HEADERS}, form)


def _when(sms: NewSms) -> str:
    """When it would be sent, on the reader's clock; empty: at once."""
    return "" if sms.send_at is None else f" · to be sent {sms.send_at.astimezone():%Y-%m-%d %H:%M}"


def _print(request: Request) -> None:
    sms = request.sms
    plural = "" if sms.segments == 1 else "s"
    price = f" · ≈ {request.estimated_price}" if request.estimated_price else ""
    output.line(f"{sms.encoding.value} · {sms.segments} segment{plural}{price}{_when(sms)} · nothing was sent")
    for note in _notes(request):
        output.line(f"note: {note}")
    output.line(f"POST {request.url}")
    for name, value in request.headers.items():
        output.line(f"  {name}: {value}")
    for name, value in request.form.items():
        output.line(f"  {name} = {shown(value, multiline=False)}")
