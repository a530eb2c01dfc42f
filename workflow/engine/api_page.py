"""The OpenAPI document as chapters for the API's page: one per resource, each operation with its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass
class Operation:
    """One thing that can be called. `fields` are those of its JSON body, `filters` those of its query."""

    method: str
    path: str
    help: str
    fields: list[tuple[str, str, bool]] = field(default_factory=list)  # name, type, required
    filters: list[str] = field(default_factory=list)


@dataclass
class Chapter:
    name: str
    operations: list[Operation] = field(default_factory=list)


def chapters(schema: Mapping[str, Any]) -> list[Chapter]:
    """A chapter per tag, in the order of the alphabet; `schema` is what drf-spectacular generates."""
    found: dict[str, Chapter] = {}
    for path, operations in schema["paths"].items():
        for method in METHODS:
            if method in operations:
                tag = operations[method]["tags"][0]
                found.setdefault(tag, Chapter(tag)).operations.append(
                    _operation(method, path, operations[method], schema["components"]["schemas"])
                )
    return sorted(found.values(), key=lambda chapter: chapter.name)


def _operation(method: str, path: str, described: Mapping[str, Any], components: Mapping[str, Any]) -> Operation:
    return Operation(
        method=method.upper(),
        path=path,
        help=described.get("description", "").split("\n\n")[0].strip(),
        fields=_fields(described.get("requestBody", {}), components),
        filters=[p["name"] for p in described.get("parameters", []) if p["in"] == "query"],
    )


def _fields(body: Mapping[str, Any], components: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    for content in body.get("content", {}).values():
        component = components[content["schema"]["$ref"].rsplit("/", 1)[1]] if "$ref" in content["schema"] else {}
        required = component.get("required", ())
        return [
            (name, _type(described, components), name in required)
            for name, described in component.get("properties", {}).items()
        ]
    return []


def _type(described: Mapping[str, Any], components: Mapping[str, Any]) -> str:
    """A word for the type; the values themselves where they are few."""
    for many in ("allOf", "oneOf"):
        if described.get(many):
            return _type(described[many][0], components)
    if "$ref" in described:
        return _type(components[described["$ref"].rsplit("/", 1)[1]], components)
    if "enum" in described:
        return " · ".join(str(value) for value in described["enum"] if value not in ("", None))
    return str(described.get("format") or described.get("type", ""))
