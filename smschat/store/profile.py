"""What is known of the profile itself: its path token, who receives for it, what the gateway was told and said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from smschat.store.times import from_us, to_us

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from smschat.domain.account import Owner, Registration
    from smschat.store.work import Work

TOKEN: Final = "path_token"  # noqa: S105 - the name of the value, not the value
OWNER: Final = "owner"
REGISTRATION: Final = "registration"
BALANCE: Final = "balance"
QUOTA: Final = "quota"
OWN_NUMBERS: Final = "own_numbers"

_TOKEN_BYTES: Final = 16


def value(db: sqlite3.Connection, key: str) -> str | None:
    """A value of the profile, None if it was never put."""
    row = db.execute("SELECT value FROM profile WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def put(db: sqlite3.Connection, key: str, text: str) -> None:
    """Keep a value of the profile."""
    db.execute("INSERT INTO profile VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value", (key, text))


def path_token(work: Work) -> str:
    """The profile's path token, made if there is none."""
    token = value(work.db, TOKEN)
    if token is None:
        import secrets  # noqa: PLC0415 - loads OpenSSL, once in the life of a profile

        token = secrets.token_urlsafe(_TOKEN_BYTES)
        put(work.db, TOKEN, token)
    return token


def publish_owner(work: Work, owner: Owner | None) -> None:
    """Say that this process receives; None takes back what it said itself."""
    if owner is not None:
        said = {
            "holder": work.holder,
            "pid": owner.pid,
            "since": to_us(owner.since),
            "local_url": owner.local_url,
            "public_url": owner.public_url,
        }
        put(work.db, OWNER, json.dumps(said))
    elif (said_before := value(work.db, OWNER)) is not None and json.loads(said_before)["holder"] == work.holder:
        work.db.execute("DELETE FROM profile WHERE key = ?", (OWNER,))


def owner(db: sqlite3.Connection) -> tuple[str, Owner] | None:
    """The holder's name and what it said last; whether it still lives is for the caller to find out."""
    said = value(db, OWNER)
    if said is None:
        return None
    from smschat.domain.account import Owner  # noqa: PLC0415 - a list of conversations is read without it

    read = json.loads(said)
    return read["holder"], Owner(
        pid=read["pid"],
        since=from_us(read["since"]),
        local_url=read["local_url"],
        public_url=read["public_url"],
    )


def save_registration(work: Work, told: Registration) -> None:
    """Keep what the gateway was told last."""
    put(
        work.db,
        REGISTRATION,
        json.dumps({"number": told.number, "url": told.url, "at": to_us(told.at), "error": told.error}),
    )


def registration(db: sqlite3.Connection) -> Registration | None:
    """What the gateway was told last."""
    said = value(db, REGISTRATION)
    if said is None:
        return None
    from smschat.domain.account import Registration  # noqa: PLC0415 - as above

    read = json.loads(said)
    return Registration(number=read["number"], url=read["url"], at=from_us(read["at"]), error=read["error"])


def save_own_numbers(work: Work, numbers: Sequence[str]) -> None:
    """Keep the account's own virtual numbers, in their order."""
    put(work.db, OWN_NUMBERS, json.dumps(list(numbers)))


def own_numbers(db: sqlite3.Connection) -> list[str]:
    """The account's own virtual numbers; empty when they were never kept."""
    return [str(number) for number in json.loads(value(db, OWN_NUMBERS) or "[]")]


def save_quota(work: Work, quota: Mapping[str, str]) -> None:
    """Keep the quota headers of the newest answer."""
    put(work.db, QUOTA, json.dumps(dict(quota)))


def last_quota(db: sqlite3.Connection) -> Mapping[str, str]:
    """The quota headers of the newest answer; empty when none brought any."""
    return {str(name): str(text) for name, text in json.loads(value(db, QUOTA) or "{}").items()}
