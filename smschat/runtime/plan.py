"""What a runtime is built from: the profile, its tunnel, its gateway, and what the demo runs beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from smschat.domain.callbacks import RawCallback, Signature
    from smschat.domain.identity import Identity
    from smschat.errors import SettingsError, TunnelError
    from smschat.gateway import KpnGateway
    from smschat.store import SqliteStore


class Tunnel(Protocol):
    """A public address for the listener: none, a fixed one, or one that is opened."""

    @property
    def name(self) -> str:
        """As the header names it: `off`, `fixed`, …."""
        ...

    @property
    def public_url(self) -> str | None:
        """The origin, where it is known without opening anything; None elsewhere."""
        ...

    async def open(self, local_url: str) -> str | None:
        """The public origin that reaches `local_url`; None: there is none, and that is meant so."""
        ...

    async def lost(self) -> TunnelError:
        """Wait until what `open` opened is gone, and tell why; for ever where nothing can be lost."""
        ...

    async def close(self) -> None:
        """Give it back; may be called at any time, also while `open` runs."""
        ...


class Companion(Protocol):
    """What the demo runs beside the runtime: the simulator, and the world that it begins with."""

    async def prepare(self, store: SqliteStore) -> None:
        """Fill an empty store."""
        ...

    async def start(self) -> None:
        """Be there before the gateway client is made."""
        ...

    async def stop(self) -> None:
        """End it."""
        ...


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything a runtime is built from; made of the settings, or of the demo.

    Attributes:
        make_gateway: called after the first frame, because it imports the HTTP client; never when something is missing.
        find_missing: finds what keeps the profile from using the gateway, None when nothing does; reading and receiving
            work without. It may ask the OS keyring.
        companion: what runs beside it; only the demo has one.
        listen: host and port of the listener; port 0: any free one.
        rate: segments a second at most.
        verify: the check of a callback's signature against the time now, in UTC; None: no signature secret is set.
        keeps_address: the public address is ours at the next start too, so that it may stay registered.
        notify_command: the program that is run for each SMS that comes in; None: none.
        hides_text: that program is told who wrote, and not what.
        may_take_over: somebody else's callback address of a production number may be replaced without asking.
    """

    profile: str
    store_path: Path
    identity: Identity = field(repr=False)
    make_gateway: Callable[[], KpnGateway] = field(repr=False)
    find_missing: Callable[[], SettingsError | None] = field(default=lambda: None, repr=False)
    tunnel: Tunnel
    companion: Companion | None = None
    listen: tuple[str, int] = ("127.0.0.1", 0)
    rate: float = 30.0
    verify: Callable[[RawCallback, datetime], Signature] | None = field(default=None, repr=False)
    keeps_address: bool = True
    may_take_over: bool = False
    notify_command: str | None = field(default=None, repr=False)
    hides_text: bool = False

    @cached_property
    def missing(self) -> SettingsError | None:
        """What keeps the profile from using the gateway; may take seconds when first asked, so not on an event loop."""
        return self.find_missing()
