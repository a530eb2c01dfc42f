"""The pages of a text, of its edition, of terms of reference; what home asks the consultant."""

from __future__ import annotations

import pytest

from tests import factories as f
from workflow.engine import together
from workflow.engine.together import Tally
from workflow.groups import services as groups
from workflow.writing import progress as far
from workflow.writing.models import Revision, Text, TextSection

from .making import Scene, get, post, scene, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Scene:
    return scene()


# -- an edition -------------------------------------------------------------------------------------------


def test_the_text_is_begun_on_the_edition_s_page_by_those_who_write_it() -> None:
    twg = f.twg("GH", of=f.project())
    edition = f.edition(twg, stage="drafting")
    consultant, member = f.seat(twg, "consultant"), f.seat(twg, "member")
    assert "Begin the text" not in words(get(member, "edition", edition.pk))
    assert f'action="/texts/of/edition/{edition.pk}/"' in words(get(consultant, "edition", edition.pk))
    assert post(member, "text-open", "edition", edition.pk).status_code == 403
    answer = post(consultant, "text-open", "edition", edition.pk)
    text = Text.objects.get()
    assert answer.url == f"/texts/{text.pk}/"
    assert f'href="/texts/{text.pk}/"' in words(get(member, "edition", edition.pk))


@pytest.mark.parametrize("stage", ["template", "endorsement", "published"])
def test_no_text_is_offered_where_none_can_be_written(stage: str) -> None:
    twg = f.twg("GH", of=f.project())
    edition = f.edition(twg, stage=stage)
    assert "Begin the text" not in words(get(f.seat(twg, "consultant"), "edition", edition.pk))


def test_unknown_kinds_and_strangers_open_nothing(ghana: Scene) -> None:
    assert post(ghana.consultant, "text-open", "person", ghana.consultant.pk).status_code == 404
    assert post(ghana.consultant, "text-open", "edition", 999_999).status_code == 404
    assert post(scene("ML").consultant, "text-open", "edition", ghana.edition.pk).status_code == 404
    assert get(ghana.consultant, "text-open", "edition", ghana.edition.pk).status_code == 405


def test_the_edition_shows_how_far_each_part_is_to_the_inside_alone(ghana: Scene) -> None:
    ghana.write("One two three.")
    page = words(get(f.seat(ghana.twg, "member"), "edition", ghana.edition.pk))
    assert f'href="/texts/{ghana.text.pk}/#part-C"' in page
    assert "1 of 1" in page
    assert '<td class="num" data-label="Words">3</td>' in page
    regional = f.seat(f.regional_twg(ghana.twg.project, countries="GH"), "secretariat")
    outside = words(get(regional, "edition", ghana.edition.pk))
    assert "/texts/" not in outside
    assert "Section C1" in outside


# -- a text -----------------------------------------------------------------------------------------------


def test_a_text_shows_words_by_section_and_part_and_what_is_empty(ghana: Scene) -> None:
    ghana.write("One two three.")
    ghana.write("Four five.", "E.1")
    page = words(get(f.seat(ghana.twg, "member"), "text", ghana.text.pk))
    assert "5 words" in page
    assert "1 of 1 section written · 3 words" in page
    assert "0 of 1 section written · 0 words" in page
    assert page.count(">empty<") == 4
    assert 'data-live="text:' in page


def test_what_other_rooms_count_is_shown_by_section_and_summed_by_part(
    ghana: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    ghana.write("One.")
    ghana.write("One, two.")
    monkeypatch.setattr(far, "_counters", dict(far._counters))
    revisions = Revision.objects.filter(section=ghana.section())
    far.register_counter("test", "wordings", lambda text, person: Tally(revisions, "section"))
    far.register_counter("nothing", "of none", lambda text, person: None)
    [line] = next(p for p in together.answer(far.progress(ghana.text, ghana.secretariat)) if p.letter == "C").lines
    assert line.counts == [("wordings", 2)]
    assert "2 wordings" in words(get(ghana.secretariat, "text", ghana.text.pk))
    assert "2 wordings" in words(get(ghana.secretariat, "edition", ghana.edition.pk))


def test_drafts_are_listed_with_what_changed(ghana: Scene) -> None:
    ghana.write("One.")
    ghana.take("one")
    ghana.write("Two.")
    second = ghana.take("two")
    page = words(get(ghana.secretariat, "text", ghana.text.pk))
    assert page.index("Draft 2, two") < page.index("Draft 1, one")
    assert f'href="/drafts/{second.pk}/compare/"' in page


@pytest.mark.parametrize("name", ["text", "section", "section-revisions", "section-compare", "text-files"])
def test_strangers_find_nothing_and_nobody_is_sent_to_sign_in(ghana: Scene, name: str) -> None:
    pk = ghana.text.pk if name.startswith("text") else ghana.section().pk
    assert get(scene("ML").consultant, name, pk).status_code == 404
    assert get(f.administrator(), name, pk).status_code == 404
    assert get(None, name, pk).status_code == 302


def test_terms_of_reference_lead_to_their_text() -> None:
    twg = f.twg("GH", of=f.project())
    chair, member = f.seat(twg, "chair"), f.seat(twg, "member")
    f.adopt(twg.terms.get())
    draft = groups.draft_terms(twg, actor=None)
    assert "Begin the text" in words(get(chair, "terms", draft.pk))
    assert "Begin the text" not in words(get(member, "terms", draft.pk))
    post(chair, "text-open", "terms", draft.pk)
    page = words(get(member, "terms", draft.pk))
    assert f'href="/texts/{Text.objects.get().pk}/"' in page
    assert "A. Terms of reference" in page


# -- home -------------------------------------------------------------------------------------------------


def test_the_consultant_is_told_what_is_left_to_write(ghana: Scene) -> None:
    ghana.write("A.", "A.1")
    TextSection.objects.filter(place="D.1").update(part="B")
    page = words(get(ghana.consultant, "home"))
    assert "Part B has 2 sections to write" in page
    assert "5 empty sections in all" in page
    assert f'href="/texts/{ghana.text.pk}/#part-B"' in page
    assert "sections to write" not in words(get(ghana.secretariat, "home"))


def test_the_consultant_of_an_edition_without_a_text_is_told_to_begin_it() -> None:
    twg = f.twg("GH", of=f.project())
    edition = f.edition(twg, stage="drafting")
    page = words(get(f.seat(twg, "consultant"), "home"))
    assert "Its text is not begun yet" in page
    assert f'href="/editions/{edition.pk}/#parts"' in page


def test_nothing_is_left_to_write_once_all_is_written_or_the_draft_is_out(ghana: Scene) -> None:
    for letter in "ABCDEF":
        ghana.write("Done.", f"{letter}.1")
    assert "to write" not in words(get(ghana.consultant, "home"))
    other = scene("ML")
    other.write("Some.")
    f.perform(other.edition, "submit_draft")
    assert "to write" not in words(get(other.consultant, "home"))
