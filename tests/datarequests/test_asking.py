"""Asking one institution or several, and changing what is asked (S11, S12)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests import factories as f
from workflow.datarequests import services
from workflow.datarequests.models import DataRequest
from workflow.engine import history
from workflow.engine.errors import Conflict, NotPermitted, Unmet
from workflow.groups import services as groups
from workflow.groups.models import Modality, TermsOfReference

from .making import DUE, WHAT, Country, answered, ask, country, press, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Country:
    return country()


def refused(ghana: Country, *institutions: Any, **fields: Any) -> dict[str, list[str]]:
    told = {"what": WHAT, "why": "Part C.", "due": DUE} | fields
    with pytest.raises(ValidationError) as refusal:
        services.ask(ghana.twg, institutions or [ghana.immigration], told, actor=ghana.consultant)
    return refusal.value.message_dict


def test_several_institutions_are_asked_the_same_at_once(ghana: Country) -> None:
    labour = f.institution("Labour")
    f.seat(ghana.twg, "alternate", institution=labour)
    told = {"what": WHAT, "why": "Part C.", "due": DUE, "section": section(ghana), "needed_by": labour}
    made = services.ask(ghana.twg, [ghana.immigration, labour], told, actor=ghana.secretariat)
    assert {request.institution for request in made} == {ghana.immigration, labour}
    assert {(r.what, r.due, r.state, r.needed_by, r.section) for r in made} == {
        (WHAT, DUE, "asked", labour, told["section"])
    }
    assert all(history.events_of(request).count() == 1 for request in made)


def test_all_are_asked_or_none(ghana: Country) -> None:
    labour = f.institution("Labour")
    f.seat(ghana.twg, "member", institution=labour)
    ask(ghana, institution=labour)
    errors = refused(ghana, ghana.immigration, labour)
    assert errors == {"institutions": ["Labour: This institution is asked for this already."]}
    assert DataRequest.objects.count() == 1


def test_nobody_is_asked_for_whom_nobody_could_answer(ghana: Country) -> None:
    absent, watching = f.institution("Central Bank"), f.institution("UNHCR", category="international_agency")
    f.seat(ghana.twg, "observer", institution=watching)
    errors = refused(ghana, absent, watching, ghana.immigration)
    assert errors == {"institutions": ["Nobody could answer: no member of the TWG sits for Central Bank, UNHCR."]}
    assert not DataRequest.objects.exists()


def test_an_institution_of_a_category_that_only_observes_is_not_asked(ghana: Country) -> None:
    ngo = f.institution("SERACOB", category="civil_society")
    f.seat(ghana.twg, "member", institution=ngo)
    terms = TermsOfReference.objects.get(twg=ghana.twg)
    groups.change_terms(terms, {}, {"civil_society": (Modality.OBSERVER, False)}, actor=None)
    assert ask(ghana, institution=ngo), "while the terms are a draft, they govern nothing"
    f.adopt(terms)
    assert "SERACOB" in refused(ghana, ngo, what="More")["institutions"][0]


def test_a_linked_bodys_request_is_answered_from_the_twg_too(ghana: Country) -> None:
    fields = {"code": "data", "names": {"en": "Data task force"}, "kind": "task_force"}
    body = groups.link_body(ghana.twg, fields, actor=None)
    told = {"what": WHAT, "why": "The strategy.", "due": DUE}
    [request] = services.ask(body, [ghana.immigration], told, actor=ghana.secretariat)
    press(request, "answer", actor=ghana.officer, note="Here.")
    assert request.state == "answered"


def test_a_request_names_somebody_and_says_why(ghana: Country) -> None:
    assert set(refused(ghana, why="")) == {"why"}
    assert set(refused(ghana, what="")) == {"what"}
    with pytest.raises(ValidationError) as refusal:
        services.ask(ghana.twg, [], {"what": WHAT, "why": "x", "due": DUE}, actor=None)
    assert refusal.value.message_dict == {"institutions": ["Choose at least one institution."]}


def test_a_day_that_has_passed_where_the_twg_works_is_refused(ghana: Country, time_machine_at: Any) -> None:
    groups.change_twg(ghana.twg, {"time_zone": "Pacific/Auckland"}, actor=None)
    time_machine_at("2009-04-14 22:00:00Z")  # the 15th in Auckland
    assert refused(ghana, due=date(2009, 4, 14)) == {"due": ["This day has passed."]}
    assert ask(ghana, due=date(2009, 4, 15)).days_late == 0


def test_a_section_of_another_country_is_refused(ghana: Country) -> None:
    theirs = section(country("ML"))
    assert refused(ghana, section=theirs) == {"section": ["This section is of another TWG's text."]}


@pytest.mark.parametrize("role", ["chair", "member", "alternate", "observer"])
def test_other_seats_ask_nothing(ghana: Country, role: str) -> None:
    with pytest.raises(NotPermitted, match="whoever drafts for the TWG or the secretariat"):
        ask(ghana, actor=f.seat(ghana.twg, role))


def test_the_consultant_of_mali_asks_nothing_in_ghana(ghana: Country) -> None:
    with pytest.raises(NotPermitted):
        ask(ghana, actor=country("ML").consultant)


# -- changing -------------------------------------------------------------------------------------------------


def test_what_is_asked_can_be_changed_while_nobody_has_answered(ghana: Country) -> None:
    request = ask(ghana)
    version = request.version
    services.change_request(
        request, {"what": "Permits by sex", "due": date(2999, 7, 1)}, actor=ghana.consultant, version=version
    )
    event = history.events_of(request).last()
    assert event is not None
    assert event.data["changed"] == {"what": [WHAT, "Permits by sex"], "due": ["2999-06-01", "2999-07-01"]}
    with pytest.raises(Conflict):
        services.change_request(request, {"what": "Mine"}, actor=ghana.consultant, version=version)


def test_an_answered_question_is_not_changed_afterwards(ghana: Country) -> None:
    request = answered(ghana)
    with pytest.raises(Unmet, match="ask again instead"):
        services.change_request(request, {"what": "Something else"}, actor=ghana.consultant)
    assert DataRequest.objects.get().what == WHAT


def test_a_late_request_keeps_its_day_when_its_words_change(ghana: Country, time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    request = ask(ghana, due=date(2009, 4, 10))
    time_machine_at("2009-04-13 09:00:00Z")
    fields = {"what": "Permits", "due": date(2009, 4, 10)}
    services.change_request(request, fields, actor=ghana.consultant)
    assert (request.what, request.days_late) == ("Permits", 3)
    with pytest.raises(ValidationError):
        services.change_request(request, {"due": date(2009, 4, 11)}, actor=ghana.consultant)


def test_whoever_is_asked_changes_nothing(ghana: Country) -> None:
    with pytest.raises(NotPermitted):
        services.change_request(ask(ghana), {"what": "Less"}, actor=ghana.officer)
