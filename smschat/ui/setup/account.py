"""The first step: the client ID and the client secret of a project, checked against the gateway as soon as both stand.

The rule: the secret leaves its field as a `Secret`, and the field forgets it when the step is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from smschat.domain.checks import Check, Finding, fault_of
from smschat.errors import SmschatError
from smschat.ui.setup.fields import Field, Press
from smschat.ui.setup.page import Page
from smschat.ui.setup.progress import Step
from smschat.ui.setup.words import NO_ACCOUNT, inked, spelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from smschat.domain.secret import Secret
    from smschat.ui.setup.bench import Bench

_KEPT = "kept already; leave empty to keep it"


class AccountPage(Page):
    """Client ID, client secret, and the gateway's address where it is another."""

    name_of = "account"
    step = Step.ACCOUNT
    busy = "asking the gateway"
    checks_when_left = True

    class DemoWanted(Message):
        """Rather the demo."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        settings, marks = bench.setup.settings, bench.marks
        self.client_id = Field("Client ID", marks, text=settings.client_id or "", id="client-id")
        self.client_secret = Field("Client secret", marks, is_secret=True, id="client-secret")
        self.api_url = Field("Gateway", marks, text=settings.api_url, is_optional=True, id="api-url")
        self.gateway = Static(_gateway(settings.api_url), id="gateway")

    def compose_body(self) -> ComposeResult:
        """The two fields, and the gateway in one quiet line."""
        yield self.client_id
        yield self.client_secret
        yield Horizontal(self.gateway, Press("Change", id="account-change"), id="gateway-line")
        yield self.api_url
        self.api_url.display = False

    def on_mount(self) -> None:
        """A secret that the settings have need not be typed again."""
        self.run_worker(self._look_kept(), group="kept")

    async def _look_kept(self) -> None:
        settings = self.bench.setup.settings
        try:
            origin = await self.bench.engine.block(settings.client_secret_origin)
        except SmschatError as error:
            self.findings.say([fault_of("client secret", error)])
            return
        if origin is not None and not self.client_secret.is_optional:
            self.client_secret.is_optional = True
            self.client_secret.line.placeholder = _KEPT

    def presses(self) -> dict[str, Callable[[], object]]:
        """Also the gateway's address, and the demo."""
        return {**super().presses(), "change": self._change, "demo": lambda: self.post_message(self.DemoWanted())}

    def compose(self) -> ComposeResult:
        """The line for those without an account comes last."""
        yield from super().compose()
        about = Static(inked([spelled(NO_ACCOUNT, self.bench.marks)], "")[0], id="no-account")
        yield Horizontal(about, Press("Try the demo instead", id="account-demo"), id="demo-line")

    def what_is_missing(self) -> str:
        """Both are needed."""
        return "both the client ID and the client secret are needed, or skip this step"

    async def check(self) -> Check | None:
        """A token and the product, asked of the gateway."""
        setup = self.bench.setup
        client_id, api_url = self.client_id.text, self._other_gateway()
        try:
            secret = await self._secret()
        except SmschatError as error:
            return fault_of("client secret", error)
        if secret is None:
            return Check(name="client secret", finding=Finding.FAULT, text="there is no client secret")
        return await self.bench.engine.call(
            lambda: setup.check_credentials(client_id=client_id, client_secret=secret, api_url=api_url)
        )

    async def keep(self) -> str:
        """For the next step, which stores them; the field forgets the secret."""
        given, secret = self.bench.given, self.client_secret.secret()
        given.client_id, given.api_url = self.client_id.text, self._other_gateway()
        if secret is not None:
            given.client_secret = secret
            self.client_secret.is_optional = True
            self.client_secret.forget(_KEPT)
        level = self.bench.setup.level
        return f"level {level}" if level else "known to the gateway"

    async def _secret(self) -> Secret | None:
        """The one that was typed, now or before, else the one that the settings have."""
        typed = self.client_secret.secret() or self.bench.given.client_secret
        return typed or await self.bench.engine.block(self.bench.setup.settings.client_secret)

    def _other_gateway(self) -> str | None:
        text = self.api_url.text
        return text if text and text != self.bench.setup.settings.api_url else None

    def _change(self) -> None:
        """Show the gateway's address in a field of its own."""
        self.query_one("#gateway-line").display = False
        self.api_url.display = True
        self.screen.set_focus(self.api_url.line)


def _gateway(api_url: str) -> Content:
    return Content.assemble(("Gateway  ", "$foreground 60%"), (urlsplit(api_url).netloc or api_url, "$foreground 80%"))
