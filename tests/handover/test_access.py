"""After a hand-over the update institution's people open and draft the next edition; the consultant does not (S02).

Person by person: who opens it, who writes, who submits, who answers comments, and to whom it is shown as waiting.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests import factories as f
from tests.comments import making as comments
from tests.groups.reading import browser
from workflow.engine import inbox
from workflow.engine.errors import NotPermitted, Unmet
from workflow.groups.models import Person
from workflow.profiles import services as profiles
from workflow.profiles.models import Edition
from workflow.writing import services as writing

from .making import Country, country, following, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Country:
    """Published and handed over to the statistical office."""
    made = country()
    published(made)
    return made


def people(of: Country) -> dict[str, Person]:
    return {
        "chair": of.chair,
        "secretariat": of.secretariat,
        "consultant": of.consultant,
        "update institution": of.statistician,
        "its alternate": f.seat(of.twg, "alternate", institution=of.statistics),
        "its observer": f.seat(of.twg, "observer", institution=of.statistics),
        "another institution": of.official,
        "iom": f.monitor(of.project),
        "the same institution elsewhere": f.seat(f.twg("ML"), "member", institution=of.statistics),
        "other country": f.seat(f.twg("SN"), "secretariat"),
    }


def may(who: dict[str, Person], act: Any) -> set[str]:
    """Who may: `act(person)` raises NotPermitted for the others."""
    found = set()
    for name, person in who.items():
        try:
            act(person)
            found.add(name)
        except NotPermitted:
            continue
    return found


def test_who_opens_the_next_edition(ghana: Country) -> None:
    profile, template = ghana.edition.profile, f.template()
    profile.refresh_from_db()

    def open_one(person: Person) -> None:
        made = profiles.open_edition(profile, {"label": f"2011 {person.pk}", "template": template}, actor=person)
        f.perform(made, "withdraw", note="Another one tries.")

    allowed = {"chair", "secretariat", "iom", "update institution", "its alternate"}
    assert may(people(ghana), open_one) == allowed


def test_before_the_hand_over_the_institutions_people_open_none() -> None:
    mali = country("ML")
    f.perform(mali.edition, "withdraw", note="Begun anew.")
    with pytest.raises(NotPermitted):
        profiles.open_edition(
            mali.edition.profile, {"label": "2010", "template": f.template()}, actor=mali.statistician
        )  # fmt: skip


def test_who_writes_the_next_edition(ghana: Country) -> None:
    edition = following(ghana, stage="drafting")
    text = writing.open_text(edition, actor=ghana.statistician)
    section = text.sections.get(place="A.1")

    def write(person: Person) -> None:
        section.refresh_from_db()
        writing.save(section, f"By {person}.", actor=person, base=section.number)

    assert may(people(ghana), write) == {"secretariat", "update institution", "its alternate"}


def test_who_submits_the_next_edition(ghana: Country) -> None:
    edition = following(ghana, stage="drafting")

    def submit(person: Person) -> None:
        f.perform(edition, "submit_draft", actor=person)
        f.perform(edition, "return_to_drafting", note="Another one tries.")

    assert may(people(ghana), submit) == {"secretariat", "update institution", "its alternate"}


def test_the_consultant_is_told_for_whom_it_is(ghana: Country) -> None:
    edition = following(ghana, stage="drafting")
    with pytest.raises(NotPermitted, match="the update institution or the secretariat"):
        f.perform(edition, "submit_draft", actor=ghana.consultant)
    answer = browser(ghana.consultant).get(f"/do/edition/{edition.pk}/submit_draft/")
    assert answer.status_code == 403
    assert "This is for the update institution or the secretariat." in answer.text


def test_the_consultant_still_writes_where_nothing_was_handed_over(ghana: Country) -> None:
    """The rule is the profile's: another profile of the same TWG is the consultant's as before."""
    edition = f.edition(f.profile(ghana.twg), stage="drafting")
    text = writing.open_text(edition, actor=ghana.consultant)
    section = text.sections.get(place="A.1")
    writing.save(section, "By the consultant.", actor=ghana.consultant, base=0)
    with pytest.raises(NotPermitted, match="the consultant or the secretariat"):
        writing.save(section, "By the office.", actor=ghana.statistician, base=1)


def test_who_answers_comments_on_it(ghana: Country) -> None:
    edition = following(ghana, stage="drafting")
    text = writing.open_text(edition, actor=ghana.statistician)
    writing.save(text.sections.get(place="A.1"), comments.BODY, actor=ghana.statistician, base=0)
    f.perform(edition, "submit_draft", actor=ghana.statistician)
    round_ = comments.opened(ghana.twg, text.drafts.get())
    remarks = iter([comments.comment(round_, ghana.official, f"Comment {n}.") for n in range(12)])

    def answer(person: Person) -> None:
        comments.answer(next(remarks), by=person)

    assert may(people(ghana), answer) == {"secretariat", "update institution", "its alternate"}
    page = reverse("round-answering", args=[round_.pk])
    assert browser(ghana.statistician).get(page).status_code == 200
    assert browser(ghana.consultant).get(page).status_code == 403
    assert waits_for(ghana.statistician, "without an answer")
    assert not waits_for(ghana.consultant, "without an answer")


def test_drafting_needs_somebody_of_the_institution_and_no_consultant(ghana: Country) -> None:
    edition = following(ghana)
    f.seat_of(ghana.consultant).delete()
    f.perform(edition, "start_drafting", actor=ghana.secretariat)
    assert edition.stage == "drafting"


def test_it_waits_for_a_seat_where_nobody_of_the_institution_sits(ghana: Country) -> None:
    edition = following(ghana)
    f.seat_of(ghana.statistician).delete()
    with pytest.raises(Unmet, match="Nobody sits in the TWG for the update institution"):
        f.perform(edition, "start_drafting", actor=ghana.secretariat)
    page = browser(ghana.secretariat).get(reverse("edition", args=[edition.pk])).text
    assert "Nobody sits in the TWG for the update institution" in page


def waits_for(person: Person, words: str) -> bool:
    from workflow.groups import access

    access.forget(person)
    return any(words in f"{item.title} {item.detail} {item.action}" for item in inbox.of(person).waiting)


def test_writing_waits_for_the_institution_and_not_for_the_consultant(ghana: Country) -> None:
    edition = following(ghana, stage="drafting")
    assert waits_for(ghana.statistician, "Its text is not begun yet")
    assert not waits_for(ghana.consultant, str(edition))


def test_an_overdue_edition_waits_for_the_institution_and_those_who_keep_the_twg(
    ghana: Country, time_machine_at: Any
) -> None:
    """S02: the day set at the hand-over is watched."""
    assert not waits_for(ghana.statistician, "The next edition is due")
    time_machine_at("2999-06-03 09:00:00Z")
    for person in (ghana.statistician, ghana.secretariat, ghana.chair):
        assert waits_for(person, "The next edition is due")
    for person in (ghana.consultant, ghana.official):
        assert not waits_for(person, "The next edition is due")
    page = browser(ghana.statistician).get(reverse("profile", args=[ghana.edition.profile.code])).text
    assert "2 days late" in page
    assert "Kept up to date by" in page
    edition = following(ghana)
    assert not waits_for(ghana.statistician, "The next edition is due")
    assert Edition.objects.get(pk=edition.pk).follows == ghana.edition


def test_the_pages_offer_it_to_whom_it_is_theirs(ghana: Country) -> None:
    code = ghana.edition.profile.code
    for person, offered in ((ghana.statistician, True), (ghana.consultant, False), (ghana.official, False)):
        page = browser(person).get(reverse("profile", args=[code])).text
        assert ("Open a new edition" in page) is offered
        assert ("Change the profile" in page) is False
        assert browser(person).get(reverse("edition-new", args=[code])).status_code == (200 if offered else 403)
    assert "Change the profile" in browser(ghana.secretariat).get(reverse("profile", args=[code])).text


def test_another_day_is_set_with_a_reason_by_those_who_may(ghana: Country) -> None:
    profile = ghana.edition.profile
    profile.refresh_from_db()
    page = reverse("profile-next", args=[profile.code])
    assert browser(ghana.consultant).get(page).status_code == 403
    form = {"next_due": "2999-09-01", "note": "The census comes first.", "version": profile.version}
    assert browser(ghana.statistician).post(page, form).status_code == 302
    profile.refresh_from_db()
    assert profile.next_due is not None
    assert profile.next_due.isoformat() == "2999-09-01"
    late = browser(ghana.statistician).post(page, form | {"next_due": "2001-01-01", "version": profile.version})
    assert late.status_code == 422
    assert "This day has passed." in late.text


def test_there_is_no_day_to_set_before_a_hand_over() -> None:
    mali = country("ML")
    page = reverse("profile-next", args=[mali.edition.profile.code])
    form = {"next_due": "2999-09-01", "note": "Now.", "version": mali.edition.profile.version}
    assert browser(mali.secretariat).post(page, form).status_code == 409
