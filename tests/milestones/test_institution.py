"""What an institution's page says of the milestones that it answers for and of the TWGs that it hosts (S41-S43)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests import factories as f
from tests.groups.reading import browser, questions
from workflow.groups.models import Institution, Person, Twg

from .making import hosting, milestone

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH", names={"en": "TWG of Ghana"})


@pytest.fixture
def interior() -> Institution:
    return f.institution("Ministry of Interior")


def page(person: Person, of: Institution) -> str:
    answer = browser(person).get(reverse("institution", args=[of.code]))
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_it_says_for_what_it_is_responsible_what_it_is_asked_for_and_what_it_hosts(
    ghana: Twg, interior: Institution
) -> None:
    cabinet = f.institution("Cabinet")
    mine = milestone(ghana, state="agreed", responsible=interior, titles={"en": "Ask for official endorsement"})
    theirs = milestone(ghana, responsible=cabinet, counterpart=interior, titles={"en": "A budget line"})
    promise = hosting(ghana, holder=interior, starts="2010-01")
    found = page(f.seat(ghana, "member"), interior)
    for words in ("So that the TWG lasts", "Ask for official endorsement", "Agreed", "NCFR hosts the meetings", "2010"):
        assert words in found
    for name, subject in (("milestone", mine), ("milestone", theirs), ("hosting", promise)):
        assert reverse(name, args=[subject.pk]) in found
    order = [found.index(words) for words in (
        "It is responsible for", "official endorsement", "It is the counterpart of", "A budget line",
        "It convenes and hosts", "NCFR hosts",
    )]  # fmt: skip
    assert order == sorted(order)
    other = page(f.seat(ghana, "member"), cabinet)
    assert "It is responsible for" in other
    assert "It is the counterpart of" not in other
    assert "It convenes and hosts" not in other


def test_without_any_there_is_no_panel(ghana: Twg, interior: Institution) -> None:
    milestone(ghana, responsible=f.institution())
    hosting(ghana)
    assert "So that the TWG lasts" not in page(f.seat(ghana, "member"), interior)


def test_of_twgs_that_one_does_not_read_from_the_inside_nothing_is_said(ghana: Twg, interior: Institution) -> None:
    mali = f.twg("ML", names={"en": "TWG of Mali"})
    milestone(ghana, responsible=interior, titles={"en": "Of Ghana"})
    milestone(mali, responsible=interior, titles={"en": "Of Mali"})
    hosting(mali, holder=interior, statements={"en": "Hosts in Bamako"})
    member = page(f.seat(ghana, "member"), interior)
    assert "Of Ghana" in member
    for words in ("Of Mali", "Hosts in Bamako", "TWG of Mali"):
        assert words not in member
    everywhere = f.administrator()
    assert "So that the TWG lasts" not in page(everywhere, interior), "an administrator sees no inside"
    assert "Hosts in Bamako" in page(f.seat(mali, "secretariat"), interior)


def test_the_page_asks_no_more_for_many(ghana: Twg, interior: Institution) -> None:
    reader = browser(f.seat(ghana, "member", institution=interior))
    address = reverse("institution", args=[interior.code])
    milestone(ghana, responsible=interior)
    hosting(ghana, holder=interior)
    few = questions(reader, address)
    for _n in range(4):
        milestone(ghana, counterpart=interior)
        milestone(ghana, responsible=interior)
        hosting(ghana, holder=interior)
    assert questions(reader, address) == few <= 7
