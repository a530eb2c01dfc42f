"""Hidden means hidden: until a ballot closes nobody learns how anybody voted, by any path, the secretariat neither."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import get_resolver, reverse

from tests import factories as f
from tests.api.calls import Caller
from tests.groups.reading import browser
from tests.sweeps.addresses import patterns
from workflow.ballots import services
from workflow.ballots.flow import BallotFlow
from workflow.ballots.models import Ballot, Vote, Way
from workflow.engine import services as engine
from workflow.engine.models import Event
from workflow.groups.models import Person

from . import voting as v

pytestmark = pytest.mark.django_db

WORDS = "Zyxreservationqv"
SECRET = services.Said("reserve", WORDS)


@pytest.fixture
def house() -> v.House:
    return v.house(3)


@pytest.fixture
def ballot(house: v.House) -> Ballot:
    """Hidden; Ministry 0 endorses with reservations, Ministry 1 has given an objection on paper."""
    made = v.opened(house, secrecy="hidden", edition=f.edition(house.twg, stage="comment"))
    services.cast(made, house.institutions[0].pk, SECRET, actor=house.members[0])
    said = services.Said("object", f"{WORDS} on paper")
    services.record(made, house.institutions[1].pk, said, actor=house.chair, way=Way.PAPER, evidence=v.pdf())
    return made


def others(house: v.House) -> list[Person]:
    """Who must not learn of the votes: those who run the TWG, members of other ministries, IOM, administrators."""
    monitor = f.project()
    type(house.twg).objects.filter(pk=house.twg.pk).update(project=monitor)
    return [house.secretariat, house.chair, house.members[2], f.monitor(monitor), f.administrator()]


def everything(ballot: Ballot) -> list[str]:
    """Every address that leads to a ballot, its history, its exports, its record, its evidence."""
    votes = Vote.objects.filter(ballot=ballot).values_list("pk", flat=True)
    institutions = [elector.institution_id for elector in ballot.electors.all()]
    found = []
    for route, _pattern in patterns(get_resolver()):
        if "ballots/" not in route and "twgs/<slug:code>/ballots" not in route:
            continue
        base = "/" + route.split("(?P")[0] if "(?P" in route else "/" + route
        base = base.replace("<int:pk>", str(ballot.pk)).replace("<slug:code>", ballot.twg.code)
        found += [
            base.replace("<int:institution>", str(institution)).replace("<int:number>", str(number))
            for institution in (institutions if "<int:institution>" in base else [0])
            for number in (votes if "<int:number>" in base else [0])
        ]
    found += [
        reverse("history", args=["ballot", ballot.pk]),
        *(reverse("history-export", args=["ballot", ballot.pk, form]) for form in ("csv", "json")),
        reverse("home"),
        reverse("twg", args=[ballot.twg.code]),
        reverse("edition", args=[ballot.about_id]),
        reverse("history", args=["edition", ballot.about_id]),
        "/search/?q=reservation",
    ]
    return [path for path in dict.fromkeys(found) if "^" not in path]


def text(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8", "replace")


def test_no_page_and_no_export_tells_of_a_hidden_vote(house: v.House, ballot: Ballot) -> None:
    seen = 0
    for somebody in others(house):
        client = browser(somebody)
        for path in everything(ballot):
            cache.clear()
            answer = client.get(path)
            seen += answer.status_code == 200
            told = text(answer)
            assert WORDS not in told, f"{path} tells {somebody}"
            assert "Endorse with reservations</dt>" not in told, f"{path} counts for {somebody}"
    assert seen > 20


def test_the_api_tells_who_has_voted_and_not_how(house: v.House, ballot: Ballot) -> None:
    for somebody in others(house)[:4]:
        api = Caller(somebody)
        told = api.get(f"ballots/{ballot.pk}/").json()
        assert (told["entitled"], told["voted"], told["result"]) == (3, 2, None)
        assert [mine["vote"] for mine in told["mine"]] in ([], [None])
        assert [row["voted"] for row in told["roll"]] == [True, True, False]
        assert [row["vote"] for row in told["roll"]] == [None, None, None]
        for path in ("", "history/", "actions/", "history/json/", "history/csv/"):
            assert WORDS not in text(api.get(f"ballots/{ballot.pk}/{path}"))
        for vote in Vote.objects.all():
            assert api.get(f"ballots/{ballot.pk}/evidence/{vote.pk}/").status_code == 404
        assert api.get(f"ballots/{ballot.pk}/record/").status_code == 404


def test_the_institution_itself_reads_what_is_recorded_for_it(house: v.House, ballot: Ballot) -> None:
    assert WORDS in v.page(house.members[0], "ballot", ballot.pk)
    [mine] = Caller(house.members[0]).get(f"ballots/{ballot.pk}/").json()["mine"]
    assert (mine["vote"]["choice"], mine["votes"], mine["waits"]) == ("reserve", 1, False)
    assert "on paper" in v.page(house.members[1], "ballot", ballot.pk)


def test_history_holds_the_receipt_and_nothing_from_which_the_vote_could_be_guessed(
    house: v.House, ballot: Ballot
) -> None:
    data = [event.data for event in Event.objects.filter(subject_kind="ballot", name__in=["voted", "recorded"])]
    assert [set(told) for told in data] == [{"elector", "number", "receipt"}] * 2
    same = v.opened(house, secrecy="hidden", edition=f.edition(house.twg, stage="comment"))
    again = services.cast(same, house.institutions[0].pk, SECRET, actor=house.members[0])
    first = Vote.objects.get(ballot=ballot, way="page")
    assert (again.words, again.choice) == (first.words, first.choice)
    assert again.nonce != first.nonce, "or one could try every answer until the receipt fits"


def test_no_log_tells_of_a_hidden_vote(house: v.House, caplog: pytest.LogCaptureFixture) -> None:
    made = v.opened(house, secrecy="hidden")
    with caplog.at_level(logging.DEBUG):
        address = reverse("vote", args=[made.pk, house.institutions[0].pk])
        browser(house.members[0]).post(address, {"choice": "reserve", "words": WORDS, "number": "0"})
        browser(house.members[0]).post(address, {"choice": "object", "words": WORDS, "number": "0"})  # a conflict
        browser(house.members[0]).post(address, {"choice": "made up", "words": WORDS, "number": "1"})
        v.deliver()
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert WORDS not in " ".join(ours)


def test_closing_opens_the_votes_to_members_and_not_to_observers(house: v.House, ballot: Ballot) -> None:
    observer = f.seat(house.twg, "observer", institution=f.institution(category="civil_society"))
    v.close_it(ballot)
    assert WORDS in v.page(house.members[2], "ballot", ballot.pk)
    assert WORDS not in v.page(observer, "ballot", ballot.pk)
    assert browser(observer).get(reverse("ballot-record-json", args=[ballot.pk])).status_code == 404
    told = Caller(observer).get(f"ballots/{ballot.pk}/").json()
    assert told["result"]["outcome"] == "returned"
    assert {row["vote"] for row in told["roll"]} == {None}


def test_the_votes_of_a_cancelled_ballot_stay_hidden_for_ever(house: v.House, ballot: Ballot) -> None:
    engine.perform(BallotFlow(ballot), "cancel", actor=house.chair, note="The wrong draft.")
    for somebody in (house.secretariat, house.members[2]):
        shown = v.page(somebody, "ballot", ballot.pk)
        assert WORDS not in shown
        assert "The votes stay hidden" in shown


def test_a_roll_call_is_open_to_members_while_it_runs_and_never_to_observers(house: v.House) -> None:
    observer = f.seat(house.twg, "observer", institution=f.institution(category="civil_society"))
    made = v.opened(house)
    services.cast(made, house.institutions[0].pk, SECRET, actor=house.members[0])
    assert WORDS in v.page(house.members[2], "ballot", made.pk)
    assert "If it closed now" in v.page(house.members[2], "ballot", made.pk)
    assert WORDS not in v.page(observer, "ballot", made.pk)
