"""The third step: how the gateway reaches this machine; checked by opening it for real."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from textual.containers import Vertical
from textual.widgets import Static

from smschat.domain.checks import Finding
from smschat.errors import SmschatError
from smschat.settings import TunnelKind
from smschat.ui.setup.agent import Agent
from smschat.ui.setup.choices import Choice, Choices
from smschat.ui.setup.fields import Field, Press
from smschat.ui.setup.keeping import Keeping
from smschat.ui.setup.page import Page
from smschat.ui.setup.progress import Step
from smschat.ui.setup.words import spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

    from smschat.domain.checks import Check
    from smschat.ui.setup.bench import Bench

_WHERE: Final = "from dashboard.ngrok.com, Your Authtoken"
_KEPT: Final = "kept already; leave empty to keep it"
_OFF: Final = "SMS can be sent. Answers and delivery receipts do not come: an SMS stays “sent”, whatever becomes of it."
_ADDRESS: Final = re.compile(r"https?://[^\s,;]+")


class TunnelPage(Page):
    """ngrok, an address that is there already, or none."""

    name_of = "tunnel"
    step = Step.TUNNEL

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        settings, marks = bench.setup.settings, bench.marks
        self.kind = Choices(
            (
                Choice(value=TunnelKind.NGROK, name="ngrok", meaning="a tunnel that smschat opens itself"),
                Choice(value=TunnelKind.FIXED, name="An address", meaning="that I have already: a proxy, a forward"),
                Choice(value=TunnelKind.OFF, name="Off", meaning="only send"),
            ),
            marks,
            chosen=settings.tunnel,
            id="tunnel-kind",
        )
        shown = settings.public_url or ""
        is_fixed = settings.tunnel is TunnelKind.FIXED
        self.agent = Agent(bench)
        self.authtoken = Field("Authtoken", marks, ghost=spelled(_WHERE, marks), is_secret=True, id="authtoken")
        self.domain = Field(
            "Own domain",
            marks,
            text="" if is_fixed else shown,
            ghost="name.ngrok-free.dev",
            is_optional=True,
            aside="optional",
            id="domain",
        )
        self.address = Field(
            "Address", marks, text=shown if is_fixed else "", ghost="https://sms.example.org", id="address"
        )
        self.keeping = Keeping(bench, "authtoken")

    @property
    def busy(self) -> str:  # type: ignore[override]  # says which of the three
        """What is said while it is checked."""
        return "opening the tunnel" if self.kind.value is TunnelKind.NGROK else "checking"

    def compose_body(self) -> ComposeResult:
        """The three ways, and what the chosen one needs."""
        yield self.kind
        yield Vertical(self.agent, self.authtoken, self.domain, self.keeping, id="by-ngrok", classes="way")
        host, port = self.bench.setup.settings.listen
        yield Vertical(
            self.address, Static(leads_to(host, port), classes="aside", markup=False), id="by-fixed", classes="way"
        )
        yield Vertical(Static(spelled(_OFF, self.bench.marks), markup=False), id="by-off", classes="way")

    def on_mount(self) -> None:
        """Show what the chosen way needs."""
        self._show_way()

    def first(self) -> Widget | None:
        """The way comes first."""
        return self.kind

    def came(self) -> None:
        """Look for the agent, and for an authtoken that is kept already."""
        self.agent.look()
        self.run_worker(self._look_kept(), group="kept", exclusive=True)

    async def _look_kept(self) -> None:
        settings = self.bench.setup.settings
        try:
            origin = await self.bench.engine.block(settings.authtoken_origin)
        except SmschatError:
            origin = None  # the check says what is wrong with it
        if origin is not None:
            self.authtoken.is_optional = True
            self.authtoken.line.placeholder = _KEPT
        await self.keeping.ask(is_wanted=not self.bench.given.is_place_chosen)

    def keys(self) -> Sequence[Press]:
        """Also a check that does not go on."""
        following, skip = super().keys()
        return (following, Press("Check", id="tunnel-check"), skip)

    def presses(self) -> dict[str, Callable[[], object]]:
        """Also that check."""
        return {**super().presses(), "check": self._check_only}

    def _check_only(self) -> None:
        blanks = self.blanks()
        if blanks:
            self.go_on()  # says what is missing
        else:
            self.forget_found()
            self.begin_check()

    def typed(self) -> None:
        """Another way needs other fields."""
        self._show_way()

    def blanks(self) -> list[Widget]:
        """The fields of the chosen way; and the question where a new authtoken goes."""
        self._show_way()  # a key may come before the news of the choice
        is_asked = bool(self.authtoken.text) and self.kind.value is TunnelKind.NGROK and self.keeping.is_open
        return [*super().blanks(), *([self.keeping.choices] if is_asked else [])]

    def what_is_missing(self) -> str:
        """By the way that is chosen."""
        if self.kind.value is TunnelKind.FIXED:
            return "the address is needed, or choose another way"
        return (
            "choose where the authtoken is kept"
            if self.authtoken.text
            else "the authtoken is needed, or choose another way"
        )

    async def check(self) -> Check | None:
        """Open it, and close it again."""
        kind, setup = self._kind(), self.bench.setup
        authtoken, address = self.authtoken.secret(), self._address()
        await self.bench.end_thread()
        return await self.bench.engine.call(
            lambda: setup.check_tunnel(kind=kind, authtoken=authtoken, public_url=address)
        )

    async def keep(self) -> str:
        """Store it.

        Raises:
            SettingsError: it cannot be stored.
        """
        kind, setup = self._kind(), self.bench.setup
        authtoken, address = self.authtoken.secret() if kind is TunnelKind.NGROK else None, self._address()
        self.keeping.settle()
        place = self.bench.given.place
        await self.bench.end_thread()
        await self.bench.engine.call(
            lambda: setup.save_tunnel(kind=kind, authtoken=authtoken, public_url=address, place=place)
        )
        if authtoken is not None:
            self.authtoken.is_optional = True
            self.authtoken.forget(_KEPT)
        return self._note()

    def _note(self) -> str:
        if self._kind() is TunnelKind.OFF:
            return "off: only sending"
        is_found = self.found is not None and self.found.finding in {Finding.OK, Finding.NOTE}
        told = _ADDRESS.search(self.found.text) if is_found and self.found is not None else None
        return (told[0] if told else self._address() or "").partition("://")[2]

    def _kind(self) -> TunnelKind:
        return self.kind.value or TunnelKind.OFF

    def _address(self) -> str | None:
        field = {TunnelKind.NGROK: self.domain, TunnelKind.FIXED: self.address}.get(self._kind())
        return field.text or None if field is not None else None

    def _show_way(self) -> None:
        for kind, name in ((TunnelKind.NGROK, "ngrok"), (TunnelKind.FIXED, "fixed"), (TunnelKind.OFF, "off")):
            self.query_one(f"#by-{name}").display = self.kind.value is kind


def leads_to(host: str, port: int) -> str:
    """Where an address of the user's own has to lead."""
    if port == 0:
        return (
            "It has to lead to a port of this machine that stays the same: set `listen` to one, in config.toml or as "
            "SMSCHAT_LISTEN, such as 127.0.0.1:8765."
        )
    return f"It has to lead to {host}:{port} on this machine."
