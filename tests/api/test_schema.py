"""The OpenAPI document and the API's own page."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver

from workflow.engine.problems import TYPES

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def schema() -> Any:
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", stdout=out)
    return json.loads(out.getvalue())


def test_it_is_made_without_a_warning_and_is_valid(schema: Any) -> None:
    assert schema["openapi"].startswith("3.")
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_every_operation_names_the_problems_it_answers_with(schema: Any) -> None:
    problem = {"$ref": "#/components/schemas/Problem"}
    for path, operations in schema["paths"].items():
        if path == "/api/v1/schema/":
            continue
        for method, operation in operations.items():
            wanted = {"401", "404", "429"} | (set() if method == "get" else {"400", "403", "409", "413", "422", "428"})
            assert wanted <= set(operation["responses"]), (method, path)
            said = operation["responses"]["404"]["content"]["application/problem+json"]["schema"]
            assert said in (problem, {"$ref": "#/components/schemas/ProblemSchema"})


def test_every_operation_says_in_words_what_it_is(schema: Any) -> None:
    silent = [
        f"{method} {path}"
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
        if not operation.get("description")
    ]
    assert silent == []


def test_the_schema_is_served_to_anybody() -> None:
    answer = Client().get("/api/v1/schema/", {"format": "json"})
    assert answer.status_code == 200
    assert "/api/v1/editions/" in answer.json()["paths"]


def test_the_page_lists_every_operation_and_every_problem(schema: Any) -> None:
    answer = Client().get("/api/v1/docs/")
    page = answer.content.decode()
    assert answer.status_code == 200
    for path in schema["paths"]:
        assert path in page
    for name in TYPES:
        assert f'id="{name}"' in page
    assert "//cdn" not in page
    assert " style=" not in page


def test_the_entrance_leads_to_every_list() -> None:
    found = Client().get("/api/v1/").json()
    assert found["editions"] == "/api/v1/editions/"
    assert {"schema", "docs", "me", "inbox", "twgs"} <= set(found)
    routes = {str(pattern.pattern) for pattern in get_resolver("config.api").url_patterns}
    assert all(address.removeprefix("/api/v1/").strip("/") in str(routes) for address in found.values())
