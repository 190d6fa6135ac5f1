"""SqliteStore is the messenger's Store; mypy reads the assignment, the test what mypy cannot see."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from smschat.messaging.ports import Store
from smschat.store import SqliteStore

if TYPE_CHECKING:

    def is_a_store(store: SqliteStore) -> Store:
        return store


def test_every_verb_of_the_protocol_has_the_same_parameters() -> None:
    for name, verb in inspect.getmembers(Store, inspect.isfunction):
        if not name.startswith("_"):
            assert str(inspect.signature(getattr(SqliteStore, name))) == str(inspect.signature(verb)), name
