"""Every error that smschat raises on purpose: what happened, what the reader can do, and the exit code.

SmschatError                  1   failed otherwise
├─ UsageError                 2   the command line
│  └─ SettingsError           2   a setting
├─ RefusedHereError           3   refused here, before sending: nothing left this machine
│  ├─ NumberError             3   not a possible number
│  ├─ SenderError             3   not a possible sender ID
│  └─ NotConfirmedError       3   needs a yes that nobody gave
│     └─ ForeignCallbackError 3   a number's callback is somebody else's
├─ GatewayError               1   the gateway answered, or should have
│  ├─ GatewayRefusedError     4   it said no; nothing was sent
│  ├─ NotAuthorisedError      5   credentials, or the product is not in the project
│  │  └─ TokenRefusedError    5   the token alone is at fault: one new token may help
│  ├─ ThrottledError         75   too fast, or the quota is used up; nothing was sent
│  ├─ UnreachableError       69   certain not to have left this machine
│  └─ OutcomeUnknownError     6   it may have been carried out
├─ NotFoundError             20   no such peer, SMS or callback
├─ ListenerError              1   the webhook listener cannot listen
├─ TunnelError               69   no public address
├─ ArchiveError               1   an export cannot be read, or a file not be written
└─ StoreError                 1   the database cannot be read or written
   └─ StoreNewerError         1   it was written by a newer smschat
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class SmschatError(Exception):
    """The root of the tree.

    Attributes:
        message: one sentence that says what happened, without secrets or message text.
        hint: what the reader can do about it; may be empty.
        code: a short name for scripts, stable across releases.
    """

    exit_code: ClassVar[int] = 1
    default_code: ClassVar[str] = "failed"

    def __init__(self, message: str, *, hint: str = "", code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or self.default_code


class UsageError(SmschatError):
    """The command line asks for something that does not exist or does not go together."""

    exit_code = 2
    default_code = "usage"


class SettingsError(UsageError):
    """A setting is missing, unknown or malformed; the message names the setting and where it comes from."""

    default_code = "settings"


class RefusedHereError(SmschatError):
    """Refused on this machine before anything was sent."""

    exit_code = 3
    default_code = "refused_here"


class NumberError(RefusedHereError):
    """Not a possible number."""

    default_code = "number"


class SenderError(RefusedHereError):
    """Not a possible sender ID."""

    default_code = "sender"


class NotConfirmedError(RefusedHereError):
    """The act asks first, and nobody said yes."""

    default_code = "not_confirmed"


class ForeignCallbackError(NotConfirmedError):
    """A number's inbound SMS go to somebody else's address, which is not taken over without a yes.

    Attributes:
        url: that address; for the question only, never for a log.
    """

    default_code = "foreign_callback"

    def __init__(self, message: str, *, url: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.url = url


class GatewayError(SmschatError):
    """The gateway's answer, or the lack of one.

    Attributes:
        http: HTTP status of the answer; None where there was none.
        transaction_id: the gateway's own id of the request, for its support; None where it gave none.
        said: the gateway's own words; None where it gave none.
        quota: the quota headers of the answer, as KPN names them; empty where there were none.
    """

    default_code = "gateway"
    said: str | None = None
    quota: Mapping[str, str] = MappingProxyType({})

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        code: str | None = None,
        http: int | None = None,
        transaction_id: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, code=code)
        self.http = http
        self.transaction_id = transaction_id


class GatewayRefusedError(GatewayError):
    """The gateway said no: nothing was sent."""

    exit_code = 4
    default_code = "gateway_refused"


class NotAuthorisedError(GatewayError):
    """The credentials are refused, or the project lacks the product; a new token does not help."""

    exit_code = 5
    default_code = "not_authorised"


class TokenRefusedError(NotAuthorisedError):
    """The access token is refused or expired; the request was not carried out, and one new token may help."""

    default_code = "token_refused"


class ThrottledError(GatewayError):
    """Too fast, or the quota is used up; the request was not carried out.

    Attributes:
        retry_after_s: seconds to wait as the answer names them; None where it names none.
    """

    exit_code = 75
    default_code = "throttled"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        code: str | None = None,
        http: int | None = None,
        transaction_id: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint, code=code, http=http, transaction_id=transaction_id)
        self.retry_after_s = retry_after_s


class UnreachableError(GatewayError):
    """The request is certain not to have left: no route, no name, connection refused, TLS failed before writing."""

    exit_code = 69
    default_code = "unreachable"


class OutcomeUnknownError(GatewayError):
    """No readable answer after the request may have been written: it may have been carried out."""

    exit_code = 6
    default_code = "outcome_unknown"


class NotFoundError(SmschatError):
    """No such peer, SMS or callback."""

    exit_code = 20
    default_code = "not_found"


class ListenerError(SmschatError):
    """The webhook listener cannot listen."""

    default_code = "listener"


class TunnelError(SmschatError):
    """There is no public address for the listener."""

    exit_code = 69
    default_code = "tunnel"


class ArchiveError(SmschatError):
    """An export cannot be read or is damaged, or a file cannot be written; nothing was changed."""

    default_code = "archive"


class StoreError(SmschatError):
    """The database cannot be read or written."""

    default_code = "store"


class StoreNewerError(StoreError):
    """The database was written by a newer smschat."""

    default_code = "store_newer"


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, each once."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__
