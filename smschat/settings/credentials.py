"""credentials.toml: the secrets of each profile, for machines without an OS keyring.

Only its owner may read it, or it is refused; what stands in it is never repeated. A profile's own table goes before
what stands above all tables, which holds for every profile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smschat.domain.secret import Secret
from smschat.errors import SettingsError
from smschat.settings import files

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

ORIGIN: Final = "credentials.toml"


@dataclass(frozen=True, slots=True)
class Credentials:
    """The file of secrets beside a settings file, as one profile sees it; it need not exist."""

    file: Path
    profile: str

    def get(self, name: str) -> Secret | None:
        """A secret of the profile, or the one that holds for all; None when there is neither.

        Raises:
            SettingsError: the file cannot be read, or others can read it.
        """
        if not self.file.exists():
            return None
        files.refuse_if_open(self.file)
        says = self._says()
        own = says.get(self.profile)
        value = own[name] if isinstance(own, dict) and name in own else says.get(name)
        if value is not None and not isinstance(value, str):
            raise SettingsError(f"{self.file}: {name} must be a text", hint=f'write {name} = "…"')
        return Secret(value) if value else None

    def keep(self, name: str, secret: Secret) -> None:
        """Store a secret for this profile alone.

        Raises:
            SettingsError: the file cannot be read or written, or others can read it.
        """
        if self.file.exists():
            files.refuse_if_open(self.file)
        files.rewrite(self.file, {(self.profile, name): secret.reveal()}, is_secret=True)

    def erase(self, names: Collection[str]) -> tuple[str, ...]:
        """Erase secrets of this profile alone, also from a file that is open to others; the names of those there were.

        Raises:
            SettingsError: the file cannot be read or written.
        """
        if not self.file.exists():
            return ()
        own = self._says().get(self.profile)
        there = tuple(name for name in names if isinstance(own, dict) and name in own)
        if there:
            files.rewrite(self.file, {(self.profile, name): None for name in there}, is_secret=True)
        return there

    def for_all(self, names: Collection[str]) -> tuple[str, ...]:
        """Which of these secrets stand there for every profile.

        Raises:
            SettingsError: the file cannot be read.
        """
        says = self._says()
        return tuple(name for name in names if isinstance(says.get(name), str))

    def _says(self) -> dict[str, object]:
        return files.parsed(files.read_text(self.file), self.file, is_secret=True)
