"""How many of an institution's people have completed a course: what the hand-over asks (S33, S46).

Of closed trainings nothing is counted: a number would tell of them (S31).
"""

from __future__ import annotations

from workflow.engine.together import Found, Listing, Wanted
from workflow.handover.staff import Trained

from .models import Participation, ParticipationState


def trained(institution: int) -> Wanted[Trained]:
    """Each person once, however many courses; whoever has no account, by the name."""
    completed = Participation.objects.filter(
        institution=institution, state=ParticipationState.COMPLETED, training__meeting__closed=False
    )

    def made(found: Found) -> Trained:
        rows = found["completed"]
        return Trained(len({row.person_id or row.name for row in rows}), len({row.training_id for row in rows}))

    return Wanted({"completed": Listing(completed.order_by("pk"), "name", "person", "training")}, made)
