"""KPN's gateway imitated, with people who answer: real HTTP on loopback, so that a client meets the wire and no mock.

The rule: what is decided is pure (`outcomes`, `people`, `wire`, `exchange`, `numbers`, `page`, `world`); sockets and
timers stand at the edge (`gateway_app`, `callbacks`, `timeline`, `simulator`). It calls nobody outside this machine
unless told to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smschat.simulator.simulator import Simulator

__all__ = ["Simulator"]


def __getattr__(name: str) -> Any:
    """`Simulator` loads the HTTP client and server when it is first asked for; `world` and `people` need neither."""
    if name != "Simulator":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from smschat.simulator.simulator import Simulator  # noqa: PLC0415 - see above

    return Simulator
