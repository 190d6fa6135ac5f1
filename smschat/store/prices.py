"""What a part cost last, and to whom in a country SMS were sent: what the writer is told before sending.

The rule: never more rows are read than a fixed number, or than there are peers with the same first digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

NEWEST: Final = 200
"""How many of a peer's newest outbound SMS are looked through for a network or a price."""

_AFTER_9: Final = ":"
"""The character that follows `9` in ASCII: the end of a range of numbers."""

_SENT: Final = (
    "SELECT p.network, p.price FROM (SELECT seq, segments, price FROM sms INDEXED BY sms_outbound"
    " WHERE conversation = (SELECT id FROM conversation WHERE peer = ?) AND direction = 'outbound'"
    " ORDER BY seq DESC LIMIT ?) AS s CROSS JOIN part AS p ON p.sms = s.seq "
)
_NETWORK: Final = _SENT + "WHERE p.network IS NOT NULL ORDER BY s.seq DESC, p.id DESC LIMIT 1"
_PAID: Final = "WHERE p.price IS NOT NULL AND (s.segments = 1 OR s.price IS NOT NULL) ORDER BY p.id DESC LIMIT 1"
"""A receipt for one of several parts may name the price of all; an answer never does, and gives the SMS a price."""

_TO_PEER: Final = _SENT + _PAID
_OF_NETWORK: Final = (
    "SELECT p.price FROM (SELECT id, sms, price FROM part INDEXED BY part_network"
    " WHERE network = ? AND price IS NOT NULL ORDER BY id DESC LIMIT ?) AS p CROSS JOIN sms AS s ON s.seq = p.sms "
)
_IN_NETWORK: Final = _OF_NETWORK + _PAID

_WRITTEN_TO: Final = (
    "SELECT peer FROM conversation AS c WHERE peer >= ? AND peer < ? AND peer NOT GLOB '*[^0-9]*'"
    " AND EXISTS(SELECT 1 FROM sms INDEXED BY sms_outbound"
    " WHERE conversation = c.id AND direction = 'outbound' AND status <> 'refused') ORDER BY peer"
)


def part_price(db: sqlite3.Connection, peer: str) -> str | None:
    """What a part cost last in the peer's network, else to this peer; None when nothing is known."""
    network = db.execute(_NETWORK, (peer, NEWEST)).fetchone()
    found = network and db.execute(_IN_NETWORK, (network["network"], NEWEST)).fetchone()
    found = found or db.execute(_TO_PEER, (peer, NEWEST)).fetchone()
    return found and str(found["price"])


def written_to(db: sqlite3.Connection, prefix: str) -> list[str]:
    """Peers whose number begins with these digits, and who were sent an SMS that was not refused."""
    return [row["peer"] for row in db.execute(_WRITTEN_TO, (prefix, prefix + _AFTER_9))]
