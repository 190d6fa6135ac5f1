"""The pictures of the README: what they show, how they are drawn, and the test that tells when they are stale.

The rule: nothing of the machine is in them; not its clock, time zone, language, fonts or speed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[2] / "screenshots"
COMMAND: Final = "uv run python -m tests.pictures"
"""Writes them anew."""
