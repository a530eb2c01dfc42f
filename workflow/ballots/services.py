"""All that writes votes: cast, changed, recorded from paper, disputed; an institution that takes no part (S16)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from workflow.documents import uploads
from workflow.engine import services as engine
from workflow.engine.errors import Conflict, NotPermitted, Unmet
from workflow.engine.storing import all_or_nothing
from workflow.groups import access
from workflow.groups.models import Role
from workflow.groups.services import require

from . import closing, counting, electorate, mails, ranking
from .flow import BallotFlow
from .models import MOST_WRITTEN, Ballot, BallotForm, Elector, Option, Vote, VoteChoice, Way
from .preparing import KEEPERS

EVIDENCE = ("pdf", "docx", "png", "jpeg")
NEEDS_WORDS = (VoteChoice.RESERVE, VoteChoice.OBJECT)


@dataclass(frozen=True)
class Said:
    """What an institution says: a choice with words where it needs them, or a ranking of option numbers."""

    choice: str
    words: str = ""
    ranking: tuple[int, ...] = field(default=())


@transaction.atomic
def cast(
    ballot: Ballot, institution_id: int, said: Said, *, actor: Any, number: int | None = None, way: Way = Way.PAGE
) -> Vote:
    """Cast or change an institution's vote; one vote counts, those before it stay in the record.

    `number` is how many votes of the institution the person had before them: raises `Conflict` when there are more
    since (a second tab, a colleague). Raises NotPermitted for whoever may not cast it, Unmet when voting is over,
    ValidationError for what the vote lacks.
    """
    access.forget(actor)
    with engine.change(ballot, "voted", actor=actor) as change:
        locked: Ballot = change.subject
        at = closing.check_voting(locked)
        right = _right(locked, institution_id, actor)
        next_one = _next_number(locked, right.elector, number)
        vote = _write(locked, right.elector, said, by=actor, capacity=right.role, way=way, at=at, number=next_one)
        _tell(change, vote)
    _close_if_over(locked, at)
    return vote


@transaction.atomic
def record(
    ballot: Ballot,
    institution_id: int,
    said: Said,
    *,
    actor: Any,
    way: Way,
    evidence: Any,
    number: int | None = None,
) -> Vote:
    """A vote given on paper or in the room, written down by the secretariat with its evidence.

    The institution is told by mail and can dispute it until closing.
    """
    require(KEEPERS, ballot, actor)
    if way not in (Way.PAPER, Way.ROOM):
        raise ValidationError({"way": _("Say whether it was given on paper or in the room.")})
    if not evidence:
        raise ValidationError({"evidence": _("Add the signed page, or the page of the minutes.")})
    checked = _checked(evidence)
    with all_or_nothing() as wrote, engine.change(ballot, "recorded", actor=actor) as change:
        locked: Ballot = change.subject
        at = closing.check_voting(locked)
        elector = _elector(locked, institution_id)
        next_one = _next_number(locked, elector, number)
        evidence.seek(0)
        file = ContentFile(evidence.read(), name=f"{checked.sha256[:16]}.{checked.kind}")
        vote = _write(locked, elector, said, by=actor, way=way, at=at, number=next_one,
                      evidence=file, evidence_name=checked.name, evidence_sha256=checked.sha256)  # fmt: skip
        wrote(vote.evidence)
        _tell(change, vote)
    _close_if_over(locked, at)
    return vote


def _checked(evidence: Any) -> uploads.Checked:
    try:
        return uploads.check(evidence, EVIDENCE)
    except ValidationError as error:
        raise ValidationError({"evidence": error}) from error


@transaction.atomic
def dispute(ballot: Ballot, institution_id: int, *, actor: Any, note: str) -> Vote:
    """The institution says that a vote recorded for it was not its own: it counts no more, and it can vote itself."""
    access.forget(actor)
    if not note.strip():
        raise ValidationError({"note": _("Say what is wrong with it.")})
    with engine.change(ballot, "disputed", actor=actor) as change:
        locked: Ballot = change.subject
        at = closing.check_voting(locked)
        elector = _right(locked, institution_id, actor).elector
        if elector.current is None or elector.current.way not in (Way.PAPER, Way.ROOM):
            raise Unmet(_("Only a vote that the secretariat has recorded is disputed; change your own vote instead."))
        vote = _take_back(locked, elector, "disputed", actor, note, at)
        _tell(change, vote)
    return vote


@transaction.atomic
def recuse(ballot: Ballot, institution_id: int, *, actor: Any, note: str) -> None:
    """The institution takes no part in this ballot: it counts neither for the quorum nor in the majority."""
    access.forget(actor)
    if not note.strip():
        raise ValidationError({"note": _("Say why.")})
    with engine.change(ballot, "recused", actor=actor, note=note) as change:
        locked: Ballot = change.subject
        at = closing.check_voting(locked)
        right = _right(locked, institution_id, actor)
        if right.role == Role.ALTERNATE and electorate.has_member(locked, right.elector):
            raise NotPermitted(_("The member says whether the institution takes part."))
        elector = right.elector
        _tell(change, _take_back(locked, elector, "recused", actor, note, at))
        elector.recused_at, elector.recused_why = at, note
        elector.save(update_fields=["recused_at", "recused_why"])
    _close_if_over(locked, at)


def _elector(ballot: Ballot, institution_id: int) -> Elector:
    found = Elector.objects.filter(ballot=ballot, institution=institution_id).select_related("current").first()
    if found is None:
        raise NotPermitted(_("This institution has no vote in this ballot."))
    if found.recused_at is not None:
        raise Unmet(_("This institution takes no part in this ballot."))
    return found


def _right(ballot: Ballot, institution_id: int, actor: Any) -> electorate.Right:
    elector = _elector(ballot, institution_id)
    right = next(iter(electorate.rights(ballot, actor, [elector])), None)
    if right is None:
        raise NotPermitted(_("You do not vote for this institution."))
    if right.waits:
        raise NotPermitted(_("The member has voted for your institution; an alternate votes when the member has not."))
    return right


def _next_number(ballot: Ballot, elector: Elector, seen: int | None = None) -> int:
    """The number of the institution's next vote. Raises Conflict when it is not one more than the `seen` ones."""
    cast_so_far = Vote.objects.filter(elector=elector).count()
    if seen is not None and seen != cast_so_far:
        raise Conflict(ballot, engine.events_since(ballot, None), _("A vote of your institution was cast meanwhile."))
    return cast_so_far + 1


def _write(ballot: Ballot, elector: Elector, said: Said, **fields: Any) -> Vote:
    _check_said(ballot, said)
    vote = Vote(choice=said.choice, words=said.words.strip().replace("\x00", ""), ranking=list(said.ranking), **fields)
    return _append(ballot, elector, vote)


def _take_back(ballot: Ballot, elector: Elector, why: str, actor: Any, note: str, at: datetime) -> Vote:
    """The reason stands in the vote's own row and not in the history: it may tell how somebody voted."""
    taken = Vote(taken_back=why, by=actor, words=note.strip(), at=at, number=_next_number(ballot, elector))
    return _append(ballot, elector, taken)


def _append(ballot: Ballot, elector: Elector, vote: Vote) -> Vote:
    """Add the row, and let it count from now on; a vote that is taken back leaves none that counts."""
    vote.ballot, vote.elector = ballot, elector
    vote.by_name = str(vote.by) if vote.by else "Palabre"
    vote.receipt = counting.receipt_of(vote)
    vote.save(force_insert=True)
    elector.current = vote if vote.choice else None
    Elector.objects.filter(pk=elector.pk).update(current=elector.current)
    return vote


def _check_said(ballot: Ballot, said: Said) -> None:
    if len(said.words) > MOST_WRITTEN:
        raise ValidationError({"words": _("At most %(most)d characters, please.") % {"most": MOST_WRITTEN}})
    if ballot.form == BallotForm.RANKING:
        _check_ranking(ballot, said)
    elif said.choice not in VoteChoice.values or said.choice == VoteChoice.RANKED or said.ranking:
        raise ValidationError({"choice": _("Choose one of the answers.")})
    elif said.choice in NEEDS_WORDS and not said.words.strip():
        told = {"reserve": _("Write the reservations."), "object": _("Give the reason for the objection.")}
        raise ValidationError({"words": told[said.choice]})


def _check_ranking(ballot: Ballot, said: Said) -> None:
    if said.choice == VoteChoice.ABSTAIN and not said.ranking:
        return
    numbers = Option.objects.filter(ballot=ballot).values_list("number", flat=True)
    try:
        ranking.check(numbers, said.ranking)
    except ValueError as error:
        raise ValidationError({"ranking": _("Rank at least one option, and none of them twice.")}) from error
    if said.choice != VoteChoice.RANKED:
        raise ValidationError({"choice": _("Choose one of the answers.")})


def _tell(change: engine.Change, vote: Vote) -> None:
    """What the history says of a vote: whose it is and its receipt. How it was cast is in the vote's own row."""
    change.always = True
    change.data.update(elector=vote.elector_id, number=vote.number, receipt=vote.receipt)
    mails.receipt(vote)


def _close_if_over(ballot: Ballot, at: datetime) -> None:
    """Close in the same transaction when this was the last vote that the terms wait for, or it broke the silence."""
    if not closing.still_voting(ballot, at):
        close(ballot, actor=None)


@transaction.atomic
def close(ballot: Ballot, *, actor: Any, version: int | None = None) -> None:
    """Close a ballot on which voting is over, with all that follows from its outcome."""
    engine.perform(BallotFlow(ballot), "close", actor=actor, version=version)
