"""What stands above an SMS: the day where it is another, and where the new ones begin; pure."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from smschat.ui import render
from smschat.ui.render import Ink

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from smschat.domain.sms import Sms
    from smschat.ui.bubbles import Look
    from smschat.ui.render import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """The "N new" divider: above the first inbound SMS after `after` and not after `upto` (both `seq`)."""

    after: int
    upto: int
    count: int


def first_new(held: Sequence[Sms], news: News | None, *, has_older: bool) -> int | None:
    """Where "N new" stands among the SMS that are held; None: nowhere.

    Args:
        has_older: there are older ones, which may be new as well.
    """
    if news is None or not held or (has_older and held[0].seq > news.after):
        return None
    index = bisect_right(held, news.after, key=attrgetter("seq"))
    while index < len(held) and held[index].is_outbound:
        index += 1
    return index if index < len(held) and held[index].seq <= news.upto else None


def lead(days: Sequence[date], index: int, news: News | None, look: Look, today: date) -> tuple[Line, ...]:
    """The lines above an SMS.

    Args:
        days: of every SMS that is held.
        news: the new ones begin here; None: they do not.
    """
    lines: list[Line] = []
    width, marks = look.column - 1, look.marks
    if index == 0 or days[index] != days[index - 1]:
        if index:
            lines.append(())
        day = render.day_name(days[index], today)
        lines.append(render.divider(day, width, marks, Ink.DAY, rule=Ink.RULE))
    if news is not None:
        lines.append(render.divider(f"{news.count} new", width, marks, Ink.NEW))
    return tuple(lines)
