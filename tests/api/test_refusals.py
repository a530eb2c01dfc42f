"""Every way in which the API says no, and that it always says it as a problem document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from rest_framework.throttling import UserRateThrottle

from tests import factories as f
from tests.api.calls import Caller, problem, token
from workflow.groups.models import Twg

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH")


@pytest.fixture
def secretariat(ghana: Twg) -> Caller:
    return Caller(f.seat(ghana, "secretariat"))


@pytest.mark.parametrize(
    "path", ["me/", "people/", "institutions/", "projects/", "regions/", "twgs/", "terms/", "inbox/"]
)
def test_without_a_token_only_what_is_published_is_read(path: str) -> None:
    answer = Caller().get(path)
    problem(answer, 401, "not-signed-in")
    assert "bearer" in answer["WWW-Authenticate"].lower()


def test_an_unknown_a_revoked_and_an_expired_token_are_all_refused(ghana: Twg) -> None:
    keeper = f.seat(ghana, "secretariat")
    for secret in ("nobody-ever-made-this-one", token(keeper, revoked=True), token(keeper, days=-1)):
        problem(Caller(secret=secret).get("twgs/"), 401, "not-signed-in")


def test_a_bad_token_does_not_read_what_no_token_reads() -> None:
    problem(Caller(secret="nobody-ever-made-this-one").get("editions/"), 401, "not-signed-in")


def test_a_person_who_may_no_longer_sign_in_has_no_working_token(ghana: Twg) -> None:
    keeper = f.seat(ghana, "secretariat")
    caller = Caller(keeper)
    assert caller.get("me/").status_code == 200
    keeper.is_active = False
    keeper.save()
    problem(caller.get("me/"), 401, "not-signed-in")


def test_a_token_that_reads_does_not_write(ghana: Twg) -> None:
    reader = Caller(f.seat(ghana, "secretariat"), scope="read")
    assert reader.get(f"twgs/{ghana.code}/").status_code == 200
    problem(reader.patch(f"twgs/{ghana.code}/", {"time_zone": "Africa/Accra", "version": 1}), 403, "not-permitted")
    ghana.refresh_from_db()
    assert ghana.time_zone == "UTC"


def test_an_address_that_does_not_exist_is_not_found_in_json(secretariat: Caller) -> None:
    for path in ("nothing/", "twgs/nowhere/", "editions/999999/", "editions/99999999999999999999/", "schema/deeper/"):
        problem(secretariat.get(path), 404, "not-found")
    problem(Caller().get("nothing/"), 404, "not-found")
    problem(Caller().post("nothing/"), 404, "not-found")


def test_a_method_that_an_address_does_not_answer(secretariat: Caller, ghana: Twg) -> None:
    answer = secretariat.client.delete(f"/api/v1/twgs/{ghana.code}/", headers=secretariat.headers)
    problem(answer, 405, "method-not-allowed")
    assert "GET" in answer["Allow"]


def test_json_that_is_none_is_unreadable(secretariat: Caller, ghana: Twg) -> None:
    path = f"/api/v1/twgs/{ghana.code}/"
    for body in ("{", "[1, 2]", '"text"', "null", "\x00"):
        answer = secretariat.client.patch(path, body, content_type="application/json", headers=secretariat.headers)
        problem(answer, 400, "unreadable")


def test_a_media_type_that_the_api_does_not_read(secretariat: Caller, ghana: Twg) -> None:
    path = f"/api/v1/twgs/{ghana.code}/"
    answer = secretariat.client.patch(path, "a=b", content_type="text/plain", headers=secretariat.headers)
    problem(answer, 415, "unsupported-media-type")


def test_a_body_larger_than_palabre_takes(secretariat: Caller, ghana: Twg, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = secretariat.patch(f"twgs/{ghana.code}/", {"source": "x" * 2000, "version": 1})
    problem(answer, 413, "too-large")


def test_an_answer_in_another_form_than_json_is_not_to_be_had(secretariat: Caller) -> None:
    problem(secretariat.get("twgs/", Accept="text/html"), 406, "not-acceptable")


@pytest.fixture
def three_a_minute() -> Iterator[None]:
    with mock.patch.object(UserRateThrottle, "THROTTLE_RATES", {"user": "3/min"}):
        yield


@pytest.mark.usefixtures("three_a_minute")
def test_too_many_requests_are_told_how_long_to_wait(secretariat: Caller) -> None:
    answers = [secretariat.get("me/") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    problem(answers[-1], 429, "too-many-requests")
    assert 0 < int(answers[-1]["Retry-After"]) <= 61


def test_what_nobody_foresaw_is_written_to_the_log_and_says_nothing(
    secretariat: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    with mock.patch("workflow.engine.inbox.of", side_effect=RuntimeError("the inner secret")):
        answer = secretariat.get("inbox/")
    body = problem(answer, 500, "server-error")
    assert "secret" not in str(body)
    assert "the inner secret" in caplog.text


def test_fields_that_are_wrong_are_all_named_at_once(secretariat: Caller) -> None:
    body = problem(
        secretariat.post(
            "twgs/", {"code": "Not a slug", "names": "Mali", "preset": "unheard-of", "cadence_from": "often"}
        ),
        422,
        "incomplete",
    )
    assert set(body["errors"]) == {"code", "names", "preset", "cadence_from"}


def test_what_the_service_refuses_comes_back_by_field_too(secretariat: Caller) -> None:
    new = {"code": "nowhere", "names": {"de": "Irgendwo"}, "preset": "usual", "time_zone": "Mars/Olympus"}
    body = problem(secretariat.post("twgs/", new), 422, "incomplete")
    assert {"names", "time_zone"} <= set(body["errors"])
    assert not Twg.objects.filter(code="nowhere").exists()


def test_a_row_inside_a_list_is_named_by_its_path(secretariat: Caller) -> None:
    parts = [{"letter": "A", "titles": {"en": "One"}}, {"letter": "B"}]
    new = {"code": "t", "number": 1, "names": {"en": "T"}, "parts": parts}
    body = problem(secretariat.post("templates/", new), 422, "incomplete")
    assert set(body["errors"]) == {"parts.1.titles"}


def test_a_text_with_a_nul_is_refused_and_not_sent_to_the_database(secretariat: Caller, ghana: Twg) -> None:
    problem(secretariat.get("institutions/", {"q": "a\x00b"}), 422, "incomplete")
    problem(secretariat.patch(f"twgs/{ghana.code}/", {"source": "a\x00b", "version": 1}), 422, "incomplete")


def test_pages_of_results_are_never_larger_than_two_hundred(secretariat: Caller) -> None:
    for n in range(3):
        f.institution(f"Ministry of {n}")
    body = secretariat.get("institutions/", {"page_size": 100000}).json()
    assert set(body) == {"count", "next", "previous", "results"}
    assert body["count"] == len(body["results"]) == 3
    two = secretariat.get("institutions/", {"page_size": 2}).json()
    assert len(two["results"]) == 2
    assert "page=2" in two["next"]
    problem(secretariat.get("institutions/", {"page": 99}), 404, "not-found")
    problem(secretariat.get("institutions/", {"page": "x"}), 404, "not-found")


def test_a_session_needs_its_csrf_token_to_write(ghana: Twg) -> None:
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(f.seat(ghana, "secretariat"), backend="workflow.groups.signing_in.WithSeats")
    assert browser.get("/api/v1/me/").status_code == 200
    answer = browser.patch(f"/api/v1/twgs/{ghana.code}/", "{}", content_type="application/json")
    problem(answer, 403, "not-permitted")


def test_nothing_read_through_the_api_stays_in_a_cache(secretariat: Caller) -> None:
    assert secretariat.get("twgs/")["Cache-Control"] == "private, no-store"
    assert "Authorization" in secretariat.get("twgs/")["Vary"]
