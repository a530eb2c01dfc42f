"""Sources and gaps: entered, looked at, changed, agreed on, closed, given up; who may and who may not (S09, S12)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError

from recommendations.inventory import services
from recommendations.inventory.models import DataGap, DataSource
from tests import factories as f
from workflow.engine import history
from workflow.engine.errors import Conflict, Incomplete, NotPermitted, Unmet
from workflow.groups.models import Project, Twg

from . import making as m

pytestmark = pytest.mark.django_db
WRITERS = ("secretariat", "chair", "consultant")


def test_the_secretariat_enters_the_census_with_its_custodian_and_its_users(ghana: Twg) -> None:
    office, ministry = f.institution("Statistical Service"), f.institution("Ministry of Interior")
    secretariat = f.seat(ghana, "secretariat")
    census = m.source(ghana, by=secretariat, custodian=office, users=[ministry], questions=["birth_country", "absent"])
    assert (census.key, census.state, census.name) == (
        "population-and-housing-census",
        "listed",
        "Population and housing census",
    )
    assert [user.pk for user in census.users.all()] == [ministry.pk]
    assert census.asks == ["Country of birth", "Household members living abroad"]
    [created] = history.events_of(census)
    assert (created.name, created.data) == ("created", {"users": ["Ministry of Interior"]})


def test_a_second_census_gets_a_code_of_its_own(ghana: Twg) -> None:
    assert [m.source(ghana).key, m.source(ghana).key] == [
        "population-and-housing-census", "population-and-housing-census-2",
    ]  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        m.source(ghana, key="population-and-housing-census")
    assert "key" in str(refused.value) or "code" in str(refused.value)
    assert m.source(f.twg("ML"), key="population-and-housing-census").pk


@pytest.mark.parametrize("role", WRITERS)
def test_secretariat_chair_and_consultant_write_the_inventory(ghana: Twg, role: str) -> None:
    person = f.seat(ghana, role)
    assert m.source(ghana, by=person).pk
    assert m.gap(ghana, by=person).pk


def test_iom_writes_it_too(ghana: Twg, project: Project) -> None:
    assert m.gap(ghana, by=f.monitor(project)).pk


@pytest.mark.parametrize("role", ["member", "alternate", "observer"])
def test_others_of_the_twg_read_and_do_not_write(ghana: Twg, role: str) -> None:
    census, missing, person = m.source(ghana), m.gap(ghana), f.seat(ghana, role)
    assert list(DataSource.objects.all().visible_to(person)) == [census]
    assert list(DataGap.objects.all().visible_to(person)) == [missing]
    with pytest.raises(NotPermitted):
        m.source(ghana, by=person)
    with pytest.raises(NotPermitted):
        services.change_gap(missing, {"severity": "low"}, actor=person)
    with pytest.raises(NotPermitted):
        m.press(census, "confirm", by=person)


def test_another_countrys_people_find_nothing_and_write_nothing(ghana: Twg) -> None:
    census, missing = m.source(ghana), m.gap(ghana)
    stranger = f.seat(f.twg("ML", of=ghana.project), "secretariat")
    assert not DataSource.objects.all().visible_to(stranger).exists()
    assert not DataGap.objects.all().visible_to(stranger).exists()
    for attempt in (
        lambda: services.change_source(census, {"quality": "good"}, actor=stranger),
        lambda: services.change_gap(missing, {"severity": "low"}, actor=stranger),
        lambda: m.source(ghana, by=stranger),
        lambda: m.press(missing, "agree", by=stranger),
    ):
        with pytest.raises(NotPermitted):
            attempt()


def test_the_regions_secretariat_compares_what_its_countries_have_and_not_their_history(ghana: Twg) -> None:
    census = m.source(ghana)
    region = f.seat(f.regional_twg(ghana.project), "secretariat")
    assert list(DataSource.objects.all().visible_to(region)) == [census]
    assert not DataSource.objects.all().internal_to(region).exists()
    with pytest.raises(NotPermitted):
        services.change_source(census, {"quality": "good"}, actor=region)


def test_the_inventory_is_the_twgs_own_not_a_linked_bodys(ghana: Twg) -> None:
    body = f.twg("GH", linked_to=ghana, kind="task_force", code="ghana-data")
    for enter in (m.source, m.gap):
        with pytest.raises(ValidationError):
            enter(body)


def test_only_a_census_or_a_survey_asks_questions(ghana: Twg) -> None:
    with pytest.raises(ValidationError) as refused:
        m.source(ghana, kind="border", questions=["birth_country"])
    assert "questions" in refused.value.message_dict
    with pytest.raises(ValidationError):
        m.source(ghana, questions=["shoe_size"])


@pytest.mark.parametrize("sections", [["c"], ["C."], ["C.0"], ["C", "C"], [3], "C", ["C.2; DROP"]])
def test_a_place_of_the_template_is_a_letter_with_or_without_a_number(ghana: Twg, sections: object) -> None:
    with pytest.raises(ValidationError) as refused:
        m.source(ghana, sections=sections)
    assert "sections" in refused.value.message_dict


def test_sections_are_kept_in_order(ghana: Twg) -> None:
    assert m.source(ghana, sections=["D", "C.10", "C", "C.2"]).sections == ["C", "C.2", "C.10", "D"]


def test_a_gaps_source_is_of_the_same_inventory(ghana: Twg) -> None:
    elsewhere = m.source(f.twg("ML"))
    with pytest.raises(ValidationError) as refused:
        m.gap(ghana, data_source=elsewhere)
    assert "data_source" in refused.value.message_dict


# -- looked at ----------------------------------------------------------------------------------------------


def test_who_changes_a_source_has_looked_at_it_and_who_saves_it_unchanged_has_not_said_so(ghana: Twg) -> None:
    with time_machine.travel(datetime(2009, 1, 5, tzinfo=UTC), tick=False):
        secretariat = f.seat(ghana, "secretariat")
        census = m.source(ghana, by=secretariat)
    assert census.reviewed_on == date(2009, 1, 5)
    with time_machine.travel(datetime(2010, 3, 1, tzinfo=UTC), tick=False):
        services.change_source(census, {"quality": "fair"}, actor=secretariat)
        assert (census.reviewed_on, history.events_of(census).count()) == (date(2009, 1, 5), 1)
        services.change_source(census, {"quality": "good"}, actor=secretariat)
    assert census.reviewed_on == date(2010, 3, 1)
    last = history.events_of(census).last()
    assert last is not None
    assert last.data == {"changed": {"quality": ["fair", "good"]}}


def test_it_is_still_so_is_said_with_one_press(ghana: Twg) -> None:
    with time_machine.travel(datetime(2009, 1, 5, tzinfo=UTC), tick=False):
        secretariat = f.seat(ghana, "secretariat")
        census = m.source(ghana, by=secretariat)
    with time_machine.travel(datetime(2010, 3, 1, tzinfo=UTC), tick=False):
        m.press(census, "confirm", by=secretariat)
    census.refresh_from_db()
    assert (census.reviewed_on, census.state) == (date(2010, 3, 1), "listed")


def test_users_are_told_by_their_names_of_the_day(ghana: Twg) -> None:
    secretariat, ministry = f.seat(ghana, "secretariat"), f.institution("Ministry of Interior")
    census = m.source(ghana, by=secretariat)
    services.change_source(census, {"users": [ministry]}, actor=secretariat)
    services.change_source(census, {"users": [ministry]}, actor=secretariat)
    services.change_source(census, {"users": []}, actor=secretariat)
    assert [event.data for event in history.events_of(census)][1:] == [
        {"users": ["Ministry of Interior"]}, {"users": "none"},
    ]  # fmt: skip


def test_a_stale_form_loses_to_who_was_faster(ghana: Twg) -> None:
    secretariat, census = f.seat(ghana, "secretariat"), m.source(ghana)
    seen = census.version
    services.change_source(census, {"quality": "good"}, actor=secretariat, version=seen)
    with pytest.raises(Conflict):
        services.change_source(census, {"quality": "poor"}, actor=secretariat, version=seen)


def test_what_is_discontinued_stays_and_what_is_withdrawn_is_shown_no_more(ghana: Twg) -> None:
    secretariat, census, cards = f.seat(ghana, "secretariat"), m.source(ghana), m.source(ghana, kind="border")
    m.press(cards, "end", by=secretariat, note="Landing cards were given up in 2008.")
    assert DataSource.objects.all().standing().count() == 2
    with pytest.raises(Incomplete):
        m.press(census, "withdraw", by=secretariat)
    m.press(census, "withdraw", by=secretariat, note="Entered twice.")
    assert list(DataSource.objects.all().standing()) == [cards]
    with pytest.raises(Unmet):
        services.change_source(census, {"quality": "good"}, actor=secretariat)
    m.press(census, "restore", by=secretariat, note="It was not.")
    services.change_source(census, {"quality": "good"}, actor=secretariat)


# -- the life of a gap --------------------------------------------------------------------------------------


def test_a_gap_is_found_agreed_on_worked_on_and_closed_with_what_closed_it(ghana: Twg) -> None:
    consultant, chair = f.seat(ghana, "consultant"), f.seat(ghana, "chair")
    missing = m.gap(ghana, by=consultant, data_source=m.source(ghana))
    m.press(missing, "agree", by=chair)
    m.press(missing, "address", by=consultant)
    with pytest.raises(Incomplete) as refused:
        m.press(missing, "close", by=chair)
    assert set(refused.value.fields) == {"note"}
    m.press(missing, "close", by=chair, note="The census of 2010 asks for absent members.")
    told = [(event.name, event.to_state) for event in history.events_of(missing)]
    assert told == [
        ("created", "identified"), ("agree", "agreed"), ("address", "addressed"), ("close", "closed"),
    ]  # fmt: skip
    last = history.events_of(missing).last()
    assert last is not None
    assert last.note == "The census of 2010 asks for absent members."


def test_nobody_works_on_a_gap_before_something_is_proposed(ghana: Twg) -> None:
    secretariat, missing = f.seat(ghana, "secretariat"), m.gap(ghana, improvements={})
    m.press(missing, "agree", by=secretariat)
    with pytest.raises(Unmet, match="improvement"):
        m.press(missing, "address", by=secretariat)
    services.change_gap(missing, {"improvements": {"en": "A question in the survey"}}, actor=secretariat)
    m.press(missing, "address", by=secretariat)


def test_what_the_twg_agrees_on_is_not_the_consultants_to_say(ghana: Twg) -> None:
    consultant, missing = f.seat(ghana, "consultant"), m.gap(ghana)
    for step in ("agree", "drop"):
        with pytest.raises(NotPermitted):
            m.press(missing, step, by=consultant, note="I say so.")


def test_a_gap_that_is_over_is_taken_up_again_before_it_is_changed(ghana: Twg) -> None:
    secretariat, missing = f.seat(ghana, "secretariat"), m.gap(ghana)
    m.press(missing, "drop", by=secretariat, note="It is no gap.")
    with pytest.raises(Unmet):
        services.change_gap(missing, {"severity": "low"}, actor=secretariat)
    m.press(missing, "reopen", by=secretariat, note="It is one.")
    assert missing.state == "identified"
    m.press(missing, "agree", by=secretariat)
    m.press(missing, "close", by=secretariat, note="Data is there.")
    m.press(missing, "reopen", by=secretariat, note="Not for women.")
    assert missing.state == "agreed"


# -- supporting publications --------------------------------------------------------------------------------


def test_the_mapping_study_is_the_projects_and_is_tied_to_the_survey_it_helps_with(
    ghana: Twg, project: Project
) -> None:
    study = m.publication(project, by=f.monitor(project))
    survey = m.source(ghana, kind="household_survey", publications=[study], by=f.seat(ghana, "secretariat"))
    assert list(survey.publications.all()) == [study]
    assert study in type(study).objects.all().visible_to(f.seat(ghana, "member"))
    assert study not in type(study).objects.all().visible_to(f.monitor(f.project()))


def test_members_do_not_shelve_publications(ghana: Twg, project: Project) -> None:
    member = f.seat(ghana, "member")
    with pytest.raises(NotPermitted):
        m.publication(project, by=member)
    study = m.publication(project)
    with pytest.raises(NotPermitted):
        services.change_publication(study, {"authors": "Somebody"}, actor=member)
    with pytest.raises(NotPermitted):
        services.change_publication(study, {"authors": "Somebody"}, actor=f.monitor(f.project()))
