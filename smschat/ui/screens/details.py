"""Everything that is known of one SMS, live: what it is, how it stands, and what came when.

The rule: what is known already is shown at once, the history follows as soon as it is read, and again when the SMS
changes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from smschat.domain import documents
from smschat.domain.changes import SmsChanged
from smschat.domain.details import SmsDetails
from smschat.errors import SmschatError
from smschat.ui.keys import key_name, keys_of
from smschat.ui.render import content, zone_of
from smschat.ui.rows import TWO_PANES_FROM
from smschat.ui.screens.aside import Aside
from smschat.ui.widgets.bar import Bar, hints_of
from smschat.ui.widgets.sheet_view import SheetView

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from smschat.domain.sms import Sms
    from smschat.ui.bridge import Taken
    from smschat.ui.desk import Desk

_GONE: Final = "this SMS is not in the store any more"


class Details(Aside[None]):
    """The details of an SMS, over the reading column; over the whole of a narrow screen.

    Args:
        desk: what the screens share.
        title: whose conversation it stands in.
        is_whole: the list is hidden, so that the conversation has the whole screen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss", "Close", show=False, priority=True),
        Binding("y", "yank", "Copy the text", show=False, priority=True),
        Binding("Y", "yank_json", "Copy its JSON", show=False, priority=True),
        Binding("c", "curl", "Copy as a curl command", show=False, priority=True),
        Binding("ctrl+c", "copy", "Copy", show=False, priority=True),
    ]
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's declaration is not a class variable to mypy
        (0, "-whole"),
        (TWO_PANES_FROM, "-beside"),
    ]

    def __init__(self, desk: Desk, sms: Sms, title: str, *, is_whole: bool = False) -> None:
        super().__init__()
        self._desk = desk
        self._sms = sms
        self._title = title
        marks = desk.marks
        self._head = Bar(keeps_left=True, id="sheet-head")
        self._foot = Bar(keeps_left=True, id="sheet-foot")
        self.sheet = SheetView(
            SmsDetails(sms=sms),
            marks=marks,
            zone=zone_of(desk.now()),
            retry_key=key_name(keys_of("message.resend", desk.rebound)[0]),
            mask=desk.mask,
            id="sheet",
        )
        self.set_class(marks.ascii, "-ascii")
        self.set_class(is_whole, "-no-list")

    def compose(self) -> ComposeResult:
        """Whose it is, the sheet, the keys."""
        with Vertical(id="details"):
            yield self._head
            yield Bar(fill=self._desk.marks.rule)
            yield self.sheet
            yield self._foot

    def on_mount(self) -> None:
        """Read the history."""
        self.sheet.focus()
        self.remask()
        self._say()
        self._read()

    def remask(self) -> None:
        """Say whose it is, covered or not."""
        mask, sms = self._desk.mask, self._sms
        number = "" if self._title == sms.peer else f"  {mask.number(sms.peer)}"
        whose = content(mask.name(self._title) + number).stylize("bold")
        self._head.show(Content.assemble(" Details of the SMS ", "to " if sms.is_outbound else "from ", whose))

    def hear(self, taken: Taken) -> None:
        """Read anew what has changed."""
        news = (change.sms.id for change in taken.changes if isinstance(change, SmsChanged))
        if taken.lost or self._sms.id in news:
            self._read()

    @work(group="details", exclusive=True)
    async def _read(self) -> None:
        sms_id = self._sms.id
        try:
            details = await self._desk.bridge.call(lambda messenger: messenger.details(sms_id))
        except SmschatError as error:
            self._say(error.message)
            return
        if details is None:
            self._say(_GONE)
            return
        self._sms = details.sms
        self.sheet.show(details)

    def on_sheet_view_moved(self, event: SheetView.Moved) -> None:
        """Say how much is below."""
        event.stop()
        self._say()

    def action_yank(self) -> None:
        """Copy the text."""
        self.app.copy_to_clipboard(self._sms.text)
        self._say("copied")

    def action_yank_json(self) -> None:
        """Copy the document that scripts get."""
        self.app.copy_to_clipboard(json_of(self._sms))
        self._say("copied as JSON")

    @work(group="curl", exclusive=True)
    async def action_curl(self) -> None:
        """Copy the request as a curl command, its secrets masked."""
        sms_id = self._sms.id
        try:
            command = await self._desk.bridge.run(lambda runtime: runtime.online.curl(sms_id))
        except SmschatError as error:
            self._say(error.message)
        else:
            self.app.copy_to_clipboard(command)
            self._say("copied as curl, secrets masked")

    def action_copy(self) -> None:
        """Copy what is selected, else the text."""
        selected = self.get_selected_text()
        if selected:
            self.app.copy_to_clipboard(selected)
            self._say("copied")
        else:
            self.action_yank()

    def _say(self, words: str = "") -> None:
        """The keys, and how much is below; or something instead."""
        below, arrow = self.sheet.below, "v" if self._desk.marks.ascii else "↓"
        more = f" {arrow} {below} more {'line' if below == 1 else 'lines'}" if below else ""
        keys = (
            "Esc back",
            "Y copy its JSON",
            *(["c copy as curl"] if self._sms.is_outbound else []),
            "y copy its text",
        )
        first, *fewer = hints_of((words,) if words else keys)
        self._foot.show(Content(more), first, shorter_rights=fewer)


def json_of(sms: Sms) -> str:
    """The SMS as scripts get it, indented; in ASCII, so that nothing in it deceives where it is pasted."""
    return json.dumps(documents.of_sms(sms), indent=2)
