"""What can be done with an SMS of the transcript."""

from __future__ import annotations

from typing import Final

from smschat.ui.actions.action import PANES, Action, Where

ACTIONS: Final[tuple[Action, ...]] = (
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
        help="Send a failed SMS again, try a waiting one now, repeat one of unknown outcome (asks first); answer one "
        "that came in.",
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
        where=PANES,
        method="screen.copy",
    ),
    Action(
        id="message.delete",
        keys=("d",),
        label="Delete message",
        help="Delete the SMS for good (asks first); one that waits for its time is taken back.",
        where=(Where.MESSAGES,),
        method="screen.delete_message",
        in_palette=True,
    ),
    Action(
        id="message.link",
        keys=("o",),
        label="Open link",
        help="Show the links of the message whole, and open one.",
        where=(Where.MESSAGES,),
        method="link",
        in_palette=True,
    ),
    Action(
        id="message.code",
        keys=("c",),
        label="Copy code",
        help="Copy the one-time code in the message, or in the newest that came in.",
        where=(Where.MESSAGES,),
        method="code",
        in_palette=True,
    ),
    Action(
        id="message.whole",
        keys=("x",),
        label="Show all",
        help="Show the whole of a long message, or fold it again.",
        where=(Where.MESSAGES,),
        method="whole",
        in_palette=True,
    ),
    Action(
        id="message.select",
        keys=("v",),
        label="Select",
        help="Select several messages: j and k extend, y copies them.",
        where=(Where.MESSAGES,),
        method="select",
        in_palette=True,
    ),
    Action(
        id="message.wire",
        keys=("w",),
        label="The wire",
        help="Show beside the conversation what goes over the wire for the message, live; hide it again.",
        where=(Where.MESSAGES, Where.WIRE),
        method="screen.wire",
        in_palette=True,
    ),
)
