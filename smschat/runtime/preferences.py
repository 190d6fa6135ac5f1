"""How the user wants the chat: what `config.toml` says of it that is no matter of the account.

The rule: the screen is told these values when it is started, and reads no settings of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smschat.settings.values import NotifyText

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Self

    from smschat.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How the user wants the chat.

    Attributes:
        theme: by name; None: the screen's own choice.
        enter: what Enter does in the composer: `send` or `newline`.
        keys: other keys, by action, as the settings have them: `ctrl+o, f4`.
        undo_send_s: seconds in which what was sent can be taken back; 0: none.
        notify: the ways of being told of an SMS: `bell`, `desktop` (OSC 9 and 777); empty: none.
        hides_text: a notification tells who wrote, and not what.
        is_explore: nothing that is looked at becomes read.
        config_file: where the settings are, or would be; None: there is none.
        settings: those that the values came from; None: from none.
        theme_folder: where the user's own themes are; None: nowhere.
    """

    theme: str | None = None
    enter: str = "send"
    keys: Mapping[str, str] = field(default_factory=dict)
    undo_send_s: float = 0.0
    notify: frozenset[str] = frozenset({"bell", "desktop"})
    hides_text: bool = False
    is_explore: bool = False
    config_file: Path | None = None
    settings: Settings | None = field(default=None, repr=False)
    theme_folder: Path | None = None

    @classmethod
    def of(cls, settings: Settings, *, is_explore: bool = False) -> Self:
        """What the settings say."""
        return cls(
            theme=settings.theme,
            enter=settings.enter,
            keys=settings.keys,
            undo_send_s=settings.undo_send_s,
            notify=settings.notify,
            hides_text=settings.notify_text is NotifyText.HIDE,
            is_explore=is_explore,
            config_file=settings.file,
            settings=settings,
            theme_folder=settings.file.parent / "themes",
        )
