"""The account's virtual numbers, on a screen of their own."""

from __future__ import annotations

from typing import Final

from smschat.ui.actions.action import ALL, Action, Where

ACTIONS: Final[tuple[Action, ...]] = (
    Action(
        id="numbers",
        keys=("alt+n",),
        label="Numbers",
        help="See the account's virtual numbers; rent, change and give up.",
        where=ALL,
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
)
