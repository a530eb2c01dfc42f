"""Who speaks for which institution in a TWG, who clears what it says, and who reads a round's discussion (S13, S30)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from workflow.groups import access
from workflow.groups.models import Role, Twg

# A secretariat's or consultant's seat runs the round: it comments for nobody, and reads nothing of what an
# institution has not submitted.
SPEAKING_ROLES = (Role.CHAIR, Role.MEMBER, Role.ALTERNATE)
# Whoever holds the institution's seat, not who stands in for them, clears what it says.
FOCAL_ROLES = (Role.CHAIR, Role.MEMBER)
KEEPING_ROLES = (Role.CHAIR, Role.SECRETARIAT, Role.CONSULTANT)


def _held(person: Any, roles: Iterable[str]) -> set[tuple[int, int]]:
    return {
        (seat.twg_id, seat.institution_id)
        for seat in access.seats(person).present
        if seat.institution_id and seat.modality == "member" and seat.role in roles
    }


def places(person: Any) -> set[tuple[int, int]]:
    """(TWG, institution) of every seat from which the person speaks for an institution."""
    return _held(person, SPEAKING_ROLES)


def institutions(person: Any, twg_id: int) -> set[int]:
    """For which institutions the person speaks in a TWG."""
    return {institution for twg, institution in places(person) if twg == twg_id}


def cleared_by(person: Any, twg_id: int) -> set[int]:
    """For which institutions the person is the focal point in a TWG."""
    return {institution for twg, institution in _held(person, FOCAL_ROLES) if twg == twg_id}


def takes_part(person: Any, twg: Twg) -> bool:
    """Whether the person sits in the TWG, or in the one that it is linked to, as more than an observer."""
    own = access.seats(person)
    return twg.pk in own.full or (twg.linked_to_id is not None and twg.linked_to_id in own.full)


def drafted(person: Any) -> Q:
    """Rounds on what the person's institution drafts since a hand-over (S02)."""
    found = Q(pk__in=[])
    for twg, institution in places(person):
        found |= Q(twg=twg, draft__text__drafted_by=institution)
    return found


def running(person: Any, twg: str) -> Q:
    """Rounds of TWGs (along `twg`) that the person runs; of a consultant, on what was not handed over (S02)."""
    own = Q(**{f"{twg}__in": run(person)})
    return own | Q(**{f"{twg}__in": consulted(person), "draft__text__drafted_by": None})


def kept(person: Any) -> set[int]:
    """The TWGs whose rounds the person runs: as chair, secretariat or consultant; of linked bodies, too."""
    return run(person) | consulted(person)


def run(person: Any) -> set[int]:
    """The TWGs that the person runs: as chair or secretariat."""
    return _seated(person, (Role.CHAIR, Role.SECRETARIAT))


def consulted(person: Any) -> set[int]:
    """The TWGs whose consultant the person is; what was handed over since is not theirs to run (S02)."""
    return _seated(person, (Role.CONSULTANT,))


def _seated(person: Any, roles: Iterable[str]) -> set[int]:
    return {seat.twg_id for seat in access.seats(person).present if seat.role in roles}
