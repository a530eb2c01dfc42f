"""Pages on which one comments beside the text, and clears what one's institution says (S13)."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories as f
from workflow.comments import clearance, threads
from workflow.comments.models import Remark
from workflow.groups.models import Institution, Person, Twg

from . import making as m
from .on_pages import page, said_of, send, status

pytestmark = pytest.mark.django_db


def test_a_member_comments_beside_the_text(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    section = m.first(round_)
    found = page(interior[1], "round-section", round_.pk, section.pk)
    for words in ("Ghana counted 14,000 returns", "data-quotable", "Comment here", 'name="before"'):
        assert words in found
    answer = send(interior[1], "round-section", round_.pk, section.pk, **said_of(quote="14,000 returns"))
    remark = Remark.objects.get()
    assert (remark.quote, remark.kind, remark.weight, remark.followup) == ("14,000 returns", "data", "must", True)
    assert answer.redirect_chain[0][0].endswith(f"?page=1#remark-{remark.pk}")
    shown = " ".join(answer.content.decode().split())
    assert "14,500 &amp; not &lt;14,000&gt;." in shown
    assert 'data-quote data-before="Ghana counted "' in shown


def test_html_in_a_comment_is_shown_as_text_everywhere(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana, message="<b>bold</b><script>alert(0)</script>")
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    remark = m.comment(round_, interior[1], hostile)
    threads.reply(remark, hostile, actor=secretariat)
    m.answer(remark, "noted", hostile)
    threads.flag(remark, actor=interior[1], note=hostile)
    pages = [
        page(secretariat, "round", round_.pk),
        page(secretariat, "round-section", round_.pk, m.first(round_).pk),
        page(secretariat, "round-whole", round_.pk),
        page(secretariat, "remark", remark.pk),
        page(secretariat, "round-answering", round_.pk, query="?comment=1"),
        page(interior[1], "round-mine", round_.pk),
        page(secretariat, "history", "remark", remark.pk),
    ]
    for shown in pages:
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "<b>bold" not in shown


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"comment": ""}, "This field is required."),
        ({"comment": "x" * 8001}, "at most 8000 characters; this one has 8001"),
        ({"comment": "zero\x00byte"}, "Null characters are not allowed."),
        ({"kind": "gossip"}, "Select a valid choice."),
        ({"quote": "students abroad pay no fees at all"}, "do not stand in this section"),
        ({"quote": "x" * 1001}, "at most 1000 characters"),
    ],
)
def test_a_comment_that_cannot_be_kept_is_given_back(
    ghana: Twg, interior: tuple[Institution, Person], fields: dict[str, str], words: str
) -> None:
    round_ = m.opened(ghana)
    answer = send(interior[1], "round-section", round_.pk, m.first(round_).pk, **said_of(**fields))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "14,500 &amp; not" in answer.content.decode() or "comment" in fields
    assert not Remark.objects.exists()


def test_a_comment_that_comes_a_moment_too_late_is_given_back(
    ghana: Twg, interior: tuple[Institution, Person], time_machine_at: Any
) -> None:
    time_machine_at("2009-03-01 09:00:00Z")
    round_ = m.opened(ghana, days=14)
    section = m.first(round_)
    time_machine_at("2009-03-15 09:00:00Z")
    answer = send(interior[1], "round-section", round_.pk, section.pk, **said_of())
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "The round takes no more comments." in shown
    assert "14,500 &amp; not &lt;14,000&gt;." in shown
    assert "Comment here" not in page(interior[1], "round-section", round_.pk, section.pk)


def test_sections_of_other_drafts_are_not_part_of_the_round(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    elsewhere = m.first(m.planned(f.twg("ML")))
    assert status(interior[1], "round-section", round_.pk, elsewhere.pk) == 404
    assert send(interior[1], "round-section", round_.pk, elsewhere.pk, **said_of()).status_code == 404
    assert status(interior[1], "round-section", round_.pk, 987654) == 404


def test_who_is_not_asked_reads_and_makes_no_comment(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana, institutions=[interior[0]])
    _labour, other = m.ministry(ghana, "Ministry of Labour")
    section = m.first(round_)
    assert "Comment here" not in page(other, "round-section", round_.pk, section.pk)
    assert send(other, "round-section", round_.pk, section.pk, **said_of()).status_code == 403
    assert status(other, "round-mine", round_.pk) == 404


def test_the_secretariat_takes_down_a_comment_from_the_page(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    assert "For a comment that came on paper" in page(secretariat, "round-whole", round_.pk)
    send(secretariat, "round-whole", round_.pk, **said_of(institution=interior[0].pk))
    assert Remark.objects.get().institution == interior[0]
    assert "For a comment that came on paper" not in page(interior[1], "round-whole", round_.pk)


def test_an_observer_reads_the_discussion_without_names(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    consultant = f.seat(ghana, "consultant", "Named Consultant")
    remark = m.comment(round_, interior[1])
    threads.reply(remark, "Which source?", actor=consultant)
    observer = f.seat(ghana, "observer", institution=f.institution(category="civil_society"))
    for shown in (page(observer, "round-section", round_.pk, m.first(round_).pk), page(observer, "remark", remark.pk)):
        assert "The figure is wrong." in shown
        assert "Ministry of Interior" in shown
        assert "Consultant" in shown
        assert "Named Consultant" not in shown
        assert "Member of Ministry" not in shown
        assert "Reply</a>" not in shown


# -- clearance --------------------------------------------------------------------------------------------


def test_clearance_on_pages(ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]) -> None:
    institution, focal = interior
    expert = m.colleague(ghana, institution)
    round_ = m.opened(ghana)
    section = m.first(round_)
    send(focal, "round-clearance", round_.pk, switch="on")
    assert clearance.is_on(ghana.pk, institution.pk)
    send(focal, "round-clearance", round_.pk, switch="on")
    assert clearance.is_on(ghana.pk, institution.pk), "pressed twice, it is still on"
    assert "stays inside until your focal point submits it" in page(expert, "round-section", round_.pk, section.pk)
    send(expert, "round-section", round_.pk, section.pk, **said_of(comment="Between ourselves."))
    for who, seen in ((focal, True), (expert, True), (secretariat, False)):
        assert ("Between ourselves." in page(who, "round-section", round_.pk, section.pk)) is seen
    draft = Remark.objects.get()
    assert status(secretariat, "remark", draft.pk) == 404
    assert status(secretariat, "history", "remark", draft.pk) == 404
    assert "Submit all as one voice" not in page(expert, "round-mine", round_.pk)
    assert send(expert, "round-submit", round_.pk).status_code in (200, 403)
    send(expert, "remark-edit", draft.pk, version=draft.version, **said_of(comment="More softly."))
    assert "Submit all as one voice" in page(focal, "round-mine", round_.pk)
    send(focal, "round-submit", round_.pk, version=round_.version)
    assert "More softly." in page(secretariat, "round-section", round_.pk, section.pk)
    assert "Between ourselves" not in page(secretariat, "history", "remark", Remark.objects.get(number=1).pk)
    assert send(expert, "round-clearance", round_.pk, switch="off").status_code == 403
