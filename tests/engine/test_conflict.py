"""Two people, one button: the one who comes second learns who was faster, and gets back what they had typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests import factories as f
from workflow.groups import services as groups

pytestmark = pytest.mark.django_db


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_slower_one_sees_who_did_what_and_gets_the_typed_reason_back() -> None:
    ghana = f.twg("GH")
    edition = f.edition(ghana, stage="comment")
    chair = f.seat(ghana, "chair", "Chair of Ghana", institution=f.institution("Ministry of Interior"))
    secretariat = f.seat(ghana, "secretariat", "Secretariat of Ghana")
    path = f"/do/edition/{edition.pk}/return_to_drafting/"
    seen = edition.version
    assert browser(chair).post(path, {"version": seen, "note": "Part C is empty."}).status_code == 302
    answer = browser(secretariat).post(path, {"version": seen, "note": "The tables are <b>wrong</b>."})
    assert answer.status_code == 409
    page = text(answer)
    assert "Somebody was faster" in page
    assert "Chair of Ghana, for Ministry of Interior" in page
    assert "Return to drafting" in page
    assert "Part C is empty." in page
    assert "What you had typed" in page
    assert "The tables are &lt;b&gt;wrong&lt;/b&gt;." in page
    assert f'href="/editions/{edition.pk}/"' in page
    assert "csrfmiddlewaretoken</dt>" not in page


def test_all_that_happened_since_the_page_was_opened_is_shown_newest_first() -> None:
    ghana = f.twg("GH")
    edition = f.edition(ghana, stage="comment")
    secretariat = f.seat(ghana, "secretariat")
    seen = edition.version
    f.perform(edition, "return_to_drafting", note="First reason")
    f.perform(edition, "submit_draft", note="Then submitted")
    answer = browser(secretariat).post(f"/do/edition/{edition.pk}/return_to_drafting/", {"version": seen, "note": "x"})
    page = text(answer)
    assert answer.status_code == 409
    assert page.index("Then submitted") < page.index("First reason")


def test_pressing_twice_is_told_from_pressing_once() -> None:
    edition = f.edition(f.twg("GH"), stage="drafting")
    client = browser(f.seat(edition.twg, "secretariat", "Secretariat of Ghana"))
    path = f"/do/edition/{edition.pk}/submit_draft/"
    form = {"version": edition.version}
    assert client.post(path, form).status_code == 302
    second = client.post(path, form)
    assert second.status_code == 409
    assert "Secretariat of Ghana" in text(second)


def test_a_choice_is_given_back_in_its_words() -> None:
    ghana = f.twg("GH")
    edition = f.edition(ghana, stage="workshop")
    chair = f.seat(ghana, "chair")
    bureau = f.institution("National Migration Bureau", country="GH")
    seen = edition.version
    f.perform(edition, "return_to_drafting", note="Not yet")
    answer = browser(chair).post(
        f"/do/edition/{edition.pk}/close_workshop/", {"version": seen, "update_institution": bureau.pk, **f.DECISION}
    )
    assert answer.status_code == 409
    assert "National Migration Bureau" in text(answer)
    assert "The TWG&#x27;s meeting" in text(answer)


def test_an_observer_reads_what_happened_without_the_names_behind_the_seats() -> None:
    ghana = f.twg("GH")
    f.adopt(ghana.terms.get())
    edition = f.edition(ghana, stage="drafting")
    chair = f.seat(ghana, "chair", "Kwame Secret", institution=f.institution("Ministry of Interior"))
    observer = f.seat(ghana, "observer", institution=f.institution("CMS", category="civil_society"))
    f.perform(edition, "submit_draft")
    f.perform(edition, "return_to_drafting", actor=chair, note="Again")
    answer = browser(observer).get(f"/do/edition/{edition.pk}/request_endorsement/")
    assert answer.status_code == 409
    assert "Somebody, for Ministry of Interior" in text(answer)
    assert "Kwame" not in text(answer)


def test_a_conflict_raised_by_any_other_page_becomes_the_same_page(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.engine.refusing_urls"
    ghana = f.twg("GH")
    secretariat = f.seat(ghana, "secretariat", "Secretariat of Ghana")
    groups.change_twg(ghana, {"cadence_to": 7}, actor=secretariat)
    answer = browser(secretariat).post(f"/refuse/conflict/{ghana.pk}/", {"mandate": "My own text", "version": "1"})
    assert answer.status_code == 409
    assert "My own text" in text(answer)
    assert "Secretariat of Ghana" in text(answer)
    stranger = browser(f.seat(f.twg("ML"), "secretariat")).post(f"/refuse/conflict/{ghana.pk}/", {})
    assert stranger.status_code == 409
    assert "Secretariat of Ghana" not in text(stranger)
    assert str(ghana) not in text(stranger)


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("permitted", 403, "This is for the chair."),
        ("unmet", 409, "The text is missing."),
        ("incomplete", 422, "Say why."),
        ("bad", 400, "This request could not be read"),
        ("suspicious", 400, "This request could not be read"),
        ("large", 413, "This file is too large"),
        ("nothing", 404, "There is nothing here"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_each_refusal_is_a_page_in_our_look(
    settings: Any, kind: str, status: int, words: str, headers: dict[str, str]
) -> None:
    settings.ROOT_URLCONF = "tests.engine.refusing_urls"
    answer = browser(f.person()).get(f"/refuse/{kind}/1/", headers=headers)
    assert answer.status_code == status
    assert words in text(answer)
    assert "palabre.css" in text(answer)
    if headers and status != 404:
        assert answer["HX-Retarget"] == "#main"


def test_a_body_over_twelve_megabytes_is_refused_before_it_is_read(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = browser(f.person()).post("/do/edition/1/endorse/", {"note": "x" * 2000})
    assert answer.status_code == 413
    assert "This file is too large" in text(answer)


def test_too_many_attempts_have_a_page_too(rf: Any) -> None:
    from workflow.engine.refusals import too_many

    answer = too_many(rf.get("/"))
    assert answer.status_code == 429
    assert "Wait a few minutes" in text(answer)


def test_a_form_without_its_token_is_explained() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(f.person())
    answer = client.post("/do/edition/1/endorse/", {})
    assert answer.status_code == 403
    assert "This page was open for too long" in text(answer)
