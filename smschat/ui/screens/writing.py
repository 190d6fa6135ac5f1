"""What the keys do that help to write: editor, templates, send later, take back, undo.

The rule: nothing here sends by itself but what was given a time; and a text goes back to the conversation for which it
was written, whatever is on the screen by then.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from textual import work
from textual.app import SuspendNotSupported

from smschat.domain.delivery import Status
from smschat.errors import SmschatError
from smschat.ui.screens.shown import Shown
from smschat.ui.widgets.sending import Sending

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from smschat.domain.sms import Sms
    from smschat.ui.editing import Edited, Editor
    from smschat.ui.screens.templates import Picked

_NO_CONVERSATION: Final = "There is no conversation here to write in."
_NOTHING_YET: Final = "Write the SMS first; then choose when it is sent."
_NOTHING_WAITS: Final = "No SMS waits that could be taken back."
_MASKED: Final = "The editor would show the text: F3 takes the mask off."
_NO_TERMINAL: Final = "This terminal cannot be lent to an editor."
_NO_FOLDER: Final = "There is no settings folder here that could hold templates."


class Writing(Shown):
    """Helping to write."""

    @work(group="editor")
    async def action_editor(self) -> None:
        """Let the user's editor have the draft; what comes back stands in the composer, and is not sent."""
        composer = self.talk.composer
        owner, text = composer.owner, composer.text
        if owner is None:
            self.notify(_NO_CONVERSATION, markup=False)
            return
        self.talk.leave()  # what stands there is on disk, whatever becomes of the editor
        edited = await self._lend(lambda editor: editor.edit(text))
        if edited is not None and edited.text is not None:
            self._bring_back(owner, edited.text)
        if edited is not None and edited.told:
            self.notify(edited.told, severity="warning", markup=False)

    def _bring_back(self, owner: str, text: str) -> None:
        if self.talk.composer.owner == owner:
            self.talk.composer.put_instead(text)
            self.set_focus(self.talk.composer)
        else:
            self.desk.drafts.note(owner, text)

    async def _lend(self, run: Callable[[Editor], Edited]) -> Edited | None:
        """Lend the terminal to an editor; the listener and all else go on meanwhile. None: it cannot be lent.

        Nothing may be raised while it is lent: Textual would not take it back.
        """
        if self.desk.mask.is_on:
            self.notify(_MASKED, severity="warning", markup=False)
            return None
        from smschat.ui.editing import Editor, keys_are_the_editors  # noqa: PLC0415 - after the first frame

        editor = Editor()
        try:
            with keys_are_the_editors(), self.app.suspend(), self.app.batch_update():
                return await asyncio.to_thread(run, editor)
        except SuspendNotSupported:
            self.notify(_NO_TERMINAL, severity="warning", markup=False)
            return None
        except asyncio.CancelledError:
            editor.stop()
            raise

    def action_send_later(self) -> None:
        """Ask when to send what was written; or when else, where an SMS that waits for its time is under the cursor."""
        waiting = self._waiting_under_cursor()
        composer = self.talk.composer
        owner, text = composer.owner, composer.text
        if waiting is not None:
            self._ask_when(waiting.segments, lambda when: self._reschedule(waiting, when), now_at=waiting.send_at)
        elif self.talk.has_something_to_send(owner, text):
            counted = self.talk.segments
            self._ask_when(counted, lambda when: self.talk.send(owner, text, send_at=when))
        else:
            self.notify(_NOTHING_YET, markup=False)

    def _ask_when(
        self, segments: int | None, then: Callable[[datetime], object], *, now_at: datetime | None = None
    ) -> None:
        from smschat.ui.screens.later import Later  # noqa: PLC0415 - after the first frame

        def take(when: datetime | None) -> None:
            if when is not None:
                then(when)

        self.app.push_screen(Later(self.desk, segments=segments, now_at=now_at), take)

    @work(group="later")
    async def _reschedule(self, sms: Sms, when: datetime) -> None:
        try:
            moved = await self.desk.bridge.call(lambda messenger: messenger.reschedule(sms.id, when))
        except SmschatError as error:
            self.post_message(Sending.Complained(error))
        else:
            self.talk.apply_sms(moved)

    @work(group="take-back")
    async def action_take_back(self) -> None:
        """Take back the SMS under the cursor, else the one that was sent last; its text can be written on."""
        sms = self._waiting_under_cursor() or self.talk.take_backs.newest
        if sms is None:
            self.notify(_NOTHING_WAITS, markup=False)
            return
        try:
            await self.talk.take_back(sms)
        except SmschatError as error:
            self.post_message(Sending.Complained(error))
            return
        if sms.peer == self.talk.peer:
            self.set_focus(self.talk.composer)
            self.talk.say_aside("taken back")
        else:
            self.notify("Taken back: the text is the draft of its conversation.", markup=False)

    def _waiting_under_cursor(self) -> Sms | None:
        sms = self.talk.messages.selected if self.focused is self.talk.messages else None
        return sms if sms is not None and sms.status is Status.SCHEDULED else None

    def action_templates(self) -> None:
        """Ask for a template, and put it in at the cursor."""
        from smschat.ui.screens.templates import Templates  # noqa: PLC0415 - after the first frame

        conversation, file = self.talk.conversation, self.desk.options.preferences.config_file
        owner = self.talk.composer.owner
        if conversation is None or owner is None:
            self.notify(_NO_CONVERSATION, markup=False)
            return
        if file is None:
            self.notify(_NO_FOLDER, markup=False)
            return
        path = file.with_name("templates.toml")

        def take(picked: Picked | None) -> None:
            if picked is None:
                return
            if picked.text is None:
                self._edit_templates(path)
            elif self.talk.composer.owner == owner:
                self._put_in(picked.text, picked.told)

        self.app.push_screen(Templates(self.desk, conversation, path), take)

    def _put_in(self, text: str, told: str) -> None:
        self.talk.composer.put_in(text)
        self.set_focus(self.talk.composer)
        if told:
            self.notify(told, severity="warning", markup=False)

    @work(group="editor")
    async def _edit_templates(self, path: Path) -> None:
        """Let the user's editor have the templates, then show them."""
        from smschat.settings import templates  # noqa: PLC0415 - after the first frame

        try:
            await asyncio.to_thread(templates.make, path)
        except SmschatError as error:
            self.post_message(Sending.Complained(error))
            return
        edited = await self._lend(lambda editor: editor.edit_file(path))
        if edited is not None and edited.told:
            self.notify(edited.told, severity="warning", markup=False)
        elif edited is not None:
            self.action_templates()
