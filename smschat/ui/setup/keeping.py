"""Where a secret is kept: in the OS keyring by itself, and in a file only after the user has agreed to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.containers import Vertical
from textual.widgets import Static

from smschat import paths
from smschat.settings import Place
from smschat.ui.setup.choices import Choice, Choices
from smschat.ui.setup.words import spelled

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from smschat.ui.setup.bench import Bench

_KEYRING: Final = "The {secret} goes into the OS keyring."
_NO_KEYRING: Final = "This machine has no OS keyring. May the {secret} be kept in a file?"


class Keeping(Vertical):
    """Asks, where it has to be asked; nothing is chosen until somebody chooses.

    Args:
        secret: what is kept, as it is called in a sentence.
    """

    DEFAULT_CSS = "Keeping { height: auto; }"

    def __init__(self, bench: Bench, secret: str) -> None:
        super().__init__(classes="field")
        self._bench = bench
        self._secret = secret
        file = paths.credentials_file(bench.setup.settings.file)
        self._said = Static("", classes="label", markup=False)
        self.choices = Choices[bool](
            (
                Choice(value=True, name="In a file", meaning=f"{file}, which only you can read (mode 600)"),
                Choice(value=False, name="Nowhere", meaning="for this run only; smschat login asks for it again"),
            ),
            bench.marks,
        )

    def compose(self) -> ComposeResult:
        """What is so, and the question."""
        yield self._said
        yield self.choices

    async def ask(self, *, is_wanted: bool) -> None:
        """Find out what there is to ask.

        Args:
            is_wanted: there is a secret to keep; else nothing is shown.
        """
        given = self._bench.given
        self.display = is_wanted and not (given.is_place_chosen and given.place is not Place.KEYRING)
        if not is_wanted or given.is_place_chosen:
            return
        places = await self._bench.engine.call(self._bench.setup.places)
        if Place.KEYRING in places:
            given.place, given.is_place_chosen = Place.KEYRING, True
        said = _KEYRING if given.is_place_chosen else _NO_KEYRING
        self._said.update(spelled(said.format(secret=self._secret), self._bench.marks))
        self.choices.display = not given.is_place_chosen

    @property
    def is_open(self) -> bool:
        """Whether the question stands, and has no answer."""
        return self.display and self.choices.display and self.choices.value is None

    def settle(self) -> None:
        """What was answered holds for the steps that follow."""
        given = self._bench.given
        if self.display and self.choices.display and self.choices.value is not None:
            given.place = Place.FILE if self.choices.value else None
            given.is_place_chosen = True
