"""Pages of one comment, and of those who answer them one after the other (S13)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests import factories as f
from tests.groups.reading import browser
from workflow.comments.models import Muted, Remark
from workflow.groups.models import Institution, Person, Twg

from . import making as m
from .on_pages import page, send, status

pytestmark = pytest.mark.django_db


def test_the_commenter_sees_what_was_changed_and_accepts(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    remark = m.comment(round_, interior[1], fields={"quote": "14,000 returns"})
    revision = m.write(m.first(round_), m.BODY.replace("14,000", "14,500"), note="Figure.")
    m.answer(remark, "accepted", "Thank you.", revision=str(revision.number))
    shown = page(interior[1], "remark", remark.pk)
    for words in (
        "Thank you.", "What was changed", "revision 2", "14,000</del>", "14,500</ins>",
        "These words in the text as it is now", "<mark>14,500 returns</mark>", "They have changed since.",
        "Accept the answer", "Reopen it",
    ):  # fmt: skip
        assert words in shown
    mine = page(interior[1], "round-mine", round_.pk)
    assert "Accept the answer" in mine
    act = reverse("act", args=["remark", remark.pk, "settle"])
    answer = browser(interior[1]).post(act, {"version": remark.version}, follow=True)
    assert "Settled" in answer.content.decode()


def test_words_that_are_gone_are_said_to_be_gone(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    remark = m.comment(round_, interior[1], fields={"quote": "14,000 returns from Libya"})
    m.write(m.first(round_), "Something else altogether stands here now.")
    assert "These words are gone from the text." in page(interior[1], "remark", remark.pk)


def test_replies_flags_and_mail_from_the_page(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    remark = m.comment(round_, interior[1])
    answer = send(secretariat, "remark-reply", remark.pk, comment="Which source?", followup="on")
    reply = Remark.objects.get(level=1)
    assert answer.redirect_chain[0][0].endswith(f"/comments/{remark.pk}/#remark-{reply.pk}")
    assert browser(interior[1]).get(reverse("remark", args=[reply.pk])).status_code == 302
    send(interior[1], "remark-flag", remark.pk, note="It is for the minister.")
    for shown in (page(secretariat, "round", round_.pk), page(secretariat, "remark", remark.pk)):
        assert "eeds the chair" in shown
    assert "Needs the chair" not in page(interior[1], "round", round_.pk)
    remark.refresh_from_db()
    answer = send(secretariat, "remark-unflag", remark.pk, version=remark.version, note="Spoken to the minister.")
    assert "Saved." in answer.content.decode()
    assert "No mail about this thread" in page(interior[1], "remark", remark.pk)
    send(interior[1], "remark-mute", remark.pk, on="yes")
    assert Muted.objects.get().person == interior[1]
    assert "Mail about this thread again" in page(interior[1], "remark", remark.pk)
    send(interior[1], "remark-mute", remark.pk, on="no")
    assert not Muted.objects.exists()


def test_a_withdrawn_comment_says_so(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    remark = m.comment(m.opened(ghana), interior[1])
    m.press(remark, "withdraw", actor=interior[1], note="We were wrong.")
    shown = page(interior[1], "round-section", remark.round_id, remark.section_id)
    assert "Withdrawn" in shown
    assert "The figure is wrong." in shown
    assert "We were wrong." in page(interior[1], "remark", remark.pk)


# -- answering --------------------------------------------------------------------------------------------


def test_the_consultant_answers_one_after_the_other(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    consultant = f.seat(ghana, "consultant")
    round_ = m.opened(ghana)
    one = m.comment(round_, interior[1], "The figure is wrong.")
    m.comment(round_, interior[1], "THE figure is wrong.")
    third = m.comment(round_, interior[1], "Say who issues permits.")
    m.write(m.first(round_), "Another text.", note="After the comments")
    shown = page(consultant, "round-answering", round_.pk)
    for words in ("Answer comment 1", "0 of 3 comments answered", "Give the same answer to these", "Revision 2: After"):
        assert words in shown
    answer = send(
        consultant, "round-answering", round_.pk, query="?comment=1", version=one.version, disposition="accepted",
        revision="2", alike=[Remark.objects.get(number=2).pk],
    )  # fmt: skip
    shown = " ".join(answer.content.decode().split())
    assert "Answer comment 3" in shown
    assert "2 of 3 comments answered" in shown
    assert Remark.objects.filter(state="answered", revision__number=2).count() == 2
    answer = send(
        consultant, "round-answering", round_.pk, query="?comment=3", version=third.version, disposition="noted"
    )
    assert answer.status_code == 422
    assert "Say why, in a sentence." in answer.content.decode()
    answer = send(
        consultant, "round-answering", round_.pk, query="?comment=3", version=third.version, disposition="noted",
        answer="In Part D.",
    )  # fmt: skip
    assert "Every comment has its answer" in answer.content.decode()


def test_answer_as_another_comment(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    consultant = f.seat(ghana, "consultant")
    round_ = m.opened(ghana)
    m.answer(m.comment(round_, interior[1]), "in_part", "The table says so, too.")
    m.comment(round_, interior[1])
    assert "Answer as comment 1" in page(consultant, "round-answering", round_.pk)
    shown = page(consultant, "round-answering", round_.pk, query="?comment=2&as=1")
    assert "The table says so, too.</textarea>" in shown
    assert 'value="in_part" id="id_disposition_1" required checked' in shown or 'value="in_part"' in shown


def test_only_those_who_answer_open_the_answering_page(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    m.comment(round_, interior[1])
    assert status(interior[1], "round-answering", round_.pk) == 403
    assert status(f.seat(ghana, "chair"), "round-answering", round_.pk) == 403
    keeper = f.seat(ghana, "secretariat")
    assert browser(keeper).get(reverse("round-answering", args=[round_.pk]) + "?comment=77").status_code == 404


def test_a_stale_answer_gives_back_what_was_typed(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    remark = m.comment(m.opened(ghana), interior[1])
    stale = remark.version
    m.press(remark, "withdraw", actor=interior[1], note="We were wrong.")
    answer = send(
        secretariat, "round-answering", remark.round_id, query="?comment=1", version=stale, disposition="noted",
        answer="A long answer, typed in vain.",
    )  # fmt: skip
    assert answer.status_code == 409
    assert "A long answer, typed in vain." in answer.content.decode()
