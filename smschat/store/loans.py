"""Borrowed callback addresses: kept before ours takes their place, until they are given back.

The rule: one for each number, and the newest counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.store.times import from_us, to_us

if TYPE_CHECKING:
    import sqlite3

    from smschat.domain.account import Loan
    from smschat.store.work import Work


def save(work: Work, loan: Loan) -> None:
    """Keep a loan in the place of an older one of the same number."""
    work.db.execute(
        "INSERT INTO loan(number, country, url, since, error) VALUES(?, ?, ?, ?, ?) ON CONFLICT(number) DO UPDATE"
        " SET country = excluded.country, url = excluded.url, since = excluded.since, error = excluded.error",
        (loan.number, loan.country, loan.url, to_us(loan.since), loan.error),
    )


def every(db: sqlite3.Connection) -> list[Loan]:
    """All of them, the oldest first."""
    from smschat.domain.account import Loan  # noqa: PLC0415 - a list of conversations is read without it

    return [
        Loan(
            number=row["number"],
            country=row["country"],
            url=row["url"],
            since=from_us(row["since"]),
            error=row["error"],
        )
        for row in db.execute("SELECT * FROM loan ORDER BY since, number")
    ]


def end(work: Work, number: str) -> None:
    """Forget a loan; does nothing where there is none."""
    work.db.execute("DELETE FROM loan WHERE number = ?", (number,))
