"""The tables against the documents, so that a machine without the documents tests the same."""

from __future__ import annotations

import pytest

from tests.openapi import documents
from tests.openapi.facts import (
    ADDED,
    DEFINITIONS,
    INBOUND_NEEDED,
    NUMBER_NEEDED,
    OPERATIONS,
    RECEIPT_STATUSES,
    Parameter,
)


def test_the_tables_have_every_call_of_the_documents_and_no_other() -> None:
    read = documents.facts(documents.load()).operations
    assert set(read) == set(OPERATIONS)
    for path, operation in OPERATIONS.items():
        assert read[path] == operation, path


def test_the_parameters_of_a_send_come_in_the_documents_order() -> None:
    read = documents.facts(documents.load()).operations
    for path, operation in OPERATIONS.items():
        if operation.method == "POST":
            assert list(operation.parameters) == list(read[path].parameters)


def test_the_tables_have_the_fields_of_what_the_documents_name() -> None:
    read = documents.facts(documents.load()).definitions
    assert {name: read[name] for name in DEFINITIONS} == dict(DEFINITIONS)


def test_the_tables_have_what_the_documents_call_required_or_possible() -> None:
    loaded = documents.load()
    named = {name: schema for document in loaded.values() for name, schema in documents.schemas(document).items()}
    assert frozenset(named["number"]["required"]) == NUMBER_NEEDED
    assert frozenset(named["DeliveryReceipt"]["properties"]["status"]["x-possible-values"]) == RECEIPT_STATUSES
    inbound = named["InboundMessage"]["properties"]
    assert {name for name, field in inbound.items() if "`required`" in field.get("description", "")} == INBOUND_NEEDED


def test_what_we_add_is_in_no_document() -> None:
    for name, added in ADDED.items():
        assert not added.what & set(DEFINITIONS[name]), name
        assert added.why


@pytest.mark.parametrize(
    ("parameter", "value", "is_fine"),
    [
        (Parameter(type="integer", low=0, high=2), "2", True),
        (Parameter(type="integer", low=0, high=2), "3", False),
        (Parameter(type="integer"), "two", False),
        (Parameter(type="boolean"), "1", False),
        (Parameter(enum=frozenset({"a"})), "b", False),
        (Parameter(type="array", enum=frozenset({"a", "b"})), "a,b", True),
        (Parameter(type="array", enum=frozenset({"a", "b"})), "a,c", False),
    ],
)
def test_a_value_is_judged_by_type_range_and_enum(parameter: Parameter, value: str, is_fine: bool) -> None:  # noqa: FBT001
    assert (parameter.violation(value) is None) is is_fine


def test_fields_that_are_unknown_missing_or_twice_are_violations() -> None:
    buy = OPERATIONS["/communication/nexmo/phone-numbers/number/buy"]
    assert list(buy.violations([("country", "NL"), ("msisdn", "31970000000")])) == []
    told = sorted(buy.violations([("msisdn", "1"), ("msisdn", "2"), ("pet", "x")]))
    assert [text.split()[0] for text in told] == ["country", "msisdn", "msisdn", "msisdn", "pet"]
