"""Documents that schemathesis can hold the simulator to: KPN's own, or one made of the tables.

The rule: an answer may have the fields of the document and those of `ADDED`, and no other; it may have the statuses of
the document and those of `ADDED_HTTP`, and no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.openapi import documents
from tests.openapi.facts import ADDED, ADDED_HTTP, DEFINITIONS, FORM, NUMBERS, OPERATIONS, SMS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.openapi.documents import Document
    from tests.openapi.facts import Operation, Parameter

_NAMED_ITEMS = {"messages": "SendSMSResponseMessage", "numbers": "number"}
"""What the lists of an answer are lists of."""


def of_documents() -> dict[str, Document]:
    """KPN's documents, ready to judge; skips the test where they are not to be found."""
    loaded = documents.load()
    for base, document in loaded.items():
        named = documents.schemas(document)
        for name in DEFINITIONS.keys() & named.keys():
            _close(named[name], ADDED[name].what if name in ADDED else ())
        for item in document["paths"].values():
            call = next(item[method] for method in ("get", "post") if method in item)
            _close_answer(document, call)
            if base == NUMBERS:
                call["responses"] |= _added_answers()
    return loaded


def of_tables() -> dict[str, Document]:
    """The same, made of the tables: OpenAPI 3.0."""
    return {
        base: {
            "openapi": "3.0.0",
            "info": {"title": "from tables", "version": "1"},
            "paths": {
                path.removeprefix(base): {operation.method.lower(): _call(operation, is_sms=base == SMS)}
                for path, operation in OPERATIONS.items()
                if path.startswith(base)
            },
            "components": {"schemas": {name: _definition(name) for name in DEFINITIONS}},
        }
        for base in (SMS, NUMBERS)
    }


def _close(schema: Document, more: Iterable[str]) -> None:
    schema["properties"] = schema["properties"] | {name: {} for name in more}
    schema["additionalProperties"] = False


def _close_answer(document: Document, call: Document) -> None:
    answer = documents.resolved(document, call["responses"]["200"])
    schema = answer.get("schema") or answer["content"]["application/json"]["schema"]
    _close(documents.resolved(document, schema), ())


def _added_answers() -> dict[str, Any]:
    return {str(http): {"description": why, **_json({"type": "object"})} for http, why in ADDED_HTTP.items()}


def _json(schema: Document) -> Document:
    return {"content": {"application/json": {"schema": schema}}}


def _call(operation: Operation, *, is_sms: bool) -> Document:
    error = _json({"$ref": "#/components/schemas/ErrorResponse"})
    answers: Document = {str(http): {"description": "", **error} for http in operation.http}
    answers["200"] = {"description": "", **_json(_answer(operation))}
    call: Document = {"responses": answers if is_sms else answers | _added_answers()}
    schemas = {name: _schema(known) for name, known in operation.parameters.items()}
    needed = [name for name, known in operation.parameters.items() if known.is_required]
    if operation.method == "POST":
        form = {"type": "object", "properties": schemas, **({"required": needed} if needed else {})}
        return call | {"requestBody": {"required": True, "content": {FORM: {"schema": form}}}}
    query = [
        {"name": name, "in": "query", "required": name in needed, "explode": False, "schema": schema}
        for name, schema in schemas.items()
    ]
    return call | {"parameters": query}


def _schema(parameter: Parameter) -> Document:
    whole = parameter.type == "integer"
    values = sorted(int(value) for value in parameter.enum) if whole else sorted(parameter.enum)
    schema: Document = {"type": parameter.type} | ({"enum": values} if values else {})
    if parameter.type == "array":
        schema = {"type": "array", "items": {"type": "string", "enum": values}}
    bounds = {"minimum": parameter.low, "maximum": parameter.high}
    return schema | {name: bound for name, bound in bounds.items() if bound is not None}


def _answer(operation: Operation) -> Document:
    properties: Document = {}
    for name, kind in operation.answer.items():
        items = {"items": {"$ref": f"#/components/schemas/{_NAMED_ITEMS[name]}"}} if kind == "array" else {}
        properties[name] = {"type": kind, **items}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _definition(name: str) -> Document:
    properties = {known: {"type": kind} for known, kind in DEFINITIONS[name].items()}
    schema: Document = {"type": "object", "properties": properties}
    _close(schema, ADDED[name].what if name in ADDED else ())
    return schema
