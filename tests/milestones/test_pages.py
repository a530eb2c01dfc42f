"""Pages of milestones and promises, as each kind of person finds them."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from recommendations.milestones.models import Hosting, Milestone
from tests import factories as f
from tests.groups.reading import browser, questions
from workflow.engine import inbox
from workflow.groups import services as groups
from workflow.groups.models import Person, Project, Twg

from .making import EVIDENCE, hosting, milestone, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return f.project()


@pytest.fixture
def ghana(project: Project) -> Twg:
    return f.twg("GH", of=project, names={"en": "TWG of Ghana"})


@pytest.fixture
def secretariat(ghana: Twg) -> Person:
    return f.seat(ghana, "secretariat", "Kofi Secretariat")


def page(person: Person | None, name: str, *args: Any) -> str:
    answer = browser(person).get(reverse(name, args=args))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def status(person: Person | None, name: str, *args: Any) -> int:
    return browser(person).get(reverse(name, args=args)).status_code


# -- one milestone ------------------------------------------------------------------------------------------


def test_the_page_says_how_far_it_is_and_what_can_happen_next(ghana: Twg, secretariat: Person) -> None:
    interior = f.institution("Ministry of Interior")
    step = milestone(ghana, state="agreed", responsible=interior, when="2010-06")
    found = page(secretariat, "milestone", step.pk)
    for words in ("Official endorsement", "Agreed", "Ministry of Interior", "June 2010", "none yet"):
        assert words in found
    assert reverse("act", args=["milestone", step.pk, "achieve"]) in found


def test_a_member_reads_it_and_is_told_who_may_act(ghana: Twg) -> None:
    step = milestone(ghana)
    found = page(f.seat(ghana, "member"), "milestone", step.pk)
    assert "This is for the chair, the secretariat or IOM." in found
    assert reverse("milestone-edit", args=[step.pk]) not in found


def test_the_page_names_who_verified_it_to_those_who_may_read_names(ghana: Twg, project: Project) -> None:
    step = milestone(ghana, state="in_progress")
    press(step, "achieve", data=EVIDENCE)
    press(step, "verify", actor=f.seat(ghana, "chair", "Ama Chair", institution=f.institution("Presidency")))
    assert "Verified by" in page(f.seat(ghana, "member"), "milestone", step.pk)
    assert "Ama Chair" in page(f.monitor(project), "milestone", step.pk)
    observer = page(f.seat(ghana, "observer"), "milestone", step.pk)
    assert "Ama Chair" not in observer
    assert "Presidency" in observer


def test_what_one_cannot_see_is_not_there(ghana: Twg, project: Project) -> None:
    step, promise = milestone(ghana), hosting(ghana)
    outsiders = [f.seat(f.twg("ML", of=project), "secretariat"), f.monitor(f.project()), f.person(), f.administrator()]
    for somebody in outsiders:
        for name, subject in (("milestone", step), ("hosting", promise)):
            assert status(somebody, name, subject.pk) == 404
            assert status(somebody, f"{name}-edit", subject.pk) == 404
            assert status(somebody, "history", name, subject.pk) == 404
        assert "Official endorsement" not in page(somebody, "milestones")


def test_an_anonymous_reader_is_asked_to_sign_in(ghana: Twg) -> None:
    for name, args in (("milestone", [milestone(ghana).pk]), ("hosting", [hosting(ghana).pk]), ("milestones", [])):
        assert status(None, name, *args) == 302


def test_achieving_asks_for_the_evidence_and_shows_it(ghana: Twg, secretariat: Person) -> None:
    step = milestone(ghana, state="in_progress")
    client, url = browser(secretariat), reverse("act", args=["milestone", step.pk, "achieve"])
    assert 'name="evidence_text"' in client.get(url).content.decode()
    refused = client.post(url, {"version": step.version, "evidence_text": " "})
    assert refused.status_code == 422
    done = client.post(url, {"version": step.version, "achieved_on": "2010-05", **EVIDENCE})
    assert (done.status_code, done["Location"]) == (302, reverse("milestone", args=[step.pk]))
    found = page(secretariat, "milestone", step.pk)
    assert "Decree 2010-14" in found
    assert "May 2010" in found
    history = page(secretariat, "history", "milestone", step.pk)
    assert "Decree 2010-14" in history


def test_a_hostings_page_says_who_holds_it_from_when_to_when(ghana: Twg, secretariat: Person) -> None:
    promise = hosting(ghana, holder=f.institution("Migration Unit"), starts="2010-01/..", ends="2012")
    found = page(secretariat, "hosting", promise.pk)
    for words in ("Migration Unit", "from January 2010", "2012", "Announced"):
        assert words in found


# -- recording and changing ---------------------------------------------------------------------------------


def test_the_secretariat_records_a_milestone_in_two_languages(ghana: Twg, secretariat: Person) -> None:
    interior = f.institution("Ministry of Interior")
    body = groups.link_body(ghana, {"code": "tor", "names": {"en": "ToR group"}, "kind": "task_force"}, actor=None)
    fields = {
        "kind": "incorporation", "titles_en": "Under the Ministry", "titles_fr": "Sous le ministère",
        "responsible": interior.pk, "linked_body": body.pk, "when": "2010", "confidence": "probable", "source": "S45",
    }  # fmt: skip
    answer = browser(secretariat).post(reverse("milestone-new", args=[ghana.code]), fields)
    step = Milestone.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("milestone", args=[step.pk]))
    assert step.titles == {"en": "Under the Ministry", "fr": "Sous le ministère"}
    assert (step.responsible, step.linked_body, step.confidence, step.state) == (interior, body, "probable", "proposed")


def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(ghana: Twg, secretariat: Person) -> None:
    stranger = f.institution("Ministry of Mali", country="ML")
    fields = {"kind": "dance", "when": "soon", "confidence": "stated", "responsible": stranger.pk}
    answer = browser(secretariat).post(reverse("milestone-new", args=[ghana.code]), fields)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"kind", "when", "responsible", "titles_en"}
    assert not Milestone.objects.exists()


def test_a_promise_is_recorded_and_changed(ghana: Twg, secretariat: Person) -> None:
    client = browser(secretariat)
    new = {"statements_en": "It hosts", "starts": "2010", "confidence": "stated"}
    client.post(reverse("hosting-new", args=[ghana.code]), new)
    promise = Hosting.objects.get()
    url = reverse("hosting-edit", args=[promise.pk])
    assert 'value="2010"' in client.get(url).content.decode()
    backwards = client.post(url, new | {"ends": "2009", "version": promise.version})
    assert backwards.status_code == 422
    assert set(backwards.context["form"].errors) == {"ends"}
    assert client.post(url, new | {"starts": "2011", "version": promise.version}).status_code == 302
    promise.refresh_from_db()
    assert promise.starts == "2011"


def test_a_stale_change_is_a_conflict_that_gives_back_what_was_typed(ghana: Twg, secretariat: Person) -> None:
    step = milestone(ghana)
    fields = {"kind": "other", "titles_en": "My long words", "confidence": "stated", "version": step.version}
    press(step, "agree")
    answer = browser(secretariat).post(reverse("milestone-edit", args=[step.pk]), fields)
    assert answer.status_code == 409
    assert "My long words" in answer.content.decode()


def test_members_are_refused_and_outsiders_find_no_form(ghana: Twg) -> None:
    member, mali = f.seat(ghana, "member"), f.seat(f.twg("ML"), "secretariat")
    step = milestone(ghana)
    for name, arg in (("milestone-new", ghana.code), ("hosting-new", ghana.code), ("milestone-edit", step.pk)):
        assert status(member, name, arg) == 403
        assert status(mali, name, arg) == 404


def test_nothing_is_recorded_for_a_linked_body(ghana: Twg, secretariat: Person) -> None:
    groups.link_body(ghana, {"code": "cso", "names": {"en": "CSO"}, "kind": "committee"}, actor=None)
    assert status(secretariat, "milestone-new", "cso") == 404


# -- the TWG's page and the table across countries ----------------------------------------------------------


def test_the_twgs_page_has_its_panel_for_those_inside(ghana: Twg, secretariat: Person) -> None:
    milestone(ghana)
    hosting(ghana, holder=f.institution("Migration Unit"))
    found = page(secretariat, "twg", ghana.code)
    for words in ("Official endorsement", "Migration Unit", reverse("milestone-new", args=[ghana.code])):
        assert words in found
    member = page(f.seat(ghana, "member"), "twg", ghana.code)
    assert "Official endorsement" in member
    assert reverse("milestone-new", args=[ghana.code]) not in member
    regional = f.seat(f.regional_twg(), "secretariat")
    assert "Official endorsement" not in page(regional, "twg", ghana.code), "it sees Ghana's stage and no more"


def test_the_monitor_sees_which_country_will_last_and_of_which_nothing_is_known(ghana: Twg, project: Project) -> None:
    f.twg("ML", of=project)
    milestone(ghana, state="in_progress")
    hosting(f.twg("NG", of=project), starts="2010-01/..")
    milestone(f.twg("SN", of=f.project()), titles={"en": "Of another project"})
    found = page(f.monitor(project), "milestones")
    for words in ("Ghana", "Official endorsement", "In progress", "Nigeria", "from January 2010"):
        assert words in found
    assert "Of another project" not in found
    nothing = found[found.index("Nothing recorded") :]
    assert "Mali" in nothing
    assert "Ghana" not in nothing


def test_a_member_sees_the_own_country_alone(ghana: Twg, project: Project) -> None:
    milestone(ghana)
    milestone(f.twg("ML", of=project), titles={"en": "Of Mali"})
    found = page(f.seat(ghana, "member"), "milestones")
    assert "Official endorsement" in found
    assert "Of Mali" not in found


def test_more_milestones_ask_no_more_questions(ghana: Twg, project: Project, secretariat: Person) -> None:
    monitor = browser(f.monitor(project))

    def grow(country: str) -> None:
        twg = f.twg(country, of=project)
        milestone(twg, responsible=f.institution(country=country))
        hosting(twg, holder=f.institution(country=country))
        milestone(ghana, state="achieved")

    grow("ML")
    urls = [reverse("milestones"), reverse("twg", args=[ghana.code]), reverse("home")]
    before = [questions(monitor, url) for url in urls]
    for country in ("NG", "SN", "NE"):
        grow(country)
    assert [questions(monitor, url) for url in urls] == before
    assert before[0] < 8


# -- what waits ---------------------------------------------------------------------------------------------


def waiting(person: Person) -> list[tuple[str, str]]:
    return [
        (str(item.title), str(item.action))
        for item in inbox.of(person).waiting
        if item.url.startswith(("/milestones", "/hosting"))
    ]


def test_steps_under_way_wait_for_the_secretariat(ghana: Twg, secretariat: Person, project: Project) -> None:
    for state in ("proposed", "agreed", "in_progress"):
        milestone(ghana, state=state, titles={"en": state}, when="2010" if state == "in_progress" else "")
    milestone(f.twg("ML", of=project), state="agreed")
    report = "Say how it stands"
    assert waiting(secretariat) == [("in_progress", report), ("agreed", report)], "what has a date comes first"
    assert waiting(f.seat(ghana, "member")) == []


def test_what_is_said_to_be_achieved_waits_for_other_eyes(ghana: Twg, secretariat: Person, project: Project) -> None:
    chair, monitor = f.seat(ghana, "chair"), f.monitor(project)
    step = milestone(ghana, state="in_progress")
    press(step, "achieve", actor=chair, data=EVIDENCE)
    assert waiting(chair) == []
    assert waiting(secretariat) == []
    assert waiting(monitor) == [("Official endorsement", "Verify it")]
    press(step, "verify", actor=monitor)
    assert waiting(monitor) == []


def test_a_promise_whose_day_has_come_waits_for_the_secretariat(ghana: Twg, secretariat: Person) -> None:
    begun = hosting(ghana, starts="2010-01/..")
    hosting(ghana, starts="2999", statements={"en": "Later"})
    hosting(ghana, statements={"en": "Nobody knows when"})
    assert waiting(secretariat) == [("NCFR hosts the meetings", "Say whether it is kept")]
    press(begun, "begin")
    assert waiting(secretariat) == []
