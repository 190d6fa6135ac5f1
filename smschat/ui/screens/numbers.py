"""The account's virtual numbers: what there is, where its SMS go, and what can be rented.

The rule: what is shown is one page as the gateway has it now; what is done to a number is an errand, and after it the
own numbers are read again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen

from smschat.errors import SmschatError
from smschat.ui import number_calls as calls
from smschat.ui import number_words as words
from smschat.ui.number_errands import NumberErrands
from smschat.ui.number_rows import NumberLook, headings
from smschat.ui.render import content
from smschat.ui.widgets.bar import Bar, hints_of
from smschat.ui.widgets.number_list import NumberList
from smschat.ui.widgets.number_note import QUIET, WRONG, NumberNote
from smschat.ui.widgets.number_search import NumberSearch

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from smschat.domain.numbers import NumberPage, VirtualNumber
    from smschat.ui.desk import Desk
    from smschat.ui.number_calls import Wanted


class NumbersScreen(Screen[None], inherit_bindings=False):
    """The numbers, over the chat.

    Args:
        country: where the search begins, ISO 3166 alpha-2.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False, priority=True),
        Binding("alt+n", "leave", "Close", show=False, priority=True),
        Binding("f1", "help", "Help", show=False, priority=True),
        Binding("tab", "app.focus_next", "Next field", show=False),
        Binding("shift+tab", "app.focus_previous", "Previous field", show=False),
    ]
    AUTO_FOCUS = "NumberList"
    DEFAULT_CSS = """
    NumbersScreen.-tall #number-search { padding: 1 2; }
    NumbersScreen #number-heads { color: $text-muted; }
    """
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's declaration is not a class variable to mypy
        (0, "-short"),
        (24, "-tall"),
    ]

    def __init__(self, desk: Desk, *, country: str) -> None:
        super().__init__()
        self._desk = desk
        self._head = Bar(fill=desk.marks.rule, id="number-head")
        self._search = NumberSearch(desk.marks, country=country)
        self._search.display = False
        self._heads = Bar(id="number-heads")
        self._list = NumberList(desk.marks, id="numbers")
        self._note = NumberNote()
        self._foot = Bar(fill=desk.marks.rule, keeps_left=True, id="number-foot")
        self._look = NumberLook(width=0, marks=desk.marks, own=desk.options.number)
        self._wanted: Wanted | None = None
        self._page: NumberPage | None = None
        self._errands = NumberErrands(self, desk, self._note, changed=self._read_own)

    def compose(self) -> ComposeResult:
        """What it is, the search, the numbers, what is said of them, the keys."""
        yield self._head
        yield self._search
        yield self._heads
        yield self._list
        yield self._note
        yield self._foot

    def on_mount(self) -> None:
        """Read the own numbers."""
        self._show_frame()
        self._read()

    @property
    def is_searching(self) -> bool:
        """Whether what can be rented is shown, and not the own numbers."""
        return self._search.display

    @property
    def said(self) -> str:
        """What is said of the numbers now, as plain text."""
        return self._note.said

    @property
    def number(self) -> VirtualNumber | None:
        """The number under the cursor; None: there is none."""
        return self._list.selected

    def on_number_list_laid(self, event: NumberList.Laid) -> None:
        """Columns have moved."""
        event.stop()
        heads = headings(self._list.look)
        self._heads.display = bool(heads)
        self._heads.show(content("" if self._list.is_blank else heads))

    def on_descendant_focus(self) -> None:
        """Other keys act here."""
        self._show_frame()

    def on_number_search_submitted(self, event: NumberSearch.Submitted) -> None:
        """Search."""
        event.stop()
        self._wanted = event.wanted
        self._list.focus()
        self._read()

    def on_number_search_wrong(self, event: NumberSearch.Wrong) -> None:
        """A field cannot be searched for."""
        event.stop()
        self._note.say(event.text, WRONG)

    def action_search(self) -> None:
        """Show the fields of the search."""
        if not self.is_searching:
            self._turn(to_search=True)
            self._note.say("")
        self._search.begin()

    def action_back(self) -> None:
        """From the search to the own numbers, from those to the chat."""
        if not self.is_searching:
            self.action_leave()
        else:
            self._turn(to_search=False)
            self._read()

    def action_leave(self) -> None:
        """To the chat; what is under way is waited for, so that nobody misses what came of it."""
        if self._errands.begin("leaving"):
            self.dismiss(None)

    def action_help(self) -> None:
        """Show every key."""
        from smschat.ui.keys import rows  # noqa: PLC0415 - as the chat does
        from smschat.ui.screens.help import Help  # noqa: PLC0415 - as the chat does

        self.app.push_screen(Help(rows(self._desk.rebound)))

    def action_again(self) -> None:
        """Read the page again."""
        if not self.is_searching or self._wanted is not None:
            self._read(self._page.page if self._page else 1)

    def action_page(self, by: int) -> None:
        """Another page; there is none before the first, nor after the last."""
        page = self._page
        if page is not None and (page.has_next if by > 0 else page.page > 1):
            self._read(page.page + by)

    def action_choose(self) -> None:
        """Rent the number under the cursor, or change where its SMS go."""
        number = self.number
        if number is None:
            return
        if self.is_searching:
            self._errands.rent(number)
        else:
            self._errands.point(number)

    def action_bring_here(self) -> None:
        """Let the SMS of the number under the cursor come to this smschat."""
        number = self._own_number()
        if number is not None:
            self._errands.bring_here(number)

    def action_give_up(self) -> None:
        """Give up the number under the cursor."""
        number = self._own_number()
        if number is not None:
            self._errands.give_up(number)

    def _own_number(self) -> VirtualNumber | None:
        if self.is_searching:
            self._note.say("this number is not yours: Esc shows those that are")
            return None
        return self.number

    def _read_own(self, cursor: str | None) -> None:
        """After what was done; what is said of that stays."""
        self._turn(to_search=False)
        self._read(cursor=cursor, after=self._note.words)

    def _turn(self, *, to_search: bool) -> None:
        """Show what can be rented, or the own numbers; the list is read by whoever turned."""
        self._search.display = to_search
        self._page, self._wanted = None, None
        self._list.show((), self._look)
        if not to_search:
            self._list.focus()
        self._show_frame()

    @work(group="numbers-read", exclusive=True)
    async def _read(self, page: int = 1, *, cursor: str | None = None, after: Content | None = None) -> None:
        """Read a page; `after`: what was said before, and stays."""
        wanted = self._wanted
        if after is None:
            self._note.say("reading …")
        try:
            read = await self._desk.bridge.run(
                lambda runtime: calls.own(runtime, page) if wanted is None else calls.search(runtime, wanted, page)
            )
        except SmschatError as error:
            self._note.fail(error, after)
            return
        self._page = read.page
        look = replace(self._look, is_offer=wanted is not None, here=read.here, registered=read.registered)
        self._list.show(read.page.numbers, look, cursor=cursor)
        self._show_frame()
        if after is None:
            self._note.say(words.found(read, wanted))

    def _show_frame(self) -> None:
        """Say at the top what is shown, and at the foot which keys act where the focus is."""
        title = "Numbers to rent" if self.is_searching else "Numbers"
        self._head.show(Content.styled(f" {title} ", "bold"), Content.styled(words.standing(self._page), QUIET))
        if self.is_searching and self.focused is not self._list:
            keys = [*words.IN_FIELDS]
        else:
            keys_of = words.keys_of_offers if self.is_searching else words.keys_of_own
            keys = keys_of(self._desk.rebound, self._page, any_here=self.number is not None)
        longest, *shorter = hints_of(keys)
        self._foot.show(longest, shorter_lefts=shorter)
