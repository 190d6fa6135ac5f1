"""What the pages of the set-up share: the engine, the signs of the terminal, and what was typed on another page.

The rule: a secret is here only as a `Secret`, and only until the process ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from smschat.domain.secret import Secret
    from smschat.runtime import RuntimeThread
    from smschat.runtime.setup import Setup
    from smschat.settings import Account, Place
    from smschat.ui.render import Marks
    from smschat.ui.setup.engine import Engine

_STOP_S: Final = 5.0
"""Seconds that a runtime has to close: its agent takes a moment to end."""


@dataclass(kw_only=True)
class Given:
    """What was typed on one page and is needed on another.

    Attributes:
        api_url: None: as the settings have it.
        place: where secrets are kept; None: nowhere, or not asked yet.
        is_place_chosen: whether `place` was decided on.
    """

    client_id: str | None = None
    client_secret: Secret | None = field(default=None, repr=False)
    api_url: str | None = None
    number: str | None = field(default=None, repr=False)
    account: Account | None = None
    place: Place | None = None
    is_place_chosen: bool = False


@dataclass(kw_only=True)
class Bench:
    """What the pages share; one for each set-up.

    Attributes:
        thread: the runtime of the round trip, started; None while there is none.
    """

    setup: Setup
    engine: Engine
    marks: Marks
    given: Given = field(default_factory=Given)
    thread: RuntimeThread | None = None

    async def end_thread(self) -> None:
        """Close the runtime of a round trip: other settings are coming, or its tunnel is wanted."""
        thread, self.thread = self.thread, None
        if thread is not None:
            await self.engine.block(lambda: thread.stop(_STOP_S))
