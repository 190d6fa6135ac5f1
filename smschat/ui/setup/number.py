"""The second step: the kind of account, the own number, and where the client secret is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from smschat.domain import phone
from smschat.domain.checks import fault_of
from smschat.errors import SmschatError
from smschat.settings import Account
from smschat.ui.setup.choices import Choice, Choices
from smschat.ui.setup.fields import Field
from smschat.ui.setup.keeping import Keeping
from smschat.ui.setup.page import Page
from smschat.ui.setup.progress import State, Step

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget

    from smschat.domain.checks import Check
    from smschat.ui.setup.bench import Bench

_GHOST = "06 12345678, or +31612345678"


class NumberPage(Page):
    """Account kind and number; what was typed is shown as it will be used, while it is typed."""

    name_of = "number"
    step = Step.NUMBER

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        settings = bench.setup.settings
        self.kind = Choices(
            (
                Choice(value=Account.TEST, name="Test", meaning="your own phone: you text yourself"),
                Choice(value=Account.PRODUCTION, name="Production", meaning="a virtual number, rented from KPN"),
            ),
            bench.marks,
            chosen=settings.account,
            id="account-kind",
        )
        shown = phone.pretty(settings.number) if settings.number else ""
        self.number = Field("Number", bench.marks, text=shown, ghost=_GHOST, id="own-number")
        self.keeping = Keeping(bench, "client secret")
        self.keeping.display = False

    def compose_body(self) -> ComposeResult:
        """The kind, the number, and the question where the secret goes."""
        yield self.kind
        yield self.number
        yield self.keeping

    def came(self) -> None:
        """Whether there is a secret to keep is known now."""
        has_secret = self.bench.given.client_secret is not None
        self.run_worker(self.keeping.ask(is_wanted=has_secret), group="keeping", exclusive=True)
        self._look()

    def blanks(self) -> list[Widget]:
        """The number, and the answer where there is a question."""
        return [*super().blanks(), *([self.keeping.choices] if self.keeping.is_open else [])]

    def what_is_missing(self) -> str:
        """One of the two."""
        if self.number.text:
            return "choose where the client secret is kept, or skip this step"
        return "the number is needed, or skip this step"

    async def check(self) -> Check | None:
        """Whether it is a possible number; that needs no gateway."""
        return self._looked()[0]

    async def keep(self) -> str:
        """Store everything so far.

        Raises:
            SettingsError: it cannot be stored.
        """
        _, digits = self._looked()
        assert digits is not None  # noqa: S101 - for the type checker: no fault was found
        self.keeping.settle()
        self.bench.given.number, self.bench.given.account = digits, self.kind.value or Account.TEST
        await self._store()
        return phone.pretty(digits)

    async def _store(self) -> None:
        given, setup = self.bench.given, self.bench.setup
        await self.bench.end_thread()
        await self.bench.engine.call(
            lambda: setup.save_account(
                client_id=given.client_id,
                client_secret=given.client_secret,
                number=given.number,
                account=given.account,
                api_url=given.api_url,
                place=given.place,
            )
        )

    def _looked(self) -> tuple[Check, str | None]:
        return self.bench.setup.check_number(self.number.text, account=self.kind.value or Account.TEST)

    def _look(self) -> None:
        """Show the number as it will be used."""
        if self.number.text:
            check, digits = self._looked()
            if digits is not None:
                self.show_found(check)

    def typed(self) -> None:
        """Shown at once where it is a number already; what is not yet one is no fault while it is typed."""
        self._look()

    @work(group="next", exclusive=True)
    async def skip(self) -> None:
        """What was given before is stored all the same; the secret too where it is known where to."""
        if self.bench.given.client_id is not None:
            self.keeping.settle()
            try:
                await self._store()
            except SmschatError as error:
                self.show_found(fault_of("keep", error))
                return
        self.forget_found()
        self.post_message(self.Ended(self, State.SKIPPED))
