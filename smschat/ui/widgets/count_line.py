"""What an SMS will cost while it is typed: encoding, units, segments, price, and the character that doubles it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from textual.content import Content

from smschat.domain.segments import plain
from smschat.domain.sms import Encoding
from smschat.ui.actions import BY_ID
from smschat.ui.keys import key_name
from smschat.ui.render import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smschat.domain.segments import SegmentCount
    from smschat.domain.sms import Sms
    from smschat.ui.render import Marks

_NAMES: Final = {Encoding.GSM7: "GSM-7", Encoding.UCS2: "UCS-2", Encoding.BINARY: "binary"}
_CENT: Final = Decimal("0.01")
_QUOTES: Final = frozenset("\"'`\u00b4«»\u2039\u203a\u2018\u2019\u201a\u201b“”„\u201f\u2032\u2033")
_MANY: Final = 6
"""More segments than these are asked about before sending."""


def count_line(
    text: str, count: SegmentCount, marks: Marks, *, part_price: Decimal | None = None, is_short: bool = False
) -> Content:
    """`GSM-7  42/160 · 1 segment · ≈ € 0.07`, or for UCS-2 the character that forces it and the key that helps.

    Args:
        part_price: what one segment cost last in this conversation; None: not known, and left out.
        is_short: where there is little room: the character and the key, without the words between.
    """
    if not text:
        return Content("")
    dot = marks.dot
    noun = "segment" if count.segments == 1 else "segments"
    segments_style = "bold $warning" if count.segments > _MANY else ""
    parts: list[Content | str | tuple[str, str]] = [
        (_NAMES[count.encoding], "$warning" if count.culprits else ""),
        f"  {count.units}/{count.units + count.units_left} {dot} ",
        (f"{count.segments} {noun}", segments_style),
    ]
    if part_price is not None:
        parts.append(f" {dot} {_about(part_price * count.segments, marks)}")
    if count.culprits:
        parts += [f" {dot} ", *_culprit(text, count, marks, is_short=is_short)]
    return Content.assemble(*parts)


def change_words(before: SegmentCount, after: SegmentCount, marks: Marks) -> str:
    """`UCS-2: 1 → 2 segments`: what a change would cost; empty where it costs nothing."""
    if after.segments == before.segments and after.encoding is before.encoding:
        return ""
    arrow = "->" if marks.ascii else "→"
    noun = "segment" if after.segments == 1 else "segments"
    amount = f"{before.segments} {arrow} {after.segments}" if after.segments != before.segments else str(after.segments)
    return f"{_NAMES[after.encoding]}: {amount} {noun}"


def _about(amount: Decimal, marks: Marks) -> str:
    return f"about {money(amount, marks)}" if marks.ascii else f"≈ {money(amount, marks)}"


def _culprit(text: str, count: SegmentCount, marks: Marks, *, is_short: bool) -> Iterable[tuple[str, str] | str]:
    yield (_quoted(count.culprits[0].character, marks), "bold $warning")
    if not is_short:
        yield " forces UCS-2"
    if plain(text) != text:
        yield f" {marks.dot} {key_name(BY_ID['composer.plain'].keys[0])} plain"


def _quoted(character: str, marks: Marks) -> str:
    """The character in quotes; a quote itself with its code point instead, since in quotes nobody could tell it."""
    name = name_of(character, marks)
    if name in _QUOTES:
        return f"{name} U+{ord(character):04X}"
    return f'"{name}"' if marks.ascii else f"“{name}”"


def name_of(character: str, marks: Marks) -> str:
    """The character itself, or its code point where it shows nothing of its own."""
    shows = safe(character) == character and bool(character.strip()) and not marks.ascii
    return character if shows else f"U+{ord(character):04X}"


def money(amount: Decimal, marks: Marks) -> str:
    """`€ 0.07`: the gateway names no currency; Vonage bills euros."""
    return f"{'EUR' if marks.ascii else '€'} {amount.quantize(_CENT):,}"


def decimal_of(text: str | None) -> Decimal | None:
    """An amount as the gateway wrote it; None when missing, masked or not a number."""
    if text is None:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def part_price_of(sms: Sms) -> Decimal | None:
    """What one part of this SMS cost; None when that is not known."""
    return next((price for part in sms.parts if (price := decimal_of(part.price)) is not None), None)
