"""While somebody types: kept for them alone, and others see who is at work, under the rules of names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests import factories as f
from workflow.engine import clock, together
from workflow.engine.errors import NotPermitted, Unmet
from workflow.engine.models import Event, Pulse
from workflow.groups import services as groups
from workflow.groups.models import Category, Modality, Person
from workflow.writing import at_work, pace, selectors
from workflow.writing.models import Presence, Revision, Scratch

from .making import Scene, browser, get, post, scene, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Scene:
    return scene()


def typed(ghana: Scene, body: str, *, by: Person | None = None, **more: Any) -> Any:
    fields = {"body": body, "base": ghana.section().number, "note": "", **more}
    return post(by or ghana.consultant, "section-scratch", ghana.section().pk, **fields)


# -- what is typed ----------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_is_no_revision(ghana: Scene) -> None:
    before = Event.objects.count()
    answer = typed(ghana, "Half a thou", note="begun")
    assert (answer.status_code, answer.json()) == (200, {"number": 0})
    scratch = Scratch.objects.get()
    assert (scratch.person, scratch.body, scratch.base, scratch.note) == (ghana.consultant, "Half a thou", 0, "begun")
    assert not Revision.objects.exists()
    assert Event.objects.count() == before
    typed(ghana, "Half a thought.")
    assert Scratch.objects.get().body == "Half a thought."


def test_typing_back_to_what_stands_there_leaves_nothing_behind(ghana: Scene) -> None:
    ghana.write("It stands.")
    typed(ghana, "It stands. Or not")
    typed(ghana, "It stands.")
    assert not Scratch.objects.exists()


def test_who_comes_back_finds_what_they_typed_as_they_left_it(ghana: Scene) -> None:
    typed(ghana, "Half a thou", note="begun")
    page = words(get(ghana.consultant, "section-edit", ghana.section().pk))
    assert "You left this text unsaved" in page
    assert "Half a thou</textarea>" in page
    assert 'value="begun"' in page


def test_nobody_else_reads_what_somebody_types(ghana: Scene) -> None:
    typed(ghana, "My xylophone.")
    for name, args in (("section", [ghana.section().pk]), ("section-edit", [ghana.section().pk]),
                       ("text", [ghana.text.pk]), ("home", [])):  # fmt: skip
        assert "xylophone" not in words(get(ghana.secretariat, name, *args))
    assert "xylophone" in words(get(ghana.consultant, "section", ghana.section().pk))


def test_home_reminds_of_what_was_typed_and_not_saved(ghana: Scene) -> None:
    assert "Go on writing" not in words(get(ghana.consultant, "home"))
    typed(ghana, "Half")
    page = words(get(ghana.consultant, "home"))
    assert "C.1 Section C1" in page
    assert f'href="/sections/{ghana.section().pk}/edit/"' in page


def test_who_has_lost_the_seat_is_reminded_of_nothing(ghana: Scene) -> None:
    f.seat(ghana.twg, "consultant")
    typed(ghana, "Half")
    groups.end_seat(f.seat_of(ghana.consultant), until="2009-01-01", actor=None, note="Over.")
    assert "Section C1" not in words(get(ghana.consultant, "home"))


def test_saving_or_giving_up_ends_it(ghana: Scene) -> None:
    typed(ghana, "Half")
    ghana.write("Whole.")
    assert not Scratch.objects.exists()
    typed(ghana, "Half again")
    answer = post(ghana.consultant, "section-forget", ghana.section().pk, body="Half again", base=1)
    assert answer.url == f"/sections/{ghana.section().pk}/"
    assert not Scratch.objects.exists()
    assert ghana.section().body == "Whole."
    page = words(get(ghana.consultant, "section", ghana.section().pk))
    assert "Give up what I typed" not in page


def test_what_was_typed_when_the_text_was_frozen_is_not_lost(ghana: Scene) -> None:
    ghana.write("It stands.")
    typed(ghana, "A late thought.")
    f.perform(ghana.edition, "submit_draft")
    f.perform(ghana.edition, "request_endorsement")
    with pytest.raises(Unmet):
        at_work.keep_scratch(ghana.section(), ghana.consultant, "Later still.", base=1)
    page = words(get(ghana.consultant, "section", ghana.section().pk))
    assert "A late thought." in page
    assert "Give up what I typed" in page
    answer = post(ghana.consultant, "section-edit", ghana.section().pk, body="A late thought.", base=1, note="")
    assert answer.status_code == 409
    assert "A late thought." in words(answer)
    assert "What you had typed" in words(answer)


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("observer", 403), ("stranger", 404), ("nobody", 302)])
def test_a_scratch_for_a_section_that_is_not_one_s_to_write_is_refused(ghana: Scene, who: str, status: int) -> None:
    people = {"stranger": scene("ML").consultant, "nobody": None}
    person = people[who] if who in people else f.seat(ghana.twg, who)
    pk = ghana.section().pk
    assert post(person, "section-scratch", pk, body="x", base=0).status_code == status
    assert post(person, "section-scratch", pk).status_code == status
    assert not Scratch.objects.exists()
    assert not Presence.objects.exists()
    if status == 403:
        assert person is not None
        with pytest.raises(NotPermitted):
            at_work.keep_scratch(ghana.section(), person, "x", base=0)


@pytest.mark.parametrize(
    "fields",
    [
        {"body": "x"},
        {"body": "x", "base": "-1"},
        {"body": "x", "base": "9"},
        {"body": "x", "base": "99999999999999999999"},
        {"body": "x", "base": "one"},
        {"body": "x" * 211_000, "base": "0"},
        {"body": "x\x00y", "base": "0"},
    ],
    ids=["no base", "negative", "future", "huge", "no number", "too long", "zero byte"],
)
def test_what_can_t_be_kept_is_refused_in_words(ghana: Scene, fields: dict[str, str]) -> None:
    answer = post(ghana.consultant, "section-scratch", ghana.section().pk, **fields)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert not Scratch.objects.exists()


def test_a_page_that_types_wildly_is_slowed_down(ghana: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pace.RATES["scratch"] == "120/min", "several pages that type every few seconds fit in"
    monkeypatch.setitem(pace.RATES, "scratch", "5/min")
    client = browser(ghana.consultant)
    url = f"/sections/{ghana.section().pk}/scratch/"
    answers = [client.post(url, {"body": f"{n}", "base": 0}) for n in range(6)]
    assert [a.status_code for a in answers] == [200] * 5 + [429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 61
    assert Scratch.objects.get().body == "4"


# -- who is at work ---------------------------------------------------------------------------------------


def now(ghana: Scene, reader: Person) -> list[str]:
    return together.answer(selectors.at_work(reader, pk=ghana.section().pk)).get(ghana.section().pk, [])


def test_others_see_who_has_a_section_open_and_one_does_not_see_oneself(ghana: Scene) -> None:
    post(ghana.consultant, "section-scratch", ghana.section().pk)
    assert now(ghana, ghana.secretariat) == ["Ama the consultant"]
    assert now(ghana, ghana.consultant) == []
    for name, pk in (("text", ghana.text.pk), ("section", ghana.section().pk), ("section-edit", ghana.section().pk),
                     ("section-now", ghana.section().pk)):  # fmt: skip
        assert "Ama the consultant is editing" in words(get(ghana.secretariat, name, pk)), name
        assert "is editing" not in words(get(ghana.consultant, name, pk)), name


def test_an_observer_sees_that_somebody_is_at_work_and_not_who(ghana: Scene) -> None:
    observer = f.seat(ghana.twg, "observer")
    post(ghana.consultant, "section-scratch", ghana.section().pk)
    assert now(ghana, observer) == ["Somebody"]
    page = words(get(observer, "text", ghana.text.pk))
    assert "Somebody is editing" in page
    assert "Ama" not in page


def test_leaving_is_seen_and_so_is_a_closed_laptop(ghana: Scene, time_machine_at: Any, settings: Any) -> None:
    settings.REDIS_URL = ""
    time_machine_at("2009-03-01 09:00:00Z")
    post(ghana.consultant, "section-scratch", ghana.section().pk)
    post(ghana.consultant, "section-scratch", ghana.section().pk, leaving="yes")
    assert now(ghana, ghana.secretariat) == []
    post(ghana.consultant, "section-scratch", ghana.section().pk)
    time_machine_at("2009-03-01 09:01:10Z")
    assert now(ghana, ghana.secretariat) == ["Ama the consultant"]
    time_machine_at("2009-03-01 09:01:20Z")
    assert now(ghana, ghana.secretariat) == []
    assert Presence.objects.count() == 1
    Pulse.objects.all().delete()
    assert clock.tick(force=True)["people who left a section"] == 1
    assert not Presence.objects.exists()
    assert _pulses() == {("section", ghana.section().pk), ("text", ghana.text.pk)}
    assert clock.tick(force=True)["people who left a section"] == 0


def _pulses() -> set[tuple[str, int]]:
    return set(Pulse.objects.values_list("subject_kind", "subject_id"))


def test_pages_are_told_when_somebody_begins_and_ends_and_not_at_every_key(ghana: Scene, settings: Any) -> None:
    settings.REDIS_URL = ""
    both = {("section", ghana.section().pk), ("text", ghana.text.pk)}
    Pulse.objects.all().delete()
    typed(ghana, "H")
    assert _pulses() == both
    typed(ghana, "Ha")
    typed(ghana, "Hal")
    assert Pulse.objects.count() == 2
    post(ghana.consultant, "section-scratch", ghana.section().pk, leaving="yes")
    assert Pulse.objects.count() == 4
    post(ghana.consultant, "section-scratch", ghana.section().pk, leaving="yes")
    assert Pulse.objects.count() == 4


def test_saving_ends_it_and_tells_the_page_of_the_whole_text(ghana: Scene, settings: Any) -> None:
    settings.REDIS_URL = ""
    typed(ghana, "Half")
    Pulse.objects.all().delete()
    post(ghana.consultant, "section-edit", ghana.section().pk, body="Whole.", base=0, note="")
    assert not Presence.objects.exists()
    assert ("text", ghana.text.pk) in _pulses()


def test_the_editor_is_told_when_somebody_has_saved_meanwhile(ghana: Scene) -> None:
    pk = ghana.section().pk
    assert "newer revision" not in words(get(ghana.consultant, "section-now", pk, base=0))
    ghana.write("Theirs.", by=ghana.secretariat)
    assert "Somebody has saved a newer revision" in words(get(ghana.consultant, "section-now", pk, base=0))
    assert "newer revision" not in words(get(ghana.consultant, "section-now", pk, base=1))
    for nonsense in ("x", "-1", "9" * 40, ""):
        assert get(ghana.consultant, "section-now", pk, base=nonsense).status_code == 200


def test_pulses_do_not_pile_up() -> None:
    Pulse.objects.create(subject_kind="text", subject_id=1, at=timezone.now() - timedelta(minutes=6))
    Pulse.objects.create(subject_kind="text", subject_id=2)
    clock.tick(force=True)
    assert list(Pulse.objects.values_list("subject_id", flat=True)) == [2]


def test_a_civil_society_observer_by_the_terms_reads_along_and_an_invited_one_does_not() -> None:
    made = scene()
    terms = made.twg.terms.get()
    groups.change_terms(
        terms, {}, {Category.GOVERNMENT: (Modality.MEMBER, True), Category.CIVIL_SOCIETY: (Modality.OBSERVER, False),
                    Category.PRIVATE_SECTOR: (Modality.INVITED, False)}, actor=None,
    )  # fmt: skip
    f.adopt(terms)
    observer = f.seat(made.twg, "member", institution=f.institution("NGO", category="civil_society"))
    invited = f.seat(made.twg, "member", institution=f.institution("Firm", category="private_sector"))
    made.write("Inside.")
    draft = made.take()
    for name, pk in (("text", made.text.pk), ("section", made.section().pk), ("draft", draft.pk)):
        assert get(observer, name, pk).status_code == 200
        assert get(invited, name, pk).status_code == 404
