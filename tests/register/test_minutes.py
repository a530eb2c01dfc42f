"""A decision or an action item becomes a recommendation with one press; a closed one stays closed (S21, S31)."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.scheduling.models import AgendaItem
from recommendations.register import selectors, services
from recommendations.register.models import Recommendation
from tests import factories as f
from tests.groups.reading import browser
from tests.meetings.minutes import making as m
from workflow.engine import history
from workflow.engine.errors import Unmet

from .making import press, recommendation, workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> m.House:
    return m.house("CI", languages=["fr"])


def test_one_press_makes_a_draft_in_the_words_of_the_decision(house: m.House) -> None:
    met = workshop(house, edition=f.edition(house.twg))
    decided = m.decide(m.minutes(house, met), "Compter les passages aux frontières.")
    page = browser(house.secretariat).get(f"/meeting-decisions/{decided.pk}/").content.decode()
    assert f"/meeting-decisions/{decided.pk}/recommendation/" in page
    answer = browser(house.secretariat).post(f"/meeting-decisions/{decided.pk}/recommendation/", {"ground": "data"})
    made = Recommendation.objects.get()
    assert answer.headers["Location"] == f"/recommendations/{made.pk}/"
    assert (made.texts, made.ground, made.meeting, made.edition) == (
        {"fr": decided.what}, "data", met, met.edition,
    )  # fmt: skip
    decided.refresh_from_db()
    assert (decided.about_kind, decided.about_id) == ("recommendation", made.pk)
    assert (
        "It became a recommendation"
        in browser(house.director).get(f"/meeting-decisions/{decided.pk}/").content.decode()
    )
    assert history.verify().broken is None


def test_an_action_item_brings_its_institution_and_its_day(house: m.House) -> None:
    given = m.give(m.minutes(house), "Write the manual.", institution=house.ministry, due=date(2010, 1, 15))
    made = services.from_minutes(given, "policy", actor=house.chair)
    assert (made.lead, made.due, made.ground) == (house.ministry, date(2010, 1, 15), "policy")


def test_a_second_press_makes_no_second_one(house: m.House) -> None:
    decided = m.decide(m.minutes(house))
    services.from_minutes(decided, "data", actor=house.chair)
    with pytest.raises(Unmet):
        services.from_minutes(decided, "data", actor=house.chair)
    assert Recommendation.objects.count() == 1
    assert (
        browser(house.chair).post(f"/meeting-decisions/{decided.pk}/recommendation/", {"ground": "x"}).status_code
        == 404
    )


def test_whoever_does_not_keep_the_register_has_no_button(house: m.House) -> None:
    decided = m.decide(m.minutes(house))
    address = f"/meeting-decisions/{decided.pk}/recommendation/"
    assert address not in browser(house.director).get(f"/meeting-decisions/{decided.pk}/").content.decode()
    assert browser(house.director).post(address, {"ground": "data"}).status_code == 403
    assert browser(f.person()).post(address, {"ground": "data"}).status_code == 404
    assert not Recommendation.objects.exists()


# -- closed sessions --------------------------------------------------------------------------------------


def sees(who: object, made: Recommendation) -> bool:
    page = browser(who)  # type: ignore[arg-type]
    found = page.get(f"/recommendations/{made.pk}/").status_code
    assert found in (200, 404)
    listed = page.get(f"/twgs/{made.twg.code}/recommendations/").content.decode()
    assert (f"/recommendations/{made.pk}/" in listed) == (found == 200)
    assert page.get(f"/history/recommendation/{made.pk}/").status_code == found
    return found == 200


def test_s31_what_comes_from_the_minutes_of_a_closed_session_is_closed(house: m.House) -> None:
    met = m.meeting(house, closed_items=(2,))
    beside = m.beside(m.minutes(house, met))
    made = services.from_minutes(m.decide(beside, "Secret."), "policy", actor=house.chair)
    press(made, "issue", actor=house.chair)
    assert (made.closed, made.reference) == (True, "RC1")
    assert [sees(who, made) for who in (house.chair, house.secretariat, house.director)] == [True] * 3
    assert [sees(who, made) for who in (house.activist, house.observer)] == [False] * 2


def test_s31_iom_and_administrators_learn_nothing_of_it(house: m.House) -> None:
    project = f.project()
    twg = f.twg("ML", of=project)
    inside = f.seat(twg, "secretariat")
    met = m.meet(twg, [], closed=True, closed_reason="Sovereignty")
    made = recommendation(twg, meeting=met, state="issued")
    assert made.closed
    assert browser(inside).get(f"/recommendations/{made.pk}/").status_code == 200
    for who in (f.monitor(project), f.administrator()):
        assert browser(who).get(f"/recommendations/{made.pk}/").status_code == 404
        assert str(made.text) not in browser(who).get("/recommendations/").content.decode()
        assert str(made.text) not in browser(who).get("/recommendations/export.csv").content.decode()


def test_s31_an_item_that_was_closed_later_takes_along_what_was_recommended_under_it(house: m.House) -> None:
    met = m.meeting(house)
    item = AgendaItem.objects.get(meeting=met, position=2)
    made = services.from_minutes(m.decide(m.minutes(house, met), item=item), "data", actor=house.chair)
    press(made, "issue", actor=house.chair)
    assert sees(house.activist, made)
    AgendaItem.objects.filter(pk=item.pk).update(closed=True)
    assert not sees(house.activist, made)
    assert sees(house.director, made)


def test_s31_what_was_issued_behind_closed_doors_is_not_handed_on(house: m.House) -> None:
    project = f.project()
    body = f.regional_twg(project, "GH,ML")
    ghana, keeper = f.twg("GH", of=project), f.seat(body, "secretariat")
    made = recommendation(body, meeting=m.meet(body, [], closed=True, closed_reason="Security"), state="issued")
    with pytest.raises(Unmet):
        services.cascade(made, [ghana], actor=keeper)


def test_s31_a_draft_that_comes_from_a_closed_meeting_is_closed_by_whatever_door(house: m.House) -> None:
    shut = workshop(house, closed=True, closed_reason="Sovereignty")
    made = recommendation(house.twg)
    services.change(made, {"meeting": shut}, actor=house.secretariat)
    made.refresh_from_db()
    assert made.closed
    assert not sees(house.activist, made)


# -- what the workshop's gate asks ------------------------------------------------------------------------


def test_s21_the_gate_is_told_what_this_editions_workshop_issued(house: m.House) -> None:
    edition = f.edition(house.twg)
    met = workshop(house, edition=edition)
    assert selectors.issued_at(edition) == {"policy": False, "data": False}
    recommendation(house.twg, meeting=met, edition=edition, ground="data")  # a draft is not issued
    recommendation(house.twg, meeting=m.meeting(house), edition=edition, ground="data", state="issued")  # not there
    recommendation(house.twg, meeting=met, ground="data", state="issued")  # of no edition
    assert selectors.issued_at(edition) == {"policy": False, "data": False}
    recommendation(house.twg, meeting=met, edition=edition, ground="data", state="issued")
    assert selectors.issued_at(edition) == {"policy": False, "data": True}


def test_s31_the_gate_tells_nobody_of_what_a_closed_workshop_issued(house: m.House) -> None:
    edition = f.edition(house.twg)
    shut = workshop(house, edition=edition, closed=True, closed_reason="Sovereignty")
    recommendation(house.twg, meeting=shut, edition=edition, ground="policy", state="issued")
    assert selectors.issued_at(edition)["policy"]
    assert selectors.issued_at(edition, house.director)["policy"]
    assert not selectors.issued_at(edition, house.activist)["policy"]
