"""All that writes minutes besides their text and their states: prepare, decide, give to do, correct (S31)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from meetings.scheduling.models import AgendaItem, Meeting
from workflow.engine import actors, clock, digests, kinds, live
from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.models import Subject
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.groups.access import iom
from workflow.groups.services import require
from workflow.writing import services as writing

from . import owing
from .models import ActionItem, Addendum, Decision, Minutes, MinutesState, Row
from .papers import RUNNERS, closed

R = TypeVar("R", bound=Row)


# -- the page ---------------------------------------------------------------------------------------------


@transaction.atomic
def prepare(meeting: Meeting, *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> Minutes:
    """Minutes with one entry for each item of the agenda; those that are there already follow the agenda again.

    What is dealt with in closed session gets a text of its own (S31). Returns the meeting's main minutes.
    """
    require(RUNNERS, meeting, actor)
    engine.hold(f"minutes of {meeting.pk}")
    found = [_part(meeting, part, actor, telling) for part in _parts(meeting)]
    return next(minutes for minutes in found if minutes.main)


def _parts(meeting: Meeting) -> list[bool]:
    """Which texts a meeting needs: the open one, the closed session's, or both."""
    if meeting.closed:
        return [True]
    beside = AgendaItem.objects.filter(meeting=meeting, closed=True).exists()
    return [False, True] if beside else [False]


def _part(meeting: Meeting, closed_: bool, actor: Any, telling: Telling) -> Minutes:
    minutes = Minutes.objects.with_all().filter(meeting=meeting, closed=closed_).first()
    if minutes is None:
        minutes = Minutes(meeting=meeting, closed=closed_)
        _check_open(minutes)
        engine.create(minutes, actor=actor, name="prepared", telling=telling)
        writing.open_text(minutes, actor=actor, telling=telling)
    elif minutes.state != MinutesState.APPROVED:
        text = writing.open_text(minutes, actor=actor, telling=telling)
        writing.reshape(text, actor=actor)
    return minutes


def _check_open(minutes: Minutes) -> None:
    """Raises Unmet with the reason when nothing can be written in the minutes now."""
    if reason := closed(minutes):
        raise Unmet(reason)


# -- decisions and action items ---------------------------------------------------------------------------


def decide(minutes: Minutes, fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> Decision:
    """Take down a decision, under an item of the agenda or none."""
    return _record(Decision(**fields), minutes, actor, telling)


def give_to_do(
    minutes: Minutes, fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS
) -> ActionItem:
    """Take down who is to do what, by when. Raises ValidationError for those who could not read it."""
    return _record(ActionItem(**fields), minutes, actor, telling)


@transaction.atomic
def _record(row: R, minutes: Minutes, actor: Any, telling: Telling) -> R:
    require(RUNNERS, minutes, actor)
    locked: Minutes = engine.lock(minutes)
    _check_open(locked)
    row.minutes = locked
    _check(row)
    before: Any = type(row).objects.all()
    row.number = (before.filter(minutes=locked).aggregate(last=Max("number"))["last"] or 0) + 1
    made: R = engine.create(row, actor=actor, name="recorded", telling=telling)
    live.pulse("minutes", locked.pk)
    return made


def change_row(
    row: Decision | ActionItem, fields: Mapping[str, Any], *, actor: Any, version: int | None = None, note: str = ""
) -> None:
    """Another wording, item, day or person, until the minutes are approved."""
    require(RUNNERS, row, actor)
    with engine.change(row, "changed", actor=actor, version=version, note=note) as change:
        _check_open(engine.lock(row.minutes))
        before = change.subject.what
        change.assign(fields)
        _check(change.subject)
        change.always = change.subject.what != before  # its words are told by no event, but that they changed is
        live.pulse("minutes", row.minutes.pk)


def _check(row: Any) -> None:
    """An item of these minutes, and of a closed session nobody who takes no part in it (S31)."""
    if row.item is not None and not row.minutes.items.filter(pk=row.item.pk).exists():
        raise ValidationError({"item": _("This item is not of these minutes.")})
    if not row.what.strip():
        raise ValidationError({"what": _("Say what was decided.")})
    if isinstance(row, ActionItem):
        owing.check(row)


@transaction.atomic
def became(row: Decision | ActionItem, subject: Subject, *, actor: Any) -> None:
    """What a row became on a floor above, such as a recommendation; also of approved minutes, whose words stay.

    Raises Unmet when it has become something already.
    """
    require(RUNNERS | iom, row, actor)
    with engine.change(row, "became", actor=actor) as change:
        if change.subject.about_id is not None:
            raise Unmet(_("This has been taken over already."))
        kind = kinds.of(subject).name
        change.subject.about_kind, change.subject.about_id = kind, subject.pk
        change.data[kind] = subject.pk


# -- after approval ---------------------------------------------------------------------------------------


@transaction.atomic
def add_addendum(minutes: Minutes, words: str, *, actor: Any, version: int | None = None) -> Addendum:
    """A correction of approved minutes, dated and signed; raises Unmet while they can still be changed themselves."""
    require(RUNNERS, minutes, actor)
    told = words.strip()
    if not told:
        raise ValidationError({"words": _("Write the correction.")})
    with engine.change(minutes, "addendum", actor=actor, version=version) as change:
        if change.subject.state != MinutesState.APPROVED:
            raise Unmet(_("These minutes are not approved yet: change them instead."))
        number = change.subject.addenda.count() + 1
        standing = actors.standing(actor, minutes)
        made = Addendum(
            minutes=change.subject, number=number, words=told, by=actor, by_name=str(actor) if actor else "Palabre",
            institution=standing.institution, at=clock.moment(), sha256=digests.of_text(told),
        )  # fmt: skip
        made.full_clean(validate_unique=False, validate_constraints=False)
        made.save()
        change.data.update(number=number, sha256=made.sha256)
    return made
