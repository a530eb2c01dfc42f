"""A section is written: every text that was ever kept stays, with who kept it and why."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from tests import factories as f
from workflow.engine import digests, history
from workflow.engine.errors import NotPermitted, Unmet
from workflow.engine.models import Event
from workflow.writing import services
from workflow.writing.errors import Diverged
from workflow.writing.models import Revision, Text, TextSection

from .making import Scene, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Scene:
    return scene()


def test_a_text_opens_with_the_sections_of_its_template_in_their_order(ghana: Scene) -> None:
    found = list(ghana.text.sections.values_list("place", "part", "number"))
    assert found == [(f"{letter}.1", letter, 0) for letter in "ABCDEF"]
    assert ghana.section().title == "Section C1"
    assert ghana.section().part_title == "Part C"


def test_a_text_is_opened_once_however_often_it_is_asked_for(ghana: Scene) -> None:
    assert services.open_text(ghana.edition, actor=ghana.consultant) == ghana.text
    assert Text.objects.count() == 1


def test_its_language_is_the_first_of_the_twg_s_that_palabre_speaks() -> None:
    mali = scene("ML", languages=["bm", "fr", "en"])
    assert mali.text.language == "fr"
    assert scene("SN").text.language == "en"


def test_a_part_without_sections_is_a_section_itself() -> None:
    from workflow.profiles import services as profiles

    parts = [{"letter": "A", "titles": {"en": "Patterns"}}]
    template = profiles.create_template({"code": "t", "number": 40, "names": {"en": "T"}}, parts, actor=None)
    twg = f.twg("NE", of=f.project())
    edition = f.edition(twg, template=template)
    text = services.open_text(edition, actor=None)
    assert list(text.sections.values_list("place", "part")) == [("A", "A")]


def test_what_is_kept_has_a_number_an_author_a_note_and_its_hash_in_history(ghana: Scene) -> None:
    section = ghana.write("Remittances grew.\n", note="Figures of 2008.")
    revision = section.revisions.get()
    assert (revision.number, revision.author, revision.author_name) == (1, ghana.consultant, "Ama the consultant")
    assert (revision.note, revision.way, revision.body) == ("Figures of 2008.", "typed", "Remittances grew.")
    assert (section.number, section.body, section.word_count) == (1, "Remittances grew.", 2)
    event = history.events_of(section).last()
    assert event is not None
    assert (event.name, event.note, event.actor) == ("revised", "Figures of 2008.", ghana.consultant)
    assert event.data == {"revision": 1, "sha256": revision.sha256}
    assert event.capacity == "consultant"
    assert digests.of_text("Remittances grew.") == revision.sha256


def test_the_event_does_not_repeat_the_text(ghana: Scene) -> None:
    ghana.write("A word that is nowhere else: xylophone.")
    assert not Event.objects.filter(data__icontains="xylophone").exists()


def test_saving_what_stands_there_already_keeps_no_revision(ghana: Scene) -> None:
    section = ghana.write("Remittances grew.")
    before = Event.objects.count()
    assert services.save(section, "Remittances grew.\r\n", actor=ghana.secretariat, base=1) is None
    assert Revision.objects.count() == 1
    assert Event.objects.count() == before


def test_the_later_of_two_people_is_told_and_nothing_is_overwritten(ghana: Scene) -> None:
    mine = ghana.write("One line.")
    services.save(ghana.section(), "One line, longer.", actor=ghana.secretariat, base=1)
    with pytest.raises(Diverged) as told:
        services.save(mine, "One other line.", actor=ghana.consultant, base=1, note="Mine.")
    assert (told.value.mine, told.value.base, told.value.section.number) == ("One other line.", 1, 2)
    assert [event.actor for event in told.value.events] == [ghana.secretariat]
    assert ghana.section().body == "One line, longer."
    assert Revision.objects.count() == 2


def test_the_same_text_from_two_people_is_no_conflict(ghana: Scene) -> None:
    ghana.write("One line.")
    ghana.write("One line, longer.", by=ghana.secretariat)
    assert services.save(ghana.section(), "One line, longer.", actor=ghana.consultant, base=1) is None


def test_a_base_that_never_was_is_refused(ghana: Scene) -> None:
    ghana.write("One line.")
    with pytest.raises(ValidationError, match="no revision 9"):
        services.save(ghana.section(), "Another.", actor=ghana.consultant, base=9)
    with pytest.raises(ValidationError, match="no revision 1"):
        services.save(ghana.section("D.1"), "Another.", actor=ghana.consultant, base=1)


def test_an_earlier_revision_is_taken_back_and_nothing_between_is_lost(ghana: Scene) -> None:
    ghana.write("First.")
    ghana.write("Second.")
    first = Revision.objects.select_related("section__text").get(number=1)
    services.restore(first, actor=ghana.secretariat, base=2, note="The first was right.")
    section = ghana.section()
    assert (section.number, section.body) == (3, "First.")
    last = section.revisions.first()
    assert last is not None
    assert (last.way, last.note, last.author) == ("restored", "The first was right.", ghana.secretariat)


def test_taking_back_on_a_stale_page_is_a_conflict_too(ghana: Scene) -> None:
    ghana.write("First.")
    ghana.write("Second.")
    ghana.write("Third.")
    first = Revision.objects.select_related("section__text").get(number=1)
    with pytest.raises(Diverged):
        services.restore(first, actor=ghana.secretariat, base=2)


def test_line_ends_and_zero_bytes_are_cleaned_and_a_huge_text_is_refused(ghana: Scene) -> None:
    assert ghana.write("a\r\nb\rc\x00d  \n\n").body == "a\nb\ncd"
    with pytest.raises(ValidationError, match="200001 characters; 200000 is the most"):
        ghana.write("x" * 200_001)
    assert ghana.write("x" * 200_000).number == 2


def test_emptying_a_section_is_a_revision_as_well(ghana: Scene) -> None:
    ghana.write("Something.")
    assert ghana.write("").number == 2
    assert ghana.section().word_count == 0


# -- who, and when ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["chair", "member", "alternate", "observer"])
def test_who_does_not_write_is_refused(ghana: Scene, role: str) -> None:
    reader = f.seat(ghana.twg, role)
    with pytest.raises(NotPermitted, match="the consultant or the secretariat"):
        services.save(ghana.section(), "Mine.", actor=reader, base=0)
    assert ghana.section().number == 0


def test_another_country_s_consultant_writes_nothing_here(ghana: Scene) -> None:
    with pytest.raises(NotPermitted):
        services.save(ghana.section(), "Mine.", actor=scene("ML").consultant, base=0)


def test_a_seat_that_ended_this_minute_writes_no_more(ghana: Scene) -> None:
    from workflow.groups import services as groups

    ghana.write("Before.")
    f.seat(ghana.twg, "consultant")
    groups.end_seat(f.seat_of(ghana.consultant), until="2009-01-01", actor=None, note="Over.")
    with pytest.raises(NotPermitted):
        services.save(ghana.section(), "After.", actor=ghana.consultant, base=1)


@pytest.mark.parametrize(
    ("stage", "reason"),
    [
        ("template", "Drafting has not started"),
        ("endorsement", "frozen at this stage"),
        ("handover", "frozen at this stage"),
        ("published", "this edition is closed"),
        ("withdrawn", "this edition is closed"),
    ],
)
def test_the_text_is_frozen_outside_drafting_and_comment(stage: str, reason: str) -> None:
    frozen = scene(stage=stage)
    with pytest.raises(Unmet, match=reason):
        services.save(frozen.section(), "Too late.", actor=frozen.consultant, base=0)


def test_during_the_comments_the_consultant_goes_on_writing(ghana: Scene) -> None:
    ghana.write("First.")
    f.perform(ghana.edition, "submit_draft", actor=ghana.consultant)
    assert ghana.write("As Interior asked.").number == 2


def test_terms_of_reference_are_written_by_those_who_run_the_twg_while_they_are_a_draft() -> None:
    from workflow.groups import services as groups

    twg = f.twg("GH", of=f.project())
    chair, member = f.seat(twg, "chair"), f.seat(twg, "member")
    f.adopt(twg.terms.get())
    draft = groups.draft_terms(twg, actor=None)
    groups.change_terms(draft, {"text": {"en": "We meet."}}, {"government": ("member", True)}, actor=None)
    text = services.open_text(draft, actor=chair)
    first = text.sections.select_related("text").first()
    assert first is not None
    assert (first.body, first.revisions.get().author_name) == ("We meet.", "Palabre")
    with pytest.raises(NotPermitted):
        services.save(first, "We dine.", actor=member, base=1)
    services.save(first, "We meet monthly.", actor=chair, base=1)
    f.adopt(draft)
    with pytest.raises(Unmet, match="not a draft any more"):
        services.save(first, "We dine.", actor=chair, base=2)


# -- nobody rewrites --------------------------------------------------------------------------------------


def test_neither_revisions_nor_drafts_can_be_rewritten(ghana: Scene) -> None:
    ghana.write("Kept.")
    ghana.take()
    for change in (
        lambda: Revision.objects.update(body="Better."),
        lambda: Revision.objects.all()[0].save(),
        lambda: Revision.objects.all()._raw_delete("default"),
        lambda: ghana.text.drafts.get().sections.update(place="Z"),
        lambda: ghana.text.drafts.get().sections.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert history.verify().broken is None


def test_a_section_that_is_gone_from_the_text_is_written_no_more(ghana: Scene) -> None:
    section = ghana.section()
    TextSection.objects.filter(pk=section.pk).update(withdrawn_at=timezone.now())
    with pytest.raises(Unmet, match="no longer part"):
        services.save(section, "Where to?", actor=ghana.consultant, base=0)
