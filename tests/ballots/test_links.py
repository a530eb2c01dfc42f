"""The link in a mail: one press opens the ballot, scanners vote for nobody, and it opens nothing else (S16)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from tests import factories as f
from tests.comments import making as comments
from tests.groups.reading import browser
from workflow.ballots import links, services
from workflow.ballots.models import Elector, Vote
from workflow.engine.models import Event, OutboxRow
from workflow.groups import services as groups
from workflow.groups.models import Person

from . import voting as v

pytestmark = pytest.mark.django_db


def get(path: str, person: Person | None = None, status: int = 200) -> str:
    answer = browser(person).get(path)
    assert answer.status_code == status, answer.content
    return " ".join(answer.text.split())


def vote(path: str, choice: str = "endorse", words: str = "", person: Person | None = None) -> Any:
    return browser(person).post(path, {"choice": choice, "words": words, "number": "0"}, follow=True)


def test_one_press_in_the_mail_opens_the_ballot_and_one_on_the_page_votes() -> None:
    house = v.house(3)
    ballot = v.opened(house)
    path = v.link_of(house, ballot)
    shown = get(path)
    for told in (ballot.question, "You vote for Ministry 0", ballot.text_sha256, "<button"):
        assert told in shown
    answer = vote(path, "object", "Part B is not ours.")
    cast = Vote.objects.get()
    assert (cast.choice, cast.way, cast.by, cast.capacity) == ("object", "link", house.members[0], "member")
    assert cast.receipt in answer.text
    assert "Object" in answer.text


def test_a_scanner_that_follows_every_link_votes_for_nobody_and_leaves_no_trace() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    path = v.link_of(house, ballot)
    before = (Event.objects.count(), OutboxRow.objects.count())
    client = browser(None)
    for _time in range(3):
        for ending in ("", "text/", "changes/", "renew/"):
            for method in (client.get, client.head, client.options):
                assert method(path + ending).status_code in (200, 405, 410)
    assert not Vote.objects.exists()
    assert (Event.objects.count(), OutboxRow.objects.count()) == before
    assert vote(path).status_code == 200, "and the link still votes"
    assert Vote.objects.count() == 1


def test_a_button_pressed_on_another_site_does_not_vote() -> None:
    from django.test import Client

    house = v.house(2)
    path = v.link_of(house, v.opened(house))
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"choice": "endorse", "number": "0"}).status_code == 403
    assert not Vote.objects.exists()


def test_a_link_signs_nobody_in() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    client = browser(None)
    client.get(v.link_of(house, ballot))
    client.post(v.link_of(house, ballot), {"choice": "endorse", "number": "0"})
    assert client.get(reverse("ballot", args=[ballot.pk])).status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_link_casts_once_and_a_replay_shows_what_stands() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    path = v.link_of(house, ballot)
    vote(path)
    replayed = browser(None).post(path, {"choice": "object", "words": "No.", "number": "1"})
    assert replayed.status_code == 409
    assert "A link votes once." in get(path)
    assert Vote.objects.get().choice == "endorse"


def test_a_fresh_link_goes_to_the_bearers_own_address_and_changes_the_vote(mailoutbox: list[Any]) -> None:
    house = v.house(2)
    ballot = v.opened(house)
    path = v.link_of(house, ballot)
    vote(path)
    v.deliver()
    mailoutbox.clear()
    answer = browser(None).post(f"{path}renew/", {"email": "thief@elsewhere.example"}, follow=True)
    assert "A new link is on its way to your address." in answer.text
    browser(None).post(f"{path}renew/")
    v.deliver()
    assert [mail.to for mail in mailoutbox] == [[house.members[0].email]], "once a minute, whoever presses"
    fresh = v.link_in(mailoutbox[0])
    vote(fresh, "object", "On reflection.")
    assert Elector.objects.get(institution=house.institutions[0]).current.choice == "object"  # type: ignore[union-attr]


def test_two_tabs_of_one_link_vote_once() -> None:
    house = v.house(2)
    path = v.link_of(house, v.opened(house))
    first, second = browser(None), browser(None)
    first.get(path)
    second.get(path)
    first.post(path, {"choice": "endorse", "number": "0"})
    assert second.post(path, {"choice": "object", "words": "No.", "number": "0"}).status_code == 409
    assert Vote.objects.get().choice == "endorse"


# -- links that open nothing -------------------------------------------------------------------------------


def test_a_forged_cut_or_borrowed_link_opens_nothing() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    path = v.link_of(house, ballot)
    token = path.removeprefix("/vote/").removesuffix("/")
    other = signing.dumps([ballot.pk, 1, house.members[0].pk, "", 0], salt="palabre.invitation")
    own = [ballot.pk, Elector.objects.get(institution=house.institutions[1]).pk, house.members[0].pk, "x", 0]
    for forged in (
        token[:-1],
        f"{token}a",
        other,
        "x",
        signing.dumps(own, salt=links.SALT),
        signing.dumps({}, salt=links.SALT),
    ):
        gone = get(f"/vote/{forged}/", status=410)
        assert ballot.question not in gone
        assert browser(None).post(f"/vote/{forged}/", {"choice": "endorse", "number": "0"}).status_code == 410
        assert browser(None).get(f"/vote/{forged}/text/").status_code == 410
        assert browser(None).post(f"/vote/{forged}/renew/").status_code == 410
    assert not Vote.objects.exists()


def test_the_link_of_a_former_member_and_of_a_closed_account_opens_nothing() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    first, second = v.link_of(house, ballot), v.link_of(house, ballot, 1)
    groups.end_seat(f.seat_of(house.members[0]), until="2001-01-01", note="Moved.", actor=None)
    Person.objects.filter(pk=house.members[1].pk).update(is_active=False)
    for path in (first, second):
        get(path, status=410)
        assert vote(path).status_code == 410
    assert not Vote.objects.exists()


def test_a_link_sent_to_an_address_that_is_no_longer_the_persons_is_void() -> None:
    house = v.house(2)
    path = v.link_of(house, v.opened(house))
    Person.objects.filter(pk=house.members[0].pk).update(email="new@twg.example")
    get(path, status=410)


def test_the_successor_votes_with_a_link_of_their_own() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    old = v.link_of(house, ballot)
    groups.end_seat(f.seat_of(house.members[0]), until="2001-01-01", note="Moved.", actor=None)
    house.members[0] = f.seat(house.twg, "member", "The successor", institution=house.institutions[0])
    vote(v.link_of(house, ballot))
    assert vote(old).status_code == 410
    assert Vote.objects.get().by == house.members[0]


def test_a_link_expires_with_the_ballot(time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    house = v.house(2)
    ballot = v.opened(house)
    path = v.link_of(house, ballot)
    time_machine_at("2009-04-12 09:00:00Z")
    assert "Voting is over." in get(path)
    assert vote(path).status_code == 409
    assert browser(None).post(f"{path}renew/").status_code == 410
    services.close(ballot, actor=None)
    assert "Voting is over." in get(path)
    assert not Vote.objects.exists()


def test_a_recused_institutions_link_opens_nothing() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    path = v.link_of(house, ballot)
    services.recuse(ballot, house.institutions[0].pk, actor=house.members[0], note="It is about us.")
    get(path, status=410)


# -- what the bearer reads ---------------------------------------------------------------------------------


def test_the_bearer_reads_the_text_and_what_changed_without_signing_in() -> None:
    house = v.house(2)
    edition = f.edition(house.twg, stage="comment")
    draft = v.again(v.draft_of(edition, body="Emigration has grown."), body="Emigration has <b>doubled</b>.")
    ballot = v.opened(house, about_kind="edition", about_id=edition.pk, draft=draft)
    path = v.link_of(house, ballot)
    shown = get(path)
    assert f"{path}text/" in shown
    assert f"{path}changes/" in shown
    text = get(f"{path}text/")
    assert "doubled" in text
    assert draft.sha256 in text
    assert "<b>doubled" not in text
    changes = get(f"{path}changes/")
    assert "<ins>" in changes
    assert "grown" in changes


def test_a_first_draft_has_nothing_that_changed() -> None:
    house = v.house(2)
    path = v.link_of(house, v.opened(house))
    assert "changes/" not in get(path)
    get(f"{path}changes/", status=410)


def test_the_bearer_sees_their_institutions_open_comments_and_no_others() -> None:
    house = v.house(2)
    edition = f.edition(house.twg, stage="comment")
    round_ = comments.opened(house.twg, v.draft_of(edition))
    comments.comment(round_, house.members[0], "Ours, still open.")
    comments.comment(round_, house.members[1], "Theirs.")
    comments.closed(round_)
    ballot = v.opened(house, about_kind="edition", about_id=edition.pk, draft=round_.draft)
    shown = get(v.link_of(house, ballot))
    assert "Ours, still open." in shown
    assert "Theirs." not in shown


def test_the_page_speaks_the_bearers_language_and_is_kept_nowhere() -> None:
    house = v.house(2)
    Person.objects.filter(pk=house.members[0].pk).update(language="fr", time_zone="Africa/Kinshasa")
    answer = browser(house.members[1]).get(v.link_of(house, v.opened(house)))
    assert answer.headers["Content-Language"] == "fr"
    assert 'lang="fr"' in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_link_opens_the_ballot_for_its_bearer_whoever_is_signed_in_here() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    vote(v.link_of(house, ballot), person=house.members[1])
    cast = Vote.objects.get()
    assert (cast.elector.institution, cast.by) == (house.institutions[0], house.members[0])


def test_an_alternates_link_waits_once_the_member_has_voted() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    alternate = f.seat(house.twg, "alternate", institution=house.institutions[0])
    services.cast(ballot, house.institutions[0].pk, v.FOR, actor=house.members[0])
    elector = Elector.objects.get(institution=house.institutions[0])
    path = "/vote/" + links.link_for(ballot, elector, alternate).split("/vote/")[1]
    assert "an alternate votes when the member has not" in get(path)
    assert vote(path, "object", "No.").status_code == 403
    assert Vote.objects.count() == 1


def test_a_ranking_is_cast_by_link_too() -> None:
    house = v.house(2)
    options = [{"titles": {"en": name}} for name in ("Remittances", "Return", "Brain drain")]
    ballot = v.opened(house, form="ranking", options=options, winners=2)
    path = v.link_of(house, ballot)
    assert "Brain drain" in get(path)
    answer = browser(None).post(path, {"option_3": "1", "option_1": "2", "option_2": "", "number": "0"}, follow=True)
    assert "1. Brain drain; 2. Remittances" in answer.text
    assert Vote.objects.get().ranking == [3, 1]
    assert timezone.now() >= Vote.objects.get().at
