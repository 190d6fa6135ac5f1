"""The own number and the kind of the account, as far as they can be judged without an SMS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.domain import phone
from smschat.domain.checks import Check, Finding
from smschat.settings import Account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smschat.settings import Settings

NUMBER: Final = "number"
ACCOUNT: Final = "account"
DEMO: Final = "demo"
"""The level of a project that is not in production, as the token's answer has it."""


def of_number(settings: Settings) -> Iterator[Check]:
    """The number: possible, of which country, and what it is; nothing where none is set."""
    if settings.number is None:
        return
    country = phone.country_of(settings.number) or "of no country that is known"
    named = f"{settings.number} ({country})"
    if settings.account is Account.PRODUCTION:
        yield Check(name=NUMBER, finding=Finding.OK, text=f"{named}, a virtual number")
    elif phone.is_landline(settings.number):
        yield Check(
            name=NUMBER,
            finding=Finding.NOTE,
            text=f"{named} looks like a landline, which cannot answer an SMS",
            fix="on a test account the number is that of your own mobile phone",
        )
    else:
        yield Check(name=NUMBER, finding=Finding.OK, text=f"{named}, your own phone")


def of_level(settings: Settings, level: str | None) -> Check:
    """Whether the kind of account fits the project's level.

    Args:
        level: as the gateway told it; None: not known.
    """
    kind = settings.account.value
    if level is None:
        return Check(name=ACCOUNT, finding=Finding.OK, text=f"{kind}; the gateway has not told the project's level")
    if (level == DEMO) == (settings.account is Account.TEST):
        return Check(name=ACCOUNT, finding=Finding.OK, text=f"{kind}, and the project's level is {level}")
    other = Account.TEST if level == DEMO else Account.PRODUCTION
    return Check(
        name=ACCOUNT,
        finding=Finding.NOTE,
        text=f"account is {kind}, and the project's level is {level}",
        fix=f"set account = {other.value}, unless KPN told you otherwise",
    )
