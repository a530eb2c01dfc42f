"""No main page asks the database more than seven questions, for whomever it is, with one TWG or with fifty.

All are counted: who asks (session, person, seats) and what the page shows.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories as f
from tests.milestones import making
from workflow.groups import services as groups
from workflow.groups.models import Person, Twg
from workflow.profiles import services as profiles
from workflow.profiles.models import Edition, TemplateVersion

pytestmark = pytest.mark.django_db

MOST = 7
COUNTRIES = (
    "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RW SC "
    "SD SL SN SO SS ST SZ TD TG TN TZ"
).split()

Readers = dict[str, Person | None]


@pytest.fixture
def ghana() -> Twg:
    """A TWG about which everything is known, in a project."""
    project = f.project()
    twg = f.twg("GH", of=project, cadence_from=2)
    ministry = f.institution("Ministry of Interior")
    groups.set_parent(twg, {"status": "probable", "institution": ministry, "under": ministry}, actor=None)
    groups.link_body(twg, {"code": "ghana-ngos", "names": {"en": "NGOs"}, "kind": "committee"}, actor=None)
    f.adopt(twg.terms.get())
    known(twg)
    return twg


def known(twg: Twg) -> Edition:
    """One more of everything that hangs on a TWG."""
    country = str(twg.country)
    groups.record_fact(twg, {"topic": "data", "statements": {"en": "A fact."}}, actor=None)
    f.seat(twg, "member", institution=f.institution(country=country))
    making.milestone(twg, responsible=f.institution(country=country))
    making.hosting(twg, holder=f.institution(country=country))
    template = TemplateVersion.objects.first() or f.template()
    edition = profiles.open_edition(f.profile(twg), {"label": "2009", "template": template}, actor=None)
    f.profile(twg)
    return f.bring(edition, "drafting")


@pytest.fixture
def readers(ghana: Twg) -> Readers:
    ministry = f.institution()
    assert ghana.project is not None
    return {
        "IOM": f.monitor(ghana.project),
        "secretariat": f.seat(ghana, "secretariat", institution=ministry),
        "chair": f.seat(ghana, "chair", institution=ministry),
        "member": f.seat(ghana, "member", institution=ministry),
        "observer": f.seat(ghana, "observer", institution=f.institution(category="civil_society")),
        "region": f.seat(f.regional_twg(ghana.project), "secretariat"),
        "elsewhere": f.seat(f.twg("ZM", of=ghana.project), "secretariat"),
        "administrator": f.administrator(),
        "nobody": f.person(),
        "public": None,
    }


def addresses(twg: Twg, person: Person) -> Iterator[tuple[str, str]]:
    edition = Edition.objects.filter(profile__twg=twg).earliest("pk")
    institution = twg.parents.get().institution
    assert twg.project
    assert institution
    for name, *args in (
        ("home",),
        ("overview",),
        ("twgs",),
        ("directory",),
        ("milestones",),
        ("me",),
        ("twg", twg.code),
        ("project", twg.project.code),
        ("profile", edition.profile.code),
        ("edition", edition.pk),
        ("template", edition.template.code),
        ("terms", twg.terms.get().pk),
        ("institution", institution.code),
        ("person", person.pk),
        ("history", "edition", edition.pk),
        ("history", "twg", twg.pk),
    ):
        yield " ".join((name, *map(str, args[:-1]))), reverse(name, args=args)
    yield "search", reverse("search", query={"q": "a"})


def asked(twg: Twg, readers: Readers) -> dict[tuple[str, str], int]:
    """Questions by page and reader, of the pages that the reader is shown."""
    counts = {}
    for who, person in readers.items():
        client = Client()
        if person:
            client.force_login(person)
        for name, address in addresses(twg, readers["chair"] or f.person()):
            with CaptureQueriesContext(connection) as seen:
                status = client.get(address).status_code
            if status == 200:
                counts[name, who] = len(seen)
    return counts


def test_no_main_page_asks_more_than_seven_questions_with_one_twg_or_with_fifty(ghana: Twg, readers: Readers) -> None:
    one = asked(ghana, readers)
    assert {page for page, _who in one} == {name for name, _address in addresses(ghana, readers["chair"] or f.person())}
    assert {page: count for page, count in one.items() if count > MOST} == {}

    for country in COUNTRIES[: 50 - Twg.objects.filter(linked_to=None).count()]:
        known(f.twg(country, of=ghana.project))
    for _member in range(47):
        f.seat(ghana, "member", institution=f.institution())
    known(ghana)
    assert (Twg.objects.filter(linked_to=None).count(), ghana.memberships.count()) >= (50, 50)
    fifty = asked(ghana, readers)
    assert {page: (count, fifty.get(page)) for page, count in one.items() if fifty.get(page) != count} == {}
