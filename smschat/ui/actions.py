"""Everything a key can do, in one table: bindings, command palette, footer, help and `smschat keys` are made of it.

The rule: what is not in the table has no key, and what is in it works. The table needs no Textual, so that listing the
keys costs nothing. How the keys are written is in `keys`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Where(StrEnum):
    """Where an action has its keys; single letters act in panes only."""

    EVERYWHERE = "everywhere"
    LIST = "list"
    MESSAGES = "messages"
    COMPOSER = "composer"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that a key can do.

    Attributes:
        id: the name under which `config.toml` binds other keys to it.
        keys: as Textual names them; the first is the one that hints show. Empty: by the palette only.
        label: two or three words, for the palette and the hints.
        help: one sentence.
        where: where the keys act.
        method: `action_…` of the pane in which it acts, or of the chat screen when it acts everywhere.
        in_palette: whether the command palette offers it; moving a cursor is no command.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    where: tuple[Where, ...]
    method: str
    in_palette: bool = False


SET_UP: Final = 1000
"""What the chat ends with when the set-up is wanted next; no exit code of a process is that large."""

_PANES: Final = (Where.LIST, Where.MESSAGES)
_LISTS: Final = (*_PANES, Where.NUMBERS)
_ALL: Final = (Where.EVERYWHERE,)

ACTIONS: Final[tuple[Action, ...]] = (
    Action(id="move.down", keys=("j", "down"), label="Down", help="Move down.", where=_LISTS, method="cursor_down"),
    Action(id="move.up", keys=("k", "up"), label="Up", help="Move up.", where=_LISTS, method="cursor_up"),
    Action(id="move.top", keys=("g", "home"), label="Top", help="Go to the first one.", where=_LISTS, method="home"),
    Action(id="move.bottom", keys=("G", "end"), label="Bottom", help="Go to the last.", where=_LISTS, method="end"),
    Action(
        id="page.down",
        keys=("pagedown",),
        label="Page down",
        help="Move a page down.",
        where=_LISTS,
        method="page_down",
    ),
    Action(id="page.up", keys=("pageup",), label="Page up", help="Move a page up.", where=_LISTS, method="page_up"),
    Action(
        id="conversation.open",
        keys=("enter",),
        label="Open",
        help="Open the conversation and write in it.",
        where=(Where.LIST,),
        method="screen.open",
    ),
    Action(
        id="pane.right",
        keys=("l", "right"),
        label="Pane to the right",
        help="Go one pane to the right: list, messages, composer.",
        where=_PANES,
        method="screen.pane_right",
    ),
    Action(
        id="pane.left",
        keys=("h", "left"),
        label="Pane to the left",
        help="Go one pane to the left.",
        where=_PANES,
        method="screen.pane_left",
    ),
    Action(
        id="message.details",
        keys=("enter",),
        label="Details",
        help="Show all that is known of the SMS: what it is, its parts, and what came when.",
        where=(Where.MESSAGES,),
        method="details",
        in_palette=True,
    ),
    Action(
        id="message.resend",
        keys=("r",),
        label="Resend",
        help="Send a failed SMS again, try a waiting one now, repeat one of unknown outcome (asks first).",
        where=(Where.MESSAGES,),
        method="screen.resend",
        in_palette=True,
    ),
    Action(
        id="message.yank",
        keys=("y",),
        label="Copy message",
        help="Copy the text of the message to the clipboard of the terminal.",
        where=(Where.MESSAGES,),
        method="yank",
        in_palette=True,
    ),
    Action(
        id="message.json",
        keys=("Y",),
        label="Copy as JSON",
        help="Copy the message as the document that scripts get.",
        where=(Where.MESSAGES,),
        method="json",
        in_palette=True,
    ),
    Action(
        id="copy",
        keys=("ctrl+c",),
        label="Copy",
        help="Copy the selected text, or else the message under the cursor.",
        where=_PANES,
        method="screen.copy",
    ),
    Action(
        id="composer.send",
        keys=("enter",),
        label="Send",
        help="Send the SMS. In the midst of pasted text it is a new line.",
        where=(Where.COMPOSER,),
        method="send",
    ),
    Action(
        id="composer.newline",
        keys=("ctrl+j", "shift+enter"),
        label="New line",
        help="Begin a new line; shift+Enter does it where the terminal tells it from Enter.",
        where=(Where.COMPOSER,),
        method="newline",
    ),
    Action(
        id="composer.plain",
        keys=("ctrl+r",),
        label="Plain text",
        help="Replace the characters that force UCS-2 by plain ones (GSM-7), so that more fit into a segment.",
        where=(Where.COMPOSER,),
        method="plain",
        in_palette=True,
    ),
    Action(
        id="composer.options",
        keys=("f12",),
        label="SMS options",
        help="Choose type, class, life time and sender ID of the next SMS: flash, vCard, binary and more.",
        where=(Where.COMPOSER,),
        method="screen.options",
        in_palette=True,
    ),
    Action(
        id="pane.next",
        keys=("tab",),
        label="Next pane",
        help="Go to the next pane: list, messages, composer.",
        where=_ALL,
        method="screen.pane_next",
    ),
    Action(
        id="pane.previous",
        keys=("shift+tab",),
        label="Previous pane",
        help="Go to the previous pane.",
        where=_ALL,
        method="screen.pane_previous",
    ),
    Action(
        id="back",
        keys=("escape",),
        label="Step back",
        help="Step back: from the composer to the messages, from there to the list.",
        where=_ALL,
        method="screen.back",
    ),
    Action(
        id="conversation.next",
        keys=("alt+down",),
        label="Next conversation",
        help="Show the conversation below in the list.",
        where=_ALL,
        method="screen.next_conversation",
        in_palette=True,
    ),
    Action(
        id="conversation.previous",
        keys=("alt+up",),
        label="Previous conversation",
        help="Show the conversation above in the list.",
        where=_ALL,
        method="screen.previous_conversation",
        in_palette=True,
    ),
    Action(
        id="conversation.new",
        keys=("ctrl+n",),
        label="New conversation",
        help="Write to a number that is not in the list.",
        where=_ALL,
        method="screen.new_conversation",
        in_palette=True,
    ),
    Action(
        id="list.hide",
        keys=("ctrl+b",),
        label="Hide or show the list",
        help="Hide the list of conversations, or show it again.",
        where=_ALL,
        method="screen.toggle_list",
        in_palette=True,
    ),
    Action(
        id="palette",
        keys=("ctrl+p",),
        label="Command palette",
        help="Find a command by a few letters of its name.",
        where=_ALL,
        method="screen.palette",
    ),
    Action(
        id="help",
        keys=("f1",),
        label="Help",
        help="Show every key.",
        where=_ALL,
        method="screen.help",
        in_palette=True,
    ),
    Action(
        id="help.letter",
        keys=("question_mark",),
        label="Help",
        help="Show every key.",
        where=_PANES,
        method="screen.help",
    ),
    Action(
        id="numbers",
        keys=("alt+n",),
        label="Numbers",
        help="See the account's virtual numbers; rent, change and give up.",
        where=_ALL,
        method="app.numbers",
        in_palette=True,
    ),
    Action(
        id="numbers.choose",
        keys=("enter",),
        label="Choose",
        help="Change where a number's SMS go; rent it where it is one that can be rented (asks first).",
        where=(Where.NUMBERS,),
        method="screen.choose",
    ),
    Action(
        id="numbers.here",
        keys=("t",),
        label="SMS here",
        help="Let a number's SMS come to this smschat; asks before somebody else's address is replaced.",
        where=(Where.NUMBERS,),
        method="screen.bring_here",
    ),
    Action(
        id="numbers.search",
        keys=("slash",),
        label="Search",
        help="Search for numbers that can be rented.",
        where=(Where.NUMBERS,),
        method="screen.search",
    ),
    Action(
        id="numbers.cancel",
        keys=("d",),
        label="Give up",
        help="Give a number up for good; it has to be typed in full.",
        where=(Where.NUMBERS,),
        method="screen.give_up",
    ),
    Action(
        id="numbers.page",
        keys=("right", "n"),
        label="Next page",
        help="Show the next page of numbers.",
        where=(Where.NUMBERS,),
        method="screen.page(1)",
    ),
    Action(
        id="numbers.page.back",
        keys=("left", "p"),
        label="Page before",
        help="Show the page of numbers before.",
        where=(Where.NUMBERS,),
        method="screen.page(-1)",
    ),
    Action(
        id="numbers.again",
        keys=("r",),
        label="Read again",
        help="Read the numbers again.",
        where=(Where.NUMBERS,),
        method="screen.again",
    ),
    Action(
        id="callback.register",
        keys=(),
        label="Register the callback",
        help="Tell the gateway our address again; asks before somebody else's is replaced.",
        where=_ALL,
        method="app.register_callback",
        in_palette=True,
    ),
    Action(
        id="callback.restore",
        keys=(),
        label="Give the callback back",
        help="Let the number's SMS go where they went before smschat took them.",
        where=_ALL,
        method="app.restore_callback",
        in_palette=True,
    ),
    Action(
        id="setup",
        keys=(),
        label="Set up the account",
        help="Set up the account, its number and the tunnel; the chat comes back.",
        where=_ALL,
        method="app.set_up",
        in_palette=True,
    ),
    Action(
        id="theme",
        keys=(),
        label="Theme",
        help="Choose the colours.",
        where=_ALL,
        method="app.change_theme",
        in_palette=True,
    ),
    Action(
        id="quit",
        keys=("ctrl+q",),
        label="Quit",
        help="Leave smschat; drafts are kept.",
        where=_ALL,
        method="app.quit",
        in_palette=True,
    ),
)

BY_ID: Final[Mapping[str, Action]] = {action.id: action for action in ACTIONS}


def acting_in(where: Where) -> tuple[Action, ...]:
    """The actions whose keys act there and not everywhere."""
    return tuple(action for action in ACTIONS if where in action.where)
