"""`smschat send --dry-run`: the segments and the exact request; nothing is sent and nothing is written."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from smschat.cli import output, session
from smschat.domain.addresses import receipt_address
from smschat.domain.delivery import Status
from smschat.domain.sms import Attempt, Direction, Sms
from smschat.domain.text import shown

if TYPE_CHECKING:
    import argparse

    from smschat.domain.sms import NewSms
    from smschat.settings import Settings

A_REF: Final = "x" * 11
"""Stands for the id that each attempt gets of its own."""

MASK: Final = "*****"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it would go out, secrets masked."""

    sms: NewSms
    url: str
    headers: dict[str, str] = field(repr=False)
    form: dict[str, str] = field(repr=False)
    estimated_price: str | None = None


def show(made: list[NewSms], settings: Settings, flags: argparse.Namespace) -> int:
    """Print what each SMS would be on the wire."""
    requests = session.run(_requests(made, settings))
    if getattr(flags, "json", False):
        documents = [_document(request) for request in requests]
        output.document(documents[0] if len(documents) == 1 else {"requests": documents})
    elif flags.curl:
        for request in requests:
            output.line(_curl(request))
    else:
        for request in requests:
            _print(request)
    return 0


async def _requests(made: list[NewSms], settings: Settings) -> list[Request]:
    """The requests; prices and the receipt address come from the store, if there is one already."""
    plan = session.plan_of(settings)
    if not plan.store_path.exists():
        address = receipt_address(plan.tunnel.public_url, "*" * 22, A_REF) if plan.tunnel.public_url else None
        return [_request(sms, settings, address, None) for sms in made]
    async with session.opened(plan) as runtime:
        owner = await runtime.store.owner()
        public = plan.tunnel.public_url or (owner.public_url if owner else None)
        address = receipt_address(public, "*" * 22, A_REF) if public else None
        seen = {sms.peer: await runtime.messenger.transcript(sms.peer, limit=50) for sms in made}
    return [_request(sms, settings, address, _price(seen[sms.peer], sms.segments)) for sms in made]


def _request(sms: NewSms, settings: Settings, callback: str | None, price: str | None) -> Request:
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
        url=settings.api_url + wire.SEND_PATH,
        headers={**wire.HEADERS, **wire.send_headers(attempt), "Authorization": f"Bearer {MASK}"},
        form=wire.send_fields(attempt, callback=callback),
        estimated_price=price,
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
    )


def _price(rows: list[Sms], segments: int) -> str | None:
    """An estimate from the newest part price paid to this peer; None while none is known."""
    from decimal import Decimal  # noqa: PLC0415

    prices = [part.price for sms in rows for part in sms.parts if part.price is not None]
    return str(Decimal(prices[-1]) * segments) if prices else None


def _document(request: Request) -> dict[str, Any]:
    return {
        "dry_run": True,
        "encoding": request.sms.encoding.value,
        "segments": request.sms.segments,
        "estimated_price": request.estimated_price,
        "request": {"method": "POST", "url": request.url, "headers": request.headers, "form": request.form},
    }


def _curl(request: Request) -> str:
    lines = [f"curl -X POST {shlex.quote(request.url)}"]
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in request.headers.items()]
    lines += [f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in request.form.items()]
    return " \\\n  ".join(lines)


def _print(request: Request) -> None:
    sms = request.sms
    plural = "" if sms.segments == 1 else "s"
    price = f" · ≈ {request.estimated_price}" if request.estimated_price else ""
    output.line(f"{sms.encoding.value} · {sms.segments} segment{plural}{price} · nothing was sent")
    output.line(f"POST {request.url}")
    for name, value in request.headers.items():
        output.line(f"  {name}: {value}")
    for name, value in request.form.items():
        output.line(f"  {name} = {shown(value, multiline=False)}")
