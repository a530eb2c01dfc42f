"""What pages can do, programs can do: every service has its address, and a new one without an address fails here."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from recommendations.milestones import services as milestones
from workflow.engine import outbox
from workflow.groups import importing, invitations, tokens
from workflow.groups import services as groups
from workflow.profiles import services as profiles

ADDRESSES: dict[ModuleType, dict[str, str]] = {
    groups: {
        "person_for": "POST /twgs/{code}/seats/",
        "change_person": "PATCH /people/{id}/",
        "set_active": "POST /people/{id}/active/",
        "create_institution": "POST /institutions/",
        "change_institution": "PATCH /institutions/{code}/",
        "create_project": "POST /projects/",
        "give_project_seat": "POST /projects/{code}/seats/",
        "open_twg": "POST /twgs/",
        "link_body": "POST /twgs/{code}/linked-bodies/",
        "change_twg": "PATCH /twgs/{code}/",
        "set_parent": "POST /twgs/{code}/parents/",
        "record_fact": "POST /twgs/{code}/facts/",
        "give_seat": "POST /twgs/{code}/seats/",
        "end_seat": "POST /seats/{id}/end/",
        "draft_terms": "POST /twgs/{code}/terms/",
        "change_terms": "PATCH /terms/{id}/",
        "supersede_terms": "POST /terms/{id}/actions/{transition}/",
    },
    profiles: {
        "create_template": "POST /templates/",
        "open_profile": "POST /profiles/",
        "change_profile": "PATCH /profiles/{code}/",
        "open_edition": "POST /profiles/{code}/editions/",
    },
    milestones: {
        "record_milestone": "POST /milestones/",
        "record_hosting": "POST /hostings/",
        "change_milestone": "PATCH /milestones/{id}/",
        "change_hosting": "PATCH /hostings/{id}/",
    },
    importing: {
        "plan": "POST /institutions/import/",
        "apply": "POST /institutions/import/",
    },
    invitations: {"invite": "POST /seats/{id}/invite/"},
    tokens: {"make_token": "POST /me/tokens/", "revoke": "POST /me/tokens/{id}/revoke/"},
    outbox: {"retry": "POST /outbox/{id}/retry/"},
}
# What no person does by itself: asked by other services, by the worker, or behind a link in a mail.
NOBODY_S = {
    groups: {"require"},
    importing: {"unpacked"},
    invitations: {"link_for", "read", "inviter", "deliver"},
    outbox: {"handler", "put", "put_many", "deliver", "rescue"},
}


@pytest.fixture(scope="module")
def operations() -> set[str]:
    generator: Any = SchemaGenerator
    schema = generator().get_schema(request=None, public=True)
    return {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in schema["paths"].items()
        for method in methods
    }


@pytest.mark.parametrize("module", ADDRESSES, ids=lambda module: module.__name__)
def test_every_service_has_an_address(module: ModuleType, operations: set[str]) -> None:
    public = {
        name
        for name, member in vars(module).items()
        if inspect.isfunction(member) and member.__module__ == module.__name__ and not name.startswith("_")
    }
    addressed = ADDRESSES[module]
    assert public - NOBODY_S.get(module, set()) == set(addressed)
    assert set(addressed.values()) <= operations


def test_every_kind_of_subject_has_its_actions_and_history(operations: set[str]) -> None:
    from workflow.engine import kinds

    plural = {"person": "people", "terms": "terms"}
    for kind in kinds.all_kinds():
        key = "code" if any(field.name == "code" for field in kind.model._meta.fields) else "id"
        root = f"/{plural.get(kind.name, f'{kind.name}s')}/{{{key}}}"
        assert f"GET {root}/" in operations
        assert f"GET {root}/history/" in operations
        assert f"GET {root}/actions/" in operations
        if kind.flow:
            assert f"POST {root}/actions/{{transition}}/" in operations


def test_what_pages_show_is_read_too(operations: set[str]) -> None:
    shown = ("me", "inbox", "search", "overview", "institutions", "projects", "regions", "twgs", "terms", "presets")
    assert {f"GET /{name}/" for name in (*shown, "templates", "profiles", "editions", "outbox")} <= operations
    assert "GET /decisions/{id}/file/" in operations
    assert "GET /editions/{id}/durations/" in operations
    assert "GET /institutions/export/{form}/" in operations
