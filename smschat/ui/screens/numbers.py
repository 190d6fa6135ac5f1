"""The account's virtual numbers: what there is, where its SMS go, what can be rented, renting and giving up.

The rule: one thing is done at a time; while it is under way no key begins another, so that nothing is rented twice.
What goes wrong is said in place, and after a doubtful outcome the own numbers are read again.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from smschat.errors import ForeignCallbackError, OutcomeUnknownError, SmschatError
from smschat.messaging.numbers import meaning_of_cancelling, price_of_renting
from smschat.ui import number_calls as calls
from smschat.ui.keys import hint, key_name, keys_of
from smschat.ui.number_rows import NumberLook, headings, host
from smschat.ui.render import content
from smschat.ui.screens.number_dialogs import NewAddress, TypeNumber
from smschat.ui.widgets.bar import Bar, hints_of
from smschat.ui.widgets.number_list import NumberList
from smschat.ui.widgets.number_search import NumberSearch

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from smschat.domain.numbers import NumberPage, VirtualNumber
    from smschat.runtime import Runtime
    from smschat.ui.desk import Desk
    from smschat.ui.number_calls import Read, Wanted

    Act = Callable[[Runtime], Coroutine[Any, Any, None]]

_QUIET: Final = "$foreground 70%"


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
    NumbersScreen #number-note { height: auto; max-height: 4; padding: 0 2; }
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
        self._note = Static("", id="number-note")
        self._foot = Bar(fill=desk.marks.rule, keeps_left=True, id="number-foot")
        self._look = NumberLook(width=0, marks=desk.marks, own=desk.options.number)
        self._wanted: Wanted | None = None
        self._page: NumberPage | None = None
        self._doing = ""
        self._said = Content("")

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
        return self._said.plain

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
        self._say(event.text, "$text-error")

    def action_search(self) -> None:
        """Show the fields of the search."""
        if not self.is_searching:
            self._turn(to_search=True)
            self._say("", _QUIET)
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
        if self._begin("leaving"):
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
        if not self.is_searching:
            self._point(number)
        elif self._begin(f"renting {number.msisdn}"):
            self._rent(number)

    def action_bring_here(self) -> None:
        """Let the SMS of the number under the cursor come to this smschat."""
        number = self._own_number()
        if number is not None and self._begin(f"changing {number.msisdn}"):
            self._bring_here(number)

    def action_give_up(self) -> None:
        """Give up the number under the cursor."""
        number = self._own_number()
        if number is not None:
            self._give_up(number)

    def _own_number(self) -> VirtualNumber | None:
        if self.is_searching:
            self._say("this number is not yours: Esc shows those that are", _QUIET)
            return None
        return self.number

    def _begin(self, doing: str) -> bool:
        """Begin something, unless something is under way; says what is. Whoever begins ends it."""
        if self._doing:
            self._say(f"still {self._doing}: wait for it", "$text-warning")
            return False
        self._doing = doing
        return True

    @contextmanager
    def _ending(self) -> Iterator[None]:
        try:
            yield
        finally:
            self._doing = ""

    @work(group="numbers-act")
    async def _rent(self, number: VirtualNumber) -> None:
        with self._ending():
            if await self._desk.ask(price_of_renting(number), "rent it"):
                done = f"{number.msisdn} is yours now; t lets its SMS come here"
                await self._carry_out(lambda runtime: calls.buy(runtime, number), done, cursor=number.msisdn)
            else:
                self._say("nothing was rented", _QUIET)

    def _point(self, number: VirtualNumber) -> None:
        def typed(url: str | None) -> None:
            is_new = url is not None and url != (number.mo_http_url or "")
            if url is not None and is_new and self._begin(f"changing {number.msisdn}"):
                done = f"SMS to {number.msisdn} {f'go to {host(url)}' if url else 'have no address'} now"
                self._do(lambda runtime: calls.point(runtime, number, url), done, cursor=number.msisdn)

        self.app.push_screen(NewAddress(number), typed)

    def _give_up(self, number: VirtualNumber) -> None:
        meaning = meaning_of_cancelling(number.msisdn, is_profile=number.msisdn == self._desk.options.number)

        def typed(digits: str | None) -> None:
            if digits is not None and self._begin(f"giving {number.msisdn} up"):
                self._do(lambda runtime: calls.cancel(runtime, number), f"{number.msisdn} is not yours any more")

        self.app.push_screen(TypeNumber(number, meaning), typed)

    @work(group="numbers-act")
    async def _bring_here(self, number: VirtualNumber) -> None:
        async def bring(*, may_take_over: bool) -> None:
            def do(runtime: Runtime) -> Coroutine[Any, Any, None]:
                return calls.bring_here(runtime, number, may_take_over=may_take_over)

            await self._carry_out(do, f"SMS to {number.msisdn} come here now", cursor=number.msisdn)

        with self._ending():
            try:
                await bring(may_take_over=False)
            except ForeignCallbackError as error:
                there = host(error.url)
                question = f"SMS to {number.msisdn} go to {there} now; smschat keeps that address, and gives it back"
                if await self._desk.ask(question, "take them here"):
                    await bring(may_take_over=True)
                else:
                    self._say(f"SMS to {number.msisdn} go on to {there}", _QUIET)

    @work(group="numbers-act")
    async def _do(self, act: Act, done: str, *, cursor: str | None = None) -> None:
        with self._ending():
            await self._carry_out(act, done, cursor=cursor)

    async def _carry_out(self, act: Act, done: str, *, cursor: str | None = None) -> None:
        """Do it, say what came of it, and read the own numbers again where they may have changed.

        Raises:
            ForeignCallbackError: somebody has to be asked first.
        """
        self._say(f"{self._doing} …", _QUIET)
        try:
            await self._desk.bridge.run(act)
        except ForeignCallbackError:
            raise
        except SmschatError as error:
            self._fail(error)
            if not isinstance(error, OutcomeUnknownError):
                return
        else:
            self._say(done, "$text-success")
        self._turn(to_search=False)
        self._read(cursor=cursor, after=self._said)

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
            self._say("reading …", _QUIET)
        try:
            read = await self._desk.bridge.run(
                lambda runtime: calls.own(runtime, page) if wanted is None else calls.search(runtime, wanted, page)
            )
        except SmschatError as error:
            self._fail(error, after)
            return
        self._show(read, is_offer=wanted is not None, cursor=cursor)
        if after is None:
            self._say(_found(read, wanted), _QUIET)

    def _show(self, read: Read, *, is_offer: bool, cursor: str | None) -> None:
        self._page = read.page
        look = NumberLook(
            width=0, marks=self._desk.marks, is_offer=is_offer, here=read.here, own=self._desk.options.number
        )
        self._list.show(read.page.numbers, look, cursor=cursor)
        self._show_frame()

    def _fail(self, error: SmschatError, after: Content | None = None) -> None:
        """Say what went wrong and what helps, below what was said before."""
        hint = f"\n{error.hint}" if error.hint else ""
        words = content(error.message + hint, multiline=True).stylize("$text-error")
        self._tell(words if after is None else Content("\n").join([after, words]))

    def _say(self, text: str, style: str) -> None:
        self._tell(content(text).stylize(style))

    def _tell(self, words: Content) -> None:
        self._said = words
        self._note.update(words)

    def _show_frame(self) -> None:
        """Say at the top what is shown, and at the foot which keys act."""
        title = "Numbers to rent" if self.is_searching else "Numbers"
        self._head.show(Content.styled(f" {title} ", "bold"), Content.styled(_standing(self._page), _QUIET))
        longest, *shorter = hints_of(self._hints())
        self._foot.show(longest, shorter_lefts=shorter)

    def _hints(self) -> list[str]:
        """The keys that act where the focus is; the last one is how to leave."""
        rebound = self._desk.rebound
        enter = key_name(keys_of("numbers.choose", rebound)[0])
        if self.is_searching and self.focused is not self._list:
            return [" Enter search", "Esc own numbers"]
        pages = ["← → page"] if self._page is not None and self._page.count > self._page.size else []
        if self.is_searching:
            return (
                [f" {enter} rent", *pages, "/ fields", "Esc own numbers"] if self.number else [" / fields", "Esc own"]
            )
        search = hint("numbers.search", rebound)
        if self.number is None:
            return [f" {search}", hint("numbers.again", rebound), "Esc chat"]
        others = [hint(name, rebound) for name in ("numbers.here", "numbers.cancel", "numbers.again")]
        return [f" {enter} change", search, *pages, *others, "Esc chat"]


def _standing(page: NumberPage | None) -> str:
    """`page 2 of 7 · 139 numbers`; nothing while nothing was read."""
    if page is None:
        return ""
    many = f"{page.count} number{'' if page.count == 1 else 's'}"
    pages = -(-page.count // page.size)
    return f" page {page.page} of {pages} · {many} " if pages > 1 else f" {many} "


def _found(read: Read, wanted: Wanted | None) -> str:
    if read.page.numbers:
        return ""
    if wanted is None:
        return "the account has no virtual numbers; / searches for one to rent"
    return f"nothing to rent in {wanted.country} fits; try fewer digits, another type or other features"
