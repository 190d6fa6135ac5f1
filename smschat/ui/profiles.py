"""The profiles that there are: those with a store, and those that config.toml has a table for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.errors import SettingsError
from smschat.settings import written

if TYPE_CHECKING:
    from smschat.settings import Settings


def known(settings: Settings) -> list[str]:
    """Their names: `default` first, the others by name."""
    names = {path.stem for path in settings.data_dir.glob("*.db")} | {written.DEFAULT_PROFILE, settings.profile}
    try:
        names |= set(written.read(settings.file).profiles)
    except SettingsError:
        names.discard("")  # a file that has become unreadable names none; its stores are there all the same
    return sorted(names, key=lambda name: (name != written.DEFAULT_PROFILE, name))
