"""How each part of the runtime is, for the header and for `listen`: silent death is what webhook users suffer most."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from smschat.domain.changes import HealthChanged

if TYPE_CHECKING:
    from collections.abc import Callable

    from smschat.domain.changes import Condition, Subsystem

log = logging.getLogger(__name__)


class Health:
    """The last known condition of each part; tells of it only when it changes."""

    def __init__(self, tell: Callable[[HealthChanged], None]) -> None:
        self._tell = tell
        self._now: dict[Subsystem, HealthChanged] = {}

    def report(
        self,
        part: Subsystem,
        state: Condition,
        text: str = "",
        *,
        address: str | None = None,
        foreign_url: str | None = None,
    ) -> None:
        """Say how a part is; the same as before is not told again."""
        news = HealthChanged(part=part, state=state, text=text, address=address, foreign_url=foreign_url)
        if self._now.get(part) == news:
            return
        self._now[part] = news
        log.info("%s is %s", part, state)
        self._tell(news)

    def snapshot(self) -> tuple[HealthChanged, ...]:
        """What was said last of each part."""
        return tuple(self._now.values())
