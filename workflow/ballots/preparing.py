"""All that prepares ballots, extends and repeats them; states are `engine.perform`'s (S08, S16, S34, S44)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.engine.storing import store
from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.groups.services import require

from . import closing, electorate, mails
from .models import Ballot, BallotState, Decided, Option

KEEPERS = access.chair | access.secretariat
ASKED_AGAIN = (Decided.NO_QUORUM, Decided.BROKEN)


@transaction.atomic
def draft_ballot(
    twg: Twg,
    fields: Mapping[str, Any],
    *,
    actor: Any,
    institutions: Iterable[Institution] = (),
    options: Iterable[Mapping[str, Any]] = (),
    telling: Telling = AS_IT_HAPPENS,
) -> Ballot:
    """A ballot in preparation, with what the terms of reference say where nothing else is said."""
    require(KEEPERS, twg, actor)
    terms = electorate.terms_of(twg)
    usual = {"rule": terms.ballot_rule, "quorum_percent": terms.quorum_percent} if terms else {}
    chosen = list(institutions)
    ballot: Ballot = engine.create(
        Ballot(twg=twg, **{**usual, **fields}), actor=actor, name="drafted", telling=telling,
        data={"institutions": [i.pk for i in chosen]},
    )  # fmt: skip
    ballot.quorum_institutions.set(chosen)
    _set_options(ballot, options)
    return ballot


def _set_options(ballot: Ballot, options: Iterable[Mapping[str, Any]]) -> None:
    Option.objects.filter(ballot=ballot).delete()
    for number, told in enumerate(options, start=1):
        store(Option(ballot=ballot, number=number, **told))


@transaction.atomic
def change_ballot(
    ballot: Ballot,
    fields: Mapping[str, Any],
    *,
    actor: Any,
    institutions: Iterable[Institution] | None = None,
    options: Iterable[Mapping[str, Any]] | None = None,
    version: int | None = None,
) -> None:
    """Change a ballot in preparation; one that is open can only be extended or cancelled."""
    require(KEEPERS, ballot, actor)
    with engine.change(ballot, "changed", actor=actor, version=version) as change:
        if change.subject.state != BallotState.DRAFT:
            raise Unmet(_("This ballot is not in preparation any more."))
        change.assign(fields)
        if institutions is not None:
            chosen = list(institutions)
            change.subject.quorum_institutions.set(chosen)
            change.data["institutions"] = sorted(i.pk for i in chosen)
        if options is not None:
            _set_options(change.subject, options)
            change.data["options"] = [o.titles for o in Option.objects.filter(ballot=ballot)]


@transaction.atomic
def extend(ballot: Ballot, deadline: datetime, *, actor: Any, note: str, version: int | None = None) -> None:
    """A later deadline, with the reason; every voting institution is told. Not once the deadline has passed."""
    require(KEEPERS, ballot, actor)
    if not note.strip():
        raise ValidationError({"note": _("Say why.")})
    with engine.change(ballot, "extended", actor=actor, note=note, version=version) as change:
        closing.check_voting(change.subject)
        if deadline <= change.subject.deadline:
            raise ValidationError({"deadline": _("Choose a later deadline than the one that stands.")})
        change.subject.deadline = deadline
    mails.papers(ballot, "extended")


@transaction.atomic
def repeat(ballot: Ballot, deadline: datetime, *, actor: Any) -> Ballot:
    """A second ballot on the same question, after one without a quorum or whose silence was broken."""
    require(KEEPERS, ballot, actor)
    locked: Ballot = engine.lock(ballot)
    if locked.state != BallotState.CLOSED or locked.decided not in ASKED_AGAIN:
        raise Unmet(_("A ballot is repeated when there was no quorum, or when its silence was broken."))
    if Ballot.objects.filter(repeats=locked).exists():
        raise Unmet(_("It has been repeated already."))
    kept = ("form", "about_kind", "about_id", "draft", "question", "explanation", "rule", "quorum_percent",
            "quorum_categories", "secrecy", "winners", "reminder_days")  # fmt: skip
    return draft_ballot(
        locked.twg,
        {name: getattr(locked, name) for name in kept} | {"deadline": deadline, "repeats": locked},
        actor=actor,
        institutions=locked.quorum_institutions.all(),
        options=[
            {"titles": o.titles, "about_kind": o.about_kind, "about_id": o.about_id} for o in locked.options.all()
        ],
    )
