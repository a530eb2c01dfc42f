"""All that writes comments: made for an institution, kept inside it, changed there, submitted as one voice (S13)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.engine import live
from workflow.engine import services as engine
from workflow.engine.errors import NotPermitted, Unmet
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.groups import access
from workflow.groups.models import Institution
from workflow.writing.models import Draft, DraftSection, TextSection

from . import anchors, clearance, speaking
from .flow import RemarkFlow, takes_comments
from .models import MOST_WRITTEN, Asked, Remark, RemarkKind, RemarkState, Round, Weight

TOLD = ("kind", "weight", "quote", "before", "after")  # what is said of a comment besides its words


@transaction.atomic
def remark(
    round_: Round,
    words: str,
    *,
    actor: Any,
    section: TextSection | None = None,
    institution: Institution | None = None,
    inside: bool = False,
    followup: bool = True,
    fields: Mapping[str, Any] | None = None,
    telling: Telling = AS_IT_HAPPENS,
) -> Remark:
    """A comment for the person's institution, on a section of the round's draft or (None) on the draft as a whole.

    It stays inside the institution where that is asked for, or where the institution clears its comments first and
    the person is not its focal point. The secretariat may take down what `institution` has sent on paper. `fields`:
    kind, weight, and the words it is about (quote, before, after).

    Raises Unmet when the round takes no more comments, NotPermitted for those whose institution is not asked,
    ValidationError for words that are none, too long, or about another text.
    """
    access.forget(actor)
    locked = hold_open(round_)
    speaks_for = _institution_for(locked, actor, institution)
    kept = _kept_inside(locked, speaks_for, actor, inside)
    made = _new(
        locked, words, actor, institution_id=speaks_for, section=section, inside=kept, followup=followup,
        **_said_of(fields or {}, locked, section),
    )  # fmt: skip
    return _make(made, locked, actor, telling)


def _make(made: Remark, locked: Round, actor: Any, telling: Telling) -> Remark:
    """Keep a comment; one that the TWG reads gets its number and counts as the institution's answer."""
    if not made.inside:
        Round.objects.filter(pk=locked.pk).update(numbered=F("numbered") + 1)
        made.number = locked.numbered = locked.numbered + 1
        Asked.objects.filter(round=locked, institution=made.institution_id).update(nothing_by=None, nothing_at=None)
    kept: Remark = engine.create(
        made, actor=actor, name="kept_inside" if made.inside else "made", telling=telling, checked=True,
        begins=RemarkState.INSIDE if made.inside else RemarkState.SUBMITTED,
        data={"words": made.comment, "about": made.quote, "place": made.section.place if made.section else ""},
    )  # fmt: skip
    if not made.inside:
        live.pulse("round", locked.pk)
    return kept


def hold_open(round_: Round) -> Round:
    """The round, held against its closing until the transaction ends; raises Unmet when it takes no comments now."""
    locked: Round = engine.lock(round_)
    if not takes_comments(locked):
        raise Unmet(_("The round takes no more comments."))
    return locked


def _institution_for(round_: Round, actor: Any, named: Institution | None) -> int:
    """For which institution a comment is made: one that is asked."""
    asked = set(Asked.objects.filter(round=round_).values_list("institution", flat=True))
    mine = speaking.institutions(actor, round_.twg_id)
    if named is not None:
        takes_down = access.secretariat(round_, actor)  # or Palabre itself, which loads a file
        mine = {named.pk} if takes_down else mine & {named.pk}
    spoken_for = sorted(mine & asked)
    if not spoken_for:
        raise NotPermitted(_("Your institution is not asked in this round."))
    return spoken_for[0]


def _kept_inside(round_: Round, institution: int, actor: Any, wanted: bool) -> bool:
    if actor is None or wanted:
        return wanted
    if institution not in speaking.institutions(actor, round_.twg_id):
        return False  # taken down from paper: the institution has said it
    own_word = institution in speaking.cleared_by(actor, round_.twg_id)
    return not own_word and clearance.is_on(round_.twg_id, institution)


def _said_of(fields: Mapping[str, Any], round_: Round, section: TextSection | None) -> dict[str, Any]:
    """Kind, weight and anchor; the section must be one of the draft, and the words must stand in it."""
    told = {name: fields[name] for name in TOLD if fields.get(name)}
    for name, choices in (("kind", RemarkKind), ("weight", Weight)):
        if told.get(name, choices.values[0]) not in choices.values:
            raise ValidationError({name: _("“%(value)s” is none of these.") % {"value": told[name]}})
    frozen = DraftSection.objects.filter(draft=round_.draft_id, section=section).select_related("revision").first()
    if section is not None and frozen is None:
        raise ValidationError({"section": _("This section is not in the draft that the round is about.")})
    quote = told.get("quote", "").strip()
    if quote:
        told |= anchors.anchored(frozen.body if frozen else "", quote, told.get("before", ""), told.get("after", ""))
    return told


def checked(words: str) -> str:
    """Words as they are kept: one kind of line end, no zero bytes. Raises ValidationError for none or too many."""
    told = words.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if not told:
        raise ValidationError({"comment": _("Write the comment first.")})
    if len(told) > MOST_WRITTEN:
        message = _("A comment has at most %(limit)d characters; this one has %(count)d.")
        raise ValidationError({"comment": message % {"limit": MOST_WRITTEN, "count": len(told)}})
    return told


def likeness(words: str) -> str:
    """Equal for comments that say the same in the same words, whatever their spaces and capital letters."""
    return hashlib.sha256(" ".join(words.casefold().split()).encode()).hexdigest()


def _new(round_: Round, words: str, actor: Any, **fields: Any) -> Remark:
    told = checked(words)
    return Remark(
        round=round_, comment=told, same=likeness(told), user=actor, user_name=str(actor)[:50] if actor else "Palabre",
        site_id=settings.SITE_ID, submit_date=timezone.now(), is_public=not fields.get("inside"),
        content_type=ContentType.objects.get_for_model(Draft), object_pk=str(round_.draft_id), **fields,
    )  # fmt: skip


def new_reply(parent: Remark, words: str, actor: Any, **fields: Any) -> Remark:
    """A remark below another, not kept yet (threads.py)."""
    return _new(parent.round, words, actor, parent_id=parent.pk, section_id=parent.section_id, **fields)


def check_may_change(mine: Remark, actor: Any) -> None:
    """Raises `NotPermitted` for whoever does not speak for the institution that made it."""
    if actor is not None and mine.institution_id not in speaking.institutions(actor, mine.round.twg_id):
        raise NotPermitted(_("This is for the institution that made it."))


@transaction.atomic
def change_remark(
    mine: Remark, words: str, fields: Mapping[str, Any], *, actor: Any, version: int | None = None
) -> None:
    """Another wording while it is inside the institution; what was submitted is withdrawn and made anew instead."""
    access.forget(actor)
    check_may_change(mine, actor)
    with engine.change(mine, "changed", actor=actor, version=version) as change:
        fresh: Remark = change.subject
        if fresh.state != RemarkState.INSIDE:
            raise Unmet(_("It is submitted: withdraw it and make another one."))
        fresh.comment = checked(words)
        fresh.same = likeness(fresh.comment)
        for name, value in {
            "quote": "",
            "before": "",
            "after": "",
            **_said_of(fields, fresh.round, fresh.section),
        }.items():
            setattr(fresh, name, value)


def submitted_as(mine: Remark, *, actor: Any) -> Remark:
    """What the TWG reads of a comment or reply that was inside: the same words, said by who clears it.

    Called within the transition that submits it. Its history begins here: what was said and changed before, and by
    whom, stays inside the institution.
    """
    locked = hold_open(mine.round)
    if mine.is_reply:
        from . import threads

        return threads.submitted_reply(mine, actor=actor)
    fields = {name: getattr(mine, name) for name in TOLD} | {"institution_id": mine.institution_id}
    made = _new(locked, mine.comment, actor, section=mine.section, followup=True, **fields)
    return _make(made, locked, actor, AS_IT_HAPPENS)


@transaction.atomic
def submit_all(round_: Round, institution: Institution, *, actor: Any) -> list[Remark]:
    """Everything that is inside the institution in this round, submitted at once as one voice; returns it.

    Replies between colleagues stay where they are. Raises what the transition raises: all are submitted, or none.
    """
    # Comments first, then their round: in the order in which a single one is submitted.
    mine = Remark.objects.filter(round=round_, institution=institution).kept_inside().order_by("pk")
    held = list(mine.select_for_update(of=engine.own_tables(Remark)).select_related("round__twg", "section"))
    hold_open(round_)
    submitted = []
    for one in held:
        engine.perform(RemarkFlow(one), "submit", actor=actor)
        submitted += [one.submitted_as] if one.submitted_as else []
    return submitted
