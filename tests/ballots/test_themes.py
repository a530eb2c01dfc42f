"""Research themes: proposed by members, merged, ranked, three chosen (S34)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from tests import factories as f
from tests.groups.reading import browser, questions
from workflow.ballots import preparing, proposing, record, services
from workflow.ballots.flow import BallotFlow
from workflow.ballots.models import Ballot, Theme, Vote
from workflow.ballots.services import Said
from workflow.ballots.theme_flow import ThemeFlow
from workflow.engine import history, records
from workflow.engine import services as engine
from workflow.engine.errors import Incomplete, NotPermitted, Unmet
from workflow.groups import services as groups
from workflow.groups.models import CategoryRule, Person

from . import voting as v

pytestmark = pytest.mark.django_db

TITLES = ("Remittances", "Return from Libya", "Brain drain in health", "Child migration", "Diaspora savings")


def proposed(house: v.House, title: str = TITLES[0], by: Person | None = None, **more: Any) -> Theme:
    return proposing.propose_theme(house.twg, {"titles": {"en": title}, **more}, actor=by or house.members[0])


def five(house: v.House) -> list[Theme]:
    return [proposed(house, title, house.members[n % len(house.members)]) for n, title in enumerate(TITLES)]


def asked(house: v.House, themes: list[Theme], **more: Any) -> Ballot:
    fields = {"question": "Which themes come first?", "deadline": timezone.now() + timezone.timedelta(days=9), **more}
    return proposing.ask_about_themes(house.twg, fields, themes, actor=house.secretariat)


def merge(theme: Theme, into: Theme, by: Person) -> None:
    engine.perform(ThemeFlow(theme), "merge", actor=by, data={"into": into.pk})


# -- proposed ---------------------------------------------------------------------------------------------


def test_a_member_proposes_for_their_institution_and_can_name_no_other() -> None:
    house = v.house(2)
    theme = proposed(house, institution=house.institutions[1])
    assert (theme.institution, theme.state) == (house.institutions[0], "proposed")


def test_those_who_run_the_twg_write_down_whose_proposal_it_was() -> None:
    house = v.house(2)
    assert proposed(house, by=house.secretariat, institution=house.institutions[1]).institution == house.institutions[1]
    assert proposed(house, by=house.chair).institution is None


@pytest.mark.parametrize("role", ["consultant", "observer"])
def test_consultants_and_observers_propose_nothing(role: str) -> None:
    house = v.house(1)
    with pytest.raises(NotPermitted):
        proposed(house, by=f.seat(house.twg, role))


def test_a_member_of_a_category_that_only_observes_proposes_nothing() -> None:
    house = v.house(1)
    CategoryRule.objects.filter(terms__twg=house.twg, category="civil_society").update(modality="observer", votes=False)
    society = f.institution("Women's league", category="civil_society")
    with pytest.raises(NotPermitted):
        proposed(house, by=f.seat(house.twg, "member", institution=society))


def test_a_theme_is_of_an_institution_for_which_its_proposer_is_a_member() -> None:
    society = f.institution("Women's league", category="civil_society")
    house = v.house(1)
    CategoryRule.objects.filter(terms__twg=house.twg, category="civil_society").update(modality="observer", votes=False)
    member = house.members[0]
    groups.give_seat(house.twg, member, {"role": "alternate", "institution": society}, actor=None)
    assert proposed(house, by=member).institution == house.institutions[0]


def test_a_theme_without_a_title_is_refused_on_its_field() -> None:
    house = v.house(1)
    with pytest.raises(ValidationError) as refusal:
        proposing.propose_theme(house.twg, {"titles": {}}, actor=house.members[0])
    assert "titles" in refusal.value.message_dict


def test_the_proposer_changes_and_withdraws_it_and_another_ministry_does_not() -> None:
    house = v.house(2)
    theme = proposed(house)
    proposing.change_theme(theme, {"titles": {"en": "Remittances and savings"}}, actor=house.members[0])
    assert Theme.objects.get().title == "Remittances and savings"
    with pytest.raises(NotPermitted):
        proposing.change_theme(theme, {"titles": {"en": "x"}}, actor=house.members[1])
    with pytest.raises(NotPermitted):
        engine.perform(ThemeFlow(theme), "withdraw", actor=house.members[1], note="No.")
    engine.perform(ThemeFlow(theme), "withdraw", actor=house.members[0], note="Another study covers it.")
    assert theme.state == "withdrawn"


def test_two_themes_are_merged_into_one_that_stands_for_both() -> None:
    house = v.house(2)
    one, other = proposed(house, "Remittances"), proposed(house, "Money sent home", house.members[1])
    with pytest.raises(NotPermitted):
        merge(one, other, house.members[0])
    merge(other, one, house.secretariat)
    assert (other.state, other.merged_into) == ("merged", one)
    with pytest.raises(Incomplete):
        merge(one, other, house.secretariat)
    assert "nothing to merge it into" in v.page(house.secretariat, "theme", one.pk)


def test_nobody_presses_a_button_that_chooses() -> None:
    house = v.house(2)
    theme = proposed(house)
    for somebody in (house.chair, house.secretariat, f.administrator()):
        with pytest.raises(NotPermitted, match="This is for a ballot"):
            engine.perform(ThemeFlow(theme), "choose", actor=somebody)


# -- ranked and chosen -------------------------------------------------------------------------------------


def test_three_of_five_are_chosen_by_the_rankings_and_the_others_stay_proposed() -> None:
    house = v.house(3, early_closing=True)
    themes = five(house)
    ballot = asked(house, themes)
    v.open_it(house, ballot)
    v.everybody(house, ballot, Said("ranked", ranking=(3, 1, 2)), Said("ranked", ranking=(3, 5)),
                Said("ranked", ranking=(2, 1, 3, 4)))  # fmt: skip
    ballot.refresh_from_db()
    assert (ballot.state, ballot.decided) == ("closed", "chosen")
    # 3: 3+2+2 = 7; 1: 2+3 = 5; 2: 1+4 = 5, ahead of 1 by a first place; 5: 1, ahead of 4 by a second place.
    assert [place["option"] for place in ballot.result["ranking"]] == [3, 2, 1, 5, 4]
    states = {theme.title: theme.state for theme in Theme.objects.all()}
    assert [states[title] for title in TITLES] == ["chosen", "chosen", "chosen", "proposed", "proposed"]
    chosen = Theme.objects.get(pk=themes[2].pk)
    assert chosen.chosen_in == ballot
    event = history.events_of(chosen).last()
    assert event is not None
    assert (event.name, event.actor, event.note) == ("choose", None, "Ballot “Which themes come first?”: Chosen.")


def test_without_a_quorum_nothing_is_chosen() -> None:
    house = v.house(4)
    ballot = asked(house, five(house))
    v.open_it(house, ballot)
    services.cast(ballot, house.institutions[0].pk, Said("ranked", ranking=(1,)), actor=house.members[0])
    v.close_it(ballot)
    assert ballot.decided == "no_quorum"
    assert not any(place["chosen"] for place in ballot.result["ranking"])
    assert records.problems(record.record_of(ballot)) == []
    assert {theme.state for theme in Theme.objects.all()} == {"proposed"}


def test_at_least_two_themes_of_this_twg_are_asked_about() -> None:
    house, elsewhere = v.house(2), v.house(2)
    mine, theirs = proposed(house), proposed(elsewhere)
    for wrong in ([mine], [mine, theirs]):
        with pytest.raises(ValidationError) as refusal:
            asked(house, wrong)
        assert "themes" in refusal.value.message_dict


def test_a_theme_that_was_merged_or_reads_otherwise_by_now_holds_the_opening_up() -> None:
    house = v.house(2)
    themes = five(house)
    ballot = asked(house, themes)
    merge(themes[1], themes[0], house.chair)
    with pytest.raises(Unmet, match="is not proposed any more"):
        v.open_it(house, ballot)
    proposing.change_question(ballot, {}, [themes[0], themes[2]], actor=house.chair)
    proposing.change_theme(themes[0], {"titles": {"en": "Other words"}}, actor=house.chair)
    with pytest.raises(Unmet, match="reads otherwise by now"):
        v.open_it(house, ballot)


def test_what_is_being_ranked_is_neither_changed_merged_nor_withdrawn() -> None:
    house = v.house(2)
    themes = five(house)
    ballot = asked(house, themes)
    v.open_it(house, ballot)
    with pytest.raises(Unmet):
        proposing.change_theme(themes[0], {"titles": {"en": "x"}}, actor=house.chair)
    for step in ("merge", "withdraw"):
        with pytest.raises(Unmet, match="wait until it has closed"):
            engine.perform(ThemeFlow(themes[0]), step, actor=house.chair, note="x", data={"into": themes[1].pk})
    engine.perform(BallotFlow(ballot), "cancel", actor=house.chair, note="Too early.")
    engine.perform(ThemeFlow(themes[0]), "withdraw", actor=house.chair, note="Now it may.")


def test_one_ranking_of_themes_is_open_at_a_time() -> None:
    house = v.house(2)
    themes = five(house)
    first, second = asked(house, themes[:3]), asked(house, themes[2:])
    v.open_it(house, first)
    with pytest.raises(Unmet, match="open already"):
        v.open_it(house, second)


def test_a_second_ballot_asks_about_the_same_themes() -> None:
    house = v.house(4)
    ballot = asked(house, five(house))
    v.open_it(house, ballot)
    v.close_it(ballot)
    again = preparing.repeat(ballot, timezone.now() + timezone.timedelta(days=9), actor=house.chair)
    assert [str(option) for option in again.options.all()] == list(TITLES)
    v.open_it(house, again)
    assert again.text_sha256 == ballot.text_sha256, "the same options, the same hash"


# -- pages ------------------------------------------------------------------------------------------------


def test_a_member_proposes_on_a_page_and_the_twg_reads_it() -> None:
    house = v.house(2)
    assert "No theme yet" in v.page(house.members[0], "themes", house.twg.code)
    offered = v.page(house.members[0], "theme-new", house.twg.code)
    assert 'name="institution"' not in offered
    answer = v.send(house.members[0], "theme-new", house.twg.code, names_en="Remittances", reasons_en="They matter.")
    assert "Proposed. The TWG&#x27;s members see it." in answer.text
    shown = v.page(house.members[1], "theme", Theme.objects.get().pk)
    for told in ("Remittances", "They matter.", "Ministry 0", "This is for a ballot."):
        assert told in shown
    empty = browser(house.members[0]).post(reverse("theme-new", args=[house.twg.code]), {"names_en": ""})
    assert empty.status_code == 422


def test_the_secretariat_puts_the_themes_to_a_ballot_and_changes_its_question() -> None:
    house = v.house(2)
    themes = five(house)
    offered = v.page(house.secretariat, "themes-ballot", house.twg.code)
    assert offered.count('name="themes"') == len(offered.split('name="themes"')) - 1 == len(TITLES)
    fields = {"question": "Which come first?", "explanation": "", "deadline": "2030-03-30T18:00", "winners": "2",
              "quorum_percent": "50", "secrecy": "roll_call", "themes": [t.pk for t in themes[:3]]}  # fmt: skip
    answer = v.send(house.secretariat, "themes-ballot", house.twg.code, **fields)
    assert "Prepared. Open it when it is right." in answer.text
    ballot = Ballot.objects.get()
    assert (ballot.form, ballot.winners, ballot.about_kind) == ("ranking", 2, "theme")
    v.page(house.secretariat, "ballot-edit", ballot.pk)
    fields |= {"winners": "1", "version": ballot.version, "themes": [t.pk for t in themes]}
    v.send(house.secretariat, "ballot-edit", ballot.pk, **fields)
    ballot.refresh_from_db()
    assert (ballot.winners, ballot.options.count()) == (1, 5)
    too_few = browser(house.secretariat).post(
        reverse("themes-ballot", args=[house.twg.code]), {**fields, "themes": [themes[0].pk]}
    )
    assert too_few.status_code == 422
    assert 'href="#id_themes_0"' in too_few.text


def test_a_member_ranks_on_a_page_and_reads_the_outcome() -> None:
    house = v.house(2, early_closing=True)
    ballot = asked(house, five(house))
    v.open_it(house, ballot)
    address = reverse("vote", args=[ballot.pk, house.institutions[0].pk])
    twice = browser(house.members[0]).post(address, {"option_1": "1", "option_2": "1", "number": "0"})
    assert twice.status_code == 422
    assert "Two options can&#x27;t have the same place." in twice.text
    v.send(house.members[0], "vote", ballot.pk, house.institutions[0].pk, option_2="1", option_4="2", number="0")
    assert "1. Return from Libya; 2. Child migration" in v.page(house.members[0], "ballot", ballot.pk)
    v.send(house.members[1], "vote", ballot.pk, house.institutions[1].pk, abstain="on", number="0")
    ballot.refresh_from_db()
    assert (ballot.decided, ballot.result["abstain"]) == ("chosen", 1)
    assert "Chosen" in v.page(house.members[0], "themes", house.twg.code)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "Rank at least one option, or abstain."),
        ({"option_1": "1", "abstain": "on"}, "Whoever ranks does not abstain"),
    ],
)
def test_nobody_abstains_by_pressing_the_button_too_soon_nor_while_ranking(sent: dict[str, str], told: str) -> None:
    house = v.house(2)
    ballot = asked(house, five(house))
    v.open_it(house, ballot)
    address = reverse("vote", args=[ballot.pk, house.institutions[0].pk])
    answer = browser(house.members[0]).post(address, {**sent, "number": "0"})
    assert (answer.status_code, Vote.objects.count()) == (422, 0)
    assert told in answer.text


def test_a_vote_on_paper_ranks_too() -> None:
    house = v.house(2)
    ballot = asked(house, five(house))
    v.open_it(house, ballot)
    fields = {"institution": house.institutions[0].pk, "way": "room", "option_3": "1"}
    assert "Recorded." in v.send(house.secretariat, "vote-record", ballot.pk, **fields, evidence=v.pdf()).text
    assert "1. Brain drain in health" in v.page(house.chair, "ballot", ballot.pk)


def test_themes_are_for_those_who_read_the_twg_from_the_inside() -> None:
    house = v.house(1)
    theme = proposed(house, "Zyxthemeqv")
    for stranger in (f.person(), f.seat(f.twg("ML"), "member")):
        assert browser(stranger).get(reverse("theme", args=[theme.pk])).status_code == 404
        assert browser(stranger).get(reverse("themes", args=[house.twg.code])).status_code == 404
        assert "Zyxthemeqv</a>" not in v.page(stranger, "search", q="Zyxtheme")
    assert "Zyxthemeqv" in v.page(house.members[0], "search", q="Zyxtheme")


def test_the_list_asks_the_same_number_of_questions_however_long_it_is() -> None:
    house = v.house(2)
    proposed(house)
    client, address = browser(house.members[0]), reverse("themes", args=[house.twg.code])
    few = questions(client, address)
    five(house)
    assert questions(client, address) == few < 8
