"""Signatures of callbacks: what is signed, in which canonical form, and by which of the five methods.

The rule: what was not signed under a secret never passes, and nothing is raised whatever the fields hold.

The canonical form (Vonage, "Signing messages"): every field but `sig`, sorted by name in byte order, each written as
`&name=value` in UTF-8 with `&` and `=` in the value replaced by `_`. `md5hash` is the MD5 of that followed by the
secret; the other methods are HMACs with the secret as the key.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNATURE: Final = "sig"
"""The field that holds the signature, the only one that is not signed."""

_DIGESTS: Final = {"md5hash": "md5", "md5": "md5", "sha1": "sha1", "sha256": "sha256", "sha512": "sha512"}
_SEPARATORS: Final = str.maketrans("&=", "__")


class Method(StrEnum):
    """How callbacks are signed: a plain MD5 with the secret behind the text (the gateway's default), or an HMAC."""

    MD5HASH = "md5hash"
    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    SHA512 = "sha512"


def signature(fields: Mapping[str, str], secret: str, method: Method) -> str:
    """The signature of the fields, hex in lower case. An empty secret signs too; it is `is_signed` that refuses it."""
    # Loaded only where something is signed: neither is needed to start.
    import hashlib  # noqa: PLC0415
    import hmac  # noqa: PLC0415

    text, key = _canonical(fields), _octets(secret)
    if method is Method.MD5HASH:
        return hashlib.md5(text + key, usedforsecurity=False).hexdigest()  # the gateway's choice, not ours
    return hmac.new(key, text, _DIGESTS[method]).hexdigest()


def is_signed(fields: Mapping[str, str], secret: str, method: Method) -> bool:
    """Whether `sig` is the signature of the other fields, compared as bytes in constant time, whatever its case.

    False without `sig`, under an empty secret, and where a name holds `&` or `=`: separators are replaced in values
    only, so that a name with them could swallow another field, the message id for one, under the same signature.
    """
    import hmac  # noqa: PLC0415 - as above

    given = fields.get(SIGNATURE, "")
    if not given or not secret or any("&" in name or "=" in name for name in fields):
        return False
    expected = signature(fields, secret, method)
    return hmac.compare_digest(_octets(given.lower()), expected.encode("ascii"))


def as_signed(value: str) -> str:
    """A value as its signature covers it: `a&b`, `a=b` and `a_b` cannot be told apart."""
    return value.translate(_SEPARATORS)


def _canonical(fields: Mapping[str, str]) -> bytes:
    pairs = sorted((_octets(name), _octets(as_signed(value))) for name, value in fields.items() if name != SIGNATURE)
    return b"".join(b"&%s=%s" % pair for pair in pairs)


def _octets(text: str) -> bytes:
    # JSON can hold half of a surrogate pair, which UTF-8 cannot; such a text is signed by nobody.
    return text.encode("utf-8", "surrogatepass")
