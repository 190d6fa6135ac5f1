"""What keeps the profile from sending or receiving, as sentences that are said once.

The rule: the same is told once, however often it is tried, until it works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.domain.changes import Condition, Subsystem

if TYPE_CHECKING:
    from smschat.domain.changes import HealthChanged

_TOLD: Final = frozenset({Subsystem.LISTENER, Subsystem.TUNNEL, Subsystem.CALLBACK, Subsystem.NOTIFY})


class Faults:
    """The faults that were told."""

    def __init__(self) -> None:
        self._told: dict[Subsystem, str] = {}

    def sentence(self, news: HealthChanged) -> str:
        """What to tell, with what to do: the header has no room for that. Empty: nothing, or nothing new.

        The gateway is off for want of a setting only.
        """
        is_missing = news.part is Subsystem.GATEWAY and news.state is Condition.OFF
        is_fault = news.part in _TOLD and news.state is Condition.DOWN
        if news.state is Condition.UP:
            self._told.pop(news.part, None)
        if not (is_missing or is_fault) or not news.text or self._told.get(news.part) == news.text:
            return ""
        self._told[news.part] = news.text
        return f"{news.text[:1].upper()}{news.text[1:]}."
