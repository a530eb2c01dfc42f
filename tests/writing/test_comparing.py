"""Any two revisions or drafts, word by word, in the text or side by side."""

from __future__ import annotations

import re

import pytest

from tests import factories as f

from .making import Scene, get, scene, words

pytestmark = pytest.mark.django_db

HIDDEN = re.compile(r'<span class="hidden">[^<]*</span>')


@pytest.fixture
def ghana() -> Scene:
    made = scene()
    made.write("Ghana hosts many migrants.\n\nTheir number grew.", note="begun")
    made.write("Ghana hosts 614,000 migrants.\n\nTheir number grew.", by=made.secretariat)
    made.write("Ghana hosts 614,000 migrants.\n\nTheir number doubled.")
    return made


def page(ghana: Scene, **query: object) -> str:
    return HIDDEN.sub("", words(get(ghana.secretariat, "section-compare", ghana.section().pk, **query)))


def test_the_newest_step_is_shown_first(ghana: Scene) -> None:
    shown = page(ghana)
    assert "<del>grew</del><ins>doubled</ins>" in shown
    assert "Revision 2, Kofi the secretariat" in shown
    assert "614,000</ins>" not in shown


def test_any_two_are_compared_word_by_word(ghana: Scene) -> None:
    shown = page(ghana, before=1, after=3)
    assert "<del>many</del><ins>614,000</ins>" in shown
    assert "<del>grew</del><ins>doubled</ins>" in shown
    backwards = page(ghana, before=3, after=1)
    assert "<del>614,000</del><ins>many</ins>" in backwards


def test_side_by_side_each_side_is_whole(ghana: Scene) -> None:
    shown = page(ghana, before=1, after=2, way="sides")
    assert "<td>Ghana hosts <del>many</del> migrants.</td><td>Ghana hosts <ins>614,000</ins> migrants.</td>" in shown


def test_everything_is_new_against_the_empty_page(ghana: Scene) -> None:
    assert "<ins>Ghana hosts many migrants.</ins>" in page(ghana, before=0, after=1)
    assert "<del>" not in page(ghana, before=0, after=1)


def test_a_revision_against_itself_says_so(ghana: Scene) -> None:
    assert "The two are the same." in page(ghana, before=2, after=2)
    assert "The two are the same." in words(get(ghana.secretariat, "section-compare", ghana.section("D.1").pk))


@pytest.mark.parametrize("query", [{"before": 9}, {"after": 9}, {"before": "x"}, {"before": -1}, {"after": "9" * 30}])
def test_revisions_that_are_not_there_are_not_found(ghana: Scene, query: dict[str, object]) -> None:
    assert get(ghana.secretariat, "section-compare", ghana.section().pk, **query).status_code == 404


def test_an_unknown_way_is_the_usual_one(ghana: Scene) -> None:
    assert "<del>" in page(ghana, way="<script>")


def test_markup_in_a_text_stays_text(ghana: Scene) -> None:
    ghana.write("<script>alert(1)</script>")
    shown = words(get(ghana.secretariat, "section-compare", ghana.section().pk))
    assert "&lt;script&gt;" in shown
    assert "<script>alert" not in shown


# -- drafts -----------------------------------------------------------------------------------------------


def test_two_drafts_tell_which_sections_differ_and_how(ghana: Scene) -> None:
    ghana.write("The act of 2000.", "E.1")
    first = ghana.take("one")
    ghana.write("The act of 2000, amended.", "E.1")
    ghana.write("It began here.", "A.1")
    second = ghana.take("two")
    shown = HIDDEN.sub("", words(get(ghana.secretariat, "draft-compare", second.pk)))
    assert "2 sections differ." in shown
    assert "E.1 Section E1" in shown
    assert "<ins>, amended</ins>" in shown
    assert "<ins>It began here.</ins>" in shown
    assert "C.1 Section C1" not in shown
    whole = words(get(ghana.secretariat, "draft-compare", first.pk))
    assert "2 sections differ." in whole, "the first draft is compared with the empty page"
    assert "two" in whole


def test_two_drafts_of_the_same_text_do_not_exist_and_one_against_itself_says_so(ghana: Scene) -> None:
    draft = ghana.take("one")
    assert "The two are the same." in words(get(ghana.secretariat, "draft-compare", draft.pk, before=1, after=1))


@pytest.mark.parametrize("query", [{"before": 7}, {"after": 7}, {"after": 0}, {"before": "x"}])
def test_drafts_that_are_not_there_are_not_found(ghana: Scene, query: dict[str, object]) -> None:
    draft = ghana.take("one")
    assert get(ghana.secretariat, "draft-compare", draft.pk, **query).status_code == 404


def test_long_differences_go_page_by_page(ghana: Scene) -> None:
    for letter in "ABCDEF":
        ghana.write(f"{letter.lower()} " * 1500, f"{letter}.1")
    draft = ghana.take("one")
    first, last = (words(get(ghana.secretariat, "draft-compare", draft.pk, page=n)) for n in (1, 6))
    assert "6 sections differ." in first
    assert "Page 1 of 6" in first
    assert "Section A1" in first
    assert "Section F1" not in first
    assert "Section F1" in last


def test_the_published_draft_is_compared_by_the_inside_alone(ghana: Scene) -> None:
    draft = ghana.take("one")
    f.bring(ghana.edition, "published")
    assert get(None, "draft", draft.pk).status_code == 200
    assert get(scene("ML").consultant, "draft", draft.pk).status_code == 200
    assert get(scene("NE").consultant, "draft-compare", draft.pk).status_code == 404
