"""What a recommendation has to do with others: similar ones, duplicates, those that take its place (S21)."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from recommendations.register import services
from recommendations.register.models import Recommendation
from tests import factories as f
from tests.groups.reading import browser
from tests.meetings.minutes import making as m
from workflow.engine import history
from workflow.engine.errors import Incomplete, NotPermitted, Unmet

from .making import press, recommendation, workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> m.House:
    return m.house("GH")


def names(of: Recommendation) -> list[str]:
    return [event.name for event in history.events_of(of)]


def test_similar_ones_point_at_each_other_and_both_histories_say_so(house: m.House) -> None:
    one, other = recommendation(house.twg, state="issued"), recommendation(f.twg("ML"), state="issued")
    services.liken(one, other, actor=house.secretariat)
    services.liken(one, other, actor=house.secretariat)  # a second press changes nothing
    assert list(one.similar.all()) == [other]
    assert list(other.similar.all()) == [one]
    assert names(one)[-1] == names(other)[-1] == "likened"
    services.part(one, other, actor=house.secretariat)
    assert not other.similar.exists()
    assert names(one)[-1] == names(other)[-1] == "parted"


def test_who_keeps_another_twg_links_nothing_here(house: m.House) -> None:
    one, other = recommendation(house.twg, state="issued"), recommendation(house.twg, state="issued")
    with pytest.raises(NotPermitted):
        services.liken(one, other, actor=f.seat(f.twg("ML"), "secretariat"))
    with pytest.raises(ValidationError):
        services.liken(one, one, actor=house.secretariat)


def test_s31_an_open_one_never_points_at_one_of_a_closed_session(house: m.House) -> None:
    shut = workshop(house, closed=True, closed_reason="Sovereignty")
    hidden, shown = recommendation(house.twg, meeting=shut, state="issued"), recommendation(house.twg, state="issued")
    for one, other in ((hidden, shown), (shown, hidden)):
        with pytest.raises(ValidationError):
            services.liken(one, other, actor=house.secretariat)
    for step, name in (("supersede", "successor"), ("merge", "twin")):
        with pytest.raises(Incomplete) as refusal:
            press(shown, step, actor=house.secretariat, note="Twice.", **{name: hidden.pk})
        assert name in refusal.value.fields


def test_of_a_duplicate_both_histories_and_its_reports_stay_readable(house: m.House) -> None:
    stays, twin = recommendation(house.twg, state="issued"), recommendation(house.twg, state="accepted")
    press(twin, "report", actor=house.secretariat, percent=15, note="Reported on the twin")
    press(twin, "merge", actor=house.secretariat, twin=stays.pk)
    assert (twin.state, twin.merged, twin.superseded_by) == ("superseded", True, stays)
    page = browser(house.director).get(f"/recommendations/{stays.pk}/").content.decode()
    assert "Reported on the twin" in page
    assert f"/recommendations/{twin.pk}/" in page
    theirs = browser(house.director).get(f"/recommendations/{twin.pk}/").content.decode()
    assert f"/recommendations/{stays.pk}/" in theirs
    assert names(twin)[-3:] == ["accept", "report", "merge"]


def test_two_do_not_give_way_to_each_other(house: m.House) -> None:
    one, other = recommendation(house.twg, state="issued"), recommendation(house.twg, state="issued")
    press(one, "supersede", actor=house.chair, note="Said better.", successor=other.pk)
    with pytest.raises(Incomplete) as refusal:  # what has given way is not offered
        press(other, "supersede", actor=house.chair, note="Said better.", successor=one.pk)
    assert "successor" in refusal.value.fields


def test_nothing_gives_way_to_a_draft_or_to_another_twgs(house: m.House) -> None:
    mine = recommendation(house.twg, state="issued")
    for other in (recommendation(house.twg), recommendation(f.twg("ML"), state="issued"), mine):
        with pytest.raises(Incomplete):
            press(mine, "merge", actor=house.chair, twin=other.pk)


def test_what_was_given_up_is_a_draft_again_and_keeps_its_number(house: m.House) -> None:
    made = recommendation(house.twg, state="issued")
    press(made, "lapse", actor=house.chair, note="Its time has passed.")
    recommendation(house.twg, state="issued")
    press(made, "revive", actor=house.chair, note="It has come back.")
    assert (made.state, made.reference) == ("drafted", "R1")
    press(made, "issue", actor=house.chair)
    assert made.reference == "R1"


def test_only_what_shares_words_is_offered_as_similar_the_nearest_first(house: m.House) -> None:
    mine = recommendation(house.twg, texts={"en": "Build a national migration database"}, state="issued")
    near = recommendation(house.twg, texts={"en": "Keep the national migration database"}, state="issued")
    far = recommendation(house.twg, texts={"en": "Train border police on migration"}, state="issued")
    recommendation(house.twg, texts={"en": "Print posters"}, state="issued")
    page = browser(house.secretariat).get(f"/recommendations/{mine.pk}/similar/").content.decode()
    assert page.index(f'value="{near.pk}"') < page.index(f'value="{far.pk}"')
    assert "posters" not in page


def test_unmet_is_said_when_the_successor_lapses_meanwhile(house: m.House) -> None:
    from recommendations.register import issuing

    one, other = recommendation(house.twg, state="issued"), recommendation(house.twg, state="issued")
    press(other, "lapse", note="Over.")
    with pytest.raises(Unmet):
        issuing.give_way(one, other, merged=False)
