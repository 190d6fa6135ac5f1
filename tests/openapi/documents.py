"""KPN's two OpenAPI documents, where the machine has them, read into the same form as the tables.

The rule: the documents are read and never kept; what is mended about them is said where it is mended.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from tests.openapi.facts import NUMBERS, SMS, Facts, Operation, Parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE: Final = "SMSCHAT_OPENAPI"
FILES: Final = {SMS: "sms-vonage.v1.1.1.yml", NUMBERS: "phone-numbers-vonage.v1.1.1.yml"}

_FOLDER: Final = os.environ.get(VARIABLE)
"""Read before the tests begin: no test sees the variables of smschat."""

Document = dict[str, Any]


def load() -> dict[str, Document]:
    """The two documents by the path that their calls begin with; skips the test where they are not to be found.

    A folder that is named and lacks one of them is a failure, not a reason to skip.
    """
    if not _FOLDER:
        pytest.skip(f"{VARIABLE} names no folder with KPN's OpenAPI documents; the tables hold the same facts")
    return {base: _mended(yaml.safe_load((Path(_FOLDER) / name).read_text("utf-8"))) for base, name in FILES.items()}


def _mended(document: Document) -> Document:
    """Without what is no call, and with `features` as its text has it."""
    # "This is not an API call but it is to showcase …": two paths that begin with https:// are callbacks.
    document["paths"] = {path: item for path, item in document["paths"].items() if "://" not in path}
    parameters = document.get("components", {}).get("parameters", {})
    if "features_query_param" in parameters:
        # The items of the array are declared as arrays themselves; the text asks for values with commas between them.
        items = parameters["features_query_param"]["schema"]["items"]
        parameters["features_query_param"]["schema"] = items
        parameters["features_query_param"]["explode"] = False
    return document


def facts(documents: Mapping[str, Document]) -> Facts:
    """What the documents say, in the form of the tables."""
    operations = {
        base + path: _operation(document, item)
        for base, document in documents.items()
        for path, item in document["paths"].items()
    }
    definitions = {
        name: _types(document, schema) for document in documents.values() for name, schema in schemas(document).items()
    }
    return Facts(operations=operations, definitions=definitions)


def schemas(document: Document) -> dict[str, Any]:
    """What a document names, in either version of the format."""
    found: dict[str, Any] = document.get("definitions") or document["components"]["schemas"]
    return found


def _operation(document: Document, item: Document) -> Operation:
    method = next(known for known in ("get", "post") if known in item)
    call = item[method]
    answer = resolved(document, call["responses"]["200"])
    schema = answer.get("schema") or answer["content"]["application/json"]["schema"]
    return Operation(
        method=method.upper(),
        parameters=_form(document, call)
        or _declared(document, [*item.get("parameters", ()), *call.get("parameters", ())]),
        answer=_types(document, resolved(document, schema)),
        http=frozenset(int(http) for http in call["responses"]),
    )


def _form(document: Document, call: Document) -> dict[str, Parameter]:
    """The fields of a form as OpenAPI 3.0 has them; empty where there is none."""
    if "requestBody" not in call:
        return {}
    (content,) = resolved(document, call["requestBody"])["content"].values()
    schema = resolved(document, content["schema"])
    needed = schema.get("required", ())
    return {name: _parameter(resolved(document, one), name in needed) for name, one in schema["properties"].items()}


def _declared(document: Document, parameters: list[Document]) -> dict[str, Parameter]:
    found = [resolved(document, one) for one in parameters]
    return {
        one["name"]: _parameter(resolved(document, one.get("schema", one)), one.get("required", False)) for one in found
    }


def _parameter(schema: Document, is_required: bool) -> Parameter:  # noqa: FBT001 - as the document says it
    values = schema.get("items", schema).get("enum", ())
    return Parameter(
        type=schema["type"],
        is_required=is_required,
        enum=frozenset(str(value) for value in values),
        low=schema.get("minimum"),
        high=schema.get("maximum"),
    )


def _types(document: Document, schema: Document) -> dict[str, str]:
    return {name: resolved(document, one).get("type", "") for name, one in schema.get("properties", {}).items()}


def resolved(document: Document, node: Document) -> Document:
    """What a reference points at; the node itself where it is none."""
    while "$ref" in node:
        target: Any = document
        for name in node["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        node = target
    return node
