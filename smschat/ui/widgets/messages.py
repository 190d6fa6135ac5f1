"""The transcript with its keys: what one can do with the SMS under the cursor alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual.message import Message

from smschat.ui.actions import Where
from smschat.ui.bindings import bindings_of
from smschat.ui.keys import key_name, keys_of
from smschat.ui.widgets.ranges import Ranges

if TYPE_CHECKING:
    from textual.binding import BindingType

    from smschat.domain.conversation import Conversation
    from smschat.domain.sms import Sms
    from smschat.ui.bubbles import Look
    from smschat.ui.desk import Desk

NOTHING_TO_COPY: Final = "Nothing is selected to copy. ctrl+q leaves smschat."
_NOTHING: Final = "There is no SMS here."


class Messages(Ranges):
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
        super().__init__(desk.bridge, now=desk.now, marks=desk.marks, mask=desk.mask, id=id)
        self._desk = desk
        self._title = ""

    @property
    def meant(self) -> Sms | None:
        """The SMS under the cursor, else the newest on the screen; None: there is none."""
        number = self._last_visible() if self.selected is None else None
        return self.selected if number is None else self._window[number]

    def action_details(self) -> None:
        """Show all that is known of the SMS under the cursor, else of the newest on the screen; copy a selection."""
        if self.chosen:
            self.action_yank()
            return
        from smschat.ui.screens.details import Details  # noqa: PLC0415 - after the first frame

        sms = self.meant
        if sms is None:
            self.notify(_NOTHING, markup=False)
            return
        is_whole = self.screen.has_class("-no-list")
        self.app.push_screen(Details(self._desk, sms, self._title, is_whole=is_whole))

    def action_yank(self) -> None:
        """Copy the text of the SMS under the cursor, or all that are selected."""
        chosen = self.chosen
        if chosen:
            self.app.copy_to_clipboard(self.as_text(chosen, self._title, self._desk.options.number))
            self.end_selection()
            self.post_message(self.Said(f"{len(chosen)} SMS copied"))
            return
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

    def action_link(self) -> None:
        """Show the links of the SMS under the cursor, else of the newest on the screen, before one is opened."""
        from smschat.domain.links import links_of  # noqa: PLC0415 - after the first frame
        from smschat.ui.screens.links import LinkScreen  # noqa: PLC0415 - as above

        links = () if self.meant is None else links_of(self.meant.text)
        if links:
            self.app.push_screen(LinkScreen(self._desk, links))
        else:
            self.notify("There is no link in this SMS.", markup=False)

    def action_code(self) -> None:
        """Copy the one-time code of the SMS under the cursor, else of the newest that came in."""
        from smschat.domain.one_time import code_of  # noqa: PLC0415 - after the first frame

        held = [self._window[number] for number in range(len(self._window) - 1, -1, -1)]
        newest = next((sms for sms in held if not sms.is_outbound), None)
        code = next((code for sms in (self.selected, newest) if sms is not None and (code := code_of(sms.text))), None)
        if code is None:
            self.notify("There is no one-time code in this SMS.", markup=False)
            return
        self.app.copy_to_clipboard(code)
        self.post_message(self.Said("code copied" if self._desk.mask.is_on else f"code {code} copied"))

    def action_whole(self) -> None:
        """Show the whole of a long SMS, or fold it again."""
        sms = self.meant
        if sms is not None and self.fold(sms.id):
            return
        self.notify("This SMS is shown whole.", markup=False)

    def action_select(self) -> None:
        """Select from the SMS under the cursor on; once more ends it."""
        if not self.end_selection() and self.select_from_here():
            self.post_message(self.Said("j and k select, y copies, Esc ends"))

    def _look(self) -> Look:
        keys = ("message.resend", "message.take_back", "message.whole")
        retry, take_back, whole = (key_name(keys_of(name, self._desk.rebound)[0]) for name in keys)
        return replace(super()._look(), retry_key=retry, take_back_key=take_back, whole_key=whole)

    def _forget(self, conversation: Conversation | None) -> None:
        super()._forget(conversation)
        self._title = "" if conversation is None else conversation.title
