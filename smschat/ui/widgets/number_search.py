"""What numbers to search for: country, type, features, and digits that stand in them.

The rule: Enter in any field searches; what cannot be searched for is said before anything is asked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message

from smschat.domain.numbers import NumberType, Where
from smschat.ui.number_calls import Wanted
from smschat.ui.widgets.form import Choice, Field, Selector

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from smschat.ui.render import Marks

_TYPES: Final = (
    Choice(value=NumberType.MOBILE, name="mobile-lvn", meaning="mobile, for SMS"),
    Choice(value=NumberType.LANDLINE, name="landline"),
    Choice(value=NumberType.TOLL_FREE, name="landline-toll-free"),
)
_FEATURES: Final[tuple[Choice[tuple[str, ...]], ...]] = (
    Choice(value=("SMS",), name="SMS"),
    Choice(value=("SMS", "VOICE"), name="SMS and VOICE"),
    Choice(value=("VOICE",), name="VOICE"),
)
_PLACES: Final = (
    Choice(value=Where.START, name="at the start"),
    Choice(value=Where.ANYWHERE, name="anywhere"),
    Choice(value=Where.END, name="at the end"),
)
_COUNTRY: Final = re.compile(r"[A-Za-z]{2}")
_SEPARATORS: Final = re.compile(r"[\s.()/+-]+")
_DIGITS: Final = re.compile(r"[0-9]{0,15}")


class NumberSearch(Vertical):
    """The fields.

    Args:
        country: what stands in the first one, ISO 3166 alpha-2.
    """

    class Submitted(Message):
        """Search for this."""

        def __init__(self, wanted: Wanted) -> None:
            super().__init__()
            self.wanted = wanted

    class Wrong(Message):
        """A field cannot be searched for as it is; `text` says why."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Search", show=False, priority=True),
        Binding("down", "next", show=False, priority=True),
        Binding("up", "previous", show=False, priority=True),
    ]
    DEFAULT_CSS = "NumberSearch { height: auto; padding: 0 2; }"

    def __init__(self, marks: Marks, *, country: str) -> None:
        super().__init__(id="number-search")
        self._country = Field("country", name="country", text=country, ghost="two letters, such as NL")
        self._type = Selector("type", _TYPES, marks, chosen=NumberType.MOBILE)
        self._features = Selector("features", _FEATURES, marks, chosen=("SMS",))
        self._pattern = Field("digits", name="pattern", ghost="any number")
        self._where = Selector("they stand", _PLACES, marks, chosen=Where.START)

    def compose(self) -> ComposeResult:
        """A field a line."""
        yield self._country
        yield self._type
        yield self._features
        yield self._pattern
        yield self._where

    def begin(self) -> None:
        """Put the focus where one begins."""
        self._country.line.focus()

    def action_next(self) -> None:
        """To the field below, and from the last to the numbers."""
        self.screen.focus_next()

    def action_previous(self) -> None:
        """To the field above."""
        if self.screen.focused is not self._country.line:
            self.screen.focus_previous()

    def action_submit(self) -> None:
        """Search, or say what cannot be searched for."""
        pattern = _SEPARATORS.sub("", self._pattern.text)
        if not _COUNTRY.fullmatch(self._country.text):
            self._refuse(self._country, "a country is two letters (ISO 3166), such as NL")
        elif not _DIGITS.fullmatch(pattern):
            self._refuse(self._pattern, "only digits stand in a number, 15 at most")
        else:
            wanted = Wanted(
                country=self._country.text.upper(),
                number_type=self._type.value,
                features=self._features.value,
                pattern=pattern,
                where=self._where.value,
            )
            self.post_message(self.Submitted(wanted))

    def _refuse(self, field: Field, text: str) -> None:
        field.line.focus()
        self.post_message(self.Wrong(text))
