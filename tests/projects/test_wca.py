"""What IOM's note says, in the database, after the shipped project file has been loaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import transaction

from meetings.models import Invitation, Meeting, Training
from recommendations.models import DataSource, Hosting, Milestone, Recommendation, SupportingPublication
from tests.groups.reading import browser
from workflow.engine import history
from workflow.engine.models import Event, OutboxRow, RecordedDecision
from workflow.frameworks.models import Framework, PolicyActor
from workflow.groups import access
from workflow.groups.models import (
    Fact,
    Funder,
    Institution,
    Membership,
    Parentage,
    Person,
    Project,
    TermsOfReference,
    Twg,
)
from workflow.profiles.models import Edition, Part, Profile, Stage
from workflow.projects import loading, reading

WCA = Path(__file__).resolve().parents[2] / "workflow" / "projects" / "wca.yaml"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.fixture(scope="module")
def wca() -> reading.ProjectFile:
    return reading.read(WCA)


@pytest.fixture(scope="module")
def loaded(wca: reading.ProjectFile, django_db_setup: None, django_db_blocker: Any) -> Iterator[loading.Report]:
    """Loaded once for all stories of this module, each of which runs inside this transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield loading.load(wca)
        transaction.set_rollback(True)


def national() -> Any:
    return Twg.objects.filter(kind="twg").exclude(country="")


# -- the countries and their TWGs -----------------------------------------------------------------------------


def test_s03_ten_countries_and_ecowas() -> None:
    assert {str(t.country) for t in national()} == {"GH", "CI", "ML", "MR", "NE", "NG", "SN", "CD", "CM", "CV"}
    ecowas = Twg.objects.get(kind="twg", country="")
    assert ecowas.region is not None
    members = {c.code for c in ecowas.region.countries}
    assert len(members) == 15
    assert not members & {"MR", "CM", "CD"}
    assert Profile.objects.count() == 11


def test_s04_funders_with_the_grant_reference() -> None:
    assert Funder.objects.count() == 3
    assert Funder.objects.get(programme__startswith="AENEAS").reference == "EuropeAid/124151/C/ACT/Multi"
    project = Project.objects.get()
    assert (project.starts, project.ends, project.duration_months) == ("", "", 24)
    assert Fact.objects.filter(project=project, source__contains="S17").exists()


def test_s07_the_template_has_parts_a_to_f() -> None:
    assert "".join(Part.objects.values_list("letter", flat=True)) == "ABCDEF"
    assert Part.objects.get(letter="D").titles["en"] == "Factors driving migration"


def test_s15_s16_every_twg_has_its_usual_seats_and_nobody_has_a_name() -> None:
    for twg in national():
        roles = list(twg.memberships.values_list("role", flat=True))
        assert {"chair", "secretariat", "consultant", "member"} <= set(roles), twg
        assert len(roles) >= 12, twg
    assert all(email.endswith(".example") for email in Person.objects.values_list("email", flat=True))
    mali = set(Membership.objects.filter(twg__country="ML").values_list("institution__acronym", flat=True))
    assert {"CIGEM", "CERPOD"} <= mali


def test_s20_s24_linked_bodies() -> None:
    assert Twg.objects.filter(linked_to__country="CD", kind="expert_group").count() == 2
    assert Twg.objects.filter(linked_to__country="ML", confidence="probable").exists(), "planned is not certain"


def test_s30_s31_how_civil_society_takes_part_and_that_nobody_says_that_terms_were_adopted() -> None:
    ghana = TermsOfReference.objects.get(twg__country="GH")
    assert ghana.rules.get(category="civil_society").modality == "member"
    assert TermsOfReference.objects.get(twg__country="CI").closed_sessions
    assert set(TermsOfReference.objects.values_list("state", flat=True)) == {"draft"}


def test_s41_to_s45_what_makes_it_last() -> None:
    ncfr = Hosting.objects.get(twg__country="NG")
    assert ncfr.holder is not None
    assert (ncfr.holder.acronym, ncfr.starts, ncfr.state) == ("NCFR", "2010-01/..", "announced")
    mali = Milestone.objects.get(twg__country="ML")
    assert mali.responsible is not None
    assert (mali.responsible.acronym, mali.state) == ("DGME", "in_progress")
    assert mali.counterpart is not None
    cote_divoire = Milestone.objects.get(twg__country="CI")
    assert cote_divoire.linked_body is not None
    assert cote_divoire.linked_body.kind == "working_group"
    parent = Parentage.objects.get(twg__country="GH", current=True)
    assert parent.status == "probable"
    assert parent.under is not None
    assert parent.under.names["en"] == "National Migration Bureau"


def test_what_the_note_says_of_the_project_is_a_fact_in_three_languages() -> None:
    facts = Fact.objects.filter(project=Project.objects.get())
    for row in (
        "S05",
        "S15",
        "S17",
        "S18",
        "S19",
        "S22",
        "S28",
        "S32",
        "S33",
        "S34",
        "S35",
        "S38",
        "S39",
        "S46",
        "S48",
    ):
        assert facts.filter(source__contains=row).exists(), row
    assert all(set(statement) == {"en", "fr", "pt"} for statement in facts.values_list("statements", flat=True))


def test_s36_the_common_approach_is_the_one_framework_that_the_note_names() -> None:
    approach = Framework.objects.get()
    assert approach.twg.region is not None
    assert (approach.kind, approach.names["en"]) == ("regional", "ECOWAS Common Approach to migration")
    assert (approach.adopted, approach.in_force, approach.state) == ("", "", "listed"), "the note dates it nowhere"
    assert not PolicyActor.objects.exists(), "of no institution does the note say what it does by which right"


def test_s36_countries_of_ecowas_read_it_and_the_others_do_not() -> None:
    seats = Membership.objects.filter(twg__kind="twg", role="secretariat").exclude(twg__country="")
    readers = {s.twg.country.code for s in seats if Framework.objects.all().visible_to(s.person).exists()}
    assert readers == {"GH", "CI", "ML", "NE", "NG", "SN", "CV"}


def test_texts_hold_nothing_that_cannot_be_printed() -> None:
    texts: list[Any] = [*Fact.objects.values_list("statements", flat=True)]
    texts += [*Institution.objects.values_list("names", flat=True), *Twg.objects.values_list("mandates", flat=True)]
    assert [t for text in texts for t in text.values() if not t.isprintable()] == []


# -- the editions ---------------------------------------------------------------------------------------------


def test_editions_stand_where_the_note_leaves_them() -> None:
    of_countries = Edition.objects.exclude(profile__twg__country="")
    assert list(of_countries.values_list("stage", flat=True)) == [Stage.HANDOVER] * 10
    assert Edition.objects.get(profile__twg__country="").stage == Stage.DRAFTING


def test_dates_are_known_as_far_as_they_are_known() -> None:
    told = {e.name: e.occurred for e in history.events_of(Edition.objects.get(profile__twg__country="GH"))}
    assert told["close_workshop"] == "2009-04/2009-05"
    assert told["endorse"] == "open"


def test_events_are_replayed_by_the_seats_that_the_file_names() -> None:
    edition = Edition.objects.get(profile__twg__country="GH")
    acting = {e.name: e.capacity for e in history.events_of(edition)}
    assert (acting["submit_draft"], acting["endorse"]) == ("consultant", "secretariat")
    assert RecordedDecision.objects.filter(subject_kind="edition", subject_id=edition.pk).count() == 4


# -- the calendar -----------------------------------------------------------------------------------------------


def calendar(**wanted: Any) -> list[tuple[str, str, str]]:
    """(kind, date as far as it is known, state) of each meeting, in the order of the dates."""
    found = Meeting.objects.filter(**wanted).values_list("kind", "when", "state")
    return sorted(found, key=lambda one: (one[1], one[0]))


def test_s19_s33_every_country_has_its_launch_its_workshop_and_its_training() -> None:
    for twg in national().exclude(country="NG"):
        assert calendar(twg=twg) == [
            ("training", "", "held"), ("launch", "2008", "held"), ("policy_workshop", "2009-04/2009-05", "held"),
        ], twg  # fmt: skip
    courses = set(Training.objects.values_list("meeting__twg", "course__code"))
    assert courses == {(twg.pk, "emm") for twg in national()}


def test_s42_nigerias_last_meeting_is_there_without_a_date() -> None:
    last = Meeting.objects.get(twg__country="NG", kind="regular")
    assert (last.when, last.starts_at, last.state, last.confidence) == ("", None, "held", "stated")
    assert "NCFR" in last.description


def test_s22_s35_s37_the_region_met_in_dakar_and_accra_and_plans_abuja() -> None:
    found = Meeting.objects.filter(twg__country="", twg__kind="twg")
    told = {m.place: (m.when, m.state, m.confidence, m.with_twgs.count()) for m in found}
    assert told == {
        "Dakar": ("2009-06", "held", "stated", 10),
        "Accra": ("", "held", "stated", 10),
        "Abuja": ("2010-01", "planned", "probable", 10),
    }


def test_s17_s18_no_date_and_nobody_is_made_up() -> None:
    assert Meeting.objects.count() == 34
    assert not Meeting.objects.exclude(starts_at=None, ends_at=None).exists()
    assert not Invitation.objects.exists()
    ghana = Person.objects.get(memberships__twg__country="GH", memberships__role="secretariat")
    page = browser(ghana).get("/twgs/ghana/meetings/").content.decode()
    assert "about 10 meetings in total" in page, "what is said in general is said as that"
    assert "even ministers" in page


def test_old_meetings_wait_for_nobody() -> None:
    ghana = Person.objects.get(memberships__twg__country="GH", memberships__role="secretariat")
    assert "Write the minutes" not in browser(ghana).get("/").content.decode()


# -- as people find it ----------------------------------------------------------------------------------------


def test_the_monitor_reads_every_country_and_the_secretariat_of_mali_not_ghana() -> None:
    monitor = Person.objects.get(email="monitor@iom.example")
    assert Milestone.objects.all().visible_to(monitor).count() == 4
    assert "Côte d&#x27;Ivoire" in browser(monitor).get("/milestones/").content.decode()
    mali = Person.objects.get(memberships__twg__country="ML", memberships__role="secretariat")
    assert not access.inside(mali, Twg.objects.get(country="GH", kind="twg"))
    assert [step.twg.country for step in Milestone.objects.all().visible_to(mali)] == ["ML"]


def test_what_the_note_does_not_say_of_the_terms_is_called_a_proposal() -> None:
    monitor = Person.objects.get(email="monitor@iom.example")
    draft = TermsOfReference.objects.get(twg__country="GH")
    page = browser(monitor).get(f"/terms/{draft.pk}/").content.decode()
    assert "votes, quorum and notice are a proposal to start from" in page


# -- how it was loaded ----------------------------------------------------------------------------------------


def test_the_history_holds_and_no_mail_is_sent() -> None:
    verdict = history.verify()
    assert verdict.broken is None
    assert verdict.events > 500
    assert not OutboxRow.objects.exists()
    assert mail.outbox == []


def test_a_second_load_changes_nothing(loaded: loading.Report, wca: reading.ProjectFile) -> None:
    before = (Event.objects.count(), history.verify().digest)
    again = loading.load(wca)
    assert (again.new, again.known, again.differences) == (0, loaded.new, [])
    assert (Event.objects.count(), history.verify().digest) == before


# -- recommendations --------------------------------------------------------------------------------------


def test_s22_dakars_recommendation_is_an_item_of_each_of_the_ten_and_five_have_answered() -> None:
    [dakar] = Recommendation.objects.filter(cascaded_from=None)
    assert (dakar.twg.code, dakar.reference, dakar.issued_on, dakar.state) == ("ecowas", "R1", "2009-06", "issued")
    items = {str(item.twg.country): item for item in dakar.cascade.select_related("twg")}
    assert set(items) == {str(twg.country) for twg in national()}
    answered = {country for country, item in items.items() if item.state == "accepted"}
    assert answered == {"GH", "CI", "ML", "NG", "CD"}
    assert {item.state for country, item in items.items() if country not in answered} == {"issued"}
    assert "Deux groupes d'experts" in items["CD"].answer
    assert "hire a consultant" in items["GH"].answer
    assert {item.confidence for item in items.values() if not item.answer} == {"general"}
    assert (items["CI"].lead.code, [i.code for i in items["CI"].supporting.all()]) == (  # type: ignore[union-attr]
        "ci-statistics", ["ci-oni"],
    )  # fmt: skip


def test_s22_it_was_issued_at_the_workshop_in_dakar_and_so_was_what_each_twg_got_of_it() -> None:
    workshop = Meeting.objects.get(titles__en="Regional Workshop on Data Collection")
    assert (workshop.place, workshop.edition) == ("Dakar", None)
    assert set(Recommendation.objects.values_list("meeting", flat=True)) == {workshop.pk}


def test_s21_each_policy_workshop_was_about_the_edition_of_its_country() -> None:
    held = Meeting.objects.filter(kind="policy_workshop").select_related("edition__profile")
    assert {(meeting.twg.code, meeting.edition.profile.code, meeting.edition.label) for meeting in held} == {  # type: ignore[union-attr]
        (twg.code, twg.code, "2009") for twg in national()
    }
    assert not Meeting.objects.exclude(kind="policy_workshop").exclude(edition=None).exists()


def test_of_the_national_workshops_recommendations_nothing_is_made_up(wca: reading.ProjectFile) -> None:
    assert [record.key for record in wca.recommendations] == ["dakar-task-forces"]
    assert not Recommendation.objects.exclude(percent=0).exists()
    assert loading.load(wca).new == 0


def test_s28_the_mapping_study_and_the_guide_are_there_and_no_countrys_sources() -> None:
    told = [(p.authors, p.when, p.forthcoming) for p in SupportingPublication.objects.all()]
    assert told == [("Schachter", "2009", False), ("", "2010", True)]
    assert not DataSource.objects.exists()  # the note names none: "stored in many different locations"
