"""A rig whose simulator waits for nothing, so that only the order of things is left."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from smschat.simulator import Simulator
from tests.simulator.rig import Rig

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with Rig(Simulator(pace=math.inf)) as made:
        yield made
