"""Ballots and themes through the API: what pages can do, programs can do, under the same rights (S16, S34)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests import factories as f
from tests.api.calls import Caller, problem
from workflow.ballots import services
from workflow.ballots.models import Ballot, Elector, Theme, Vote

from . import voting as v

pytestmark = pytest.mark.django_db

LATER = "2031-01-01T12:00:00Z"


def of(house: v.House, ballot: Ballot, number: int = 0) -> str:
    return house.institutions[number].code


def saying(house: v.House, choice: str = "endorse", **more: Any) -> dict[str, Any]:
    return {"institution": house.institutions[0].code, "choice": choice, "number": 0, **more}


# -- prepared and opened ----------------------------------------------------------------------------------


def test_a_ballot_is_prepared_changed_and_opened() -> None:
    house = v.house(2)
    draft = v.draft_of(f.edition(house.twg, stage="endorsement"))
    api = Caller(house.secretariat)
    body = {"twg": house.twg.code, "draft": draft.pk, "question": "Do we endorse it?", "deadline": LATER,
            "quorum_institutions": [house.institutions[1].code]}  # fmt: skip
    made = api.post("ballots/", body)
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["state"], told["about_kind"], told["rule"]) == ("draft", "edition", "simple_majority")
    assert [i["code"] for i in told["quorum_institutions"]] == [house.institutions[1].code]
    path = f"ballots/{told['id']}"
    changed = api.patch(f"{path}/", {"question": "Does the TWG endorse it?", "version": told["version"]})
    assert changed.json()["question"] == "Does the TWG endorse it?"
    problem(api.patch(f"{path}/", {"question": "Stale", "version": told["version"]}), 409, "conflict")
    assert api.act(path, "open_ballot").status_code == 200
    opened = api.get(f"{path}/").json()
    assert (opened["state"], opened["text_sha256"], opened["entitled"]) == ("open", draft.sha256, 2)


def test_what_is_wrong_with_a_ballot_is_said_at_its_field() -> None:
    house = v.house(2)
    api = Caller(house.secretariat)
    body = {"twg": house.twg.code, "question": "", "deadline": "soon", "quorum_percent": 101, "rule": "by force"}
    wrong = problem(api.post("ballots/", body), 422, "incomplete")["errors"]
    assert {"question", "deadline", "quorum_percent", "rule"} <= set(wrong)
    assert not Ballot.objects.exists()


def test_only_those_who_run_the_twg_prepare_and_others_do_not_even_find_it() -> None:
    house = v.house(2)
    body = {"twg": house.twg.code, "question": "Do we?", "deadline": LATER}
    problem(Caller(house.members[0]).post("ballots/", body), 403, "not-permitted")
    assert Caller(f.person()).post("ballots/", body).status_code == 422, "there is no such TWG for them"
    ballot = v.ballot(house)
    problem(Caller(f.person()).get(f"ballots/{ballot.pk}/"), 404, "not-found")


def test_the_list_is_filtered_and_shows_what_the_reader_may_know() -> None:
    house, elsewhere = v.house(2), v.house(2)
    ballot = v.opened(house)
    v.opened(elsewhere)
    api = Caller(house.members[0])
    assert [b["id"] for b in api.get("ballots/").json()["results"]] == [ballot.pk]
    assert api.get("ballots/", {"state": "closed"}).json()["count"] == 0
    assert api.get("ballots/", {"twg": house.twg.code, "state": "open"}).json()["count"] == 1


# -- voting -----------------------------------------------------------------------------------------------


def test_a_vote_is_cast_and_changed_and_each_has_its_receipt() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    api = Caller(house.members[0])
    first = api.post(f"ballots/{ballot.pk}/votes/", saying(house))
    assert first.status_code == 201, first.content
    assert len(first.json()["receipt"]) == 64
    again = saying(house, "object", words="On reflection.", number=1)
    assert api.post(f"ballots/{ballot.pk}/votes/", again).json()["number"] == 2
    told = api.get(f"ballots/{ballot.pk}/").json()
    assert (told["voted"], told["roll"][0]["vote"]["words"]) == (1, "On reflection.")
    assert {vote.way for vote in Vote.objects.all()} == {"api"}


def test_a_program_that_has_not_seen_the_last_vote_is_refused() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    services.cast(ballot, house.institutions[0].pk, v.FOR, actor=house.members[0])
    refused = problem(Caller(house.members[0]).post(f"ballots/{ballot.pk}/votes/", saying(house)), 409, "conflict")
    assert "cast meanwhile" in refused["detail"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"choice": "object"}, "words"),
        ({"choice": "yes"}, "choice"),
        ({"choice": "ranked", "ranking": [1]}, "choice"),
        ({"ranking": ["first"]}, "ranking.0"),
        ({"number": -1}, "number"),
        ({"institution": "nowhere"}, "institution"),
        ({"words": "x" * 8001}, "words"),
    ],
)
def test_a_vote_that_lacks_something_is_refused_on_its_field(more: dict[str, Any], field: str) -> None:
    house = v.house(2)
    ballot = v.opened(house)
    refused = problem(
        Caller(house.members[0]).post(f"ballots/{ballot.pk}/votes/", saying(house) | more), 422, "incomplete"
    )
    assert field in refused["errors"]
    assert not Vote.objects.exists()


def test_a_token_votes_for_its_own_institution_alone_and_a_reading_one_for_none() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    for somebody in (house.members[1], house.secretariat, f.administrator()):
        answer = Caller(somebody).post(f"ballots/{ballot.pk}/votes/", saying(house))
        assert answer.status_code in (403, 404)
    assert Caller(house.members[0], "read").post(f"ballots/{ballot.pk}/votes/", saying(house)).status_code == 403
    assert Caller(None).post(f"ballots/{ballot.pk}/votes/", saying(house)).status_code == 401
    assert not Vote.objects.exists()


def test_a_ranking_is_cast_with_the_options_numbers() -> None:
    house = v.house(2)
    options = [{"titles": {"en": name}} for name in ("Remittances", "Return", "Brain drain")]
    ballot = v.opened(house, form="ranking", options=options, winners=1)
    path = f"ballots/{ballot.pk}/votes/"
    api = Caller(house.members[0])
    for wrong in ([], [1, 1], [4]):
        problem(api.post(path, saying(house, "ranked", ranking=wrong)), 422, "incomplete")
    assert api.post(path, saying(house, "ranked", ranking=[3, 1])).status_code == 201
    told = api.get(f"ballots/{ballot.pk}/").json()
    assert told["result"]["ranking"][0] == {"option": 3, "points": 2, "chosen": True}


# -- paper, disputes, taking no part -----------------------------------------------------------------------


def test_a_vote_on_paper_is_recorded_read_and_disputed() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    keeper, member = Caller(house.secretariat), Caller(house.members[0])
    fields = {**saying(house), "way": "paper", "evidence": v.pdf()}
    made = keeper.upload(f"ballots/{ballot.pk}/recorded-votes/", fields)
    assert made.status_code == 201, made.content
    vote = Vote.objects.get()
    file = member.get(f"ballots/{ballot.pk}/evidence/{vote.pk}/")
    assert b"".join(file.streaming_content) == v.SIGNED_PAGE
    reason = {"institution": house.institutions[0].code, "note": "We did not sign that."}
    assert member.post(f"ballots/{ballot.pk}/dispute/", reason).status_code == 200
    assert Elector.objects.get(institution=house.institutions[0]).current is None
    problem(member.post(f"ballots/{ballot.pk}/dispute/", reason), 409, "unmet")


def test_without_evidence_or_by_a_member_nothing_is_recorded() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    path = f"ballots/{ballot.pk}/recorded-votes/"
    wrong = problem(Caller(house.secretariat).upload(path, {**saying(house), "way": "paper"}), 422, "incomplete")
    assert "evidence" in wrong["errors"]
    fields = {**saying(house), "way": "paper", "evidence": v.pdf()}
    problem(Caller(house.members[0]).upload(path, fields), 403, "not-permitted")


def test_an_institution_takes_no_part() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    reason = {"institution": house.institutions[0].code, "note": "It is about us."}
    told = Caller(house.members[0]).post(f"ballots/{ballot.pk}/recuse/", reason).json()
    assert (told["entitled"], told["roll"][0]["recused"]) == (1, True)


# -- time -------------------------------------------------------------------------------------------------


def test_a_deadline_is_extended_with_a_reason_and_a_version() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    api = Caller(house.chair)
    path = f"ballots/{ballot.pk}/extend/"
    problem(api.post(path, {"deadline": LATER, "note": "Holidays."}), 428, "version-required")
    wrong = problem(api.post(path, {"deadline": LATER, "version": ballot.version}), 422, "incomplete")
    assert "note" in wrong["errors"]
    told = api.post(path, {"deadline": LATER, "note": "Holidays.", "version": ballot.version}).json()
    assert told["deadline"] == LATER
    problem(Caller(house.members[0]).post(path, {"deadline": LATER, "note": "x", "version": 1}), 403, "not-permitted")


def test_after_no_quorum_it_is_repeated() -> None:
    house = v.house(4)
    ballot = v.closed(house, v.FOR)
    api = Caller(house.chair)
    made = api.post(f"ballots/{ballot.pk}/repeat/", {"deadline": LATER})
    assert (made.status_code, made.json()["repeats"]) == (201, ballot.pk)
    problem(api.post(f"ballots/{ballot.pk}/repeat/", {"deadline": LATER}), 409, "unmet")


def test_a_late_vote_and_an_early_closing_are_refused(time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    house = v.house(2)
    ballot = v.opened(house)
    keeper, member = Caller(house.chair), Caller(house.members[0])
    problem(keeper.act(f"ballots/{ballot.pk}", "close"), 409, "unmet")
    time_machine_at((timezone.now() + timedelta(days=11)).isoformat())
    problem(member.post(f"ballots/{ballot.pk}/votes/", saying(house)), 409, "unmet")
    assert keeper.act(f"ballots/{ballot.pk}", "close").status_code == 200
    assert keeper.get(f"ballots/{ballot.pk}/").json()["result"]["outcome"] == "no_quorum"


# -- themes -----------------------------------------------------------------------------------------------


def test_themes_are_proposed_changed_ranked_and_chosen() -> None:
    house = v.house(3, early_closing=True)
    titles = ("Remittances", "Return", "Brain drain")
    for member, title in zip(house.members, titles, strict=True):
        made = Caller(member).post("themes/", {"twg": house.twg.code, "titles": {"en": title}})
        assert made.status_code == 201, made.content
        assert made.json()["institution"]["name"] == f"Ministry {house.members.index(member)}"
    first = Theme.objects.earliest("pk")
    body = {"titles": {"en": "Remittances and savings"}, "version": first.version}
    assert Caller(house.members[0]).patch(f"themes/{first.pk}/", body).json()["titles"] == body["titles"]
    problem(Caller(house.members[1]).patch(f"themes/{first.pk}/", body), 403, "not-permitted")
    keeper = Caller(house.secretariat)
    asked = {"twg": house.twg.code, "themes": [t.pk for t in Theme.objects.all()], "winners": 1, "deadline": LATER,
             "question": "Which one comes first?"}  # fmt: skip
    made = keeper.post("themes/ballot/", asked)
    assert made.status_code == 201, made.content
    path = f"ballots/{made.json()['id']}"
    changed = {"themes": [t.pk for t in Theme.objects.all()][:2], "version": made.json()["version"]}
    assert len(keeper.patch(f"{path}/", changed).json()["options"]) == 2
    keeper.act(path, "open_ballot")
    for number, member in enumerate(house.members):
        vote = {"institution": house.institutions[number].code, "choice": "ranked", "ranking": [2, 1], "number": 0}
        assert Caller(member).post(f"{path}/votes/", vote).status_code == 201
    [chosen] = Caller(house.members[0]).get("themes/", {"state": "chosen"}).json()["results"]
    assert (chosen["titles"], chosen["chosen_in"]) == ({"en": "Return"}, made.json()["id"])


def test_a_theme_is_merged_and_withdrawn_by_its_actions() -> None:
    house = v.house(2)
    keeper = Caller(house.secretariat)
    ids = [keeper.post("themes/", {"twg": house.twg.code, "titles": {"en": n}}).json()["id"] for n in ("One", "Two")]
    merged = keeper.act(f"themes/{ids[0]}", "merge", into=ids[1])
    assert merged.json()["subject"]["merged_into"] == ids[1]
    assert keeper.act(f"themes/{ids[1]}", "withdraw", note="Not now.").status_code == 200
    assert keeper.get(f"themes/{ids[1]}/").json()["state"] == "withdrawn"
