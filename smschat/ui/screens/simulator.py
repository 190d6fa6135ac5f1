"""The simulator's people: choose one, and write as them; and the numbers that decide what becomes of an SMS.

The rule: the focus stays in the line, so that one chooses and types at the same time; what is spoken comes in through
the real listener, as typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import work
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from smschat.errors import SmschatError
from smschat.runtime.stage import speak
from smschat.ui import render
from smschat.ui.render import Ink, Piece
from smschat.ui.screens.over import Over
from smschat.ui.widgets.bar import Bar
from smschat.ui.widgets.form import Line
from smschat.ui.widgets.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from smschat.runtime.stage import Playbill, Player
    from smschat.ui import render as drawing
    from smschat.ui.bridge import Taken
    from smschat.ui.desk import Desk


class PlayerList(Picker):
    """The people, a line each."""

    def __init__(self, desk: Desk, players: tuple[Player, ...], *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(marks=desk.marks, id=id)
        self._mask = desk.mask
        self.players = players
        self._name_cells = max((cell_len(player.name) for player in players), default=0)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.players)

    @property
    def chosen(self) -> Player:
        """Whom the cursor is on."""
        return self.players[self.index]

    def lines_of(self, index: int) -> tuple[drawing.Line, ...]:
        """Name, number, habit."""
        player, ellipsis = self.players[index], self.marks.ellipsis
        name = render.clip(render.safe(self._mask.name(player.name)), self._name_cells, ellipsis)
        number = self._mask.number(player.number)
        blank = " " * (self._name_cells - cell_len(name) + 2)
        room = max(self.size.width - 3 - self._name_cells - 2 - cell_len(number) - 2, 1)
        habit = render.clip(player.habit, room, ellipsis)
        return (
            (
                Piece(" "),
                Piece(name, Ink.NAME),
                Piece(blank),
                Piece(number, Ink.TIME),
                Piece("  "),
                Piece(habit, Ink.HINT),
            ),
        )


class SimulatorScreen(Over):
    """Speaking as somebody.

    Args:
        bill: who there is.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f8", "dismiss", "Back", show=False, priority=True),
        Binding("enter", "speak", "Send as them", show=False, priority=True),
        Binding("down,tab", "move(1)", "Next one", show=False, priority=True),
        Binding("up,shift+tab", "move(-1)", "One before", show=False, priority=True),
        Binding("pagedown", "scroll(5)", "Numbers down", show=False, priority=True),
        Binding("pageup", "scroll(-5)", "Numbers up", show=False, priority=True),
    ]
    HINTS = ("PgDn numbers", "Tab next one", "Enter send")

    def __init__(self, desk: Desk, bill: Playbill, *, is_whole: bool = False) -> None:
        super().__init__(desk, is_whole=is_whole)
        self._bill = bill
        self.players = PlayerList(desk, bill.players, id="players")
        self.line = Line(placeholder="what they write to us", compact=True, id="spoken")
        self._label = Bar(id="speaking-as")
        self._table = Static(id="decisive")
        self._numbers = VerticalScroll(self._table, can_focus=False, id="decisive-scroll")

    def compose_body(self) -> Iterable[Widget]:
        """Whom one speaks as, the line, the people, the numbers."""
        with Horizontal(id="spoken-line"):
            yield self._label
            yield self.line
        yield Bar(fill=self.desk.marks.rule)
        yield self.players
        yield Bar(fill=self.desk.marks.rule)
        yield self._numbers

    def on_mount(self) -> None:
        """One types at once."""
        self.say_head(Content.styled("Simulator", "bold"), ": speak as one of its people")
        self.say()
        self.line.focus()
        self.players.styles.height = len(self._bill.players)
        self._say_who()
        self._say_numbers()

    def hear(self, taken: Taken) -> None:
        """What comes in shows in the chat beneath."""

    def remask(self) -> None:
        """The mask was put on or taken off."""
        self.players.refresh()
        self.say()
        self._say_who()

    def on_picker_picked(self) -> None:
        """A click chooses."""
        self._say_who()
        self.line.focus()

    def action_move(self, by: int) -> None:
        """Another one; around at either end."""
        self.players.move((self.players.index + by) % self.players.count - self.players.index)
        self._say_who()

    def action_scroll(self, by: int) -> None:
        """Through the numbers."""
        self._numbers.scroll_relative(y=by, animate=False)

    def action_speak(self) -> None:
        """Send what was typed as whoever is chosen; the screen stays for more."""
        text = self.line.value
        if text.strip():
            self._speak(self.players.chosen, text)
        else:
            self.say("type what they write first")

    @work(group="speak")
    async def _speak(self, player: Player, text: str) -> None:
        try:
            await self.desk.bridge.run(lambda runtime: speak(runtime, player.number, text))
        except SmschatError as error:
            self.say(f"{error.message}: {error.hint}" if error.hint else error.message)
            return
        if self.line.value == text:
            self.line.value = ""
        self.say(f"{render.safe(self.desk.mask.name(player.name))} has written")

    def _say_who(self) -> None:
        name = render.safe(self.desk.mask.name(self.players.chosen.name))
        label = Content.assemble(" as ", (name, "bold"), " ")
        self._label.show(label)
        self._label.styles.width = label.cell_length

    def _say_numbers(self) -> None:
        """The numbers are nobody's, so the mask leaves them."""
        lines = [Content.styled(" The number decides what becomes of an SMS:", "$foreground 70%")]
        label = max(len(number) for number, _ in self._bill.outcomes) + 3
        for number, outcome in self._bill.outcomes:
            words = render.wrap(self._signs(outcome), max(self._numbers.size.width, self.size.width // 2) - label)
            lines.append(Content.assemble((f" {self._signs(number)}".ljust(label), "bold"), words[0]))
            lines += [Content(" " * label + more) for more in words[1:]]
        self._table.update(Content("\n").join(lines))

    def _signs(self, words: str) -> str:
        return words.replace("…", "-") if self.desk.marks.ascii else words

    def on_resize(self) -> None:
        """The numbers are wrapped anew."""
        self.call_after_refresh(self._say_numbers)
