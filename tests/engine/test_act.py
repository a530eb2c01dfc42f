"""The page that makes a transition, as each kind of person meets it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import factories as f
from workflow.engine import history
from workflow.engine.models import RecordedDecision
from workflow.profiles.models import Edition

pytestmark = pytest.mark.django_db


def url(edition: Edition, step: str) -> str:
    return f"/do/edition/{edition.pk}/{step}/"


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def drafting() -> Edition:
    return f.edition(f.twg("GH"), stage="drafting")


def test_the_secretariat_submits_a_draft_and_is_told_so(drafting: Edition) -> None:
    secretariat = f.seat(drafting.twg, "secretariat", "Secretariat of Ghana")
    client = browser(secretariat)
    page = client.get(url(drafting, "submit_draft"))
    assert page.status_code == 200
    assert "The draft goes to the TWG, which comments on it." in text(page)
    assert f'name="version" value="{drafting.version}"' in text(page)
    done = client.post(url(drafting, "submit_draft"), {"version": drafting.version, "note": "Second draft."})
    assert (done.status_code, done["Location"]) == (302, f"/editions/{drafting.pk}/")
    assert [str(m) for m in get_messages(done.wsgi_request)] == [
        "Done: “Submit the draft for comment”. It now stands at “Comment”."
    ]
    drafting.refresh_from_db()
    last = history.events_of(drafting).last()
    assert last is not None
    assert (drafting.stage, last.note, last.actor_id) == ("comment", "Second draft.", secretariat.pk)


def test_an_anonymous_reader_is_asked_to_sign_in_whether_the_edition_exists_or_not(drafting: Edition) -> None:
    for path in (url(drafting, "submit_draft"), "/do/edition/999999/submit_draft/", "/do/nothing/1/fly/"):
        for answer in (Client().get(path), Client().post(path, {"version": "1"})):
            assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={path}")


def test_malis_secretariat_finds_nothing(drafting: Edition) -> None:
    client = browser(f.seat(f.twg("ML"), "secretariat"))
    path = url(drafting, "submit_draft")
    assert client.get(path).status_code == 404
    assert client.post(path, {"version": drafting.version}).status_code == 404
    drafting.refresh_from_db()
    assert drafting.stage == "drafting"


def test_a_member_of_ghana_is_told_who_may(drafting: Edition) -> None:
    client = browser(f.seat(drafting.twg, "member", institution=f.institution()))
    for answer in (
        client.get(url(drafting, "submit_draft")),
        client.post(url(drafting, "submit_draft"), {"version": drafting.version}),
    ):
        assert answer.status_code == 403
        assert "This is for the consultant or the secretariat." in text(answer)
        assert f'href="/editions/{drafting.pk}/"' in text(answer)
    drafting.refresh_from_db()
    assert drafting.stage == "drafting"


def test_an_unknown_transition_or_kind_is_not_found(drafting: Edition) -> None:
    client = browser(f.seat(drafting.twg, "secretariat"))
    for path in (url(drafting, "fly"), f"/do/profile/{drafting.profile_id}/submit_draft/", "/do/nothing/1/fly/"):
        assert client.get(path).status_code == 404
    assert client.get(f"/do/edition/{10**30}/submit_draft/").status_code == 404


def test_a_condition_that_does_not_hold_is_shown_with_its_reason() -> None:
    ghana = f.twg("GH")
    edition = f.edition(ghana)
    client = browser(f.seat(ghana, "secretariat"))
    for answer in (
        client.get(url(edition, "start_drafting")),
        client.post(url(edition, "start_drafting"), {"version": edition.version, **f.DECISION}),
    ):
        assert answer.status_code == 409
        assert "The TWG has no research consultant yet" in text(answer)
        assert "Not possible yet" in text(answer)


def test_what_is_not_possible_from_this_stage_says_so(drafting: Edition) -> None:
    client = browser(f.seat(drafting.twg, "secretariat"))
    answer = client.get(url(drafting, "endorse"))
    assert answer.status_code == 409
    assert "“Record the endorsement” is not possible while the stage is “Drafting”." in text(answer)
    assert "Not possible yet" in text(answer)


def test_a_link_pressed_on_a_stale_page_says_who_was_faster(drafting: Edition) -> None:
    chair = f.seat(drafting.twg, "chair", "Chair of Ghana")
    f.bring(drafting, "comment")
    f.perform(drafting, "return_to_drafting", actor=chair, note="Part C")
    answer = browser(f.seat(drafting.twg, "secretariat")).get(url(drafting, "request_endorsement"))
    assert answer.status_code == 409
    assert "Somebody was faster" in text(answer)
    assert "Chair of Ghana" in text(answer)


def test_a_missing_reason_keeps_the_page_and_says_so_on_the_field() -> None:
    edition = f.edition(f.twg("GH"), stage="comment")
    client = browser(f.seat(edition.twg, "chair"))
    answer = client.post(url(edition, "return_to_drafting"), {"version": edition.version, "note": "  "})
    assert answer.status_code == 422
    assert 'href="#id_note"' in text(answer)
    assert "This field is required." in text(answer)
    edition.refresh_from_db()
    assert edition.stage == "comment"


def test_what_was_typed_is_kept_when_something_else_is_wrong() -> None:
    edition = f.edition(f.twg("GH"), stage="comment")
    client = browser(f.seat(edition.twg, "chair"))
    typed = {"version": edition.version, "decision_body": "The meeting of April", "decision_date": "next spring"}
    answer = client.post(url(edition, "request_endorsement"), typed)
    assert answer.status_code == 422
    assert 'value="The meeting of April"' in text(answer)
    assert 'href="#id_decision_date"' in text(answer)
    assert f'name="version" value="{edition.version}"' in text(answer)


def test_a_closed_gate_is_answered_by_a_recorded_decision_with_its_file() -> None:
    edition = f.edition(f.twg("GH"), stage="comment")
    client = browser(f.seat(edition.twg, "chair"))
    page = client.get(url(edition, "request_endorsement"))
    assert "No comment round has been held on this edition." in text(page)
    assert "Decision taken outside Palabre" in text(page)
    upload = SimpleUploadedFile("pv3.pdf", b"%PDF-1.4 signed", "application/pdf")
    answer = client.post(
        url(edition, "request_endorsement"), {"version": edition.version, **f.DECISION, "decision_file": upload}
    )
    assert answer.status_code == 302
    decision = RecordedDecision.objects.get(body="The TWG's meeting", sha256__gt="")
    with decision.file.open("rb") as kept:
        assert kept.read() == b"%PDF-1.4 signed"


def test_a_file_of_a_kind_that_nobody_files_is_refused_and_nothing_is_kept() -> None:
    edition = f.edition(f.twg("GH"), stage="comment")
    client = browser(f.seat(edition.twg, "chair"))
    before = RecordedDecision.objects.count()
    upload = SimpleUploadedFile("page.html", b"<script>", "text/html")
    answer = client.post(
        url(edition, "request_endorsement"), {"version": edition.version, **f.DECISION, "decision_file": upload}
    )
    assert (answer.status_code, RecordedDecision.objects.count()) == (422, before)
    assert "html" in text(answer)


@pytest.mark.parametrize("version", ["", "-1", "two", "1" * 40, "1.0", "٣"])
def test_a_form_without_a_readable_version_is_a_bad_request(drafting: Edition, version: str) -> None:
    client = browser(f.seat(drafting.twg, "secretariat"))
    answer = client.post(url(drafting, "submit_draft"), {"version": version})
    assert answer.status_code == 400
    assert "This request could not be read" in text(answer)
    drafting.refresh_from_db()
    assert drafting.stage == "drafting"


def test_showing_the_form_costs_few_queries(drafting: Edition, django_assert_max_num_queries: Any) -> None:
    client = browser(f.seat(drafting.twg, "secretariat"))
    with django_assert_max_num_queries(8):
        client.get(url(drafting, "submit_draft"))
