"""What the outbox, the account and the numbers need of a gateway: the protocols, without a header in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smschat.domain.delivery import SendAnswer
    from smschat.domain.numbers import NumberChange, NumberPage, Where
    from smschat.domain.sms import Attempt


class Gateway(Protocol):
    """The part of the gateway that the outbox and the account need."""

    async def ensure_token(self) -> None:
        """Make sure of a token before anything that costs money; raises what went wrong, nothing was sent."""
        ...

    async def send(self, attempt: Attempt, *, callback: str | None) -> SendAnswer:
        """Exactly one POST.

        Raises:
            UnreachableError: certain not to have left.
            TokenRefusedError: not carried out; one new token may help.
            ThrottledError: not carried out; try later.
            GatewayRefusedError: refused; so is NotAuthorisedError.
            OutcomeUnknownError: it may have been carried out.
        """
        ...

    async def register(self, *, to: str, callback_url: str) -> str:
        """Register the callback of a test account's number; the gateway's own words."""
        ...

    @property
    def numbers(self) -> PhoneNumbers:
        """The account's virtual numbers."""
        ...


class PhoneNumbers(Protocol):
    """KPN's Phone Numbers API. The body's own `error-code` decides, whatever the HTTP status.

    Every method raises GatewayError. `NotAuthorisedError`, 403 and 404 hint that the project must be in production.
    """

    async def own(
        self, *, page: int = 1, size: int = 100, pattern: str | None = None, where: Where | None = None
    ) -> NumberPage:
        """A page of the account's own numbers; `page` counts from 1, `size` is at most 100."""
        ...

    async def search(
        self,
        country: str,
        *,
        number_type: str,
        features: Sequence[str] = ("SMS",),
        pattern: str | None = None,
        where: Where | None = None,
        page: int = 1,
        size: int = 20,
    ) -> NumberPage:
        """A page of numbers that can be rented in a country."""
        ...

    async def buy(self, *, country: str, msisdn: str) -> None:
        """Rent a number: it costs money each month. Never repeated by itself.

        Raises:
            OutcomeUnknownError: it may have been carried out; list the own numbers to see.
        """
        ...

    async def cancel(self, *, country: str, msisdn: str) -> None:
        """Give a number up for good. Raises as `buy` does."""
        ...

    async def update(self, *, country: str, msisdn: str, change: NumberChange) -> None:
        """Set the fields of `change` that are not None; others are left out, and what becomes of them is not known.

        Raises:
            GatewayRefusedError: among others with code `number_420`: not ours, or the address was tested and refused.
        """
        ...
