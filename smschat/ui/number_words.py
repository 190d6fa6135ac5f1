"""What the numbers screen says around its numbers: what is shown, which keys act, and that there are none; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.ui.keys import hint, key_name, keys_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smschat.domain.numbers import NumberPage
    from smschat.ui.number_calls import Read, Wanted

    Rebound = Mapping[str, tuple[str, ...]]

IN_FIELDS = (" Enter search", "Esc own numbers")
"""The keys in the fields of the search; the last one is how to leave, as in the other two."""


def keys_of_offers(rebound: Rebound, page: NumberPage | None, *, any_here: bool) -> list[str]:
    """The keys among the numbers that can be rented."""
    if not any_here:
        return [" / fields", "Esc own"]
    return [f" {_choose(rebound)} rent", *_pages(page), "/ fields", "Esc own numbers"]


def keys_of_own(rebound: Rebound, page: NumberPage | None, *, any_here: bool) -> list[str]:
    """The keys among the own numbers."""
    search = hint("numbers.search", rebound)
    if not any_here:
        return [f" {search}", hint("numbers.again", rebound), "Esc chat"]
    others = [hint(name, rebound) for name in ("numbers.here", "numbers.cancel", "numbers.again")]
    return [f" {_choose(rebound)} change", search, *_pages(page), *others, "Esc chat"]


def standing(page: NumberPage | None) -> str:
    """`page 2 of 7 · 139 numbers`; nothing while nothing was read."""
    if page is None:
        return ""
    many = f"{page.count} number{'' if page.count == 1 else 's'}"
    pages = -(-page.count // page.size)
    return f" page {page.page} of {pages} · {many} " if pages > 1 else f" {many} "


def found(read: Read, wanted: Wanted | None) -> str:
    """What is said where nothing was found; empty where something was."""
    if read.page.numbers:
        return ""
    if wanted is None:
        return "the account has no virtual numbers; / searches for one to rent"
    return f"nothing to rent in {wanted.country} fits; try fewer digits, another type or other features"


def _choose(rebound: Rebound) -> str:
    return key_name(keys_of("numbers.choose", rebound)[0])


def _pages(page: NumberPage | None) -> list[str]:
    return ["← → page"] if page is not None and page.count > page.size else []
