"""All that writes ballots, electors and votes; states are `engine.perform`'s (S08, S16, S34, S44)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from workflow.documents import uploads
from workflow.engine import clock
from workflow.engine import services as engine
from workflow.engine.errors import Conflict, NotPermitted, Unmet
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.groups.services import require

from . import closing, counting, electorate, mails, ranking
from .flow import BallotFlow
from .models import Ballot, BallotForm, BallotState, Elector, Option, Vote, VoteChoice, Way

KEEPERS = access.chair | access.secretariat
EVIDENCE = ("pdf", "docx", "png", "jpeg")
NEEDS_WORDS = (VoteChoice.RESERVE, VoteChoice.OBJECT)


# -- preparing -------------------------------------------------------------------------------------------


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
        option = Option(ballot=ballot, number=number, **told)
        option.full_clean()
        option.save()


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
        for name, value in fields.items():
            setattr(change.subject, name, value)
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
        _check_voting(change.subject)
        if deadline <= change.subject.deadline:
            raise ValidationError({"deadline": _("Choose a later deadline than the one that stands.")})
        change.subject.deadline = deadline
    mails.papers(ballot, "extended")


@transaction.atomic
def repeat(ballot: Ballot, deadline: datetime, *, actor: Any) -> Ballot:
    """A second ballot on the same question, after one without a quorum or whose silence was broken."""
    require(KEEPERS, ballot, actor)
    locked: Ballot = engine.lock(ballot)
    if locked.state != BallotState.CLOSED or locked.decided not in ("no_quorum", "broken"):
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


# -- voting ----------------------------------------------------------------------------------------------


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
        _check_voting(locked)
        right = _right(locked, institution_id, actor)
        _check_number(locked, right.elector, number)
        vote = _write(locked, right.elector, said, by=actor, capacity=right.role, way=way)
        _tell(change, vote)
    _close_if_over(ballot)
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
    checked = uploads.check(evidence, EVIDENCE)
    with engine.change(ballot, "recorded", actor=actor) as change:
        locked: Ballot = change.subject
        _check_voting(locked)
        elector = _elector(locked, institution_id)
        _check_number(locked, elector, number)
        vote = _write(locked, elector, said, by=actor, way=way, evidence=evidence, evidence_name=checked.name,
                      evidence_sha256=checked.sha256)  # fmt: skip
        _tell(change, vote)
    _close_if_over(ballot)
    return vote


@transaction.atomic
def dispute(ballot: Ballot, institution_id: int, *, actor: Any, note: str) -> Vote:
    """The institution says that a vote recorded for it was not its own: it counts no more, and it can vote itself."""
    access.forget(actor)
    if not note.strip():
        raise ValidationError({"note": _("Say what is wrong with it.")})
    with engine.change(ballot, "disputed", actor=actor) as change:
        locked: Ballot = change.subject
        _check_voting(locked)
        elector = _right(locked, institution_id, actor).elector
        if elector.current is None or elector.current.way not in (Way.PAPER, Way.ROOM):
            raise Unmet(_("Only a vote that the secretariat has recorded is disputed; change your own vote instead."))
        vote = _take_back(locked, elector, "disputed", actor, note)
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
        _check_voting(locked)
        elector = _right(locked, institution_id, actor).elector
        if elector.current is not None:
            _tell(change, _take_back(locked, elector, "recused", actor, note))
        elector.recused_at, elector.recused_why = clock.moment(), note
        elector.save(update_fields=["recused_at", "recused_why"])
        change.data["elector"] = elector.pk
    _close_if_over(ballot)


def _check_voting(ballot: Ballot) -> None:
    if ballot.state != BallotState.OPEN or closing.over(ballot):
        raise Unmet(_("Voting is over."))


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


def _check_number(ballot: Ballot, elector: Elector, number: int | None) -> None:
    """Raises Conflict when the institution has voted since the page was opened."""
    if number is not None and number != Vote.objects.filter(elector=elector).count():
        raise Conflict(ballot, engine.events_since(ballot, None), _("A vote of your institution was cast meanwhile."))


def _write(ballot: Ballot, elector: Elector, said: Said, **fields: Any) -> Vote:
    _check_said(ballot, said)
    vote = Vote(choice=said.choice, words=said.words.strip().replace("\x00", ""), ranking=list(said.ranking), **fields)
    return _append(ballot, elector, vote)


def _take_back(ballot: Ballot, elector: Elector, why: str, actor: Any, note: str) -> Vote:
    """The reason stands in the vote's own row and not in the history: it may tell how somebody voted."""
    return _append(ballot, elector, Vote(taken_back=why, by=actor, words=note.strip()))


def _append(ballot: Ballot, elector: Elector, vote: Vote) -> Vote:
    """Add the row, and let it count from now on; a vote that is taken back leaves none that counts."""
    vote.ballot, vote.elector, vote.at = ballot, elector, clock.moment()
    vote.number = Vote.objects.filter(elector=elector).count() + 1
    vote.by_name = str(vote.by) if vote.by else "Palabre"
    vote.receipt = counting.receipt_of(vote)
    vote.save(force_insert=True)
    elector.current = vote if vote.choice else None
    elector.save(update_fields=["current"])
    return vote


def _check_said(ballot: Ballot, said: Said) -> None:
    if len(said.words) > Vote._meta.get_field("words").max_length:
        raise ValidationError({"words": _("At most 8000 characters, please.")})
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


def _close_if_over(ballot: Ballot) -> None:
    """Close in the same transaction when this was the last vote that the terms wait for, or it broke the silence."""
    if not closing.still_voting(ballot):
        close(ballot, actor=None)


@transaction.atomic
def close(ballot: Ballot, *, actor: Any, version: int | None = None) -> None:
    """Close a ballot on which voting is over, with all that follows from its outcome."""
    engine.perform(BallotFlow(ballot), "close", actor=actor, version=version)
