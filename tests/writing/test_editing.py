"""The editor's page: save, look first, merge; and the pages of a section and its revisions."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest

from tests import factories as f
from workflow.writing.models import Revision, Scratch

from .making import Scene, browser, get, post, scene, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Scene:
    return scene()


def save(ghana: Scene, body: str, base: int = 0, by: Any = None, **more: str) -> Any:
    return post(
        by or ghana.consultant, "section-edit", ghana.section().pk, **{"body": body, "base": base, "note": "", **more}
    )


def textarea(answer: Any) -> str:
    return unescape(answer.content.decode().split('<textarea name="body"')[1].split(">", 1)[1].split("</textarea>")[0])[
        1:
    ]


def scratch(ghana: Scene, body: str, base: int = 0) -> Any:
    return post(ghana.consultant, "section-scratch", ghana.section().pk, body=body, base=base)


def test_a_section_is_written_and_read(ghana: Scene) -> None:
    answer = save(ghana, "**Remittances** grew.", note="Figures of 2008.")
    assert answer.url == f"/sections/{ghana.section().pk}/"
    page = words(get(ghana.secretariat, "section", ghana.section().pk))
    assert "<strong>Remittances</strong> grew." in page
    for told in ("Revision 1", "Ama the consultant", "Figures of 2008.", "2 words"):
        assert told in page


def test_the_page_says_what_the_template_asks_in_the_text_s_language() -> None:
    from workflow.profiles import services as profiles

    guidance = {"en": "Use the *census*.", "fr": "Utilisez le *recensement*."}
    sections = [{"titles": {"en": "Stocks"}, "guidance": guidance}]
    parts = [{"letter": "A", "titles": {"en": "Patterns"}, "sections": sections}]
    template = profiles.create_template({"code": "t", "number": 41, "names": {"en": "T"}}, parts, actor=None)
    twg = f.twg("ML", of=f.project(), languages=["fr"])
    consultant = f.seat(twg, "consultant")
    edition = f.edition(twg, template=template, stage="drafting")
    from workflow.writing import services

    section = services.open_text(edition, actor=consultant).sections.get()
    for name in ("section", "section-edit"):
        assert "Utilisez le <em>recensement</em>." in words(get(consultant, name, section.pk))


def test_the_later_of_two_gets_both_texts_and_one_that_holds_both(ghana: Scene) -> None:
    ghana.write("One.\n\nTwo.\n\nThree.")
    ghana.write("One.\n\nTwo.\n\nThree, by the secretariat.", by=ghana.secretariat)
    answer = save(ghana, "One, by the consultant.\n\nTwo.\n\nThree.", base=1, note="My note.")
    assert answer.status_code == 409
    page = words(answer)
    assert "Kofi the secretariat has saved revision 2 meanwhile" in page
    assert "The two fit together" in page
    assert textarea(answer) == "One, by the consultant.\n\nTwo.\n\nThree, by the secretariat."
    assert 'name="base" value="2"' in page
    assert 'value="My note."' in page
    assert "<ins>" in page
    assert ghana.section().number == 2
    # What was sent is kept beside the section, should the line drop before the merged text is saved.
    assert Scratch.objects.get().body.startswith("One, by the consultant.")
    again = get(ghana.consultant, "section-edit", ghana.section().pk)
    assert textarea(again) == textarea(answer)


def test_the_merged_text_is_kept_as_such(ghana: Scene) -> None:
    ghana.write("One.")
    ghana.write("One. Two.", by=ghana.secretariat)
    save(ghana, "Zero. One.", base=1)
    assert save(ghana, "Zero. One. Two.", base=2, merged="yes").status_code == 302
    last = Revision.objects.order_by("-number").first()
    assert last is not None
    assert (last.number, last.way, last.body) == (3, "merged", "Zero. One. Two.")
    assert not Scratch.objects.exists()


def test_where_both_wrote_the_same_words_differently_both_wordings_stand(ghana: Scene) -> None:
    ghana.write("Ghana hosts many migrants.")
    ghana.write("Ghana hosts 1.8 million migrants.", by=ghana.secretariat)
    answer = save(ghana, "Ghana hosts 614,000 migrants.", base=1)
    assert answer.status_code == 409
    assert "1 place shows both wordings" in words(answer)
    merged = textarea(answer)
    assert "1.8 million" in merged
    assert "614,000" in merged
    assert "=== Yours ===" in merged
    assert "=== Kofi the secretariat ===" in merged


def test_a_merge_is_kept_once_every_place_is_settled(ghana: Scene) -> None:
    ghana.write("Some 1.5 million live abroad.")
    ghana.write("Some 614,000 live abroad.", by=ghana.secretariat)
    merged = textarea(save(ghana, "Some 1.8 million live abroad.", base=1))
    assert "=== end of the two wordings ===" in merged
    answer = save(ghana, merged, base=2, merged="yes")
    assert answer.status_code == 422
    assert "1 place still shows both wordings" in words(answer)
    assert textarea(answer) == merged
    assert 'name="merged" value="yes"' in words(answer), "it is still a merge"
    assert ghana.section().number == 2
    assert scratch(ghana, merged, base=2).status_code == 200, "as one types, it is kept as it is"
    assert save(ghana, "Some 1.8 million live abroad.", base=2, merged="yes").status_code == 302
    assert ghana.section().revisions.first().way == "merged"


def test_a_merge_that_goes_stale_itself_is_merged_again(ghana: Scene) -> None:
    ghana.write("One.")
    ghana.write("One. Two.", by=ghana.secretariat)
    save(ghana, "Zero. One.", base=1)
    ghana.write("One. Two. Three.", by=ghana.secretariat)
    answer = save(ghana, "Zero. One. Two.", base=2, merged="yes")
    assert answer.status_code == 409
    assert textarea(answer) == "Zero. One. Two. Three."


def test_looking_first_saves_no_revision_and_loses_nothing(ghana: Scene) -> None:
    answer = save(ghana, "A *new* thought.", preview="yes", note="begun")
    assert answer.status_code == 200
    page = words(answer)
    assert "<em>new</em>" in page
    assert "It is not saved yet." in page
    assert textarea(answer) == "A *new* thought."
    assert 'value="begun"' in page
    assert not Revision.objects.exists()
    assert Scratch.objects.get().body == "A *new* thought."


def test_scripts_in_markdown_are_words(ghana: Scene) -> None:
    hostile = "<script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n<img src=x onerror=alert(1)>"
    preview = save(ghana, hostile, preview="yes").content.decode()
    save(ghana, hostile)
    for page in (preview, get(ghana.secretariat, "section", ghana.section().pk).content.decode()):
        assert "<script>alert" not in page
        assert 'href="javascript:' not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize("part", ["note", "body"])
def test_zero_bytes_are_refused_on_their_field_and_nothing_is_lost(ghana: Scene, part: str) -> None:
    answer = save(ghana, **{"body": "Kept words.", part: "zero\x00byte"})
    assert answer.status_code == 422
    assert "Null characters are not allowed." in words(answer)
    assert ghana.section().number == 0


def test_a_text_that_is_too_long_is_given_back(ghana: Scene) -> None:
    answer = save(ghana, "x" * 200_500)
    assert answer.status_code == 422
    assert "200500 characters; 200000 is the most" in words(answer)
    assert textarea(answer) == "x" * 200_500


def test_200_mb_are_refused_before_anything_reads_them(ghana: Scene) -> None:
    client, size = browser(ghana.consultant), str(200 * 1024 * 1024)
    for name in ("edit", "scratch"):
        answer = client.post(f"/sections/{ghana.section().pk}/{name}/", {"body": "x"}, CONTENT_LENGTH=size)
        assert answer.status_code == 413, name
    for name in ("import", "files/new"):
        assert client.post(f"/texts/{ghana.text.pk}/{name}/", {}, CONTENT_LENGTH=size).status_code == 413


@pytest.mark.parametrize("base", ["7", "-1", "", "x", "99999999999"])
def test_a_base_that_never_was_is_refused_and_the_text_given_back(ghana: Scene, base: str) -> None:
    ghana.write("It stands.")
    answer = post(ghana.consultant, "section-edit", ghana.section().pk, body="Mine.", base=base, note="")
    assert answer.status_code == 422
    assert textarea(answer) == "Mine."
    assert ghana.section().body == "It stands."


@pytest.mark.parametrize(("role", "status"), [("chair", 403), ("member", 403), ("observer", 403)])
def test_readers_have_no_editor_and_are_shown_no_way_to_it(ghana: Scene, role: str, status: int) -> None:
    reader, pk = f.seat(ghana.twg, role), ghana.section().pk
    assert get(reader, "section-edit", pk).status_code == status
    assert post(reader, "section-edit", pk, body="x", base=0).status_code == status
    for name, args in (("section", [pk]), ("text", [ghana.text.pk])):
        page = words(get(reader, name, *args))
        assert "/edit/" not in page
        assert "/import/" not in page


def test_a_frozen_text_says_why_it_can_t_be_written(ghana: Scene) -> None:
    ghana.write("It stands.")
    f.perform(ghana.edition, "submit_draft")
    f.perform(ghana.edition, "request_endorsement")
    for name, pk in (("section", ghana.section().pk), ("text", ghana.text.pk)):
        page = words(get(ghana.consultant, name, pk))
        assert "The text is frozen at this stage." in page
        assert "/edit/" not in page
    assert get(ghana.consultant, "section-edit", ghana.section().pk).status_code == 409


# -- revisions --------------------------------------------------------------------------------------------


def test_an_earlier_revision_is_read_and_taken_back(ghana: Scene) -> None:
    ghana.write("First.", note="the first")
    ghana.write("Second.")
    pk = ghana.section().pk
    page = words(get(ghana.secretariat, "section-revision", pk, 1))
    for told in ("Revision 1", "First.", "the first", "Ama the consultant", Revision.objects.get(number=1).sha256):
        assert told in page
    assert f"/sections/{pk}/revisions/1/restore/" in page
    assert "Take it back" not in words(get(ghana.secretariat, "section-revision", pk, 2))
    assert "Take it back" not in words(get(f.seat(ghana.twg, "member"), "section-revision", pk, 1))
    form = words(get(ghana.secretariat, "section-restore", pk, 1))
    assert 'name="base" value="2"' in form
    answer = post(ghana.secretariat, "section-restore", pk, 1, base=2, note="The first was right.")
    assert answer.url == f"/sections/{pk}/"
    assert ghana.section().body == "First."
    assert "taken back from an earlier revision" in words(get(ghana.consultant, "section", pk))


def test_taking_back_on_a_stale_page_says_who_was_faster(ghana: Scene) -> None:
    for body in ("First.", "Second.", "Third."):
        ghana.write(body)
    answer = post(ghana.secretariat, "section-restore", ghana.section().pk, 1, base=2, note="")
    assert answer.status_code == 409
    assert "Ama the consultant" in words(answer)
    assert ghana.section().number == 3


def test_a_revision_that_is_not_there_is_not_found(ghana: Scene) -> None:
    ghana.write("First.")
    pk = ghana.section().pk
    assert get(ghana.secretariat, "section-revision", pk, 2).status_code == 404
    assert get(ghana.secretariat, "section-restore", pk, 99).status_code == 404
    assert get(f.seat(ghana.twg, "member"), "section-restore", pk, 1).status_code == 403
    assert get(scene("ML").consultant, "section-revision", pk, 1).status_code == 404


def test_all_revisions_are_listed_page_by_page(ghana: Scene) -> None:
    for number in range(1, 54):
        ghana.write(f"Body {number}.", note=f"note {number}")
    first = words(get(ghana.secretariat, "section-revisions", ghana.section().pk))
    assert "note 53" in first
    assert "note 4<" in first
    assert "note 3<" not in first
    assert "1 to 50 of 53" in first
    assert "note 3<" in words(get(ghana.secretariat, "section-revisions", ghana.section().pk, page=2))
    assert "All 53 revisions" in words(get(ghana.secretariat, "section", ghana.section().pk))


def test_an_observer_reads_revisions_and_not_by_whom(ghana: Scene) -> None:
    ghana.write("First.")
    ghana.write("Second.", by=ghana.secretariat)
    observer, pk = f.seat(ghana.twg, "observer"), ghana.section().pk
    for name, args in (("section", []), ("section-revisions", []), ("section-revision", [1]), ("section-compare", [])):
        page = words(get(observer, name, pk, *args))
        assert "Somebody" in page, name
        assert "Ama" not in page, name
        assert "Kofi" not in page, name
