"""Finding a date: dates that are proposed, what suits whom, and which of them suits best (S17)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import NotPermitted, Unmet
from workflow.engine.storing import store
from workflow.groups.services import require

from .flow import BEFORE, LEAST_SLOTS, RUNNERS
from .models import Answer, Availability, Invitation, Meeting, MeetingState, Slot

MOST_SLOTS = 12


@transaction.atomic
def propose(
    meeting: Meeting, slots: Iterable[tuple[datetime, datetime]], *, actor: Any, version: int | None = None
) -> None:
    """The dates among which the invited choose. What was answered for a date that stays is kept."""
    require(RUNNERS, meeting, actor)
    wanted = dict(slots)
    _check(wanted)
    with engine.change(meeting, "dates", actor=actor, version=version) as change:
        if change.subject.state not in BEFORE:
            raise Unmet(_("It has a date already: postpone it to look for another."))
        Slot.objects.filter(meeting=meeting).exclude(starts_at__in=wanted).delete()
        known = {slot.starts_at: slot for slot in Slot.objects.filter(meeting=meeting)}
        for starts, ends in wanted.items():
            slot = known.get(starts) or Slot(meeting=meeting, starts_at=starts)
            slot.ends_at = ends
            store(slot)
        change.data["dates"] = sorted(wanted)
        change.always = True


def _check(wanted: Mapping[datetime, datetime]) -> None:
    if not LEAST_SLOTS <= len(wanted) <= MOST_SLOTS:
        told = {"least": LEAST_SLOTS, "most": MOST_SLOTS}
        raise ValidationError(_("Propose %(least)d dates at least and %(most)d at most.") % told)
    if any(starts <= timezone.now() for starts in wanted):
        raise ValidationError(_("A date that is proposed lies ahead."))


@transaction.atomic
def answer(meeting: Meeting, person: Any, answers: Mapping[int, str]) -> None:
    """What suits the person; they may change it while the date is not set. Raises NotPermitted for whoever is not
    invited, Unmet when nobody is asked any more, ValidationError for a date that is not proposed."""
    locked: Meeting = engine.lock(meeting)
    if locked.state != MeetingState.POLLING:
        raise Unmet(_("The date is not looked for any more."))
    invitation = Invitation.objects.filter(meeting=locked, person=person.pk, removed_at=None).first()
    if invitation is None:
        raise NotPermitted(_("You are not invited to this meeting."))
    slots = set(Slot.objects.filter(meeting=locked).values_list("pk", flat=True))
    if not set(answers) <= slots or not set(answers.values()) <= set(Availability.values):
        raise ValidationError(_("The dates have changed meanwhile: look at them again."))
    for pk, availability in answers.items():
        Answer.objects.update_or_create(slot_id=pk, invitation=invitation, defaults={"availability": availability})


@dataclass(frozen=True)
class Suits:
    """How a proposed date suits the invited. `blockers` are key people who can't come; others are only counted."""

    slot: Slot
    yes: int
    maybe: int
    no: int
    silent: int
    blockers: tuple[str, ...]

    @property
    def points(self) -> tuple[int, int, int]:
        """What makes one date better than another: key people first, then who comes, then who would."""
        return (-len(self.blockers), 2 * self.yes + self.maybe, self.yes)


def results(meeting: Meeting) -> list[Suits]:
    """Every proposed date in its order, with how it suits."""
    invited = list(Invitation.objects.filter(meeting=meeting, removed_at=None).select_related("institution", "person"))
    given: dict[int, dict[int, str]] = {}
    for slot, invitation, availability in Answer.objects.filter(slot__meeting=meeting).values_list(
        "slot", "invitation", "availability"
    ):
        given.setdefault(slot, {})[invitation] = availability
    return [_suits(slot, invited, given.get(slot.pk, {})) for slot in Slot.objects.filter(meeting=meeting)]


def _suits(slot: Slot, invited: Sequence[Invitation], given: Mapping[int, str]) -> Suits:
    said = [given.get(invitation.pk, "") for invitation in invited]
    blockers = [i for i in invited if i.required and given.get(i.pk) == Availability.NO]
    return Suits(
        slot, said.count("yes"), said.count("maybe"), said.count("no"), said.count(""),
        tuple(str(i.institution or i.person) for i in blockers),
    )  # fmt: skip


def best(found: Sequence[Suits]) -> Suits | None:
    """The date that suits best; of equals the first one. None while nobody has answered."""
    answered = [one for one in found if one.yes or one.maybe]
    return max(answered, key=lambda one: (one.points, -one.slot.starts_at.timestamp()), default=None)
