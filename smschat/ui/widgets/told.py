"""A sentence of ours in which a number or a name may stand, as the presenter's mask has it.

The rule: what was put together before the mask was on may quote a name, and is covered whole.
"""

from __future__ import annotations

from textual.widgets import Static

from smschat.ui.mask import mask_of
from smschat.ui.render import content


class Told(Static):
    """The sentence.

    Args:
        text: foreign or ours; made safe here.
        style: of the whole of it.
    """

    def __init__(
        self,
        text: str,
        *,
        style: str = "",
        classes: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__("", classes=classes, id=id)
        self._text = text
        self._style = style
        self._came_masked = False

    def on_mount(self) -> None:
        """Say it."""
        self._came_masked = mask_of(self.app).is_on
        self.remask()

    def tell(self, text: str) -> None:
        """Say this instead."""
        self._text = text
        self.on_mount()

    def remask(self) -> None:
        """The mask was put on or taken off."""
        mask = mask_of(self.app)
        told = mask.words(self._text) if self._came_masked else mask.text(self._text)
        self.update(content(told, multiline=True).stylize(self._style))
