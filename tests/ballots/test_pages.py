"""Pages of ballots, as each kind of person finds them (S08, S16, S44)."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from tests import factories as f
from tests.comments import making as comments
from tests.groups.reading import browser, questions
from workflow.ballots import preparing, services
from workflow.ballots.models import Ballot, Elector, Vote
from workflow.engine import inbox
from workflow.groups import services as groups

from . import voting as v

pytestmark = pytest.mark.django_db

MANY = 12


def details(draft: Any, **more: Any) -> dict[str, Any]:
    text = draft.text
    return {
        "about": f"{text.subject_kind}:{text.subject_id}:{draft.pk}", "question": "Do we endorse it?",
        "explanation": "Part C was rewritten.", "deadline": "2030-03-30T18:00", "rule": "two_thirds",
        "quorum_percent": "60", "secrecy": "hidden", "reminder_days": ["1", "3"], **more,
    }  # fmt: skip


# -- prepared by the secretariat --------------------------------------------------------------------------


def test_the_secretariat_prepares_a_ballot_on_the_last_draft_and_opens_it() -> None:
    house = v.house(3)
    draft = v.draft_of(f.edition(house.twg, stage="endorsement"))
    offered = v.page(house.secretariat, "ballot-new", house.twg.code)
    assert "Draft 1, for the ballot" in offered
    assert 'value="50"' in offered, "the quorum that the terms of reference name"
    answer = v.send(house.secretariat, "ballot-new", house.twg.code, **details(draft))
    assert "Prepared. Open it when it is right." in answer.text
    ballot = Ballot.objects.get()
    assert (ballot.question, ballot.rule, ballot.quorum_percent) == ("Do we endorse it?", "two_thirds", 60)
    assert (ballot.secrecy, ballot.reminder_days, ballot.draft) == ("hidden", [1, 3], draft)
    assert (
        v.send(house.secretariat, "act", "ballot", ballot.pk, "open_ballot", version=ballot.version).status_code == 200
    )
    ballot.refresh_from_db()
    assert (ballot.state, ballot.text_sha256) == ("open", draft.sha256)


def test_what_is_wrong_with_it_is_said_at_its_field_and_nothing_typed_is_lost() -> None:
    house = v.house(2)
    draft = v.draft_of(f.edition(house.twg, stage="endorsement"))
    wrong = details(draft, quorum_percent="0", deadline="tomorrow", rule="by force")
    answer = browser(house.chair).post(reverse("ballot-new", args=[house.twg.code]), wrong)
    assert answer.status_code == 422
    for told in ("Part C was rewritten.", 'href="#id_quorum_percent"', 'href="#id_deadline"', 'href="#id_rule"'):
        assert told in answer.text
    assert not Ballot.objects.exists()


def test_without_a_draft_the_form_says_what_to_do_first() -> None:
    house = v.house(2)
    assert "take one of the text first" in v.page(house.chair, "ballot-new", house.twg.code)


def test_a_ballot_in_preparation_is_changed_and_an_open_one_is_not() -> None:
    house = v.house(2)
    ballot = v.ballot(house)
    v.page(house.secretariat, "ballot-edit", ballot.pk)
    fields = details(ballot.draft, question="Does the TWG endorse Draft 1?", version=ballot.version)
    answer = v.send(house.secretariat, "ballot-edit", ballot.pk, **fields)
    assert "Does the TWG endorse Draft 1?" in answer.text
    stale = browser(house.chair).post(reverse("ballot-edit", args=[ballot.pk]), fields)
    assert stale.status_code == 409, "the chair had the page from before"
    opened = v.opened(house)
    assert browser(house.chair).get(reverse("ballot-edit", args=[opened.pk])).status_code == 409


@pytest.mark.parametrize("name", ["ballot-edit", "ballot-extend", "ballot-repeat", "vote-record"])
def test_only_those_who_run_the_twg_reach_what_runs_a_ballot(name: str) -> None:
    house = v.house(2)
    ballot = v.opened(house)
    assert browser(house.members[0]).get(reverse(name, args=[ballot.pk])).status_code == 403
    assert browser(f.person()).get(reverse(name, args=[ballot.pk])).status_code == 404
    assert browser(None).get(reverse(name, args=[ballot.pk])).status_code == 302


def test_a_ballot_in_preparation_is_not_for_observers() -> None:
    house = v.house(2)
    observer = f.seat(house.twg, "observer", institution=f.institution(category="civil_society"))
    ballot = v.ballot(house)
    v.page(observer, "ballot", ballot.pk, status=404)
    assert ballot.question not in v.page(observer, "ballots", house.twg.code)
    assert ballot.question in v.page(house.members[0], "ballots", house.twg.code)


def test_a_draft_ballot_says_when_its_text_has_moved_on() -> None:
    house = v.house(2)
    ballot = v.ballot(house)
    assert ballot.draft is not None
    v.again(ballot.draft)
    assert "A later draft has been taken" in v.page(house.chair, "ballot", ballot.pk)


# -- voting -----------------------------------------------------------------------------------------------


def test_a_member_votes_on_one_page_and_gets_a_receipt() -> None:
    house = v.house(3)
    ballot = v.opened(house)
    institution = house.institutions[0].pk
    member = house.members[0]
    offered = v.page(member, "vote", ballot.pk, institution)
    for told in (ballot.question, "You vote for Ministry 0", ballot.text_sha256, "Draft 1, for the ballot", "Abstain"):
        assert told in offered
    answer = v.send(member, "vote", ballot.pk, institution, choice="reserve", words="Name the ministry.", number="0")
    vote = Vote.objects.get()
    assert vote.receipt in answer.text
    assert "Endorse with reservations" in answer.text
    assert "Change the vote" in answer.text


def test_the_page_shows_the_vote_that_stands_and_changes_it() -> None:
    house = v.house(3)
    ballot = v.opened(house)
    institution, member = house.institutions[0].pk, house.members[0]
    services.cast(ballot, institution, v.RESERVED, actor=member)
    again = v.page(member, "vote", ballot.pk, institution)
    assert v.RESERVED.words in again
    v.send(member, "vote", ballot.pk, institution, choice="endorse", words="", number="1")
    assert Elector.objects.get(institution=institution).current.choice == "endorse"  # type: ignore[union-attr]


def test_an_objection_without_a_reason_keeps_the_choice_and_asks_for_the_reason() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    address = reverse("vote", args=[ballot.pk, house.institutions[0].pk])
    answer = browser(house.members[0]).post(address, {"choice": "object", "words": " ", "number": "0"})
    assert answer.status_code == 422
    assert "Give the reason for the objection." in answer.text
    assert not Vote.objects.exists()


def test_a_second_tab_is_told_that_the_institution_has_voted_meanwhile() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    services.cast(ballot, house.institutions[0].pk, v.FOR, actor=house.members[0])
    address = reverse("vote", args=[ballot.pk, house.institutions[0].pk])
    fields = {"choice": "object", "words": "We can't agree.", "number": "0"}
    answer = browser(house.members[0]).post(address, fields)
    assert answer.status_code == 409
    assert "A vote of your institution was cast meanwhile." in answer.text
    assert "We can&#x27;t agree." in answer.text, "what was typed is given back"


def test_nobody_finds_the_voting_page_of_another_institution() -> None:
    house = v.house(3)
    ballot = v.opened(house)
    address = reverse("vote", args=[ballot.pk, house.institutions[0].pk])
    for somebody in (house.members[1], house.secretariat, house.chair, f.administrator(), f.person()):
        assert browser(somebody).get(address).status_code == 404
        assert browser(somebody).post(address, {"choice": "endorse", "number": "0"}).status_code == 404
    assert not Vote.objects.exists()


def test_an_edited_form_can_name_no_other_institution_and_no_made_up_choice() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    address = reverse("vote", args=[ballot.pk, house.institutions[0].pk])
    forged = {"choice": "endorse", "number": "0", "institution": house.institutions[1].pk, "way": "paper", "by": "1"}
    browser(house.members[0]).post(address, forged)
    vote = Vote.objects.get()
    assert (vote.elector.institution, vote.way, vote.by) == (house.institutions[0], "page", house.members[0])
    for fields in ({"choice": "ranked"}, {"choice": "yes"}, {"number": "-1"}, {"number": "x"}):
        sent = {"choice": "endorse", "number": "1", **fields}
        assert browser(house.members[0]).post(address, sent).status_code in (409, 422)
    assert Vote.objects.count() == 1


def test_late_votes_are_refused_on_the_page(time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    house = v.house(2)
    ballot = v.opened(house)
    time_machine_at("2009-04-12 09:00:00Z")
    address = reverse("vote", args=[ballot.pk, house.institutions[0].pk])
    assert "Voting is over." in browser(house.members[0]).get(address).text
    answer = browser(house.members[0]).post(address, {"choice": "endorse", "number": "0"})
    assert answer.status_code == 409
    assert not Vote.objects.exists()


def test_the_voting_page_shows_what_changed_and_what_the_institution_still_waits_for() -> None:
    house = v.house(2)
    edition = f.edition(house.twg, stage="comment")
    round_ = comments.opened(house.twg, v.draft_of(edition))
    comments.comment(round_, house.members[0], "The figure of Part A is ours to give.")
    comments.comment(round_, house.members[1], "Another ministry's concern.")
    comments.closed(round_)
    ballot = v.opened(house, about_kind="edition", about_id=edition.pk, draft=v.again(round_.draft))
    shown = v.page(house.members[0], "vote", ballot.pk, house.institutions[0].pk)
    assert "The figure of Part A is ours to give." in shown
    assert "Another ministry&#x27;s concern." not in shown
    assert "What changed since draft 1" in shown
    assert reverse("draft-compare", args=[ballot.draft_id]) in shown


def test_an_alternate_sees_why_the_vote_is_not_theirs_any_more() -> None:
    house = v.house(2)
    alternate = f.seat(house.twg, "alternate", institution=house.institutions[0])
    ballot = v.opened(house)
    services.cast(ballot, house.institutions[0].pk, v.FOR, actor=house.members[0])
    assert "an alternate votes when the member has not" in v.page(
        alternate, "vote", ballot.pk, house.institutions[0].pk
    )


# -- taking no part, paper, disputes ----------------------------------------------------------------------


def test_an_institution_takes_no_part_and_says_why() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    v.page(house.members[0], "vote-recuse", ballot.pk, house.institutions[0].pk)
    answer = v.send(house.members[0], "vote-recuse", ballot.pk, house.institutions[0].pk, note="It is about us.")
    assert "Your institution takes no part in this ballot." in answer.text
    assert "takes no part" in v.page(house.members[1], "ballot", ballot.pk)
    assert "0 of 1 have voted" in v.page(house.members[1], "ballot", ballot.pk)


def test_an_alternate_does_not_take_the_institution_out_while_a_member_sits() -> None:
    house = v.house(2)
    alternate = f.seat(house.twg, "alternate", institution=house.institutions[0])
    ballot = v.opened(house)
    answer = v.send(alternate, "vote-recuse", ballot.pk, house.institutions[0].pk, note="I prefer it.")
    assert answer.status_code == 403
    assert Elector.objects.get(institution=house.institutions[0]).recused_at is None


def test_a_vote_on_paper_is_written_down_marked_and_disputed() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    offered = v.page(house.secretariat, "vote-record", ballot.pk)
    assert "Ministry 0" in offered
    fields = {"institution": house.institutions[0].pk, "way": "paper", "choice": "endorse", "words": ""}
    answer = v.send(house.secretariat, "vote-record", ballot.pk, **fields, evidence=v.pdf())
    assert "Recorded. The institution is told and can dispute it" in answer.text
    assert "on paper" in v.page(house.members[1], "ballot", ballot.pk)
    vote = Vote.objects.get()
    file = browser(house.members[0]).get(reverse("vote-evidence", args=[ballot.pk, vote.pk]))
    assert b"".join(file.streaming_content) == v.SIGNED_PAGE  # type: ignore[attr-defined]
    v.page(house.members[0], "vote-dispute", ballot.pk, house.institutions[0].pk)
    answer = v.send(house.members[0], "vote-dispute", ballot.pk, house.institutions[0].pk, note="Not signed by us.")
    assert "The recorded vote counts no more." in answer.text
    assert Elector.objects.get(institution=house.institutions[0]).current is None


def test_paper_without_its_evidence_is_not_written_down() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    fields = {"institution": house.institutions[0].pk, "way": "room", "choice": "endorse"}
    address = reverse("vote-record", args=[ballot.pk])
    for evidence in ({}, {"evidence": _program()}):
        answer = browser(house.secretariat).post(address, {**fields, **evidence})
        assert answer.status_code == 422, evidence
        assert 'href="#id_evidence"' in answer.text
    assert not Vote.objects.exists()


def _program() -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("vote.pdf", b"MZ\x90\x00 a program")


# -- time: extended, repeated, cancelled -------------------------------------------------------------------


def test_a_deadline_is_extended_with_a_reason_that_all_read() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    v.page(house.chair, "ballot-extend", ballot.pk)
    fields = {"deadline": "2031-01-01T12:00", "note": "Ramadan.", "version": ballot.version}
    assert "The deadline is extended" in v.send(house.chair, "ballot-extend", ballot.pk, **fields).text
    assert "Ramadan." in v.page(house.members[0], "ballot", ballot.pk)
    earlier = {**fields, "deadline": "2030-01-01T12:00", "version": ballot.version + 1}
    refused = browser(house.chair).post(reverse("ballot-extend", args=[ballot.pk]), earlier)
    assert refused.status_code == 422


def test_after_no_quorum_the_page_offers_a_second_ballot() -> None:
    house = v.house(4)
    ballot = v.closed(house, v.FOR)
    assert reverse("ballot-repeat", args=[ballot.pk]) in v.page(house.chair, "ballot", ballot.pk)
    assert reverse("ballot-repeat", args=[ballot.pk]) not in v.page(house.members[0], "ballot", ballot.pk)
    v.page(house.chair, "ballot-repeat", ballot.pk)
    answer = v.send(house.chair, "ballot-repeat", ballot.pk, deadline="2031-01-01T12:00")
    assert "Repeats" in answer.text
    second = Ballot.objects.exclude(pk=ballot.pk).get()
    assert (second.repeats, second.draft) == (ballot, ballot.draft)


def test_a_cancelled_ballot_says_why_and_decides_nothing() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    v.send(house.chair, "act", "ballot", ballot.pk, "cancel", version=ballot.version, note="The wrong draft.")
    shown = v.page(house.members[0], "ballot", ballot.pk)
    assert "The wrong draft." in shown
    ballot.refresh_from_db()
    assert (ballot.state, ballot.decided, ballot.about.stage) == ("cancelled", "", "endorsement")


def test_the_closed_ballot_says_in_a_sentence_how_it_came_out_and_who_voted_how() -> None:
    house = v.house(4)
    ballot = v.closed(house, v.FOR, v.RESERVED, v.AGAINST)
    shown = v.page(house.chair, "ballot", ballot.pk)
    for told in ("2 for and 1 against: a majority of the votes cast.", v.RESERVED.words, v.AGAINST.words, "Endorsed",
                 "3 of 4 have voted", reverse("ballot-record-pdf", args=[ballot.pk])):  # fmt: skip
        assert told in shown


def test_an_institution_that_leaves_stays_on_the_roll_and_is_marked() -> None:
    house = v.house(3)
    ballot = v.opened(house)
    services.cast(ballot, house.institutions[0].pk, v.FOR, actor=house.members[0])
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    groups.end_seat(f.seat_of(house.members[0]), until=yesterday, actor=None, note="A new ministry.")
    shown = v.page(house.chair, "ballot", ballot.pk)
    assert "has left" in shown
    assert "1 of 3 have voted" in shown
    assert browser(house.members[0]).get(reverse("ballot", args=[ballot.pk])).status_code == 404


# -- found from elsewhere ----------------------------------------------------------------------------------


def test_a_vote_waits_on_the_home_page_until_it_is_cast() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    item = next(i for i in inbox.of(house.members[0]).waiting if i.title == ballot.question)
    assert item.url == reverse("vote", args=[ballot.pk, house.institutions[0].pk])
    services.cast(ballot, house.institutions[0].pk, v.FOR, actor=house.members[0])
    assert ballot.question not in [i.title for i in inbox.of(house.members[0]).waiting]
    assert ballot.question in [i.title for i in inbox.of(house.members[1]).waiting]
    assert any(ballot.question in str(i.title) for i in inbox.of(house.secretariat).coming)


def test_ballots_stand_on_the_pages_of_the_twg_and_of_what_they_are_about() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    address = reverse("ballot", args=[ballot.pk])
    assert address in v.page(house.members[0], "twg", house.twg.code)
    assert address in v.page(house.members[0], "edition", ballot.about_id)
    assert ballot.question in v.page(house.members[0], "search", q="endorse the draft")
    assert address not in v.page(f.monitor(f.project()), "search", q="endorse the draft")


def test_the_list_asks_the_same_number_of_questions_however_long_it_is() -> None:
    house = v.house(2)
    v.opened(house)
    client, address = browser(house.chair), reverse("ballots", args=[house.twg.code])
    few = questions(client, address)
    for _number in range(MANY):
        v.opened(house)
    assert questions(client, address) == few
    assert few < 8


def test_a_ballots_page_asks_the_same_number_of_questions_however_many_vote() -> None:
    counts = []
    for size in (2, MANY):
        house = v.house(size)
        ballot = v.opened(house)
        v.everybody(house, ballot, v.FOR)
        counts.append(questions(browser(house.members[0]), reverse("ballot", args=[ballot.pk])))
    assert counts[0] == counts[1]


def test_a_second_ballot_is_prepared_only_once() -> None:
    house = v.house(4)
    ballot = v.closed(house, v.FOR)
    preparing.repeat(ballot, timezone.now() + timedelta(days=7), actor=house.chair)
    assert reverse("ballot-repeat", args=[ballot.pk]) not in v.page(house.chair, "ballot", ballot.pk)
    answer = browser(house.chair).post(reverse("ballot-repeat", args=[ballot.pk]), {"deadline": "2031-01-01T12:00"})
    assert answer.status_code == 409


# -- history ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("In preparation to Open", "Endorse 1 · With reservations 1 · Object 1", "Terms of reference, version 1",
                "Categories that must take part Government", "Electorate Ministry 0, Ministry 1, Ministry 2")),
        ("fr", ("En préparation vers Ouvert", "Valider 1 · Avec réserves 1 · S’opposer 1", "Gouvernement")),
        ("pt", ("Em preparação para Aberta", "Validar 1 · Com reservas 1 · Objetar 1", "Governo")),
    ],
)  # fmt: skip
def test_the_history_says_what_was_fixed_and_what_was_counted(language: str, told: tuple[str, ...]) -> None:
    house = v.house(3)
    ballot = v.closed(house, v.FOR, v.RESERVED, v.AGAINST, quorum_categories=["government"])
    reader = browser(house.chair)
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = reader.get(reverse("history", args=["ballot", ballot.pk])).text
    shown = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    for words in told:
        assert words in shown, words
    assert f"{ballot.deadline:%Y-%m-%dT}" not in shown, "times are said as the reader says them"


def test_the_history_of_a_ranking_names_its_options() -> None:
    house = v.house(2)
    titles = [{"titles": {"en": title}} for title in ("Brain drain", "Remittances")]
    ballot = v.ballot(house, form="ranking", options=titles)
    v.open_it(house, ballot)
    assert "1. Brain drain; 2. Remittances" in v.page(house.chair, "history", "ballot", ballot.pk)
    services.cast(ballot, house.institutions[0].pk, services.Said("ranked", ranking=(1,)), actor=house.members[0])
    services.cast(ballot, house.institutions[1].pk, services.Said("ranked", ranking=(2,)), actor=house.members[1])
    Ballot.objects.filter(pk=ballot.pk).update(winners=1)
    v.close_it(ballot)
    history = v.page(house.chair, "history", "ballot", ballot.pk)
    assert "Ranked 2 · Abstain 0" in history
    assert "simple majority" not in history, "no rule that did not count"
    shown = v.page(house.chair, "ballot", ballot.pk)
    assert "Decided by the rule for ties: Brain drain, Remittances." in shown
    assert "modified Borda count (P. Emerson" in shown
