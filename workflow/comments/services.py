"""All that writes rounds and remarks, besides their states (S08, S13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import NotPermitted, Unmet
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.groups.services import require
from workflow.writing.models import Draft, TextSection

from .flow import RoundFlow
from .models import Asked, Muted, Remark, RemarkState, Round, RoundState

KEEPERS = access.chair | access.secretariat | access.consultant
EXTENDERS = access.chair | access.secretariat


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
    """A round on a draft, planned; chosen institutions are asked, or all when `everybody` is set (S13)."""
    require(KEEPERS, twg, actor)
    chosen = list(institutions)
    made: Round = engine.create(
        Round(twg=twg, draft=draft, **fields), actor=actor, name="planned", telling=telling,
        data={"institutions": [i.pk for i in chosen], "draft": draft.pk, "sha256": draft.sha256},
    )  # fmt: skip
    _ask(made, chosen)
    return made


def _ask(round_: Round, institutions: Iterable[Institution]) -> None:
    Asked.objects.bulk_create(Asked(round=round_, institution=i) for i in institutions)


@transaction.atomic
def open_round(round_: Round, *, actor: Any, version: int | None = None, telling: Telling = AS_IT_HAPPENS) -> None:
    """Open it for comments; when all are asked, that means the institutions that hold a seat today."""
    engine.perform(RoundFlow(round_), "open_round", actor=actor, version=version, telling=telling)


@transaction.atomic
def change_round(
    round_: Round,
    fields: Mapping[str, Any],
    institutions: Iterable[Institution] | None = None,
    *,
    actor: Any,
    version: int | None = None,
) -> None:
    """Its words, draft, date and institutions, while it is planned."""
    require(KEEPERS, round_, actor)
    with engine.change(round_, "changed", actor=actor, version=version) as change:
        if change.subject.state != RoundState.PLANNED:
            raise Unmet(_("Only a planned round is changed; extend the deadline of an open one."))
        for name, value in fields.items():
            setattr(change.subject, name, value)
        if institutions is not None:
            chosen = list(institutions)
            Asked.objects.filter(round=round_).exclude(institution__in=chosen).delete()
            known = set(Asked.objects.filter(round=round_).values_list("institution", flat=True))
            _ask(round_, [i for i in chosen if i.pk not in known])
            change.data["institutions"] = [i.pk for i in chosen]


@transaction.atomic
def extend(round_: Round, deadline: datetime, *, actor: Any, note: str, version: int | None = None) -> None:
    """A later deadline, with the reason; the institutions asked are told."""
    require(EXTENDERS, round_, actor)
    if not note.strip():
        raise ValidationError({"note": _("Say why.")})
    with engine.change(round_, "extended", actor=actor, note=note, version=version) as change:
        if change.subject.state not in (RoundState.PLANNED, RoundState.OPEN, RoundState.CLOSED):
            raise Unmet(_("This round is over."))
        if deadline <= change.subject.deadline or deadline <= timezone.now():
            raise ValidationError({"deadline": _("Choose a later deadline than the one that stands.")})
        change.subject.deadline = deadline


# -- remarks ----------------------------------------------------------------------------------------------


def seat_in(round_: Round, person: Any) -> Any:
    """The seat from which the person comments: their institution's, or the one that runs the round. None for none."""
    own = [s for s in access.seats(person).present if s.twg_id == round_.twg_id and s.modality == "member"]
    order = ("chair", "member", "alternate", "secretariat", "consultant")
    return min(own, key=lambda s: order.index(s.role) if s.role in order else len(order), default=None)


def institution_speaking(round_: Round, person: Any) -> int | None:
    """For which institution the person comments in this round: one that is asked. None where there is none."""
    asked = set(Asked.objects.filter(round=round_).values_list("institution", flat=True))
    mine = [s.institution_id for s in access.seats(person).present
            if s.twg_id == round_.twg_id and s.modality == "member" and s.role != "consultant"]  # fmt: skip
    return next((i for i in mine if i in asked), None)


@transaction.atomic
def remark(
    round_: Round,
    words: str,
    *,
    actor: Any,
    section: TextSection | None = None,
    institution: Institution | None = None,
    inside: bool = False,
    fields: Mapping[str, Any] | None = None,
    telling: Telling = AS_IT_HAPPENS,
) -> Remark:
    """A comment for the person's institution; `inside` keeps it within the institution until it is submitted (S13).

    Raises Unmet when the round takes no more comments, NotPermitted for those whose institution is not asked.
    """
    access.forget(actor)
    locked = _taking(round_)
    spoken_for = institution.pk if actor is None and institution else institution_speaking(locked, actor)
    if spoken_for is None:
        raise NotPermitted(_("Your institution is not asked in this round."))
    state = RemarkState.INSIDE if inside else RemarkState.SUBMITTED
    made = _new(locked, words, actor, institution_id=spoken_for, section=section, state=state, **(fields or {}))
    _check_words(made)
    told: Remark = engine.create(
        made, actor=actor, name="kept_inside" if inside else "made", telling=telling,
        data={"words": made.comment, "section": section.place if section else "", "round": locked.pk},
    )  # fmt: skip
    Asked.objects.filter(round=locked, institution=spoken_for).update(nothing_by=None, nothing_at=None)
    return told


def _taking(round_: Round) -> Round:
    """The round, re-read and held against its closing; raises Unmet when it takes no comments now."""
    locked: Round = Round.objects.select_for_update().get(pk=round_.pk)
    if locked.state != RoundState.OPEN or locked.deadline <= timezone.now():
        raise Unmet(_("The round takes no more comments."))
    return locked


def _new(round_: Round, words: str, actor: Any, **fields: Any) -> Remark:
    return Remark(
        round=round_, comment=words.replace("\r\n", "\n").replace("\x00", "").strip(), user=actor,
        user_name=str(actor)[:50] if actor else "Palabre", site_id=settings.SITE_ID, submit_date=timezone.now(),
        content_type=ContentType.objects.get_for_model(Draft), object_pk=str(round_.draft_id), **fields,
    )  # fmt: skip


def _check_words(made: Remark) -> None:
    if not made.comment:
        raise ValidationError({"comment": _("Write the comment first.")})
    if len(made.comment) > settings.COMMENT_MAX_LENGTH:
        raise ValidationError(
            {"comment": _("A comment has at most %(limit)d characters.") % {"limit": settings.COMMENT_MAX_LENGTH}}
        )


@transaction.atomic
def reply(parent: Remark, words: str, *, actor: Any, followup: bool = True) -> Remark:
    """A word in the thread below a comment, by anybody who takes part in the round; no disposition is owed to it."""
    access.forget(actor)
    Round.objects.select_for_update().get(pk=parent.round_id)  # one reply at a time: the library renumbers threads
    if actor is not None and seat_in(parent.round, actor) is None:
        raise NotPermitted(_("Only those who take part in the round reply."))
    if parent.state == RemarkState.WITHDRAWN:
        raise Unmet(_("This comment was withdrawn."))
    seat = seat_in(parent.round, actor)
    made = _new(
        parent.round, words, actor, parent_id=parent.pk, section_id=parent.section_id, followup=followup,
        institution_id=seat.institution_id if seat else None, state=parent.state if parent.state == "inside" else
        RemarkState.SUBMITTED,
    )  # fmt: skip
    _check_words(made)
    if not _fits(parent):
        raise ValidationError({"comment": _("This thread is deep enough: reply to a comment above.")})
    told: Remark = engine.create(made, actor=actor, name="replied", data={"words": made.comment, "to": parent.pk})
    return told


def _fits(parent: Remark) -> bool:
    """Whether the thread may grow below this remark."""
    return bool(parent.allow_thread())


def say_nothing(round_: Round, *, actor: Any) -> None:
    """“No comments” as an answer, for the person's institution."""
    access.forget(actor)
    with transaction.atomic():
        locked = _taking(round_)
        institution = institution_speaking(locked, actor)
        if institution is None:
            raise NotPermitted(_("Your institution is not asked in this round."))
        if Remark.objects.filter(round=locked, institution=institution, level=0).exclude(state="withdrawn").exists():
            raise ValidationError(_("Your institution has commented already; withdraw its comments first."))
        with engine.change(locked, "nothing_to_say", actor=actor) as change:
            Asked.objects.filter(round=locked, institution=institution).update(
                nothing_by=actor, nothing_at=timezone.now()
            )
            change.data["institution"] = institution


def mute(remark_: Remark, person: Any, *, on: bool = True) -> None:
    """No more mail about the thread, or mail again."""
    if on:
        Muted.objects.get_or_create(person=person, thread_id=remark_.thread_id)
    else:
        Muted.objects.filter(person=person, thread_id=remark_.thread_id).delete()
