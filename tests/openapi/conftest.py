"""Where the facts come from: the tables always, and KPN's documents where the machine has them."""

from __future__ import annotations

import pytest

from tests.openapi import documents
from tests.openapi.facts import Facts


@pytest.fixture(params=["tables", "documents"])
def facts(request: pytest.FixtureRequest) -> Facts:
    return documents.facts(documents.load()) if request.param == "documents" else Facts()
