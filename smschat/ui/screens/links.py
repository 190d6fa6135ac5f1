"""A link of an SMS, shown whole before it is opened: where it leads, and what about it may deceive.

The rule: nothing is opened by the key that shows it, and only http and https are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from smschat.ui.render import content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from smschat.domain.links import Link
    from smschat.ui.desk import Desk


class LinkScreen(ModalScreen[None]):
    """Shows the links of an SMS, one at a time.

    Args:
        links: one at least.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Close", show=False, priority=True),
        Binding("enter", "open", "Open it", show=False, priority=True),
        Binding("y,ctrl+c", "yank", "Copy it", show=False, priority=True),
        *(Binding(str(number), f"pick({number})", "That link", show=False, priority=True) for number in range(1, 10)),
        Binding("down,right,j,l,tab", "turn(1)", "Next link", show=False, priority=True),
        Binding("up,left,k,h,shift+tab", "turn(-1)", "Link before", show=False, priority=True),
    ]

    def __init__(self, desk: Desk, links: Sequence[Link]) -> None:
        super().__init__()
        self._desk = desk
        self._links = tuple(links)
        self._index = 0

    def compose(self) -> ComposeResult:
        """Which one, the whole address, where it leads, the keys."""
        with Vertical(classes="dialog -wide", id="link"):
            yield Static(id="link-title")
            with VerticalScroll(id="link-whole"):
                yield Static(id="link-address")
                yield Static(id="link-host")
                yield Static(id="link-warnings")
            yield Static(self._keys(), classes="dialog-keys")

    def on_mount(self) -> None:
        """Show the first one."""
        self._show()

    def remask(self) -> None:
        """The mask was put on or taken off."""
        self._show()

    @property
    def link(self) -> Link:
        """The one that is shown."""
        return self._links[self._index]

    def action_turn(self, by: int) -> None:
        """Another one; around at either end."""
        self._index = (self._index + by) % len(self._links)
        self._show()

    def action_pick(self, number: int) -> None:
        """The one with this number, as it stands behind it in the conversation."""
        self._index = min(number, len(self._links)) - 1
        self._show()

    def action_open(self) -> None:
        """Open it in the browser."""
        self.app.open_url(self.link.url)
        self.dismiss(None)

    def action_yank(self) -> None:
        """Copy it."""
        self.app.copy_to_clipboard(self.link.url)
        self.notify("copied", markup=False)

    def _show(self) -> None:
        link, mask = self.link, self._desk.mask
        count = len(self._links)
        title = "Open this link?" if count == 1 else f"Open this link? ({self._index + 1} of {count})"
        self.query_one("#link-title", Static).update(Content.styled(title, "bold"))
        self.query_one("#link-address", Static).update(content(mask.text(link.url)))
        host = mask.text(link.decoded or link.host)
        beside = f" (written {mask.text(link.host)})" if link.decoded else ""
        led = Content.assemble("\nIt leads to ", content(host).stylize("bold"), content(beside))
        self.query_one("#link-host", Static).update(led)
        sign = "!" if self._desk.marks.ascii else "▲"
        said = "\n".join(f"{sign} {warning}" for warning in link.warnings)
        self.query_one("#link-warnings", Static).update(Content.styled(said, "bold $text-warning"))

    def _keys(self) -> Content:
        more = Content.assemble(("Tab", "bold"), " next  ") if len(self._links) > 1 else Content("")
        return Content.assemble(("Enter", "bold"), " open  ", ("y", "bold"), " copy  ", more, ("Esc", "bold"), " back")
