"""What is asked and told of the number's callback address: taking the place of a foreign one, registering, giving back.

The rule: somebody else's address is asked about once, and shown without what may be a secret in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from smschat.domain.changes import HealthChanged
from smschat.errors import ForeignCallbackError, SmschatError

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from smschat.runtime import Runtime
    from smschat.ui.bridge import Bridge

_PATH_SHOWN: Final = 8
"""Characters of a path: enough to know one's own address, too few for a token."""

TITLE: Final = "Somebody else receives this number's SMS"


class Voice(Protocol):
    """How the user hears of it."""

    def tell(self, text: str, *, severity: SeverityLevel = "information") -> None:
        """Say it."""
        ...

    def complain(self, error: SmschatError) -> None:
        """Say what went wrong, and what helps."""
        ...


class Ask(Protocol):
    """How the user is asked in the midst of other things; False when in doubt."""

    async def __call__(self, title: str, question: str, *, yes: str, no: str) -> bool:
        """Ask."""
        ...


class CallbackErrands:
    """The errands of one chat."""

    def __init__(self, bridge: Bridge, voice: Voice, *, ask: Ask) -> None:
        self._bridge = bridge
        self._voice = voice
        self._may = ask
        self._asked: set[str] = set()

    async def hear(self, foreign_url: str) -> None:
        """A foreign address waits for a yes: ask once for each."""
        if foreign_url not in self._asked:
            self._asked.add(foreign_url)
            await self._ask(foreign_url)

    async def register_again(self) -> None:
        """Tell the gateway our address, after a question where somebody else's is known to be there."""
        self._asked.clear()
        try:
            foreign_url = await self._bridge.run(_foreign_url)
            if foreign_url is None:
                await self._bridge.run(lambda runtime: runtime.online.register_again())
        except ForeignCallbackError as error:
            foreign_url = error.url
        except SmschatError as error:
            self._voice.complain(error)
            return
        if foreign_url is not None:
            await self.hear(foreign_url)
        else:
            self._voice.tell("The gateway is told our address again; the header says how that goes.")

    async def restore(self) -> None:
        """Give back what was borrowed, and say what became of it."""
        try:
            owed = await self._bridge.run(lambda runtime: runtime.online.restore())
        except SmschatError as error:
            self._voice.complain(error)
            return
        for loan in owed:
            why = f": {loan.error}" if loan.error else ""
            self._voice.tell(
                f"{loan.number} could not be given its address back{why}. It stays owed, and is tried again.",
                severity="warning",
            )
        if not owed:
            self._voice.tell("Nothing is owed: no number has our address in the place of another any more.")

    async def _ask(self, url: str) -> None:
        question = (
            f"They go to {shortened(url)} and not here. smschat can take its place while it runs: that address is "
            "kept, and given back at the end."
        )
        if not await self._may(TITLE, question, yes="take its place", no="leave it"):
            self._voice.tell("Nothing comes in here; ctrl+p, “Register the callback” asks again.")
            return
        try:
            await self._bridge.run(lambda runtime: runtime.online.take_over())
        except SmschatError as error:
            self._voice.complain(error)
        else:
            self._voice.tell("Our address takes its place; the header says how that goes.")


async def _foreign_url(runtime: Runtime) -> str | None:
    """The address that waits for a yes; None: there is none."""
    return next(
        (news.foreign_url for news in runtime.known() if isinstance(news, HealthChanged) and news.foreign_url), None
    )


def shortened(url: str) -> str:
    """Host and the beginning of the path; the rest may be a secret."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "an address that cannot be read"
    rest = parts.path + (f"?{parts.query}" if parts.query else "")
    return host + (rest if len(rest) <= 1 else f"{rest[:_PATH_SHOWN]}…")
