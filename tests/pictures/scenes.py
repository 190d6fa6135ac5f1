"""The scenes of the pictures: the size, the keys that lead there, and what must be seen before the picture is taken.

The rule: data only; a scene that types nothing of its own shows the demo as it begins.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

_HEADER: Final = ("● listening", "loopback ok", "€ 12.50")
_ONLINE: Final = (*_HEADER, "2 unread")


class Seen(str):
    """Among the keys: those that follow are pressed when the screen shows this."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One picture.

    Attributes:
        name: of its file, without the suffix.
        keys: what is pressed from the start on; the list has the focus then.
        shows: what the screen must show, all of it, before the picture is taken.
        hides: what it must not show any more.
        theme: None: the one that smschat starts with.
        is_colourless: whether NO_COLOR is set.
        is_setup: it shows the set-up of somebody new, and not the demo's chat.
        has_past: an SMS with a whole history, a card and octets are in the demo's store.
    """

    name: str
    columns: int = 120
    rows: int = 36
    keys: tuple[str, ...] = ()
    shows: tuple[str, ...]
    hides: tuple[str, ...] = ()
    theme: str | None = None
    is_colourless: bool = False
    is_setup: bool = False
    has_past: bool = False


def _typed(text: str) -> tuple[str, ...]:
    return tuple(character if character.isascii() else unicodedata.name(character) for character in text)


_ACCOUNT: Final = (*_typed("smschat-trial-4711"), "tab", *_typed("a-good-secret"), "enter", Seen("Your number"))
_NUMBER: Final = (
    *_typed("06 12345678"), Seen("your own phone."), Seen("May the client secret"), "enter", "enter",
    Seen("version 3.37.2"),
)  # fmt: skip
_TUNNEL: Final = ("enter", *_typed("an-authtoken"), "enter", Seen("as soon as you press"))

SCENES: Final = (
    Scene(
        name="chat",
        keys=("enter", *_typed("great, I'll bring the long cable")),
        shows=(*_ONLINE, "32/160", "≈ € 0.07", "you thought of everything", "Enter send  F12 SMS options  F1 help"),
    ),
    Scene(
        name="rail",
        columns=80,
        rows=24,
        keys=("j", "enter", *_typed("in five minutes")),
        shows=("● listening", "€ 12.50", "2 new", "15/160", "≈ € 0.07", "9 chats", "Enter send  F1 help"),
        hides=("unread",),
    ),
    Scene(
        name="narrow",
        columns=50,
        rows=20,
        keys=("enter", *_typed("where do I park?")),
        shows=("● listening", "16/160", "≈ € 0.07", "where else :-)", "pinned", "F1 help"),
    ),
    Scene(
        name="light",
        keys=("j", "j", "enter", "escape"),
        shows=(*_ONLINE, "failed", "y copy message  F1 help"),
        theme="smschat-light",
    ),
    Scene(
        name="no-color",
        keys=("j", "j", "j", "enter", "escape"),
        shows=(*_ONLINE, "does this one get through?", "y copy message  F1 help"),
        is_colourless=True,
    ),
    Scene(name="help", keys=("f1",), shows=(*_ONLINE, "Keys", "Move down.")),
    Scene(
        name="new-conversation",
        keys=("ctrl+n", *_typed("06 12345678")),
        shows=(*_ONLINE, "06 12345678"),
    ),
    Scene(
        name="ucs-2",
        keys=(*"jjjj", "enter", *_typed("on my way… ten minutes")),
        shows=(*_ONLINE, "≈ € 0.07", "“…” forces UCS-2"),
    ),
    Scene(
        name="wire",
        columns=140,
        keys=(*"jjjjj", "enter", "escape", "w", "tab", *_typed("zijn jullie er al?"), "enter"),  # she does not answer
        shows=(
            "loopback ok",
            "The wire: ✓✓ delivered",
            "POST /send",
            "receipt: delivered",
            "✓✓ zijn jullie er al?",
            "€ 12.43",
        ),
    ),
    Scene(
        name="search",
        keys=("ctrl+f", *_typed("demo")),
        shows=(*_ONLINE, "hi, is the demo still on?"),
    ),
    Scene(name="switcher", keys=("ctrl+g", *_typed("ann")), shows=(*_ONLINE, "Anna de Vries")),
    Scene(name="qr", keys=("f9",), shows=(*_ONLINE, "31970000000")),
    Scene(
        name="mask", keys=("enter", "escape", "f3"), shows=(*_ONLINE, "masked"), hides=("Anna de Vries", "31611111111")
    ),
    Scene(name="contact", keys=("f2",), shows=(*_ONLINE, "Contact", "Netherlands", "Said STOP")),
    Scene(
        name="later",
        keys=("enter", *_typed("good morning! coffee at nine?"), "f6", *_typed("tomorrow 8:00")),
        shows=(*_ONLINE, "08:00"),
    ),
    Scene(name="link", keys=("enter", "escape", "k", "o"), shows=(*_ONLINE, "Open this link?", "maps.example")),
    Scene(name="emoji", keys=("enter", *_typed("see you :part")), shows=(*_ONLINE, "UCS-2")),
    Scene(name="failed", columns=80, rows=24, keys=("f", "f"), shows=("● listening", "€ 12.50", "r resend", "46/160")),
    Scene(
        name="details",
        keys=("j", "j", "j", "enter", "escape", "enter"),
        shows=(*_HEADER, "Noor van Dijk", "part 2", "✓✓ delivered", "5,000 of 20,000", "more lines"),
        has_past=True,
    ),
    Scene(
        name="details-history",
        keys=("j", "j", "j", "enter", "escape", "enter", Seen("5,000 of 20,000"), "G"),
        shows=(*_HEADER, "Receipts", "after it was written", "signature good"),
        hides=("more lines",),
        has_past=True,
    ),
    Scene(
        name="details-card",
        keys=("j", "j", "enter", "escape", "enter"),
        shows=(*_HEADER, "Inbound vCard", "Sanne Jansen", "FN:Sanne Jansen"),
        has_past=True,
    ),
    Scene(
        name="details-binary",
        columns=80,
        rows=24,
        keys=("j", "enter", "escape", "enter"),
        shows=("Inbound binary SMS", "WAP push", "0000  01 01"),
        has_past=True,
    ),
    Scene(
        name="sms-options",
        keys=("enter", *_typed("The doors are open"), "f12", "down", "right", "down", *_typed("30m"), "up"),
        shows=(*_ONLINE, "Options of the next SMS", "flash", "30m", "1800 seconds"),
    ),
    Scene(
        name="sms-options-rail",
        columns=80,
        rows=24,
        keys=("enter", "f12", *("right",) * 5, "down", *_typed("0a0b0c"), "down", *_typed("0605")),
        shows=(*_ONLINE, "Options of the next SMS", "binary", "0a0b0c", "0605"),
    ),
    Scene(
        name="sms-options-narrow",
        columns=50,
        rows=20,
        keys=("enter", "f12", *("right",) * 6),
        shows=("● listening", "Options of the next SMS", "wappush", "Address"),
    ),
    Scene(
        name="setup-account",
        keys=(*_typed("smschat-trial-4711"), "tab", *_typed("wrong"), "enter"),
        shows=("1 Account     fault", "refuses the credentials", "Try the demo instead"),
        is_setup=True,
    ),
    Scene(
        name="setup-product",
        keys=(*_typed("smschat-trial-4711"), "tab", *_typed("no-product"), "enter"),
        shows=("1 Account     fault", "lacks SMS - Vonage", "Add the product"),
        theme="smschat-light",
        is_setup=True,
    ),
    Scene(
        name="setup-unreachable",
        columns=80,
        rows=24,
        keys=(*_typed("smschat-trial-4711"), "tab", *_typed("unreachable"), "enter"),
        shows=("1 Account", "out of reach"),
        is_setup=True,
    ),
    Scene(
        name="setup-tunnel",
        keys=(*_ACCOUNT, *_NUMBER, "enter", *_typed("an-authtoken"), "tab", "tab", "tab", "enter"),
        shows=("level demo", "+31 6 12345678", "leads to this machine"),
        is_setup=True,
    ),
    Scene(
        name="setup-round-trip",
        keys=(*_ACCOUNT, *_NUMBER, *_TUNNEL, Seen("Text my phone"), "enter"),
        shows=("4 Round trip  ok", "It works.", "Open the chat"),
        is_setup=True,
    ),
    Scene(
        name="setup-narrow",
        columns=50,
        rows=20,
        keys=_typed("smschat-trial"),
        shows=("smschat-trial", "Try the demo instead"),
        is_setup=True,
    ),
    Scene(
        name="numbers",
        keys=(Seen("loopback ok"), "alt+n", Seen("442079460018"), "t"),
        shows=("3 numbers", "its SMS go to", "SMS,VOICE    here", "come here now", "Enter change"),
    ),
    Scene(
        name="numbers-search",
        columns=80,
        rows=24,
        keys=(Seen("loopback ok"), "alt+n", Seen("442079460018"), "slash", "enter", Seen("page 1 of 3"), "j", "j"),
        shows=("Numbers to rent", "€ 1.00 a month", "Enter rent"),
    ),
    Scene(
        name="numbers-buy",
        keys=(Seen("loopback ok"), "alt+n", Seen("442079460018"), "slash", "enter", Seen("page 1 of 3"), "enter"),
        shows=("Renting costs € 1.00 a month", "y rent it"),
    ),
    Scene(
        name="numbers-narrow",
        columns=50,
        rows=20,
        keys=(Seen("listening"), "alt+n", Seen("442079460018"), "d", *_typed("319")),
        shows=("Give a number up", "Type the number", "319"),
    ),
)
