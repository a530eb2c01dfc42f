"""All that writes rounds, besides their states (S08, S13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.engine import outbox
from workflow.engine import services as engine
from workflow.engine.errors import NotPermitted, Unmet
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.groups.services import require
from workflow.writing.models import Draft

from . import asked, speaking
from .flow import KEEPERS, RUNNERS, RoundFlow
from .models import Asked, Remark, Round, RoundState
from .remarks import hold_open


@transaction.atomic
def plan_round(
    twg: Twg,
    draft: Draft,
    fields: Mapping[str, Any],
    institutions: Iterable[Institution] = (),
    *,
    actor: Any,
    telling: Telling = AS_IT_HAPPENS,
) -> Round:
    """A round on a draft, planned; the chosen institutions are asked, or all when `everybody` is set (S13).

    Raises Unmet when no round can be held on the draft now, ValidationError for a deadline that has passed or an
    institution that does not speak in the TWG.
    """
    made = Round(twg=twg, draft=draft, **fields)
    require(KEEPERS, made, actor)
    chosen = list(institutions)
    if actor is not None:
        _check(made, chosen)
    engine.create(
        made, actor=actor, name="planned", telling=telling,
        data={"institutions": [str(i) for i in chosen], "draft": draft.pk, "sha256": draft.sha256},
    )  # fmt: skip
    asked.ask(made, chosen)
    return made


def _check(round_: Round, chosen: list[Institution] | None) -> None:
    """Asked of people; what a file tells of the past is taken as it is."""
    if reason := asked.may_be_held(round_.twg, round_.draft.text):
        raise Unmet(str(reason))
    now = timezone.now()
    if round_.deadline <= now:
        raise ValidationError({"deadline": _("This moment has passed.")})
    if round_.opens_on and round_.opens_at and round_.opens_at >= round_.deadline:
        raise ValidationError({"opens_on": _("It would open after its deadline.")})
    if chosen is None:
        return
    if not chosen and not round_.everybody:
        raise ValidationError({"institutions": _("Choose at least one institution, or ask all.")})
    speaking_here = {institution.pk for institution in asked.institutions_of(round_.twg)}
    silent = [str(institution) for institution in chosen if institution.pk not in speaking_here]
    if silent:
        message = _("Nobody could comment: no member of the TWG sits for %(names)s.")
        raise ValidationError({"institutions": message % {"names": ", ".join(silent)}})


@transaction.atomic
def change_round(
    round_: Round,
    fields: Mapping[str, Any],
    institutions: Iterable[Institution] | None = None,
    *,
    actor: Any,
    version: int | None = None,
) -> None:
    """Its words, draft, days and institutions, while it is planned."""
    require(KEEPERS, round_, actor)
    with engine.change(round_, "changed", actor=actor, version=version) as change:
        fresh: Round = change.subject
        if fresh.state != RoundState.PLANNED:
            raise Unmet(_("Only a planned round is changed; the deadline of an open one can be extended."))
        change.assign(fields)
        chosen = None if institutions is None else list(institutions)
        _check(fresh, chosen)
        if chosen is not None:
            before = set(Asked.objects.filter(round=fresh).values_list("institution", flat=True))
            Asked.objects.filter(round=fresh).exclude(institution__in=chosen).delete()
            asked.ask(fresh, chosen)
            if before != {i.pk for i in chosen}:
                change.data["institutions"] = [str(i) for i in chosen]


@transaction.atomic
def ask_more(
    round_: Round, institutions: Iterable[Institution], *, actor: Any, version: int | None = None
) -> list[Institution]:
    """Ask institutions that came to the TWG after the round was opened, or were forgotten; returns the new ones."""
    require(KEEPERS, round_, actor)
    with engine.change(round_, "asked_more", actor=actor, version=version) as change:
        if change.subject.state != RoundState.OPEN:
            raise Unmet(_("Only an open round asks others too."))
        wanted = list(institutions)
        _check(change.subject, wanted)
        new = asked.ask(change.subject, wanted)
        if not new:
            raise ValidationError({"institutions": _("Choose an institution that is not asked yet.")})
        change.data.update(institutions=[str(i) for i in new], asked=[i.pk for i in new])
    return new


@transaction.atomic
def extend(round_: Round, deadline: datetime, *, actor: Any, note: str, version: int | None = None) -> None:
    """A later deadline, with the reason. A round that has closed meanwhile opens again with it; all asked are told.

    Raises ValidationError for a deadline that is not later, Unmet when the round is over.
    """
    require(RUNNERS, round_, actor)
    if not note.strip():
        raise ValidationError({"note": _("Say why.")})
    with engine.change(round_, "extended", actor=actor, note=note.strip(), version=version) as change:
        if change.subject.state not in (RoundState.PLANNED, RoundState.OPEN, RoundState.CLOSED):
            raise Unmet(_("This round is over."))
        if deadline <= change.subject.deadline or deadline <= timezone.now():
            raise ValidationError({"deadline": _("Choose a later deadline than the one that stands.")})
        change.subject.deadline = deadline
        closed = change.subject.state == RoundState.CLOSED
    if closed:
        engine.perform(RoundFlow(round_), "reopen", actor=actor, note=note.strip())


def take_up_for(remark: Remark) -> None:
    """Called within the reopening of a comment: a round that counted as answered is not any more.

    The round is held, so that it can't be finished beside this, nor the edition leave it behind: where one has gone on
    just before, it is too late. Raises Unmet.
    """
    locked: Round = engine.lock(remark.round)
    if reason := asked.may_be_held(locked.twg, locked.draft.text):
        raise Unmet(str(reason))
    if locked.state == RoundState.ANSWERED:
        said = _("Comment %(number)s was reopened.") % {"number": remark.number}
        engine.perform(RoundFlow(locked), "take_up", actor=None, note=said)


# -- answers of institutions ------------------------------------------------------------------------------


@transaction.atomic
def say_nothing(
    round_: Round, *, actor: Any, institution: Institution | None = None, version: int | None = None
) -> None:
    """“No comments” as an answer, for the person's institution; the secretariat may take it down for `institution`."""
    access.forget(actor)
    locked = hold_open(round_)
    spoken_for = _asked_institution(locked, actor, institution)
    said = Remark.objects.filter(round=locked, institution=spoken_for.institution).comments()
    if said.exclude(state="withdrawn").exists():
        raise ValidationError(_("Your institution has commented already: withdraw its comments first."))
    if spoken_for.nothing_at is not None:
        raise ValidationError(_("Your institution has said so already."))
    with engine.change(locked, "nothing_to_say", actor=actor, version=version) as change:
        spoken_for.nothing_by, spoken_for.nothing_at = actor, timezone.now()
        spoken_for.save()
        change.data["institution"] = spoken_for.institution_id


def _asked_institution(round_: Round, actor: Any, named: Institution | None) -> Asked:
    mine = speaking.institutions(actor, round_.twg_id)
    if named is not None:
        mine = {named.pk} if access.secretariat(round_, actor) else mine & {named.pk}
    found = Asked.objects.filter(round=round_, institution__in=mine).select_related("institution")
    first = found.order_by("institution_id").first()
    if first is None:
        raise NotPermitted(_("Your institution is not asked in this round."))
    return first


def own_institution(round_: Round, person: Any) -> Institution:
    """For which institution the person speaks in the round. Raises NotPermitted where there is none."""
    access.forget(person)
    return _asked_institution(round_, person, None).institution


@transaction.atomic
def remind(round_: Round, *, actor: Any, version: int | None = None) -> None:
    """Mail to those who speak for the institutions that have not answered; each press of the button is one event."""
    require(KEEPERS, round_, actor)
    with engine.change(round_, "reminded", actor=actor, version=version) as change:
        if change.subject.state != RoundState.OPEN:
            raise Unmet(_("Only an open round has somebody to remind."))
        change.always = True
    outbox.put(
        "round_reminder", {"round": round_.pk, "deadline": round_.deadline.isoformat(), "to": ["silent", "holding"]},
        key=f"round:{round_.pk}:by-hand:{round_.version}",
    )  # fmt: skip
