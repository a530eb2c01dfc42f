"""What pages can do, programs can do: every service has its address, and a new one without an address fails here."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from meetings.minutes import services as minutes
from meetings.trainings import services as trainings
from recommendations.dataplan import services as dataplan
from recommendations.inventory import importing as inventory_importing
from recommendations.inventory import services as inventory
from recommendations.milestones import services as milestones
from recommendations.register import services as recommendations
from workflow.ballots import preparing, proposing
from workflow.ballots import services as votes
from workflow.comments import answering, clearance, remarks, threads
from workflow.comments import services as rounds
from workflow.datarequests import services as requests
from workflow.engine import outbox
from workflow.frameworks import importing as register_importing
from workflow.frameworks import inserting
from workflow.frameworks import services as register
from workflow.groups import importing, invitations, tokens
from workflow.groups import services as groups
from workflow.handover import services as handover
from workflow.profiles import services as profiles
from workflow.profiles import versions
from workflow.writing import figures, word_import
from workflow.writing import services as writing

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
        "set_next_due": "POST /profiles/{code}/next-due/",
    },
    versions: {
        "new_version": "POST /templates/{code}/versions/",
        "change_template": "PATCH /templates/{code}/",
    },
    writing: {
        "open_text": "POST /texts/",
        "save": "PUT /sections/{id}/",
        "restore": "POST /sections/{id}/revisions/{number}/restore/",
        "take_draft": "POST /texts/{id}/drafts/",
    },
    figures: {
        "add": "POST /texts/{id}/enclosures/",
        "describe": "PATCH /enclosures/{id}/",
        "withdraw": "POST /enclosures/{id}/withdraw/",
    },
    word_import: {
        "bring": "POST /texts/{id}/import/",
        "take_over": "POST /word-files/{id}/take-over/",
        "forget": "POST /word-files/{id}/forget/",
    },
    rounds: {
        "plan_round": "POST /rounds/",
        "change_round": "PATCH /rounds/{id}/",
        "ask_more": "POST /rounds/{id}/ask/",
        "extend": "POST /rounds/{id}/extend/",
        "say_nothing": "POST /rounds/{id}/nothing/",
        "remind": "POST /rounds/{id}/remind/",
    },
    remarks: {
        "remark": "POST /comments/",
        "change_remark": "PATCH /comments/{id}/",
        "submit_all": "POST /rounds/{id}/submit/",
    },
    threads: {
        "reply": "POST /comments/{id}/replies/",
        "flag": "POST /comments/{id}/flag/",
        "unflag": "POST /comments/{id}/unflag/",
        "mute": "POST /comments/{id}/mute/",
    },
    clearance: {"switch": "POST /rounds/{id}/clearance/"},
    answering: {"answer_alike": "POST /comments/{id}/answer-alike/"},
    preparing: {
        "draft_ballot": "POST /ballots/",
        "change_ballot": "PATCH /ballots/{id}/",
        "extend": "POST /ballots/{id}/extend/",
        "repeat": "POST /ballots/{id}/repeat/",
    },
    votes: {
        "cast": "POST /ballots/{id}/votes/",
        "record": "POST /ballots/{id}/recorded-votes/",
        "dispute": "POST /ballots/{id}/dispute/",
        "recuse": "POST /ballots/{id}/recuse/",
        "close": "POST /ballots/{id}/actions/{transition}/",
    },
    proposing: {
        "propose_theme": "POST /themes/",
        "change_theme": "PATCH /themes/{id}/",
        "ask_about_themes": "POST /themes/ballot/",
        "change_question": "PATCH /ballots/{id}/",
    },
    requests: {
        "ask": "POST /requests/",
        "change_request": "PATCH /requests/{id}/",
    },
    register: {
        "record_framework": "POST /frameworks/",
        "change_framework": "PATCH /frameworks/{id}/",
        "record_actor": "POST /actors/",
        "change_actor": "PATCH /actors/{id}/",
    },
    register_importing: {
        "apply": "POST /actors/import/",
    },
    inserting: {"insert": "POST /frameworks/insert/"},
    minutes: {
        "prepare": "POST /minutes/",
        "decide": "POST /meeting-decisions/",
        "give_to_do": "POST /action-items/",
        "change_row": "PATCH /action-items/{id}/",
        "add_addendum": "POST /minutes/{id}/addenda/",
    },
    trainings: {
        "record_course": "POST /courses/",
        "change_course": "PATCH /courses/{code}/",
        "teach": "POST /trainings/",
        "enrol": "POST /participations/",
        "enrol_by_name": "POST /participations/",
        "complete": "POST /trainings/{id}/completed/",
    },
    handover: {
        "begin": "POST /handovers/",
        "add_item": "POST /handover-items/",
        "change_item": "PATCH /handover-items/{id}/",
        "record_need": "POST /capacity-needs/",
        "change_need": "PATCH /capacity-needs/{id}/",
    },
    milestones: {
        "record_milestone": "POST /milestones/",
        "record_hosting": "POST /hostings/",
        "change_milestone": "PATCH /milestones/{id}/",
        "change_hosting": "PATCH /hostings/{id}/",
    },
    dataplan: {
        "open_plan": "POST /data-plans/",
        "change_plan": "PATCH /data-plans/{id}/",
        "ask_progress": "POST /data-plans/{id}/ask/",
        "plan_action": "POST /data-actions/",
        "change_action": "PATCH /data-actions/{id}/",
        "commit": "POST /commitments/",
        "change_commitment": "PATCH /commitments/{id}/",
        "record_output": "POST /outputs/",
        "change_output": "PATCH /outputs/{id}/",
    },
    inventory: {
        "record_source": "POST /data-sources/",
        "change_source": "PATCH /data-sources/{id}/",
        "record_gap": "POST /data-gaps/",
        "change_gap": "PATCH /data-gaps/{id}/",
        "record_publication": "POST /supporting-publications/",
        "change_publication": "PATCH /supporting-publications/{id}/",
    },
    inventory_importing: {
        "apply": "POST /data-gaps/import/",
    },
    recommendations: {
        "draft": "POST /recommendations/",
        "from_minutes": "POST /recommendations/from-minutes/",
        "change": "PATCH /recommendations/{id}/",
        "liken": "POST /recommendations/{id}/similar/",
        "part": "POST /recommendations/{id}/similar/end/",
        "cascade": "POST /recommendations/{id}/cascade/",
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
    profiles: {"name_update_institution", "hand_over"},
    handover: {"workshop_closed", "published"},
    minutes: {"became"},
    recommendations: {"hand_on", "tell_cascade"},
    writing: {
        "text_of",
        "reshape",
        "check_open",
        "may_write",
        "check_base",
        "settle",
        "settled",
        "is_written",
        "written",
    },
    figures: {"finder", "finder_in", "put_pictures"},
    word_import: {"read", "preview", "forget_old"},
    rounds: {"take_up_for", "own_institution"},
    remarks: {"hold_open", "checked", "check_may_change", "likeness", "new_reply", "submitted_as"},
    threads: {"submitted_reply", "mute_thread", "token_for", "read_token", "followers"},
    clearance: {"is_on"},
    proposing: {"own_institution"},
    answering: {"in_order", "next_unanswered", "alike"},
    importing: {"unpacked"},
    inserting: {"takes_tables", "offers", "moved_on"},
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

    plural = {
        "person": "people",
        "terms": "terms",
        "remark": "comments",
        "minutes": "minutes",
        "meeting_decision": "meeting-decisions",
        "action_item": "action-items",
        "data_plan": "data-plans",
        "data_action": "data-actions",
        "data_source": "data-sources",
        "data_gap": "data-gaps",
        "supporting_publication": "supporting-publications",
        "handover_item": "handover-items",
        "capacity_need": "capacity-needs",
    }
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
    assert {f"GET /{name}/export/{{form}}/" for name in ("handover-items", "capacity-needs")} <= operations
    assert {"GET /handovers/{id}/record/", "GET /handover-items/{id}/evidence/{number}/file/"} <= operations
    assert {f"GET /{name}/export/{{form}}/" for name in ("requests", "frameworks", "actors")} <= operations
    assert {f"GET /{name}/export/{{form}}/" for name in ("data-sources", "data-gaps")} <= operations
    assert {f"POST /{name}/import/" for name in ("data-sources", "data-gaps", "frameworks")} <= operations
    assert "GET /data-sources/comparison/" in operations
    assert "GET /requests/{id}/answers/{number}/file/" in operations
    assert {f"GET /ballots/{{id}}/{name}/" for name in ("record", "evidence/{number}")} <= operations
    assert "GET /requests/exchanges/" in operations


def test_texts_are_read_as_their_pages_show_them(operations: set[str]) -> None:
    shown = {
        "sections": ("", "revisions/", "revisions/{number}/", "compare/"),
        "drafts": ("", "compare/", "export/{ending}/"),
        "texts": ("", "enclosures/", "export/{ending}/"),
        "enclosures": ("", "file/"),
        "word-files": ("",),
    }
    wanted = {f"GET /{name}/{{id}}/{ending}" for name, endings in shown.items() for ending in endings}
    assert wanted <= operations
