"""One of a region's becomes an item for each TWG concerned, each answering for itself (S22, S36)."""

from __future__ import annotations

import pytest
from django.core import mail

from recommendations.register import services
from recommendations.register.models import Recommendation
from tests import factories as f
from tests.datarequests.test_mail import deliver
from tests.groups.reading import browser
from workflow.engine import history
from workflow.engine.errors import NotPermitted, Unmet
from workflow.frameworks import services as frameworks
from workflow.groups.models import Person, Twg

from .making import press, recommendation

pytestmark = pytest.mark.django_db
TASK_FORCES = {"en": "Set up national task forces", "fr": "Créer des équipes nationales"}


@pytest.fixture
def ecowas() -> Twg:
    project = f.project()
    for country in ("GH", "ML", "NG"):
        f.twg(country, of=project)
    f.twg("CD", of=project)  # in the project, and not in the region
    f.twg("SN")  # in neither
    return f.regional_twg(project)


@pytest.fixture
def secretariat(ecowas: Twg) -> Person:
    return f.seat(ecowas, "secretariat")


@pytest.fixture
def dakar(ecowas: Twg) -> Recommendation:
    return recommendation(ecowas, state="issued", texts=TASK_FORCES, ground="data")


def twgs(*countries: str) -> list[Twg]:
    return [Twg.objects.get(country=country) for country in countries]


def test_s22_each_twg_gets_an_item_of_its_own_and_answers_for_itself(
    dakar: Recommendation, secretariat: Person
) -> None:
    items = services.cascade(dakar, twgs("GH", "ML", "CD"), actor=secretariat)
    assert [str(item.twg.country) for item in items] == ["GH", "ML", "CD"]
    assert {(item.state, item.reference, item.text) for item in items} == {("issued", "R1", TASK_FORCES["en"])}
    ghana, mali, congo = items
    chairs = [f.seat(item.twg, "chair") for item in items]
    press(ghana, "accept", actor=chairs[0], note="A consultant is hired.")
    press(mali, "decline", actor=chairs[1], note="A committee exists.")
    with pytest.raises(NotPermitted):
        press(congo, "accept", actor=chairs[0])
    for item in items:
        item.refresh_from_db()
    assert [item.state for item in items] == ["accepted", "declined", "issued"]
    dakar.refresh_from_db()
    assert dakar.state == "issued"
    assert history.events_of(dakar).last().data == {"twgs": [str(item.twg) for item in items]}  # type: ignore[union-attr]


def test_the_region_reads_the_roll_up_and_a_country_its_own_line(dakar: Recommendation, secretariat: Person) -> None:
    ghana, mali = services.cascade(dakar, twgs("GH", "ML"), actor=secretariat)
    press(ghana, "accept", note="A consultant is hired.")
    at_the_region = browser(secretariat).get(f"/recommendations/{dakar.pk}/").content.decode()
    assert f"/recommendations/{ghana.pk}/" in at_the_region
    assert f"/recommendations/{mali.pk}/" in at_the_region
    assert "1 under way" in at_the_region
    assert "Of 2 countries 1 under way and 0 implemented" in browser(secretariat).get(
        f"/twgs/{dakar.twg.code}/"
    ).content.decode()  # fmt: skip
    in_ghana = browser(f.seat(ghana.twg, "member", institution=f.institution())).get(f"/recommendations/{dakar.pk}/")
    assert f"/recommendations/{ghana.pk}/" in in_ghana.content.decode()
    assert f"/recommendations/{mali.pk}/" not in in_ghana.content.decode()


def test_the_form_offers_the_regions_countries_and_the_projects_and_no_others(
    dakar: Recommendation, secretariat: Person
) -> None:
    services.cascade(dakar, twgs("NG"), actor=secretariat)
    page = browser(secretariat).get(f"/recommendations/{dakar.pk}/cascade/").content.decode()
    offered = {country: f'value="{Twg.objects.get(country=country).pk}"' in page
               for country in ("GH", "ML", "NG", "CD", "SN")}  # fmt: skip
    assert offered == {"GH": True, "ML": True, "NG": False, "CD": True, "SN": False}
    answer = browser(secretariat).post(f"/recommendations/{dakar.pk}/cascade/",
                                       {"twgs": [str(t.pk) for t in twgs("GH", "ML")]})  # fmt: skip
    assert answer.status_code == 302
    assert dakar.cascade.count() == 3


def test_a_twg_that_has_it_keeps_its_own(dakar: Recommendation, secretariat: Person) -> None:
    [first] = services.cascade(dakar, twgs("GH"), actor=secretariat)
    press(first, "accept")
    assert services.cascade(dakar, twgs("GH"), actor=secretariat) == []
    assert [item.state for item in dakar.cascade.all()] == ["accepted"]


def test_drafts_and_countries_own_are_not_handed_on(ecowas: Twg, secretariat: Person) -> None:
    draft = recommendation(ecowas)
    with pytest.raises(Unmet):
        services.cascade(draft, twgs("GH"), actor=secretariat)
    [ghana] = twgs("GH")
    own = recommendation(ghana, state="issued")
    with pytest.raises(Unmet):
        services.cascade(own, twgs("ML"), actor=f.seat(ghana, "secretariat"))
    assert Recommendation.objects.filter(cascaded_from__isnull=False).count() == 0


def test_a_country_does_not_hand_on_what_is_the_regions(dakar: Recommendation) -> None:
    [ghana] = twgs("GH")
    keeper = f.seat(ghana, "secretariat")
    with pytest.raises(NotPermitted):
        services.cascade(dakar, [ghana], actor=keeper)
    assert browser(keeper).get(f"/recommendations/{dakar.pk}/").status_code == 200  # it reads it
    assert browser(keeper).get(f"/recommendations/{dakar.pk}/cascade/").status_code == 403
    assert browser(keeper).get(f"/recommendations/{dakar.pk}/edit/").status_code == 403


def test_s22_the_country_is_told_by_mail(dakar: Recommendation, secretariat: Person) -> None:
    [ghana] = twgs("GH")
    keeper = f.seat(ghana, "secretariat")
    services.cascade(dakar, [ghana], actor=secretariat)
    deliver()
    told = [letter for letter in mail.outbox if letter.to == [keeper.email]]
    assert len(told) == 1
    assert TASK_FORCES["en"] in str(told[0].body)


def test_s36_a_national_one_cites_a_regional_framework_and_the_frameworks_page_lists_it(ecowas: Twg) -> None:
    approach = frameworks.record_framework(ecowas, {"names": {"en": "Common Approach"}, "kind": "regional"}, actor=None)
    [ghana] = twgs("GH")
    keeper = f.seat(ghana, "secretariat")
    page = browser(keeper).get(f"/twgs/{ghana.code}/recommendations/new/").content.decode()
    assert "Common Approach" in page
    made = recommendation(ghana, frameworks=[approach], state="issued")
    assert "Common Approach" in browser(keeper).get(f"/recommendations/{made.pk}/").content.decode()
    assert f"/recommendations/{made.pk}/" in browser(keeper).get(f"/frameworks/{approach.pk}/").content.decode()


def test_what_every_country_has_is_not_offered_to_be_handed_on(dakar: Recommendation, secretariat: Person) -> None:
    page, form = f"/recommendations/{dakar.pk}/", f"/recommendations/{dakar.pk}/cascade/"
    assert form in browser(secretariat).get(page).text
    services.cascade(dakar, twgs("GH", "ML", "NG", "CD"), actor=secretariat)
    assert form not in browser(secretariat).get(page).text
    assert "Every country that it concerns has it already." in browser(secretariat).get(form).text
