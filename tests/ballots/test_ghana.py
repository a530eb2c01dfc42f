"""Ghana's edition of 2009: its template endorsed, its draft returned once and endorsed the second time (S08, S40)."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests import factories as f
from tests.comments import making as comments
from workflow.ballots.models import Ballot
from workflow.comments.models import Remark
from workflow.engine import history
from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.profiles.flow import EditionFlow
from workflow.profiles.models import Edition

from . import voting as v

pytestmark = pytest.mark.django_db


def press(edition: Edition, step: str, *, actor: Any, **answers: Any) -> None:
    edition.refresh_from_db()
    engine.perform(EditionFlow(edition), step, actor=actor, data=answers)


def ballot_on(house: v.House, subject: Any, kind: str, draft: Any, question: str) -> Ballot:
    return v.opened(house, about_kind=kind, about_id=subject.pk, draft=draft, question=question)


def test_a_template_is_endorsed_by_ballot_before_drafting_starts() -> None:
    house = v.house(3, early_closing=True)
    f.seat(house.twg, "consultant")
    edition = f.edition(house.twg, stage="template")
    round_ = comments.opened(house.twg, v.draft_of(edition.template, "of the template"))
    comments.closed(round_)
    comments.press(round_, "finish")
    with pytest.raises((Unmet, Exception)) as refusal:
        press(edition, "start_drafting", actor=house.chair)
    assert "decision_body" in getattr(refusal.value, "fields", {}), "a decision taken outside would be asked for"
    ballot = ballot_on(house, edition.template, "template", round_.draft, "Does the TWG endorse the template?")
    v.everybody(house, ballot, v.FOR, v.RESERVED, v.FOR)
    press(edition, "start_drafting", actor=house.chair)
    assert edition.stage == "drafting"


def test_returned_once_and_endorsed_the_second_time() -> None:
    house = v.house(3, early_closing=True)
    consultant = f.seat(house.twg, "consultant")
    edition = f.edition(house.twg, stage="endorsement")
    first = ballot_on(house, edition, "edition", v.draft_of(edition, body="Emigration has grown."), "First time?")
    v.everybody(house, first, v.AGAINST, v.AGAINST, v.FOR)
    edition.refresh_from_db()
    assert (Ballot.objects.get(pk=first.pk).decided, edition.stage) == ("returned", "drafting")

    objections = list(Remark.objects.filter(round__draft=first.draft))
    assert len(objections) == 2
    for objection in objections:
        comments.answer(objection, "accepted", by=consultant)
    assert first.draft is not None
    second_draft = v.again(first.draft, "Emigration has grown by 12 % (source: GSS).")
    press(edition, "submit_draft", actor=consultant)
    for round_ in {objection.round for objection in objections}:
        comments.press(round_, "finish", actor=house.secretariat)
    edition.refresh_from_db()
    f.perform(edition, "request_endorsement", actor=house.chair)
    second = ballot_on(house, edition, "edition", second_draft, "Does the TWG endorse Draft 2?")
    assert second.text_sha256 != first.text_sha256
    v.everybody(house, second, v.FOR, v.RESERVED, v.FOR)
    edition.refresh_from_db()
    assert edition.stage == "workshop"
    moves = [event.to_state for event in history.events_of(edition) if event.to_state]
    assert moves[-4:] == ["drafting", "comment", "endorsement", "workshop"]
    assert history.verify().broken is None


def test_an_edition_leaves_endorsement_by_a_ballot_or_by_a_recorded_decision_alone() -> None:
    house = v.house(2)
    edition = f.edition(house.twg, stage="endorsement")
    ballot = v.opened(house, edition=edition)
    with pytest.raises(Exception, match="missing"):
        press(edition, "endorse", actor=house.chair)
    assert edition.stage == "endorsement"
    press(edition, "endorse", actor=house.chair, **f.DECISION)
    assert edition.stage == "workshop"
    v.close_it(ballot)
    edition.refresh_from_db()
    assert edition.stage == "workshop", "what was decided outside is not undone by a ballot that ends later"
    assert timezone.now() < ballot.deadline
