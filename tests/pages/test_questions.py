"""No main page asks the database more than seven questions, for whomever it is, with little data or with much.

All are counted: who asks (session, person, seats) and what the page shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.dataplan.models import DataAction, DataPlan
from recommendations.inventory.models import DataSource
from recommendations.inventory.publications import SupportingPublication
from tests import factories as f
from tests.comments import making as comments
from tests.dataplan import making as plans
from tests.datarequests import making as requests
from tests.frameworks import making as register
from tests.handover import making as handing
from tests.inventory import making as inventory
from tests.milestones import making as milestones
from tests.register import making as recommendations
from workflow.comments.models import Round
from workflow.frameworks import inserting
from workflow.groups import services as groups
from workflow.groups.models import Institution, Person, Project, Twg
from workflow.handover import services as handovers
from workflow.handover.models import Handover
from workflow.profiles import services as profiles
from workflow.profiles.models import Edition, TemplateVersion
from workflow.writing import at_work
from workflow.writing import services as writing

pytestmark = pytest.mark.django_db

MOST = 7
# The rest see less of the same.
SEE_MOST = ("IOM", "secretariat", "consultant", "member", "region", "public")

Readers = dict[str, Person | None]
Counts = dict[tuple[str, str], int]
number = count(1)


@dataclass
class Place:
    """A TWG, and the people who act in it."""

    twg: Twg
    project: Project
    ministry: Institution
    secretariat: Person
    consultant: Person
    member: Person

    @property
    def asking(self) -> requests.Country:
        return requests.Country(
            self.twg, self.project, self.ministry, self.consultant, self.secretariat, officer=self.member
        )


def place(country: str, project: Project, ministry: Institution) -> Place:
    twg = f.twg(country, of=project, cadence_from=2)
    secretariat = f.seat(twg, "secretariat", institution=ministry)
    member = f.seat(twg, "member", institution=ministry)
    return Place(twg, project, ministry, secretariat, f.seat(twg, "consultant"), member)


@pytest.fixture
def ghana() -> Place:
    """A TWG about which everything is known, in a project."""
    ministry = f.institution("Ministry of Interior")
    found = place("GH", f.project(), ministry)
    groups.set_parent(found.twg, {"status": "probable", "institution": ministry, "under": ministry}, actor=None)
    groups.link_body(found.twg, {"code": "ghana-ngos", "names": {"en": "NGOs"}, "kind": "committee"}, actor=None)
    f.adopt(found.twg.terms.get())
    known(found)
    return found


def known(at: Place) -> None:
    """One more of everything that hangs on a TWG, done by the people whose work it is."""
    twg, country = at.twg, str(at.twg.country)
    groups.record_fact(twg, {"topic": "data", "statements": {"en": "A fact."}}, actor=at.secretariat)
    f.seat(twg, "member", institution=f.institution(country=country))
    milestones.milestone(twg, responsible=f.institution(country=country), counterpart=at.ministry)
    milestones.milestone(twg, responsible=at.ministry)
    milestones.hosting(twg, holder=f.institution(country=country))
    milestones.hosting(twg, holder=at.ministry)
    recommended(at)
    source = inventory.source(twg, custodian=at.ministry, users=[f.institution(country=country), at.ministry])
    inventory.gap(twg, data_source=source)
    inventory.gap(twg, improvements={})
    DataSource.objects.filter(pk=inventory.source(twg, kind="border").pk).update(reviewed_on="2009-01-05")
    planned(at, source, inventory.publication(at.project))
    template = TemplateVersion.objects.first() or f.template()
    begun = profiles.open_edition(f.profile(twg), {"label": "2010", "template": template}, actor=at.secretariat)
    f.bring(begun, "drafting")
    handed(at, profiles.open_edition(f.profile(twg), {"label": "2008", "template": template}, actor=None))
    commented(at, profiles.open_edition(f.profile(twg), {"label": "2009", "template": template}, actor=None))
    f.profile(twg)


def recommended(at: Place) -> None:
    """Two that are similar, one of them reported on and with another merged into it."""
    one, other, twin = (
        recommendations.recommendation(at.twg, state="in_progress", lead=at.ministry, supporting=[f.institution()])
        for _time in range(3)
    )
    recommendations.services.liken(one, other, actor=at.secretariat)
    recommendations.press(twin, "merge", actor=at.secretariat, twin=one.pk)


def planned(at: Place, source: DataSource, publication: SupportingPublication) -> None:
    """An action that needs another and is needed by a third, with all that hangs on it; a task force at work on it."""
    twg, country = at.twg, str(at.twg.country)
    plan = DataPlan.objects.filter(twg=twg).first() or plans.plan(twg)
    body = twg.linked_bodies.filter(kind="expert_group").first() or plans.task_force(twg, f"{twg.code}-experts")
    before = plans.action(plan, "A mapping", starts="2009-01", due="2009-03")
    one = plans.action(
        plan, "A survey", needs=[before], starts="2009-04", due="2009-06", lead=at.ministry, task_force=body,
        contributors=[at.ministry, f.institution(country=country)], cost=1000, currency="XOF",
        data_sources=[source], gaps=[inventory.gap(twg, data_source=source)], publications=[publication],
    )  # fmt: skip
    plans.action(plan, "A report", needs=[one], due="2099-12")
    plans.press(one, "start", actor=at.secretariat)
    plans.press(one, "report", actor=at.secretariat, percent=20, note="Begun.")
    plans.money(one, amount=500, currency="XOF")
    plans.output(body, action=one)


def handed(at: Place, edition: Edition) -> None:
    """At the hand-over: its ministry is asked, a line of the checklist is shown, something is lacking."""
    f.bring(edition, "workshop")
    f.perform(edition, "close_workshop", update_institution=at.ministry.pk)
    handover = Handover.objects.with_all().get(edition=edition)
    later = date(2999, 6, 1)
    handing.press(handover, "ask", actor=at.secretariat, reply_by=later)
    mandate = handover.items.earliest("position")
    handovers.change_item(mandate, {"owner": at.ministry, "due": later}, actor=at.secretariat)
    handing.press(handover.items.get(kind="calendar"), "complete", note="Sent.", evidence_file=handing.upload())
    handovers.record_need(handover, {"kind": "staff", "what": "Two posts."}, actor=None)


def commented(at: Place, edition: Edition) -> None:
    """A text with a round on its draft, data asked for its sections, and the register's table in Part E."""
    f.bring(edition, "drafting")
    text = writing.open_text(edition, actor=at.consultant)
    first, last = text.sections.get(place="A.1"), text.sections.get(place="E.1")
    writing.save(first, comments.BODY, actor=at.consultant, base=0)
    register.framework(at.twg, responsible=[at.ministry], actor=at.secretariat)
    register.actor(at.twg, f.institution(country=str(at.twg.country)))
    body = inserting.insert(last, "frameworks", actor=at.consultant, body="", base=0)
    writing.save(last, body, actor=at.consultant, base=0)
    register.framework(at.twg, actor=at.secretariat)  # so that the table is behind the register
    f.perform(edition, "submit_draft", actor=at.secretariat)
    round_ = comments.opened(at.twg, text.drafts.get())
    comments.comment(round_, at.member)
    comments.answer(comments.comment(round_, at.member, "And this one, too."), by=at.consultant)
    for step in ("", "answer"):
        fields = {"section": first, "what": f"Series {next(number)}", "needed_by": at.ministry}
        asked = requests.ask(at.asking, actor=at.consultant, **fields)
        if step:
            requests.press(asked, step, actor=at.member, note="Here.", data_file=requests.upload())
    for person in (at.consultant, at.secretariat):
        at_work.keep_scratch(first, person, "Typed and not saved.", base=1)
        at_work.come(first, person)


@pytest.fixture
def readers(ghana: Place) -> Readers:
    return {
        "IOM": f.monitor(ghana.project),
        "secretariat": ghana.secretariat,
        "chair": f.seat(ghana.twg, "chair", institution=ghana.ministry),
        "consultant": ghana.consultant,
        "member": ghana.member,
        "observer": f.seat(ghana.twg, "observer", institution=f.institution(category="civil_society")),
        "region": f.seat(f.regional_twg(ghana.project), "secretariat"),
        "elsewhere": f.seat(f.twg("ZM", of=ghana.project), "secretariat"),
        "administrator": f.administrator(),
        "nobody": f.person(),
        "public": None,
    }


def addresses(at: Place) -> Iterator[tuple[str, str]]:
    """What each page is called here, and where it is."""
    twg, round_ = at.twg, Round.objects.filter(twg=at.twg).earliest("pk")
    draft, text = round_.draft, round_.draft.text
    edition = Edition.objects.get(pk=text.subject_id)
    begun = Edition.objects.filter(profile__twg=twg, stage="drafting").earliest("pk")
    first, last = text.sections.get(place="A.1"), text.sections.get(place="E.1")
    handover = Handover.objects.filter(edition__profile__twg=twg).earliest("pk")
    plan = DataPlan.objects.get(twg=twg)
    action = DataAction.objects.filter(plan=plan, task_force__isnull=False).earliest("pk")
    waiting, answered = twg.data_requests.order_by("pk")[:2]
    for name, page, *args in (
        ("home", "home"),
        ("overview", "overview"),
        ("twgs", "twgs"),
        ("directory", "directory"),
        ("milestones", "milestones"),
        ("meetings", "all-meetings"),
        ("meetings of a TWG", "meetings", twg.code),
        ("recommendations", "recommendations"),
        ("recommendations of a TWG", "twg-recommendations", twg.code),
        ("recommendation", "recommendation", twg.recommendations.earliest("pk").pk),
        ("settings", "me"),
        ("TWG", "twg", twg.code),
        ("project", "project", at.project.code),
        ("profile", "profile", edition.profile.code),
        ("edition commented on", "edition", edition.pk),
        ("edition with no text", "edition", begun.pk),
        ("template", "template", edition.template.code),
        ("terms", "terms", twg.terms.get().pk),
        ("institution", "institution", at.ministry.code),
        ("person", "person", at.member.pk),
        ("history of an edition", "history", "edition", edition.pk),
        ("history of a TWG", "history", "twg", twg.pk),
        ("text", "text", text.pk),
        ("section", "section", first.pk),
        ("section of Part E", "section", last.pk),
        ("draft", "draft", draft.pk),
        ("round", "round", round_.pk),
        ("comments on a section", "round-section", round_.pk, first.pk),
        ("comments of one's own", "round-mine", round_.pk),
        ("comment matrix", "round-matrix", round_.pk),
        ("data requests", "data-requests", twg.code),
        ("data request", "data-request", waiting.pk),
        ("data request with an answer", "data-request", answered.pk),
        ("hand-overs", "handovers"),
        ("hand-over", "handover", handover.pk),
        ("edition at the hand-over", "edition", handover.edition_id),
        ("line of the checklist", "handover-item", handover.items.get(kind="calendar").pk),
        ("capacity needs", "capacity-needs"),
        ("capacity need", "capacity-need", handover.needs.earliest("pk").pk),
        ("frameworks", "frameworks", twg.code),
        ("framework", "framework", twg.frameworks.earliest("pk").pk),
        ("actors", "actors", twg.code),
        ("data sources", "data-sources", twg.code),
        ("data source", "data-source", twg.data_sources.earliest("pk").pk),
        ("data gaps", "data-gaps", twg.code),
        ("data gap", "data-gap", twg.data_gaps.earliest("pk").pk),
        ("gap matrix", "gap-matrix", twg.code),
        ("data across countries", "data-comparison"),
        ("gaps across countries", "gaps-across"),
        ("supporting publications", "supporting-publications"),
        ("supporting publication", "supporting-publication", at.project.supporting_publications.earliest("pk").pk),
        ("data plans", "data-plans"),
        ("data plan", "data-plan", plan.pk),
        ("schedule of a data plan", "data-plan-schedule", plan.pk),
        ("action of a data plan", "data-action", action.pk),
        ("first action of a data plan", "data-action", plan.actions.earliest("pk").pk),
        ("budget commitment", "commitment", action.commitments.earliest("pk").pk),
        ("output of a task force", "output", action.outputs.earliest("pk").pk),
        ("task force", "twg", action.task_force.code),
        ("actor", "actor", twg.policy_actors.earliest("pk").pk),
    ):
        yield name, reverse(page, args=args)
    yield "search", reverse("search", query={"q": "a"})


def asked(at: Place, readers: Readers, whom: Iterable[str]) -> Counts:
    """Questions by page and reader, of the pages that the reader is shown."""
    counts = {}
    for who in whom:
        client = Client()
        if person := readers[who]:
            client.force_login(person)
        for name, address in addresses(at):
            with CaptureQueriesContext(connection) as seen:
                status = client.get(address).status_code
            if status == 200:
                counts[name, who] = len(seen)
    return counts


def test_no_main_page_asks_more_than_seven_questions_or_more_with_more_data(ghana: Place, readers: Readers) -> None:
    little = asked(ghana, readers, readers)
    assert {page for page, _who in little} == {name for name, _address in addresses(ghana)}
    assert {page: number for page, number in little.items() if number > MOST} == {}

    for country in ("ML", "NG"):
        known(place(country, ghana.project, ghana.ministry))
    for _member in range(12):
        f.seat(ghana.twg, "member", institution=f.institution())
    known(ghana)
    much = asked(ghana, readers, SEE_MOST)
    assert {page: (little[page], number) for page, number in much.items() if little[page] != number} == {}
