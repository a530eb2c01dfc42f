"""Threads: replies below a comment, the chair's attention, and who wants mail of it (S13)."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_comments.models import CommentFlag

from workflow.engine import live
from workflow.engine import services as engine
from workflow.engine.errors import NotPermitted, Unmet
from workflow.groups import access
from workflow.groups.models import Person
from workflow.groups.services import require

from . import clearance, remarks, speaking
from .flow import RUNNERS
from .models import ATTENTION, Muted, Remark, RemarkState, RoundState

SALT = "palabre.mute"


@transaction.atomic
def reply(parent: Remark, words: str, *, actor: Any, followup: bool = True) -> Remark:
    """A word in the thread below a comment, by anybody who takes part in the round; no disposition is owed to it.

    Below what is inside an institution it stays between colleagues; and where the institution clears what it says,
    a reply by somebody else than its focal point waits inside, too.
    """
    access.forget(actor)
    _check_may_reply(parent, actor)
    speaks_for = _speaking_for(parent, actor)
    inside = parent.inside or _to_be_cleared(parent, speaks_for, actor)
    return _keep(parent, words, actor, institution_id=speaks_for, inside=inside, followup=followup)


def submitted_reply(mine: Remark, *, actor: Any) -> Remark:
    """What the TWG reads of a reply that was inside: called within the transition that submits it."""
    parent = Remark.objects.select_related("round__twg").get(pk=mine.parent_id)
    return _keep(parent, mine.comment, actor, institution_id=mine.institution_id, followup=True)


def _keep(parent: Remark, words: str, actor: Any, *, inside: bool = False, **fields: Any) -> Remark:
    made = remarks.new_reply(parent, words, actor, inside=inside, **fields)
    name, begins = ("kept_inside", RemarkState.INSIDE) if inside else ("replied", RemarkState.SAID)
    data = {"words": made.comment, "to": parent.number or parent.pk}
    kept: Remark = engine.create(made, actor=actor, name=name, data=data, begins=begins)
    if not inside:
        _told(parent)
    return kept


def _check_may_reply(parent: Remark, actor: Any) -> None:
    if not _takes_part(parent, actor):
        raise NotPermitted(_("Only those who take part in the round reply."))
    if parent.state == RemarkState.WITHDRAWN:
        raise Unmet(_("This was withdrawn."))
    if parent.state == RemarkState.CLEARED:
        raise Unmet(_("It was submitted: go on in the thread that the TWG reads."))
    if parent.round.state not in (RoundState.OPEN, RoundState.CLOSED):
        raise Unmet(_("The round is over."))
    if not parent.allow_thread():
        raise ValidationError({"comment": _("This thread is deep enough: reply to a comment above.")})


def _takes_part(remark: Remark, person: Any) -> bool:
    """As more than an observer, by one's seat or by what the terms say of one's institution (S30)."""
    if person is None:
        return True
    reads = Remark.objects.all().visible_to(person).filter(pk=remark.pk)
    return speaking.takes_part(person, remark.round.twg) and reads.exists()


def _speaking_for(parent: Remark, actor: Any) -> int | None:
    """The institution for which a reply is made: that of the comment if the person speaks for it, else their own."""
    mine = speaking.institutions(actor, parent.round.twg_id)
    if parent.institution_id in mine:
        return parent.institution_id
    return min(mine, default=None)


def _to_be_cleared(parent: Remark, institution: int | None, actor: Any) -> bool:
    if actor is None or institution is None or institution in speaking.cleared_by(actor, parent.round.twg_id):
        return False
    return clearance.is_on(parent.round.twg_id, institution)


# -- the chair's attention --------------------------------------------------------------------------------


@transaction.atomic
def flag(remark: Remark, *, actor: Any, note: str = "", version: int | None = None) -> None:
    """A member asks the chair to look at a comment; each once, until it is taken away."""
    access.forget(actor)
    if not _takes_part(remark, actor):
        raise NotPermitted(_("Only those who take part in the round ask for the chair's attention."))
    if remark.inside:
        raise Unmet(_("The chair reads only what was submitted."))
    with engine.change(remark, "flagged", actor=actor, note=note, version=version) as change:
        _flag, new = CommentFlag.objects.get_or_create(user=actor, comment_id=remark.pk, flag=ATTENTION)
        change.always = new
    _told(remark)


@transaction.atomic
def unflag(remark: Remark, *, actor: Any, note: str, version: int | None = None) -> None:
    """Whoever runs the round says what was done about it; the flags are taken away, history keeps them."""
    require(RUNNERS, remark, actor)
    if not note.strip():
        raise ValidationError({"note": _("Say what was done about it.")})
    with engine.change(remark, "unflagged", actor=actor, note=note.strip(), version=version) as change:
        gone, _by_model = CommentFlag.objects.filter(comment_id=remark.pk, flag=ATTENTION).delete()
        if not gone:
            raise Unmet(_("It does not ask for the chair's attention any more."))
        change.always = True
    _told(remark)


def _told(remark: Remark) -> None:
    """Who has the thread, or a page of the round, open sees it: a comment that came after the page is not watched."""
    live.pulse("remark", remark.thread_id)
    live.pulse("round", remark.round_id)


# -- mail -------------------------------------------------------------------------------------------------


def mute(remark: Remark, person: Any, *, on: bool = True) -> None:
    """No more mail about the thread, or mail again."""
    mute_thread(person, remark.thread_id, on=on)


def mute_thread(person: Any, thread_id: int, *, on: bool = True) -> None:
    """The same by the thread's number, as a link in a mail names it."""
    if on:
        Muted.objects.get_or_create(person=person, thread_id=thread_id)
    else:
        Muted.objects.filter(person=person, thread_id=thread_id).delete()


def token_for(person: Any, thread_id: int) -> str:
    """What the link in a mail carries. It opens nothing but the switch of this person's mail about this thread."""
    return signing.dumps([person.pk, thread_id], salt=SALT)


def read_token(token: str) -> tuple[Person, int] | None:
    """Whose mail about which thread; None for a link that is forged, or of a person or thread that is gone."""
    try:
        person_id, thread_id = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None or not Remark.objects.filter(thread_id=thread_id).exists():
        return None
    return person, thread_id


def followers(thread_id: int) -> Any:
    """Those who take part in the thread and want mail of it; access is asked again when it is sent."""
    writing = Remark.objects.filter(thread_id=thread_id, followup=True).exclude(user=None).values("user")
    muted = Muted.objects.filter(thread_id=thread_id).values("person")
    return Person.objects.filter(pk__in=writing, is_active=True).exclude(pk__in=muted).order_by("pk")
