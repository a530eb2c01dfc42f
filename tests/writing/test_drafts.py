"""A named draft freezes all sections; what goes to the TWG is one (S13)."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from tests import factories as f
from workflow.engine import history, notices
from workflow.engine.errors import NotPermitted, Unmet
from workflow.engine.models import Event, OutboxRow
from workflow.writing import freezing, services
from workflow.writing.models import Draft

from .making import Scene, get, post, scene, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Scene:
    made = scene()
    made.write("Remittances grew.", "C.1")
    made.write("The ministry of interior.", "E.1")
    return made


def bodies(draft: Draft) -> dict[str, str]:
    return {line.place: line.body for line in draft.sections.select_related("revision")}


def test_a_draft_keeps_all_sections_whatever_is_written_afterwards(ghana: Scene) -> None:
    draft = ghana.take("for the March round")
    assert str(draft) == "Draft 1, for the March round"
    ghana.write("Remittances fell.", "C.1")
    assert bodies(draft) == {"A.1": "", "B.1": "", "C.1": "Remittances grew.", "D.1": "", "E.1":
                             "The ministry of interior.", "F.1": ""}  # fmt: skip
    assert draft.word_count == 6
    second = ghana.take("for the April round")
    assert (second.number, bodies(second)["C.1"]) == (2, "Remittances fell.")
    assert bodies(draft)["C.1"] == "Remittances grew."


def test_its_hash_is_in_its_history_and_covers_places_titles_and_texts(ghana: Scene) -> None:
    draft = ghana.take()
    event = history.events_of(draft).get()
    assert event.data["sha256"] == draft.sha256
    frozen = freezing.as_it_stands(ghana.text)
    assert frozen.sha256 == draft.sha256
    frozen.lines[0].titles = {"en": "Another title"}
    assert freezing.digest(frozen.lines, frozen.figures) != draft.sha256


def test_an_empty_text_and_an_unchanged_one_make_no_draft(ghana: Scene) -> None:
    with pytest.raises(ValidationError, match="Nothing is written yet"):
        scene("ML").take()
    ghana.take()
    with pytest.raises(ValidationError, match="Nothing has changed since Draft 1"):
        ghana.take("again")


@pytest.mark.parametrize(("role", "may"), [("chair", True), ("member", False), ("observer", False)])
def test_the_chair_takes_a_draft_and_members_do_not(ghana: Scene, role: str, may: bool) -> None:
    somebody = f.seat(ghana.twg, role)
    if may:
        assert ghana.take(by=somebody).number == 1
    else:
        with pytest.raises(NotPermitted):
            ghana.take(by=somebody)


# -- submitting -------------------------------------------------------------------------------------------


def submit(ghana: Scene, **answers: str) -> Event:
    return f.perform(ghana.edition, "submit_draft", actor=ghana.consultant, **answers)


def test_submitting_freezes_what_was_written_under_the_name_that_was_given(ghana: Scene) -> None:
    event = submit(ghana, draft_name="for the March round")
    draft = ghana.text.drafts.get()
    assert draft.name == "for the March round"
    assert (event.data["draft"], event.data["sha256"]) == (draft.pk, draft.sha256)


def test_submitting_without_a_name_names_it_itself(ghana: Scene) -> None:
    submit(ghana)
    assert ghana.text.drafts.get().name == "for the TWG"


def test_a_draft_that_is_the_text_goes_as_it_is(ghana: Scene) -> None:
    draft = ghana.take()
    assert submit(ghana).data["draft"] == draft.pk
    assert ghana.text.drafts.count() == 1


def test_an_unwritten_text_is_not_submitted() -> None:
    empty = scene()
    with pytest.raises(Unmet, match="Nothing is written in the text yet"):
        submit(empty)
    assert not Draft.objects.exists()


def test_an_edition_written_elsewhere_goes_its_way_without_a_text() -> None:
    edition = f.edition(f.twg("GH"), stage="drafting")
    assert "draft" not in f.perform(edition, "submit_draft").data


def test_what_is_asked_to_be_endorsed_is_a_draft_too(ghana: Scene) -> None:
    submit(ghana)
    ghana.write("As Interior asked.", "E.1")
    f.perform(ghana.edition, "request_endorsement", actor=ghana.secretariat, draft_name="for endorsement")
    assert list(ghana.text.drafts.values_list("number", "name")) == [(2, "for endorsement"), (1, "for the TWG")]
    with pytest.raises(Unmet, match="frozen"):
        ghana.write("Too late.", "E.1")


def test_the_button_asks_for_the_name_and_only_when_there_is_something_to_freeze(ghana: Scene) -> None:
    page = words(get(ghana.consultant, "act", "edition", ghana.edition.pk, "submit_draft"))
    assert 'name="draft_name"' in page
    ghana.take()
    page = words(get(ghana.consultant, "act", "edition", ghana.edition.pk, "submit_draft"))
    assert 'name="draft_name"' not in page


def test_the_page_says_what_is_missing(ghana: Scene) -> None:
    empty = scene("ML")
    page = words(get(empty.consultant, "edition", empty.edition.pk))
    assert "Nothing is written in the text yet: write it here, or bring the Word file in." in page


# -- told to whom -----------------------------------------------------------------------------------------


def mails() -> list[str]:
    row = OutboxRow.objects.filter(kind="notice", payload__event__isnull=False).last()
    if row is None:
        return []
    notices.expand(row)
    return [mail.payload["template"] for mail in OutboxRow.objects.filter(kind="mail")]


def test_the_consultant_s_draft_is_told_to_those_who_run_the_twg(ghana: Scene) -> None:
    f.seat(ghana.twg, "chair")
    f.seat(ghana.twg, "member")
    OutboxRow.objects.all().delete()
    ghana.take()
    OutboxRow.objects.exclude(key=f"notice:{Event.objects.filter(subject_kind='draft').get().pk}").delete()
    told = mails()
    assert told == ["workflow/mail/draft"] * 2
    assert {OutboxRow.objects.filter(kind="mail").count()} == {2}


def test_what_the_secretariat_freezes_is_told_to_nobody(ghana: Scene) -> None:
    f.seat(ghana.twg, "chair")
    draft = ghana.take(by=ghana.secretariat)
    from workflow.engine.outbox import deliver

    row = OutboxRow.objects.get(key=f"notice:{history.events_of(draft).get().pk}")
    assert deliver.call(row.pk) == "dropped"
    assert not OutboxRow.objects.filter(kind="mail").exists()


def test_the_mail_says_which_draft_and_where(ghana: Scene) -> None:
    from django.core import mail

    from workflow.engine.outbox import deliver

    draft = ghana.take()
    row = OutboxRow.objects.get(key=f"notice:{history.events_of(draft).get().pk}")
    assert deliver.call(row.pk) == "done"
    for queued in OutboxRow.objects.filter(kind="mail"):
        assert deliver.call(queued.pk) == "done"
    [sent] = [m for m in mail.outbox if "Draft 1, for the March round" in m.subject]
    assert sent.to == [ghana.secretariat.email]
    assert f"/drafts/{draft.pk}/" in sent.body
    assert "Ama the consultant has taken Draft 1" in sent.body


# -- the pages --------------------------------------------------------------------------------------------


def test_a_draft_is_taken_on_its_page(ghana: Scene) -> None:
    answer = post(ghana.consultant, "draft-new", ghana.text.pk, name="for the March round")
    draft = Draft.objects.get()
    assert answer.url == f"/drafts/{draft.pk}/"
    page = words(get(ghana.secretariat, "draft", draft.pk))
    for told in ("Draft 1, for the March round", "6 words", draft.sha256, "Remittances grew.", "C. Part C"):
        assert told in page
    assert "Nothing was written here." in page


def test_taking_the_same_twice_says_so_on_the_form(ghana: Scene) -> None:
    ghana.take()
    answer = post(ghana.consultant, "draft-new", ghana.text.pk, name="again")
    assert answer.status_code == 422
    assert "Nothing has changed since Draft 1, for the March round." in words(answer)


def test_a_draft_without_a_name_is_not_taken(ghana: Scene) -> None:
    assert post(ghana.consultant, "draft-new", ghana.text.pk, name="  ").status_code == 422
    assert not Draft.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("chair", 200), ("member", 403), ("observer", 403)])
def test_who_may_open_the_form(ghana: Scene, role: str, status: int) -> None:
    assert get(f.seat(ghana.twg, role), "draft-new", ghana.text.pk).status_code == status


def test_a_draft_of_many_words_is_read_page_by_page_and_its_contents_lead_to_each(ghana: Scene) -> None:
    for letter in "ABCDEF":
        ghana.write(f"{letter.lower()} " * 1000, f"{letter}.1")
    draft = ghana.take()
    first, third = get(ghana.consultant, "draft", draft.pk), get(ghana.consultant, "draft", draft.pk, page=3)
    assert "a a a" in words(first)
    assert "b b b" not in words(first)
    assert "c c c" in words(third)
    assert "Page 3 of 6" in words(third)
    at = ghana.section("E.1").pk
    assert f'href="?page=5#at-{at}"' in words(first)
    for nonsense in ("99", "0", "x", "-1"):
        assert get(ghana.consultant, "draft", draft.pk, page=nonsense).status_code == 200


def test_a_draft_of_another_twg_is_not_found(ghana: Scene) -> None:
    draft = ghana.take()
    outsider = scene("ML").consultant
    for name in ("draft", "draft-compare"):
        assert get(outsider, name, draft.pk).status_code == 404
    assert get(outsider, "draft-export", draft.pk, "docx").status_code == 404


def test_settling_takes_only_what_is_new(ghana: Scene) -> None:
    first = services.settle(ghana.text, "one", actor=ghana.secretariat)
    assert services.settle(ghana.text, "two", actor=ghana.secretariat) == first
    ghana.write("New.", "A.1")
    assert services.settle(ghana.text, "two", actor=ghana.secretariat).name == "two"
