"""One setting changed by hand: checked as it is when it is read, and written without touching the rest of the file.

The rule: what comes from the environment or a flag cannot be changed in the file, and a secret not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.errors import SettingsError
from smschat.settings import files, written
from smschat.settings.table import setting_of

if TYPE_CHECKING:
    from smschat.settings.loading import Settings
    from smschat.settings.table import Setting
    from smschat.settings.wording import Value

NOT_HERE: Final = frozenset({"keys", "profile"})
"""What is changed elsewhere: a table of its own, and what chooses the file's part."""


def can_change(settings: Settings, name: str) -> bool:
    """Whether the file decides it, and it is no secret."""
    setting = setting_of(name)
    origin = settings.origins[name]
    is_ours = origin == "default" or origin.startswith(written.CONFIG)
    return is_ours and not setting.is_secret and name not in NOT_HERE


def change(settings: Settings, name: str, text: str) -> None:
    """Keep a setting for the profile of the settings; an empty text takes its line out.

    Raises:
        SettingsError: it cannot be used, cannot be changed here, or the file cannot be written; nothing is changed.
    """
    setting = setting_of(name)
    if not can_change(settings, name):
        raise SettingsError(f"`{name}` comes from {settings.origins[name]}", hint="change it there")
    value = _value(setting, text.strip()) if text.strip() else None
    says = written.read(settings.file)
    places = says.places_of(name, settings.profile) if value is None else [says.place_of(name, settings.profile)]
    files.rewrite(settings.file, dict.fromkeys(places, value))


def _value(setting: Setting, text: str) -> Value:
    """As the file has it: a number where it is one."""
    try:
        setting.read(text)
    except ValueError as error:
        raise SettingsError(f"`{setting.name}` {error}", hint=setting.meaning) from error
    if str in setting.takes:
        return text
    return float(text) if "." in text else int(text)
