"""The transcript with its keys: what one can do with the SMS under the cursor alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.message import Message

from smschat.ui.actions import Where
from smschat.ui.bindings import bindings_of
from smschat.ui.widgets.places import Places

if TYPE_CHECKING:
    from textual.binding import BindingType

    from smschat.domain.conversation import Conversation
    from smschat.domain.sms import Sms
    from smschat.ui.desk import Desk

NOTHING_TO_COPY: Final = "Nothing is selected to copy. ctrl+q leaves smschat."
_NOTHING: Final = "There is no SMS here."


class Messages(Places):
    """The messages pane.

    Args:
        desk: what the screens share.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Where.MESSAGES)

    class Said(Message):
        """Something was done; `words` say so, in the hints' place."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(desk.bridge, now=desk.now, marks=desk.marks, id=id)
        self._desk = desk
        self._title = ""

    @property
    def meant(self) -> Sms | None:
        """The SMS under the cursor, else the newest on the screen; None: there is none."""
        number = self._last_visible() if self.selected is None else None
        return self.selected if number is None else self._window[number]

    def action_details(self) -> None:
        """Show all that is known of the SMS under the cursor, else of the newest on the screen."""
        from smschat.ui.screens.details import Details  # noqa: PLC0415 - after the first frame

        sms = self.meant
        if sms is None:
            self.notify(_NOTHING, markup=False)
            return
        is_whole = self.screen.has_class("-no-list")
        self.app.push_screen(Details(self._desk, sms, self._title, is_whole=is_whole))

    def action_yank(self) -> None:
        """Copy the text of the SMS under the cursor."""
        sms = self.selected
        if sms is None:
            self.notify(NOTHING_TO_COPY, markup=False)
            return
        self.app.copy_to_clipboard(sms.text)
        self.post_message(self.Said("copied"))

    def action_json(self) -> None:
        """Copy the SMS under the cursor as scripts get it."""
        from smschat.ui.screens.details import json_of  # noqa: PLC0415 - after the first frame

        sms = self.meant
        if sms is None:
            self.notify(_NOTHING, markup=False)
            return
        self.app.copy_to_clipboard(json_of(sms))
        self.post_message(self.Said("copied as JSON"))

    def _forget(self, conversation: Conversation | None) -> None:
        super()._forget(conversation)
        self._title = "" if conversation is None else conversation.title
