"""Phone numbers and sender IDs: any usual form comes in, digits with country code go out, as the wire has them.

A number is checked for *possible*, never for *valid*: the ranges that tests are made with are not assigned to anyone.
The tables (phonenumbers) are loaded by the first number that needs them, and only for the countries that turn up; a
Dutch number of the usual length, which most are here, needs none.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from smschat.errors import NumberError, SenderError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phonenumbers import PhoneNumber

MOST_DIGITS = 15
"""E.164: country code and number together."""

FEWEST_DIGITS = 7
"""The gateway's own pattern of `to` is `\\d{7,15}`."""

_SCHEME = re.compile(r"^\s*(?:tel|sms|smsto|callto):(?://)?", re.IGNORECASE)
_PARAMETERS = re.compile(r"[;?].*$", re.DOTALL)
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
_PUNCTUATION = re.compile(r"[\s()\[\]./\-\u2010-\u2015\u2212\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_NUMBER = re.compile(r"(\+?)(\d+)", re.ASCII)
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{1,11}", re.ASCII)
_HOME = re.compile(r"(?:(?P<plus>\+|00)?31|0)(?P<rest>[1-9]\d{8}|97\d{9})", re.ASCII)
_HINT = "write it as +31 6 12345678, 0031612345678 or 06 12345678"


def parse_peer(text: str, country: str) -> str:
    """Read a number that somebody typed or pasted: digits with country code, 7 to 15 of them.

    Args:
        text: any usual form: `+31 6…`, `0031…`, national, with `(0)`, dots, dashes, spaces, `tel:` or `sms:`. Bare
            digits that begin with a country code are international unless they are a number in national form.
        country: ISO 3166 alpha-2, for the national form.

    Raises:
        NumberError: not a possible number.
    """
    plus, digits = _digits(text)
    home = _HOME.fullmatch(plus + digits)
    if home and (home["plus"] or country.upper() == "NL"):
        return "31" + home["rest"]
    for number in _readings(plus, digits, country):
        if FEWEST_DIGITS <= len(number) <= MOST_DIGITS:
            return number
    raise NumberError(_complaint(digits), hint=_HINT)


def peer_from_wire(text: str, own_country: str | None = None) -> str:
    """Name the peer of an inbound SMS: digits with country code as they came, or an alphanumeric sender as it came.

    Args:
        text: `msisdn` of a callback; short codes and names stay what they are.
        own_country: for a national form, which no gateway should send; None: such digits stay as they came.
    """
    name = text.strip()
    match = _NUMBER.fullmatch(_PUNCTUATION.sub("", name))
    if match is None:
        return name
    digits = match[2]
    if digits.startswith("00"):
        return digits.lstrip("0") or name
    if digits.startswith("0") and not match[1] and own_country is not None:
        return next(_readings("", digits, own_country), digits)
    return digits


def same_peer(one: str, other: str) -> bool:
    """Whether two peers in international or wire form are the same; names are compared without regard to case."""
    return peer_from_wire(one).casefold() == peer_from_wire(other).casefold()


@lru_cache(maxsize=4096)
def country_of(digits: str) -> str | None:
    """ISO alpha-2 country of a number with country code; None for names, short codes and numbers of no country."""
    if digits.startswith("31") and _HOME.fullmatch(digits):
        return "NL"
    number = _international(digits)
    if number is None:
        return None
    import phonenumbers  # noqa: PLC0415 - loaded by whoever meets a number

    region = phonenumbers.region_code_for_number(number)
    if region is None:  # an unassigned range: the main country of the code is near enough
        region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    return None if region in {"ZZ", "001"} else region


def country_name(digits: str) -> str:
    """The country of a number in English; empty where it cannot be told, or the number is of no one country."""
    number = _international(digits)
    if number is None:
        return ""
    from phonenumbers import geocoder  # noqa: PLC0415 - loads the names of places, which only a contact shows

    return str(geocoder.country_name_for_number(number, "en"))


def calling_code(digits: str) -> str:
    """The digits that a number with country code begins with wherever it is from; empty for what is no such number."""
    if digits.startswith("31") and _HOME.fullmatch(digits):
        return "31"
    number = _international(digits)
    return str(number.country_code or "") if number is not None else ""


@lru_cache(maxsize=4096)
def pretty(digits: str, country: str | None = None) -> str:
    """Write a number for people, `+31 6 12345678`; what is no possible number comes back as it is.

    Args:
        digits: with country code, as on the wire.
        country: numbers of this country are written in national form; None: all are international.
    """
    number = _international(digits)
    if number is None:
        return digits
    import phonenumbers  # noqa: PLC0415 - loaded by whoever meets a number

    at_home = country is not None and country_of(digits) == country
    form = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def is_landline(digits: str) -> bool:
    """Whether a number with country code is surely that of a landline; False when nothing is known of its range."""
    number = _international(digits)
    if number is None:
        return False
    import phonenumbers  # noqa: PLC0415 - loaded by whoever meets a number

    return phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE


def parse_sender(text: str, country: str | None = None) -> str:
    """Read a sender ID: a number of at most 15 digits, or 1 to 11 letters and digits.

    Args:
        text: a number in any usual form, or a name.
        country: ISO alpha-2, for a number in national form; None: such a number is refused.

    Raises:
        SenderError: neither; or a national number and no country to read it by.
    """
    name = text.strip()
    if _NAME.fullmatch(name):
        return name
    match = _NUMBER.fullmatch(_bare(name))
    if match is None:
        hint = "a number, or 1 to 11 of A-Z, a-z and 0-9, without spaces or accents"
        raise SenderError("the sender is neither a number nor a name", hint=hint)
    return _numeric_sender(name, match[1], match[2], country)


def can_be_answered(sender: str) -> bool:
    """Whether recipients can reply to this sender ID: to a number they can, to a name they cannot."""
    return sender.isascii() and sender.isdigit()


def _numeric_sender(name: str, plus: str, digits: str, country: str | None) -> str:
    digits = digits.removeprefix("00")
    if digits.startswith("0") and not plus:
        if country is None:
            raise SenderError("the sender is a number without country code", hint="write it as +31612345678")
        try:
            return parse_peer(name, country)
        except NumberError as error:
            raise SenderError("the sender is not a possible number", hint=error.hint) from error
    if len(digits) > MOST_DIGITS:
        raise SenderError("the sender has more than 15 digits", hint="a number with country code has at most 15")
    return digits


def _bare(text: str) -> str:
    """Drop what people write around the digits; digits of other scripts become ASCII ones."""
    text = _PARAMETERS.sub("", _SCHEME.sub("", text)).strip()
    text = unicodedata.normalize("NFKC", text)
    if text.startswith(("+", "00")):
        text = _TRUNK_ZERO.sub("", text)
    text = _PUNCTUATION.sub("", text)
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in text)


def _digits(text: str) -> tuple[str, str]:
    match = _NUMBER.fullmatch(_bare(text))
    if match is None:
        if re.search(r"[^\W\d_]", text):
            raise NumberError("a number has no letters in it", hint="a name cannot be written to; " + _HINT)
        raise NumberError("that is not a number", hint=_HINT)
    return match[1], match[2]


def _complaint(digits: str) -> str:
    if len(digits) < FEWEST_DIGITS:
        return "the number is too short"
    return "the number is too long" if len(digits) > MOST_DIGITS else "that is not a possible number"


def _readings(plus: str, digits: str, country: str) -> Iterator[str]:
    """The ways to read the digits, likeliest first; which one it was shows in what is valid, where anything is.

    A national number without its trunk prefix counts only where it is valid: bare digits with country code are what
    smschat prints, and these must read as themselves.
    """
    import phonenumbers  # noqa: PLC0415 - loaded by whoever meets a number

    def is_valid(number: PhoneNumber | None) -> bool:
        return number is not None and phonenumbers.is_valid_number(number)

    if plus or digits.startswith("00"):
        numbers = [_international(digits if plus else digits.removeprefix("00"))]
    elif _is_national_form(digits, country):
        numbers = sorted([_national(digits, country), _international(digits)], key=is_valid, reverse=True)
    else:
        international, national = _international(digits), _national(digits, country)
        is_home = international and national and international.country_code == national.country_code
        is_national = is_valid(national) and not is_valid(international) and not is_home
        numbers = [national if is_national else international]
    for number in filter(None, numbers):
        yield phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


def _is_national_form(digits: str, country: str) -> bool:
    """Whether a number of this country is written like that: with its trunk prefix, or in a country without one."""
    from phonenumbers import PhoneMetadata  # noqa: PLC0415 - loaded by whoever meets a number

    metadata = PhoneMetadata.metadata_for_region(country.upper())
    if metadata is None:
        raise NumberError(f"there is no country {country!r}", hint="the setting `country` is two letters, such as NL")
    prefix = metadata.national_prefix
    # In North America the prefix is the country code too, and nobody needs to write it.
    return not prefix or prefix == str(metadata.country_code) or digits.startswith(prefix)


def _international(digits: str) -> PhoneNumber | None:
    return _possible("+" + digits, None) if digits.isascii() and digits.isdigit() else None


def _national(digits: str, country: str) -> PhoneNumber | None:
    return _possible(digits, country.upper())


def _possible(text: str, country: str | None) -> PhoneNumber | None:
    import phonenumbers  # noqa: PLC0415 - loaded by whoever meets a number

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    is_possible = reason == phonenumbers.ValidationResult.IS_POSSIBLE and not _kept_its_trunk_zero(number)
    return number if is_possible else None


def _kept_its_trunk_zero(number: PhoneNumber) -> bool:
    """Whether a trunk prefix stands behind the country code: without it the number would have been too short."""
    import phonenumbers  # noqa: PLC0415 - loaded by whoever meets a number

    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    return bool(number.italian_leading_zero and metadata and metadata.national_prefix == "0")
