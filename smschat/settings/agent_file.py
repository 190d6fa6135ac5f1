"""The ngrok agent's own ngrok.yml, where `ngrok config add-authtoken` puts the authtoken; read, never written.

Version 3 of the file has the token under `agent`, version 2 at the top. A file that cannot be read is as good as none.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from smschat.domain.secret import Secret
from smschat.settings import files

if TYPE_CHECKING:
    from collections.abc import Mapping

ORIGIN: Final = "the agent's own ngrok.yml"
_LARGEST: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class AgentFile:
    """The agent's settings; the file need not exist."""

    file: Path

    @classmethod
    def usual(cls, env: Mapping[str, str]) -> AgentFile:
        """Where the agent looks by itself."""
        home = Path(env.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111 - Path.home() fails without a home
        if sys.platform == "darwin":
            return cls(home / "Library" / "Application Support" / "ngrok" / "ngrok.yml")
        return cls(Path(env.get("XDG_CONFIG_HOME") or home / ".config") / "ngrok" / "ngrok.yml")

    def authtoken(self) -> Secret | None:
        """The authtoken that stands there; None when there is none, or the file cannot be read."""
        says = self._says()
        agent = says.get("agent") if isinstance(says, dict) else None
        for table in (agent, says):
            value = table.get("authtoken") if isinstance(table, dict) else None
            if isinstance(value, str) and value.strip():
                self._warn_if_open()
                return Secret(value.strip())
        return None

    def is_open(self) -> bool:
        """Whether group or others may read or write it."""
        try:
            return files.is_open(self.file)
        except OSError:
            return False

    def _says(self) -> object:
        try:
            if not self.file.is_file() or self.file.stat().st_size > _LARGEST:
                return None
            text = self.file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        import yaml  # noqa: PLC0415 - comes with pyngrok, and is loaded only where there is such a file

        try:
            return yaml.safe_load(text)
        except (yaml.YAMLError, ValueError, RecursionError):  # a date that is none, a hundred brackets
            return None

    def _warn_if_open(self) -> None:
        if self.is_open():
            import logging  # noqa: PLC0415 - only where there is something to say

            logging.getLogger(__name__).warning("others can read the authtoken in %s", self.file)
