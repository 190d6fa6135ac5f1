"""What config.toml says: settings for every profile, and tables `[profiles.NAME]` of what is different in one.

A name that no setting has is an error wherever it stands, also in the table of a profile that is not used now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from smschat import paths
from smschat.errors import SettingsError
from smschat.settings import files, values
from smschat.settings.secrets import CLIENT_SECRET
from smschat.settings.table import NAMES, TABLE, setting_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from smschat.settings.table import Setting
    from smschat.settings.wording import Where

CONFIG: Final = "config.toml"
PROFILES: Final = "profiles"
DEFAULT_PROFILE: Final = str(setting_of("profile").default)


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody wrote for a setting; `where` names the place in an error."""

    text: str = field(repr=False)
    origin: str
    where: str


@dataclass(frozen=True, slots=True)
class Written:
    """A settings file, its names checked; empty where there is no file.

    Attributes:
        top: what holds for every profile.
        profiles: what is different in each.
    """

    file: Path
    top: Mapping[str, object] = field(repr=False)
    profiles: Mapping[str, Mapping[str, object]] = field(repr=False)

    def given(self, setting: Setting, profile: str) -> Given | None:
        """What the file says for a setting in a profile; None when it says nothing.

        Raises:
            SettingsError: it is of the wrong kind.
        """
        own = self.profiles.get(profile, {})
        if setting.name in own:
            where = f"{self.file} [{PROFILES}.{profile}]"
            return Given(_as_text(setting, own[setting.name], where), own_origin(profile), where)
        if setting.name in self.top:
            return Given(_as_text(setting, self.top[setting.name], str(self.file)), CONFIG, str(self.file))
        return None

    def place_of(self, name: str, profile: str) -> Where:
        """Where a setting of a profile stands or would stand: the top is that of `default`, unless its table has it."""
        if profile == DEFAULT_PROFILE and name not in self.profiles.get(profile, {}):
            return (name,)
        return (PROFILES, profile, name)

    def places_of(self, name: str, profile: str) -> list[Where]:
        """The lines that set it for a profile and are the profile's own; the top is that of `default`."""
        places: list[Where] = [(PROFILES, profile, name)]
        if profile == DEFAULT_PROFILE:
            places.append((name,))
        return [where for where in places if self.has(where)]

    def has(self, where: Where) -> bool:
        """Whether there is such a line."""
        *tables, name = where
        return name in (self.profiles.get(tables[-1], {}) if tables else self.top)

    def without(self, name: str, profile: str) -> str | None:
        """What holds for a profile that has no line of its own: that of every profile, or the default; as text.

        Raises:
            SettingsError: it is of the wrong kind.
        """
        setting = setting_of(name)
        if profile != DEFAULT_PROFILE and name in self.top:
            return _as_text(setting, self.top[name], str(self.file))
        return setting.default


def own_origin(profile: str) -> str:
    """How the origin of a setting in a profile's own table is told."""
    return f"{CONFIG} [{PROFILES}.{profile}]"


def read(file: Path, *, must_exist: bool = False) -> Written:
    """Read a settings file.

    Raises:
        SettingsError: it cannot be read, has a name that it should not have, or holds a secret and is open to others.
    """
    if not file.exists() and not must_exist:
        return Written(file, {}, {})
    if not file.exists():
        raise SettingsError(f"{file} cannot be read: No such file or directory", hint="check the path")
    says = files.parsed(files.read_text(file), file)
    profiles = _tables(says.pop(PROFILES, {}), file)
    for where, table in _places(file, says, profiles).items():
        _check_names(table, where, file, is_profile=table is not says)
    if any(setting.is_secret and setting.name in table for setting in TABLE for table in (says, *profiles.values())):
        files.refuse_if_open(file)
    return Written(file, says, profiles)


def _tables(found: object, file: Path) -> dict[str, dict[str, object]]:
    """The tables of the profiles, by name."""
    if not isinstance(found, dict) or not all(isinstance(table, dict) for table in found.values()):
        raise SettingsError(f"{file}: `{PROFILES}` must be tables", hint=f"write [{PROFILES}.NAME] above its settings")
    for name in found:
        try:
            values.profile(name)
        except ValueError as error:
            raise SettingsError(f"{file}: the name in [{PROFILES}.…] {error}", hint="choose another name") from error
    return found


def _places(
    file: Path, says: dict[str, object], profiles: dict[str, dict[str, object]]
) -> dict[str, dict[str, object]]:
    return {str(file): says} | {f"{file} [{PROFILES}.{name}]": table for name, table in profiles.items()}


def _check_names(table: Mapping[str, object], where: str, file: Path, *, is_profile: bool) -> None:
    if CLIENT_SECRET in table:
        raise SettingsError(
            f"{where}: client_secret does not belong here",
            hint="`smschat login` stores it; else put it into SMSCHAT_CLIENT_SECRET, or into "
            f"{paths.credentials_file(file)} with mode 600",
        )
    if is_profile and "profile" in table:
        raise SettingsError(f"{where}: `profile` cannot be set here", hint="its name is that of the table")
    for name in table:
        if name not in NAMES:
            raise _unknown(name, where)


def _unknown(name: str, where: str) -> SettingsError:
    import difflib  # noqa: PLC0415 - only to say what is wrong

    near = difflib.get_close_matches(name, (*NAMES, PROFILES), n=1)
    hint = f"did you mean `{near[0]}`?" if near else "take it out: `smschat config edit` opens the file"
    return SettingsError(f"{where}: there is no setting `{name}`", hint=hint)


def _as_text(setting: Setting, value: object, where: str) -> str:
    if isinstance(value, bool) or not isinstance(value, setting.takes):
        kinds = {str: "a text in quotes", int: "a number", float: "a number", dict: "a table"}
        raise SettingsError(f"{where}: `{setting.name}` must be {kinds[setting.takes[0]]}", hint=setting.meaning)
    if not isinstance(value, dict):
        return str(value).strip()
    keys = {action: key if isinstance(key, list) else [key] for action, key in value.items()}
    return " ".join(f"{action}={','.join(map(str, several)).replace(' ', '')}" for action, several in keys.items())
