"""`smschat config`: where the settings are, what they are and where each comes from."""

from __future__ import annotations

import os
import shlex
import subprocess
from typing import TYPE_CHECKING

from smschat import paths
from smschat import settings as settings_module
from smschat.cli import output, session
from smschat.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from pathlib import Path


def path(flags: argparse.Namespace) -> int:
    """Print where config.toml is, or would be."""
    where = _file(flags)
    if getattr(flags, "json", False):
        output.document({"path": str(where), "exists": where.exists()})
    else:
        output.line(str(where))
    return 0


def show(flags: argparse.Namespace) -> int:
    """Print each setting, its value and its origin; of a secret only whether there is one."""
    settings = session.settings_of(flags)
    rows = settings_module.table(settings)
    if getattr(flags, "json", False):
        output.document({row.name: {"value": row.value, "origin": row.origin} for row in rows})
        return 0
    width = max(len(row.name) for row in rows)
    for row in rows:
        value = "" if row.value is None else str(row.value)
        output.line(f"{row.name:<{width}}  {value:<34}  {row.origin}")
    return 0


def edit(flags: argparse.Namespace) -> int:
    """Open config.toml in the editor, made with every setting as a comment if there is none; then check it."""
    where = _file(flags)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise UsageError("no editor is set", hint=f"set VISUAL or EDITOR, or edit {where} yourself")
    if not where.exists():
        where.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        where.write_text(settings_module.template(), encoding="utf-8")
        where.chmod(0o600)
    session.environment()  # what it holds of secrets is no editor's affair
    code = subprocess.run([*shlex.split(editor), str(where)], check=False).returncode  # noqa: S603 - the user's own
    session.settings_of(flags)
    return code


def _file(flags: argparse.Namespace) -> Path:
    from pathlib import Path  # noqa: PLC0415

    given = getattr(flags, "config", None)
    return Path(given) if given else paths.config_file()
