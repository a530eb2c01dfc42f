"""Two people at once on one text, with real threads: nothing is overwritten, nothing slips past a freeze."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests import factories as f
from tests.engine.test_two_at_once import at_once
from tests.writing.test_word_import import upload, word
from workflow.engine import history
from workflow.engine import services as engine
from workflow.engine.errors import EngineError, Unmet
from workflow.groups.models import Person
from workflow.profiles.flow import EditionFlow
from workflow.profiles.models import Edition
from workflow.writing import at_work, figures, freezing, services, word_import
from workflow.writing.errors import Diverged
from workflow.writing.models import Draft, Presence, Revision, Scratch, Text, TextSection, WordFile

from .making import Scene, scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ghana() -> Scene:
    return scene()


def keeping(ghana: Scene, body: str, by: Person, base: int, place: str = "C.1") -> Callable[[], Any]:
    """Save a section as a request of one's own does: everything is read afresh."""

    def work() -> Any:
        section = TextSection.objects.select_related("text").get(text=ghana.text.pk, place=place)
        return services.save(section, body, actor=Person.objects.get(pk=by.pk), base=base)

    return work


def test_of_two_who_save_one_section_one_is_kept_and_the_other_is_told(ghana: Scene) -> None:
    ghana.write("It stands.")
    outcome = at_once(
        keeping(ghana, "By the consultant.", ghana.consultant, 1),
        keeping(ghana, "By the secretariat.", ghana.secretariat, 1),
    )
    kept = [o for o in outcome if isinstance(o, Revision)]
    told = [o for o in outcome if isinstance(o, Diverged)]
    assert (len(kept), len(told)) == (1, 1), outcome
    section = ghana.section()
    assert (section.number, section.body) == (2, kept[0].body)
    assert told[0].section.body == kept[0].body
    assert told[0].mine != kept[0].body
    assert history.verify().broken is None


def test_of_ten_who_save_at_once_none_is_lost_and_numbers_have_no_gap(ghana: Scene) -> None:
    def persistent(number: int) -> Callable[[], Any]:
        def work() -> Any:
            for _try in range(40):
                section = TextSection.objects.select_related("text").get(text=ghana.text.pk, place="C.1")
                body = f"{section.body}\n\nParagraph {number}.".strip()
                try:
                    return services.save(section, body, actor=None, base=section.number)
                except Diverged:
                    continue
            raise AssertionError("never got through")

        return work

    outcome = at_once(*[persistent(number) for number in range(10)])
    assert all(isinstance(o, Revision) for o in outcome), outcome
    section = ghana.section()
    assert section.number == 10
    assert sorted(section.body.split("\n\n")) == sorted(f"Paragraph {n}." for n in range(10))
    assert sorted(section.revisions.values_list("number", flat=True)) == list(range(1, 11))
    assert history.verify().broken is None


def test_different_sections_are_saved_side_by_side(ghana: Scene) -> None:
    outcome = at_once(*[keeping(ghana, f"In {p}.", ghana.consultant, 0, f"{p}.1") for p in "ABCDEF"])
    assert all(isinstance(o, Revision) for o in outcome), outcome
    assert history.verify().broken is None


def test_a_draft_taken_while_others_write_is_one_moment_of_the_text(ghana: Scene) -> None:
    ghana.write("Before.", "A.1")
    ghana.write("Before.", "F.1")

    def taking() -> Any:
        text = Text.objects.get(pk=ghana.text.pk)
        return services.take_draft(text, "now", actor=Person.objects.get(pk=ghana.secretariat.pk))

    outcome = at_once(
        taking,
        keeping(ghana, "After.", ghana.consultant, 1, "A.1"),
        keeping(ghana, "After.", ghana.consultant, 1, "F.1"),
    )
    assert not [o for o in outcome if isinstance(o, Exception)], outcome
    assert history.verify().broken is None


def test_two_drafts_taken_at_once_are_one(ghana: Scene) -> None:
    ghana.write("It stands.")
    outcome = at_once(*[lambda: services.take_draft(Text.objects.get(pk=ghana.text.pk), "now", actor=None)] * 3)
    assert sum(isinstance(o, Draft) for o in outcome) == 1, outcome
    assert Draft.objects.count() == 1


def test_nothing_is_written_beside_what_goes_to_endorsement(ghana: Scene) -> None:
    ghana.write("As agreed.")
    f.perform(ghana.edition, "submit_draft")

    def asking() -> Any:
        edition = Edition.objects.get(pk=ghana.edition.pk)
        return engine.perform(EditionFlow(edition), "request_endorsement", actor=None, data=f.DECISION)

    outcome = at_once(asking, *[keeping(ghana, f"Slipped in {n}.", ghana.consultant, 1) for n in range(4)])
    assert not isinstance(outcome[0], Exception), outcome
    assert all(isinstance(o, Revision | Diverged | Unmet) for o in outcome[1:]), outcome
    last = ghana.text.drafts.first()
    assert last is not None
    assert last.sha256 == freezing.as_it_stands(ghana.text).sha256, "the last draft is the text that is endorsed"
    assert history.verify().broken is None


def test_a_text_begun_twice_at_once_is_one() -> None:
    edition = f.edition(f.twg("GH"), stage="drafting")
    outcome = at_once(*[lambda: services.open_text(Edition.objects.get(pk=edition.pk), actor=None)] * 4)
    assert {o.pk for o in outcome} == {Text.objects.get().pk}, outcome
    assert TextSection.objects.count() == 6


def test_one_scratch_and_one_presence_however_many_windows(ghana: Scene) -> None:
    def typing(number: int) -> Callable[[], Any]:
        def work() -> Any:
            section = TextSection.objects.select_related("text").get(text=ghana.text.pk, place="C.1")
            person = Person.objects.get(pk=ghana.consultant.pk)
            at_work.come(section, person)
            return at_work.keep_scratch(section, person, f"Window {number}", base=0)

        return work

    outcome = at_once(*[typing(n) for n in range(6)])
    assert not [o for o in outcome if isinstance(o, Exception)], outcome
    assert (Scratch.objects.count(), Presence.objects.count()) == (1, 1)


def test_files_added_at_once_have_numbers_of_their_own(ghana: Scene) -> None:
    told = {"caption": "A", "source": "B", "year": "2008"}

    def adding() -> Any:
        text = Text.objects.get(pk=ghana.text.pk)
        return figures.add(text, upload(word(("", "x"))), told, actor=None, kind="attachment")

    outcome = at_once(*[adding] * 4)
    assert sorted(o.number for o in outcome) == [1, 2, 3, 4]


def test_a_word_file_taken_over_twice_at_once_is_taken_over_once(ghana: Scene) -> None:
    brought = word_import.bring(ghana.text, upload(word(("C.1", "Text."))), actor=ghana.consultant)
    pk = ghana.section().pk

    def taking() -> Any:
        file = WordFile.objects.select_related("text").get(pk=brought.pk)
        return word_import.take_over(file, {0: pk}, {pk: 0}, way=word_import.REPLACE, actor=None)

    outcome = at_once(taking, taking)
    assert outcome.count(1) == 1, outcome
    assert sum(isinstance(o, EngineError | FileNotFoundError | WordFile.DoesNotExist) for o in outcome) == 1, outcome
    assert ghana.section().number == 1


def test_a_word_file_and_a_draft_at_once_do_not_wait_for_each_other_for_ever(ghana: Scene) -> None:
    ghana.write("It stands.", "A.1")
    brought = word_import.bring(ghana.text, upload(word(("C.1", "Text."), ("E.1", "Laws."))), actor=ghana.consultant)
    pks = [ghana.section(place).pk for place in ("C.1", "E.1")]

    def taking_over() -> Any:
        file = WordFile.objects.select_related("text").get(pk=brought.pk)
        targets = dict(enumerate(pks))
        return word_import.take_over(file, targets, dict.fromkeys(pks, 0), way=word_import.REPLACE, actor=None)

    def taking() -> Any:
        return services.take_draft(Text.objects.get(pk=ghana.text.pk), "now", actor=None)

    outcome = at_once(taking_over, taking, keeping(ghana, "More.", ghana.consultant, 1, "A.1"))
    assert not [o for o in outcome if isinstance(o, Exception)], outcome
    assert history.verify().broken is None
