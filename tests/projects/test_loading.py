"""Loading a project file: through the services that people use, all or nothing, each thing once."""

from __future__ import annotations

import io
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from recommendations.models import Hosting, Milestone
from tests import factories as f
from tests.projects.example import WHOLE as DOCUMENTED
from tests.projects.example import altered
from workflow.engine import history
from workflow.engine import services as engine
from workflow.engine.models import Event, OutboxRow
from workflow.groups import services as groups
from workflow.groups.flow import TermsFlow
from workflow.groups.models import (
    Fact,
    Institution,
    Membership,
    Parentage,
    Person,
    Project,
    TermsOfReference,
    Twg,
)
from workflow.profiles.models import Edition, Profile, TemplateVersion
from workflow.projects import loading, reading

ROOT = Path(__file__).resolve().parents[2]
WCA = ROOT / "workflow" / "projects" / "wca.yaml"

pytestmark = pytest.mark.django_db

LASTING = """
milestones:
  - {key: togo-decree, twg: togo, kind: endorsement, title: {en: A decree}, responsible: tg-plan, counterpart: open,
     state: achieved, when: 2010, evidence: {en: Decree 12}, confidence: stated, source: [S41]}
hosting:
  - {key: togo-plan, twg: togo, holder: tg-plan, starts: 2010-01/.., statement: {en: It hosts}, confidence: stated,
     source: [S42]}
"""
SMALL = DOCUMENTED + LASTING


def changed(old: str, new: str, text: str = SMALL) -> str:
    """The small file with one thing changed, which must be there to change."""
    return altered(text, old, new)


def load(text: str = SMALL, **options: Any) -> loading.Report:
    return loading.load(reading.read(text), **options)


def refusals(text: str) -> list[reading.Problem]:
    with pytest.raises(reading.ProjectFileError) as refusal:
        load(text)
    assert not Event.objects.exists(), "nothing was changed"
    return list(refusal.value.problems)


def line_of(words: str, text: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def command(tmp_path: Path, text: str, *options: str) -> tuple[str, str]:
    """What the command says to whoever runs it: its output and its errors."""
    file = tmp_path / "project.yaml"
    file.write_text(text)
    out, errors = io.StringIO(), io.StringIO()
    try:
        call_command("load_project", file, *options, stdout=out, stderr=errors)
    except CommandError as error:
        errors.write(str(error))
    return out.getvalue(), errors.getvalue()


# -- loading --------------------------------------------------------------------------------------------------


def test_the_documented_example_loads_as_it_stands() -> None:
    load(DOCUMENTED)
    assert Edition.objects.get().stage == "drafting"
    assert history.verify().broken is None
    assert not OutboxRow.objects.exists()


def test_milestones_and_promises_come_with_the_steps_that_led_to_where_they_stand() -> None:
    load()
    decree = Milestone.objects.get()
    assert [e.name for e in history.events_of(decree)] == ["created", "agree", "start", "achieve"]
    assert (decree.state, decree.evidence) == ("achieved", {"en": "Decree 12"})
    assert Hosting.objects.get().state == "announced"


@pytest.mark.parametrize("state", ["proposed", "agreed", "in_progress", "achieved", "verified", "dropped"])
def test_a_milestone_may_stand_anywhere(state: str) -> None:
    load(changed("state: achieved", f"state: {state}"))
    assert Milestone.objects.get().state == state


def test_terms_are_a_draft_unless_the_file_says_who_adopted_them() -> None:
    load()
    assert TermsOfReference.objects.get().state == "draft"


def test_terms_that_the_file_says_were_adopted_are_in_force() -> None:
    adopted = "{preset: usual, adopted: {body: Togo TWG, when: 2009-02, reference: PV 1, source: [PV 1]}, "
    load(changed("{preset: usual, ", adopted))
    terms = TermsOfReference.objects.get()
    assert (terms.state, terms.adopted_on) == ("adopted", "2009-02")
    event = history.events_of(terms).get(name="adopt")
    assert (event.occurred, event.data["decision"]["reference"]) == ("2009-02", "PV 1")
    assert history.verify().broken is None


def test_an_institution_of_the_common_directory_is_taken_as_it_is() -> None:
    theirs = f.institution("Plan", country="TG")
    Institution.objects.filter(pk=theirs.pk).update(code="tg-plan")
    report = load()
    assert Institution.objects.filter(code="tg-plan").count() == 1
    assert Membership.objects.get(role="secretariat").institution == theirs
    assert [d.path for d in report.differences] == ["institutions[0]"]


# -- again ----------------------------------------------------------------------------------------------------


def test_a_second_load_adds_no_event_and_says_so(tmp_path: Path) -> None:
    first, _errors = command(tmp_path, SMALL)
    told = re.search(r"(\d+) new, 0 already there", first)
    assert told, first
    before = list(Event.objects.values_list("pk", "hash"))
    again, errors = command(tmp_path, SMALL)
    assert (again, errors) == (f"project.yaml: 0 new, {told[1]} already there.\n", "")
    assert list(Event.objects.values_list("pk", "hash")) == before


def test_a_file_that_has_grown_by_one_institution_adds_just_that() -> None:
    load()
    before = Event.objects.count()
    new = "  - {key: new, name: {en: New}, category: government, confidence: stated, source: [S15]}\n"
    report = load(changed("institutions:\n", "institutions:\n" + new))
    assert (report.new, report.differences) == (1, [])
    assert Event.objects.count() == before + 1
    assert Institution.objects.get(code="new").names == {"en": "New"}


FACT = "      - {{topic: {0}, statement: {{en: {0}}}, when: 2009, confidence: stated, source: [S17]}}\n"


def test_a_fact_put_before_the_others_is_the_only_new_one() -> None:
    load(changed("    memberships:\n", "    facts:\n" + FACT.format("cadence") + "    memberships:\n"))
    both = "    facts:\n" + FACT.format("launch") + FACT.format("cadence") + "    memberships:\n"
    report = load(changed("    memberships:\n", both))
    assert (report.new, report.differences) == (1, [])
    assert sorted(Fact.objects.values_list("topic", flat=True)) == ["cadence", "launch"]


def test_a_milestone_that_has_moved_on_in_the_file_makes_only_the_missing_steps() -> None:
    load(changed("state: achieved", "state: agreed"))
    report = load()
    assert report.new == 2
    assert Milestone.objects.get().state == "achieved"


@pytest.mark.parametrize(
    ("old", "new", "model", "path", "what"),
    [
        ("en: Ministry of Planning", "en: Ministry of Plans", Institution, "institutions[0]", "names"),
        ("time_zone: Africa/Lome", "time_zone: Africa/Accra", Twg, "twgs[0]", "time zone"),
        ("rank: technical_expert\n        institution: tg-plan", "rank: director\n        institution: tg-plan",
         Membership, "twgs[0].memberships[0]", "rank"),
        ("since: 2009-02\n", "since: 2009-03\n", Membership, "twgs[0].memberships[0]", "2009-02"),
        ("status: probable, confidence: probable", "status: probable, since: 2010, confidence: probable", Parentage,
         "twgs[0].parents[0]", "since"),
        ("preset: usual", "preset: government", TermsOfReference, "twgs[0].terms_of_reference", "participation"),
        ("title: {en: Migration in the country}", "title: {en: Migration}", TemplateVersion, "templates[0]", "parts"),
        ("when: 2009-03\n            actor", "when: 2009-04\n            actor", Edition,
         "profiles[0].editions[0].events[0]", "2009-03"),
        ("funders: []", "funders: [{institution: tg-plan, confidence: stated, source: [S04]}]", Project, "project",
         "funders"),
        ("update_months: open", "update_months: 24", Profile, "profiles[0]", "months"),
        ("when: 2010,", "when: 2011,", Milestone, "milestones[0]", "expected"),
        ("statement: {en: It hosts}", "statement: {en: It pays}", Hosting, "hosting[0]", "what is promised"),
    ],
)  # fmt: skip
def test_what_the_file_says_otherwise_by_now_is_reported_at_its_line_and_not_written(
    old: str, new: str, model: Any, path: str, what: str
) -> None:
    load()
    before = list(model.objects.order_by("pk").values())
    events = Event.objects.count()
    report = load(changed(old, new))
    assert report.new == 0
    told = [d for d in report.differences if d.path == path and what in d.message]
    assert told, report.differences
    assert "change it in Palabre" in told[0].message
    assert told[0].line > 1
    assert list(model.objects.order_by("pk").values()) == before
    assert Event.objects.count() == events


def test_a_usual_seat_that_differs_in_two_countries_is_one_line_of_the_report() -> None:
    ghana = DOCUMENTED[DOCUMENTED.index("  - key: togo\n    country") : DOCUMENTED.index("templates:")]
    ghana = ghana.replace("togo", "ghana").replace("Togo", "Ghana").replace("TG", "GH").replace("Lome", "Accra")
    ghana = ghana[: ghana.index("    parents:")] + ghana[ghana.index("    terms_of_reference:") :]
    both = changed("templates:\n", ghana + "templates:\n")
    load(both)
    report = load(changed("rank: technical_expert\n    name", "rank: director\n    name", both))
    assert [(d.path, "rank" in d.message) for d in report.differences] == [("usual_seats[0]", True)]


def test_what_people_have_changed_is_kept() -> None:
    load()
    plan = Institution.objects.get(code="tg-plan")
    groups.change_institution(plan, {"names": {"en": "Renamed by its secretariat"}}, actor=None)
    report = load()
    assert [(d.path, "names" in d.message) for d in report.differences] == [("institutions[0]", True)]
    plan.refresh_from_db()
    assert plan.name == "Renamed by its secretariat"


def test_terms_that_people_adopted_and_renewed_are_no_obstacle() -> None:
    load()
    terms = TermsOfReference.objects.get()
    engine.perform(TermsFlow(terms), "adopt", actor=None, data=f.DECISION)
    groups.draft_terms(Twg.objects.get(code="togo"), actor=None)
    assert (load().new, TermsOfReference.objects.count()) == (0, 2)


# -- only trying ----------------------------------------------------------------------------------------------


def test_check_tries_everything_and_leaves_no_row(tmp_path: Path) -> None:
    out, errors = command(tmp_path, SMALL, "--check")
    assert re.search(r"\d+ would be new, 0 already there", out)
    assert errors == ""
    for model in (Event, Institution, Person, Project, Twg, Edition, Milestone, OutboxRow):
        assert not model._default_manager.exists(), model


def test_check_finds_what_the_services_would_refuse(tmp_path: Path) -> None:
    _out, errors = command(tmp_path, changed("event: start_drafting", "event: endorse"), "--check")
    assert "profiles[0].editions[0].events[0]" in errors
    assert "1 mistake; nothing was changed." in errors


# -- refusals -------------------------------------------------------------------------------------------------


def test_every_refusal_is_told_with_its_line_and_nothing_is_kept(tmp_path: Path) -> None:
    text = changed("event: start_drafting", "event: fly")
    text = changed("kind: endorsement", "kind: dance", text)
    _out, errors = command(tmp_path, text)
    for path, words in (("profiles[0].editions[0].events[0]", "event: fly"), ("milestones[0]", "key: togo-decree")):
        assert f"{tmp_path}/project.yaml:{line_of(words, text)}:1: {path}: " in errors
    assert "2 mistakes; nothing was changed." in errors
    assert not Event.objects.exists()


def test_a_preset_that_is_none_is_told_with_those_that_are() -> None:
    found = {p.path: p.message for p in refusals(changed("preset: usual", "preset: unusual"))}
    assert "There is no preset “unusual”; there are: usual" in found["twgs[0]"]
    assert "“togo” could not be loaded" in found["profiles[0]"]


def test_one_refusal_leaves_the_others_to_be_found() -> None:
    text = changed("event: start_drafting", "event: fly")
    text = changed("kind: endorsement", "kind: dance", text)
    text = changed("starts: 2010-01/..", "starts: 2010", text)
    found = refusals(text)
    assert [p.path for p in found] == ["profiles[0].editions[0].events[0]", "milestones[0]"]
    assert [p.line for p in found] == [line_of("event: fly", text), line_of("key: togo-decree", text)]
    assert "There is no such action." in found[0].message


def test_what_hangs_on_something_refused_says_so_and_does_not_fall_over() -> None:
    text = changed(
        "category: government\n    country: TG", "category: government\n    country: TG\n    acronym: " + "X" * 31
    )
    found = {p.path: p.message for p in refusals(text)}
    assert "acronym" in found["institutions[0]"]
    assert "“tg-plan” could not be loaded" in found["twgs[0].memberships[0]"]
    assert "“secretariat.togo@twg.example” could not be loaded" in found["profiles[0].editions[0].events[0]"]


def test_a_template_that_is_refused_is_no_accident_for_its_editions() -> None:
    f.template(code="demo-template-2009")
    with pytest.raises(reading.ProjectFileError) as refusal:
        load()
    found = {p.path: p.message for p in refusal.value.problems}
    assert "already exists" in found["templates[0]"]
    assert "“2009” could not be loaded" in found["profiles[0].editions[0]"]
    assert not Twg.objects.exists()


def test_a_step_that_is_not_possible_yet_is_refused_in_the_flows_own_words() -> None:
    (problem,) = refusals(changed("event: start_drafting", "event: endorse"))
    assert problem.message == "“Record the endorsement” is not possible while the stage is “Template”."


def test_a_step_by_a_seat_that_may_not_take_it_is_refused() -> None:
    (problem,) = refusals(changed("actor: secretariat", "actor: consultant"))
    assert "This is for" in problem.message


def test_a_gate_without_its_decision_is_refused() -> None:
    decision = "            decision: {body: Togo TWG, when: 2009-03, reference: Minutes 1, source: [Minutes 1]}\n"
    (problem,) = refusals(changed(decision, ""))
    assert "decision_body" in problem.message


def test_nobody_drafts_without_a_consultant() -> None:
    (problem,) = refusals(changed("      - role: consultant\n", "      - role: member\n"))
    assert "no research consultant" in problem.message


def test_one_person_twice_in_one_role_is_a_mistake_and_no_repetition() -> None:
    twice = changed("email: consultant.togo@twg.example", "email: Secretariat.Togo@twg.example")
    twice = changed("- role: consultant", "- role: secretariat", twice)
    twice = changed('name: "Research consultant, Togo TWG"', 'name: "Secretariat, Togo TWG"', twice)
    found = {p.path: p.message for p in refusals(twice)}
    assert "twice" in found["twgs[0].memberships[1]"]


def test_dates_that_go_back_are_refused() -> None:
    back = WCA.read_text().replace("{event: start_drafting, when: open", "{event: start_drafting, when: 2009-12", 1)
    (problem,) = refusals(back)
    assert "before the event above it" in problem.message
    assert "2009-04/2009-05" in problem.message


def test_every_country_that_is_wrong_is_told_and_not_only_the_first() -> None:
    found = refusals(WCA.read_text().replace("event: submit_draft, when: open", "event: endorse, when: open"))
    assert len([p for p in found if "not possible while the stage is" in p.message]) >= 10


def test_a_file_that_is_not_there_is_said_plainly() -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_project", Path("/nowhere/project.yaml"))


# -- two at once ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_load_once() -> None:
    outcome: list[Any] = []
    start = threading.Barrier(2)

    def run() -> None:
        try:
            start.wait(10)
            outcome.append(load().new)
        except Exception as error:  # noqa: BLE001 - the outcome is what the test is about
            outcome.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert outcome.count(0) == 1, outcome
    assert all(isinstance(new, int) for new in outcome), outcome
    assert Project.objects.count() == 1
    assert history.verify().broken is None
