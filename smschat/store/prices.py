"""What a part cost last, and to whom in a country SMS were sent: what the writer is told before sending.

The rule: never more rows are read than a fixed number, or than there are peers with the same first digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

NEWEST: Final = 200
"""How many of a peer's newest outbound SMS, or of a network's newest parts, are looked through."""

_AFTER_9: Final = ":"
"""The character that follows `9` in ASCII: the end of a range of numbers."""

_SENT: Final = (
    "FROM sms AS s INDEXED BY sms_outbound CROSS JOIN part AS p ON p.sms = s.seq"
    " WHERE s.direction = 'outbound' AND s.conversation = (SELECT id FROM conversation WHERE peer = :peer)"
    " AND s.seq > coalesce((SELECT seq FROM sms INDEXED BY sms_outbound WHERE direction = 'outbound'"
    " AND conversation = (SELECT id FROM conversation WHERE peer = :peer)"
    " ORDER BY seq DESC LIMIT 1 OFFSET :newest), 0) "
)
_ONE_PART: Final = "AND p.price IS NOT NULL AND (s.segments = 1 OR s.price IS NOT NULL) "
"""A receipt for one of several parts may name the price of all; an answer never does, and gives the SMS a price."""

_NETWORK: Final = "SELECT p.network " + _SENT + "AND p.network IS NOT NULL ORDER BY s.seq DESC LIMIT 1"
_TO_PEER: Final = "SELECT p.price " + _SENT + _ONE_PART + "ORDER BY s.seq DESC LIMIT 1"
_OF_NETWORK: Final = (
    "SELECT p.price FROM part AS p INDEXED BY part_network CROSS JOIN sms AS s ON s.seq = p.sms"
    " WHERE p.network = :network AND p.id > coalesce((SELECT id FROM part INDEXED BY part_network"
    " WHERE network = :network AND price IS NOT NULL ORDER BY id DESC LIMIT 1 OFFSET :newest), 0) "
)
_IN_NETWORK: Final = _OF_NETWORK + _ONE_PART + "ORDER BY p.id DESC LIMIT 1"

_WRITTEN_TO: Final = (
    "SELECT peer FROM conversation AS c WHERE peer >= ? AND peer < ? AND peer NOT GLOB '*[^0-9]*'"
    " AND EXISTS(SELECT 1 FROM sms INDEXED BY sms_outbound"
    " WHERE conversation = c.id AND direction = 'outbound' AND status <> 'refused') ORDER BY peer"
)


def part_price(db: sqlite3.Connection, peer: str) -> str | None:
    """What a part cost last in the peer's network, else to this peer; None when nothing is known."""
    known = db.execute(_NETWORK, {"peer": peer, "newest": NEWEST}).fetchone()
    paid = known and db.execute(_IN_NETWORK, {"network": known["network"], "newest": NEWEST}).fetchone()
    paid = paid or db.execute(_TO_PEER, {"peer": peer, "newest": NEWEST}).fetchone()
    return None if paid is None else str(paid["price"])


def written_to(db: sqlite3.Connection, prefix: str) -> list[str]:
    """Peers whose number begins with these digits, and who were sent an SMS that was not refused."""
    return [row["peer"] for row in db.execute(_WRITTEN_TO, (prefix, prefix + _AFTER_9))]
