"""Binary SMS as people write them: octets cut into parts, each with a user data header that says where it belongs.

The rule: pure; a part is at most 140 octets with its header. The parts of a binary SMS are told by the header alone:
the callback's own fields of a long SMS (`concat`, …) are left out, as on routes that do not read headers.

Source: 3GPP TS 23.040 §9.2.3.24 (user data header; 00 and 08 for parts, 05 for ports).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST: Final = 140
"""Octets of an SMS, its header included."""

VCARD_PORT: Final = 9204
VCAL_PORT: Final = 9205
"""Where a handset listens for business cards and for calendar entries (IANA)."""

_PARTS_8_BIT: Final = 0x00
_PARTS_16_BIT: Final = 0x08
_PORTS: Final = 0x05


@dataclass(frozen=True, slots=True, kw_only=True)
class Octets:
    """What a binary SMS carries.

    Attributes:
        udh: a header that goes out as it is, with its length octet; then the SMS is one part.
        port: that it is for, 0 to 65535; None: it is for none.
        has_wide_reference: the reference of its parts has 16 bits and not 8.
    """

    data: bytes = field(repr=False)
    udh: bytes = field(default=b"", repr=False)
    port: int | None = None
    has_wide_reference: bool = False

    def parts(self, reference: int) -> Iterator[tuple[bytes, bytes]]:
        """Header and octets of each part; `reference` is cut to the bits that there are."""
        whole = self.udh or _header(self._ports())
        if self.udh or len(whole) + len(self.data) <= LARGEST:
            yield whole, self.data
            return
        room = LARGEST - len(_header(self._ports() + self._place(reference, 1, 1)))
        pieces = [self.data[begin : begin + room] for begin in range(0, len(self.data), room)]
        for number, piece in enumerate(pieces, start=1):
            yield _header(self._ports() + self._place(reference, len(pieces), number)), piece

    def _ports(self) -> bytes:
        return b"" if self.port is None else _element(_PORTS, self.port.to_bytes(2) + bytes(2))

    def _place(self, reference: int, total: int, number: int) -> bytes:
        if self.has_wide_reference:
            return _element(_PARTS_16_BIT, (reference % 65536).to_bytes(2) + bytes((total, number)))
        return _element(_PARTS_8_BIT, bytes((reference % 256, total, number)))


def _element(identifier: int, data: bytes) -> bytes:
    return bytes((identifier, len(data))) + data


def _header(elements: bytes) -> bytes:
    return bytes((len(elements),)) + elements if elements else b""
