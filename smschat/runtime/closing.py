"""The end of a part: waited for, but not for long; the rest is closed whatever it does."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable

CLOSING_S: Final = 1.0
"""Seconds that each part has to close."""

log = logging.getLogger(__name__)


async def closing(name: str, end: Awaitable[object]) -> None:
    """Wait for the end of a part, a second at most; what goes wrong is logged."""
    try:
        async with asyncio.timeout(CLOSING_S):
            await end
    except TimeoutError:
        log.warning("%s did not close within a second", name)
    except Exception:
        log.exception("%s could not be closed", name)
