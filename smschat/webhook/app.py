"""The webhook as a plain ASGI callable: who may call, how much, and what is answered when.

The rule: `200` only after `take` has returned, and nothing but the same empty `404` for whoever lacks the path token.

* `/{token}`, with or without a slash behind it: inbound SMS, and receipts too, told apart by what they say.
* `/{token}/r/{ref}`: the receipts of one attempt. Kept, too, when `ref` is none of ours.
* `/{token}/p/{nonce}`: proves to whoever knows the token that this listener does too; nothing is kept.

The gateway repeats whatever is not answered 2xx for 24 hours, so what cannot be understood is kept and answered `200`.
Where signatures are checked, a callback without a good one is kept as refused and answered `401`. Of those only so many
are kept in a while, or whoever learned the token could fill the disk; one more is answered `429`, which is repeated.
"""

from __future__ import annotations

import hmac
import logging
import re
import traceback
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from smschat.domain.addresses import proof
from smschat.domain.callbacks import RawCallback
from smschat.errors import StoreError
from smschat.serving import BodyTooLargeError, ClientGoneError, answer, read_body
from smschat.webhook.allowance import Allowance

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from typing import TypeAlias

    from smschat.domain.callbacks import Signature
    from smschat.serving import App, Receive, Scope, Send

    Take: TypeAlias = Callable[[RawCallback], Awaitable[None]]
    Verify: TypeAlias = Callable[[RawCallback, datetime], Signature]

_log = logging.getLogger(__name__)

MAX_BODY_BYTES: Final = 64 * 1024
MAX_NOTE_CHARACTERS: Final = 200
"""As much of User-Agent and Content-Type as is kept."""

MOST_REFUSED: Final = 500
REFUSED_AGAIN: Final = timedelta(seconds=10)
"""So many callbacks without a good signature are kept at once, and one more each while: half a gigabyte a day."""

_REF: Final = re.compile(rb"[A-Za-z0-9_-]{11}")
_NONCE: Final = re.compile(rb"[A-Za-z0-9_-]{22}")
_CLOSE: Final = (b"connection", b"close")
_METHODS: Final = ("GET", "HEAD", "POST")
_PLAIN: Final = (b"content-type", b"text/plain")
_RETRY_AFTER: Final = (b"retry-after", b"5")
_RETRY_MUCH_LATER: Final = (b"retry-after", b"900")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """What an address with the path token names; neither ref nor nonce: the inbound address."""

    ref: str | None = None
    nonce: str | None = None

    @property
    def methods(self) -> tuple[str, ...]:
        return _METHODS if self.nonce is None else _METHODS[:2]


def webhook_app(token: str, take: Take, clock: Callable[[], datetime], verify: Verify | None = None) -> App:
    """The ASGI application of one profile.

    Args:
        token: the path token; compared in constant time.
        take: keeps a callback and returns once it is on disk; whatever it raises is answered `503`.
        clock: the time now, aware, in UTC.
        verify: what becomes of a callback's signature at that time; None: signatures are not checked.
    """
    secret = token.encode()
    receive_callback = _Reception(take, clock, verify)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        place = _place(scope["raw_path"], secret)
        if place is None:
            await answer(send, 404, headers=[_CLOSE])
        elif scope["method"] not in place.methods:
            await answer(send, 405, headers=[(b"allow", ", ".join(place.methods).encode()), _CLOSE])
        elif place.nonce is not None:
            await answer(send, 200, headers=[_PLAIN], body=proof(token, place.nonce).encode())
        elif scope["method"] == "HEAD":
            await answer(send, 200)
        else:
            await receive_callback(scope, receive, send, place.ref)

    return app


class _Reception:
    """What becomes of a request at an address of ours: read, checked, kept, answered."""

    def __init__(self, take: Take, clock: Callable[[], datetime], verify: Verify | None) -> None:
        self._take = take
        self._clock = clock
        self._verify = verify
        self._refusals = Allowance(most=MOST_REFUSED, again_after=REFUSED_AGAIN)

    async def __call__(self, scope: Scope, receive: Receive, send: Send, ref: str | None) -> None:
        try:
            raw = await _read(scope, receive, ref, self._clock())
        except ClientGoneError:
            return
        except BodyTooLargeError:
            await answer(send, 413, headers=[_CLOSE])
            return
        if _is_test(raw):
            await answer(send, 200)
        else:
            await self._keep(self._checked(raw), send)

    def _checked(self, raw: RawCallback) -> RawCallback:
        if self._verify is None:
            return raw
        return replace(raw, signature=self._verify(raw, raw.received_at))

    async def _keep(self, raw: RawCallback, send: Send) -> None:
        is_refused = raw.signature.is_refused
        if is_refused and not self._refusals.is_left(raw.received_at):
            await answer(send, 429, headers=[_RETRY_MUCH_LATER])
        elif not await _is_kept(self._take, raw):
            await answer(send, 503, headers=[_RETRY_AFTER])
        elif is_refused:
            _log.warning("a callback was refused, its signature is %s", raw.signature)
            await answer(send, 401)
        else:
            await answer(send, 200)


def _is_test(raw: RawCallback) -> bool:
    """Whether it is the empty GET that the gateway tests a new address with."""
    return raw.method == "GET" and not raw.query and not raw.body


def _place(path: bytes, secret: bytes) -> _Place | None:
    """What a path names; None when it is not ours."""
    root, _, rest = path.partition(b"/")
    first, _, rest = rest.partition(b"/")
    if not hmac.compare_digest(first, secret) or root:
        return None
    if not rest:
        return _Place()
    kind, _, name = rest.removesuffix(b"/").partition(b"/")
    if kind == b"p" and _NONCE.fullmatch(name):
        return _Place(nonce=name.decode("ascii"))
    if kind != b"r" or b"/" in name:
        return None
    return _Place(ref=name.decode("ascii") if _REF.fullmatch(name) else None)


async def _read(scope: Scope, receive: Receive, ref: str | None, now: datetime) -> RawCallback:
    headers = _first_values(scope["headers"])
    if int(headers.get(b"content-length", "0")) > MAX_BODY_BYTES:
        raise BodyTooLargeError
    return RawCallback(
        received_at=now,
        method=scope["method"],
        ref=ref,
        query=scope["query_string"],
        body=await read_body(receive, limit=MAX_BODY_BYTES),
        content_type=headers.get(b"content-type", ""),
        user_agent=headers.get(b"user-agent", ""),
    )


def _first_values(headers: list[tuple[bytes, bytes]]) -> dict[bytes, str]:
    return {name: value.decode("latin-1")[:MAX_NOTE_CHARACTERS] for name, value in reversed(headers)}


async def _is_kept(take: Callable[[RawCallback], Awaitable[None]], raw: RawCallback) -> bool:
    try:
        await take(raw)
    except StoreError as error:
        _log.warning("a callback could not be kept, the gateway will repeat it: %s", error.message)
    except Exception as error:  # noqa: BLE001  # the listener's outermost handler: no callback may kill it
        # The message of an unforeseen error may quote what was being written; where it happened does not.
        where = "".join(traceback.format_tb(error.__traceback__))
        _log.error("a callback could not be kept: %s\n%s", type(error).__name__, where)
    else:
        return True
    return False
