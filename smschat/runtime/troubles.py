"""What is wrong with the gateway and the store, as those who use them meet it, told to `Health`.

The rule: the gateway is called down only when it is out of reach or refuses the credentials; it may refuse all else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.domain.changes import Condition, Subsystem
from smschat.errors import NotAuthorisedError, TokenRefusedError, UnreachableError
from smschat.messaging import verdicts

if TYPE_CHECKING:
    from smschat.errors import SmschatError, StoreError
    from smschat.messaging.health import Health


class Troubles:
    """Tells of troubles, and of their end.

    Attributes:
        is_store_down: the store failed when it was used last.
    """

    def __init__(self, health: Health) -> None:
        self.is_store_down = False
        self._health = health

    def with_gateway(self, error: SmschatError | None) -> None:
        """Say how the gateway is; None: it works."""
        if error is None:
            self._health.report(Subsystem.GATEWAY, Condition.UP)
        elif isinstance(error, UnreachableError | NotAuthorisedError) and not isinstance(error, TokenRefusedError):
            self._health.report(Subsystem.GATEWAY, Condition.DOWN, error.message)

    def with_store(self, error: StoreError | None) -> None:
        """Say how the store is; None: it works."""
        if error is not None:
            self._health.report(Subsystem.STORE, Condition.DOWN, verdicts.why(error))
        elif self.is_store_down:
            self._health.report(Subsystem.STORE, Condition.UP)
        self.is_store_down = error is not None
