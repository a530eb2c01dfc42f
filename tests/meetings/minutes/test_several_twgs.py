"""Minutes of a workshop to which several TWGs were invited: each comments in a round of its own (S35)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from meetings.minutes import services
from meetings.minutes.models import Minutes, MinutesState
from meetings.scheduling.models import AgendaItem, Meeting, MeetingState
from tests import factories as f
from tests.ballots.voting import deliver
from tests.comments import making as comments
from tests.groups.reading import browser
from tests.meetings.minutes import making as m
from workflow.comments.models import Round, RoundState
from workflow.engine.errors import Unmet
from workflow.groups.models import CategoryRule, TermsOfReference
from workflow.writing.models import TextSection

pytestmark = pytest.mark.django_db


@dataclass
class Workshop:
    """Côte d'Ivoire's TWG is the host, Ghana's comes along; Mali's is not invited."""

    host: m.House
    guest: m.House
    stranger: m.House
    meeting: Meeting

    @property
    def minutes(self) -> Minutes:
        return services.prepare(self.meeting, actor=self.host.secretariat)


def terms(of: m.House, *, closed_sessions: bool = False) -> None:
    """Adopted; civil society observes."""
    draft = TermsOfReference.objects.get(twg=of.twg)
    CategoryRule.objects.filter(terms=draft, category="civil_society").update(modality="observer", votes=False)
    TermsOfReference.objects.filter(pk=draft.pk).update(closed_sessions=closed_sessions)
    f.adopt(TermsOfReference.objects.get(pk=draft.pk))


@pytest.fixture
def workshop() -> Workshop:
    host, guest, stranger = m.house("CI"), m.house("GH"), m.house("ML")
    made = m.meeting(host, kind="regional_workshop", closed_items=(2,))
    made.with_twgs.add(guest.twg)
    return Workshop(host, guest, stranger, made)


def circulated(at: Workshop) -> Minutes:
    minutes = at.minutes
    m.write(minutes, "The handbook was presented.")
    return m.circulate(minutes, actor=at.host.secretariat)


def round_of(house: m.House) -> Round:
    return Round.objects.get(twg=house.twg)


def test_each_twg_that_was_invited_is_asked_in_a_round_of_its_own(workshop: Workshop) -> None:
    minutes = circulated(workshop)
    assert {r.twg for r in Round.objects.all()} == {workshop.host.twg, workshop.guest.twg}
    assert minutes.round == round_of(workshop.host)
    assert list(minutes.other_rounds.all()) == [round_of(workshop.guest)]
    asked = {asked.institution for asked in round_of(workshop.guest).asked.all()}
    assert asked == {workshop.guest.ministry, workshop.guest.association}
    deliver()
    told = {letter.to[0] for letter in mail.outbox}
    assert {workshop.guest.director.email, workshop.host.director.email} <= told
    assert not told & {person.email for person in workshop.stranger.people}


def test_the_page_leads_everybody_to_the_round_that_is_theirs(workshop: Workshop) -> None:
    minutes = circulated(workshop)
    own, others = round_of(workshop.host), round_of(workshop.guest)
    guest = browser(workshop.guest.director).get(reverse("minutes", args=[minutes.pk])).content.decode()
    assert reverse("round", args=[others.pk]) in guest
    assert reverse("round", args=[own.pk]) not in guest
    assert browser(workshop.guest.director).get(reverse("round", args=[others.pk])).status_code == 200
    host = browser(workshop.host.secretariat).get(reverse("minutes", args=[minutes.pk])).content.decode()
    assert reverse("round", args=[own.pk]) in host
    assert reverse("round", args=[others.pk]) in host
    assert browser(workshop.stranger.director).get(reverse("minutes", args=[minutes.pk])).status_code == 404


def test_the_host_reads_and_answers_what_the_guests_say_without_their_names(workshop: Workshop) -> None:
    circulated(workshop)
    said = comments.comment(round_of(workshop.guest), workshop.guest.director, "Ghana asked for the floor.")
    page = browser(workshop.host.secretariat).get(reverse("round", args=[said.round_id])).content.decode()
    assert "1 comment" in page
    comments.answer(said, by=workshop.host.secretariat)
    said.refresh_from_db()
    assert said.state == "answered"


def test_a_comment_of_a_guest_breaks_the_silence(workshop: Workshop) -> None:
    minutes = circulated(workshop)
    comments.comment(round_of(workshop.guest), workshop.guest.director)
    m.after(minutes)
    assert minutes.state == MinutesState.CIRCULATED


def test_silence_of_all_approves_and_ends_all_rounds(workshop: Workshop) -> None:
    minutes = circulated(workshop)
    m.after(minutes)
    assert minutes.state == MinutesState.APPROVED
    assert {r.state for r in Round.objects.all()} == {RoundState.ANSWERED}
    assert Meeting.objects.get().state == MeetingState.APPROVED


def test_who_still_may_comment_is_heard_first(workshop: Workshop) -> None:
    minutes = circulated(workshop)
    later = round_of(workshop.guest)
    Round.objects.filter(pk=later.pk).update(deadline=later.deadline + timedelta(days=7))
    m.after(minutes)
    assert minutes.state == MinutesState.CIRCULATED
    with pytest.raises(Unmet, match="can still comment"):
        m.after(minutes, lambda: m.press(minutes, "approve", actor=workshop.host.chair))


def test_minutes_that_are_taken_back_end_the_rounds_of_all(workshop: Workshop) -> None:
    minutes = circulated(workshop)
    m.press(minutes, "withdraw", actor=workshop.host.chair, note="A page was missing.")
    assert {r.state for r in Round.objects.all()} == {RoundState.CANCELLED}
    assert minutes.round_ids == []
    m.circulate(minutes, actor=workshop.host.secretariat)
    assert Round.objects.filter(state=RoundState.OPEN).count() == 2


# -- closed parts -----------------------------------------------------------------------------------------


def closed_part(at: Workshop) -> Minutes:
    AgendaItem.objects.filter(meeting=at.meeting, position=2).update(titles={"en": "Zanzibar"})
    beside = m.beside(at.minutes)
    m.write(beside, "Zanzibar was spoken of.")
    return beside


def test_closed_parts_are_for_the_governments_whose_own_terms_foresee_them(workshop: Workshop) -> None:
    terms(workshop.host, closed_sessions=True)
    terms(workshop.guest, closed_sessions=True)
    beside = closed_part(workshop)
    for person in (workshop.host.director, workshop.guest.director, workshop.guest.secretariat):
        assert beside in Minutes.objects.all().visible_to(person)
        assert "Zanzibar" in browser(person).get(reverse("meeting", args=[workshop.meeting.pk])).content.decode()
    for person in (workshop.guest.activist, workshop.guest.observer, workshop.stranger.director):
        assert beside not in Minutes.objects.all().visible_to(person)
        assert not TextSection.objects.filter(titles__en="Zanzibar").visible_to(person).exists()  # type: ignore[attr-defined]
    m.circulate(beside, actor=workshop.host.secretariat)
    asked = {asked.institution for r in Round.objects.all() for asked in r.asked.all()}
    assert asked == {workshop.host.ministry, workshop.guest.ministry}


def test_a_twg_whose_terms_foresee_none_has_no_part_in_them(workshop: Workshop) -> None:
    terms(workshop.host, closed_sessions=True)
    terms(workshop.guest)
    beside = closed_part(workshop)
    for person in (workshop.guest.director, workshop.guest.chair, workshop.guest.secretariat):
        assert beside not in Minutes.objects.all().visible_to(person)
        page = browser(person).get(reverse("meeting", args=[workshop.meeting.pk]))
        assert page.status_code == 200
        assert "Zanzibar" not in page.content.decode()
    m.circulate(beside, actor=workshop.host.secretariat)
    assert {r.twg for r in Round.objects.all()} == {workshop.host.twg}


def test_a_workshop_that_is_closed_as_a_whole_is_known_to_the_same(workshop: Workshop) -> None:
    terms(workshop.host, closed_sessions=True)
    terms(workshop.guest, closed_sessions=True)
    Meeting.objects.filter(pk=workshop.meeting.pk).update(closed=True, closed_reason="Sovereignty")
    assert workshop.meeting in Meeting.objects.all().visible_to(workshop.guest.director)
    assert workshop.meeting not in Meeting.objects.all().visible_to(workshop.guest.activist)
    assert workshop.meeting not in Meeting.objects.all().visible_to(workshop.stranger.director)
