"""Write to somebody: a number in any usual form, or the name of a conversation that is there already.

The rule: what is wrong is said beside the input, and what was typed stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from smschat.domain.conversation import Conversation
from smschat.errors import NotFoundError, SmschatError
from smschat.ui.mask import mask_of
from smschat.ui.render import content
from smschat.ui.widgets.form import Line

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widgets import Input

    from smschat.messaging.messenger import Messenger
    from smschat.ui.bridge import Bridge

_PAGE: Final = 1_000
_PROMPT: Final = "A number, such as 06 12345678 or +31612345678, or a name"


class NewConversation(ModalScreen[Conversation | None]):
    """Asks for whom, and is dismissed with the conversation."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", show=False, priority=True)]

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge

    def compose(self) -> ComposeResult:
        """One input, and a line beneath for what is wrong with it."""
        keys = Content.assemble(("Enter", "bold"), " write   ", ("Esc", "bold"), " cancel")
        with Vertical(classes="dialog"):
            yield Static(Content.styled("New conversation", "bold"), classes="dialog-text")
            yield Line(placeholder="number or name", compact=True, id="whom")
            yield Static(Content.styled(_PROMPT, "$foreground 70%"), id="wrong")
            yield Static(keys, classes="dialog-keys")

    def on_input_changed(self) -> None:
        """What was wrong may not be wrong any more."""
        self._say(Content.styled(_PROMPT, "$foreground 70%"))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Find or make the conversation."""
        if event.value.strip():
            self._find(event.value.strip())

    def action_cancel(self) -> None:
        """Never mind."""
        self.dismiss(None)

    @work(group="find", exclusive=True)
    async def _find(self, text: str) -> None:
        is_name = any(character.isalpha() for character in text)
        try:
            found = await self._bridge.call(
                lambda messenger: by_name(messenger, text) if is_name else messenger.open_conversation(text)
            )
        except SmschatError as error:
            hint = f"\n{error.hint}" if error.hint else ""
            words = mask_of(self.app).words(error.message + hint)
            self._say(content(words, multiline=True).stylize("$text-error"))
        else:
            self.dismiss(found)

    def _say(self, what: Content) -> None:
        self.query_one("#wrong", Static).update(what)


async def by_name(messenger: Messenger, text: str) -> Conversation:
    """The one conversation whose name is this, or else the only one whose name has this in it.

    Raises:
        NotFoundError: there is none, or more than one.
    """
    wanted = text.casefold()
    found: list[Conversation] = []
    after: Conversation | None = None
    while page := await messenger.conversations(limit=_PAGE, after=after):
        found += [conversation for conversation in page if wanted in conversation.title.casefold()]
        after = page[-1]
    exact = [conversation for conversation in found if conversation.title.casefold() == wanted]
    match exact or found:
        case [only]:
            return only
        case []:
            raise NotFoundError("no conversation has this name", hint="type the number, with country code if abroad")
        case several:
            raise NotFoundError(f"{len(several)} conversations have this in their name", hint="type more of it")
