"""Templates, profiles and editions through the API; the search, the inbox and the overview; and what lists cost."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_countries import countries

from tests import factories as f
from tests.api.calls import Caller, problem
from workflow.groups.models import Person, Project, Twg

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH")


@pytest.fixture
def secretariat(ghana: Twg) -> Caller:
    return Caller(f.seat(ghana, "secretariat"))


def test_editions_are_filtered_by_stage_country_twg_and_project() -> None:
    project = f.project()
    ghana, mali = f.twg("GH", of=project), f.twg("ML", of=project)
    f.edition(ghana, stage="comment")
    f.edition(mali, stage="drafting")
    iom = Caller(f.monitor(project))

    def found(filters: dict[str, str]) -> list[str]:
        return sorted(e["twg"] for e in iom.get("editions/", filters).json()["results"])

    assert found({}) == sorted([ghana.code, mali.code])
    assert found({"stage": "comment"}) == [ghana.code]
    assert found({"country": "ML"}) == [mali.code]
    assert found({"twg": mali.code, "stage": "comment"}) == []
    assert found({"project": project.code}) == sorted([ghana.code, mali.code])
    problem(iom.get("editions/", {"stage": "celebration"}), 422, "incomplete")


def test_one_edition_is_open_at_a_time(secretariat: Caller, ghana: Twg) -> None:
    edition = f.edition(ghana)
    body = {"label": "2010", "template": edition.template.code}
    answer = secretariat.post(f"profiles/{edition.profile.code}/editions/", body)
    assert "still open" in str(problem(answer, 422, "incomplete")["errors"])


def test_an_owner_that_is_no_government_body_is_refused(secretariat: Caller, ghana: Twg) -> None:
    profile = f.profile(ghana)
    ngo = f.institution("An NGO", category="civil_society")
    answer = secretariat.patch(f"profiles/{profile.code}/", {"owner": ngo.code, "version": profile.version})
    assert set(problem(answer, 422, "incomplete")["errors"]) == {"owner"}
    answer = secretariat.patch(f"profiles/{profile.code}/", {"owner": "nobody", "version": profile.version})
    assert set(problem(answer, 422, "incomplete")["errors"]) == {"owner"}


def test_a_template_shows_its_parts_and_sections(secretariat: Caller) -> None:
    template = f.template()
    parts = secretariat.get(f"templates/{template.code}/").json()["parts"]
    assert [part["letter"] for part in parts] == list("ABCDEF")
    assert parts[0]["sections"][0]["titles"] == {"en": "Section A1"}


def test_a_decision_s_file_goes_up_with_the_action_and_comes_down_again(secretariat: Caller, ghana: Twg) -> None:
    edition = f.edition(ghana, stage="comment")
    signed = SimpleUploadedFile("minutes.pdf", b"%PDF-1.4 signed", "application/pdf")
    fields = {**f.DECISION, "version": edition.version, "decision_file": signed}
    done = secretariat.upload(f"editions/{edition.pk}/actions/request_endorsement/", fields)
    assert done.status_code == 200, done.content
    decision = done.json()["event"]["data"]["decision"]
    assert decision["file"] == "minutes.pdf"
    file = secretariat.get(f"decisions/{decision['id']}/file/")
    assert b"".join(file.streaming_content) == b"%PDF-1.4 signed"
    mali = Caller(f.seat(f.twg("ML"), "secretariat"))
    problem(mali.get(f"decisions/{decision['id']}/file/"), 404, "not-found")
    problem(Caller().get(f"decisions/{decision['id']}/file/"), 401, "not-signed-in")


def test_a_file_of_another_kind_is_refused_by_its_field(secretariat: Caller, ghana: Twg) -> None:
    edition = f.edition(ghana, stage="comment")
    script = SimpleUploadedFile("minutes.exe", b"MZ", "application/pdf")
    fields = {**f.DECISION, "version": edition.version, "decision_file": script}
    answer = secretariat.upload(f"editions/{edition.pk}/actions/request_endorsement/", fields)
    assert set(problem(answer, 422, "incomplete")["errors"]) == {"decision_file"}


def test_the_audit_export_comes_in_both_forms(secretariat: Caller, ghana: Twg) -> None:
    edition = f.edition(ghana, stage="comment")
    for form, kind in (("csv", "text/csv"), ("json", "application/json")):
        answer = secretariat.get(f"editions/{edition.pk}/history/{form}/")
        assert answer["Content-Type"].startswith(kind)
        assert b"submit_draft" in b"".join(answer.streaming_content)


def test_the_search_finds_what_the_reader_sees(secretariat: Caller, ghana: Twg) -> None:
    f.edition(ghana)
    published = f.edition(f.twg("ML"), stage="published")
    groups = secretariat.get("search/", {"q": ghana.names["en"]}).json()
    assert ghana.code in str(groups)
    assert published.profile.title in str(Caller().get("search/", {"q": published.profile.title}).json())
    assert Caller().get("search/", {"q": ghana.names["en"]}).json() == []
    assert set(problem(secretariat.get("search/"), 422, "incomplete")["errors"]) == {"q"}


def test_the_overview_says_where_each_profile_stands(secretariat: Caller, ghana: Twg) -> None:
    f.edition(ghana, stage="comment")
    rows = secretariat.get("overview/").json()["results"]
    assert [(r["edition"]["stage"], r["days"], r["late"], r["returns"]) for r in rows] == [("comment", 0, 0, 0)]


def test_the_inbox_says_what_waits_for_the_reader(secretariat: Caller, ghana: Twg) -> None:
    edition = f.edition(ghana, stage="comment")
    waiting = secretariat.get("inbox/").json()["waiting"]
    assert f"/editions/{edition.pk}/" in str(waiting) or f"/edition/{edition.pk}/" in str(waiting)


# -- what lists cost --------------------------------------------------------------------------------------


@pytest.fixture
def project() -> Project:
    return f.project()


@pytest.fixture
def grow(project: Project) -> Callable[[int], None]:
    """More TWGs, each with a seat, an edition and institutions."""
    codes = iter(dict(countries))

    def more(number: int) -> None:
        for code in itertools.islice(codes, number):
            twg = f.twg(code, of=project)
            f.seat(twg, "member", institution=f.institution(country=code))
            f.edition(f.profile(twg, owner=f.institution(country=code)))

    return more


def cost(person: Person, path: str) -> int:
    caller = Caller(person)
    caller.get("me/")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = caller.get(f"{path}{'&' if '?' in path else '?'}page_size=200")
    assert answer.status_code == 200, path
    return len(queries)


LISTS = (
    "twgs/", "editions/", "profiles/", "terms/", "institutions/", "people/", "templates/", "overview/", "regions/",
    "milestones/", "hostings/", "projects/", "search/?q=twg",
)  # fmt: skip


def test_fifty_twgs_cost_no_more_queries_than_two(project: Project, grow: Callable[[int], None]) -> None:
    iom: Any = f.monitor(project)
    grow(2)
    with_two = {path: cost(iom, path) for path in LISTS}
    grow(48)
    with_many = {path: cost(iom, path) for path in LISTS}
    assert with_many == with_two
    assert max(with_many.values()) <= 10
