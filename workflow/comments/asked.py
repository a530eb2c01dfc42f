"""Which institutions a round asks."""

from __future__ import annotations

from workflow.groups.models import Institution, Membership, Role, Twg

from .models import Asked, Round

SPEAKING_ROLES = (Role.CHAIR, Role.MEMBER, Role.ALTERNATE)


def institutions_of(twg: Twg) -> list[Institution]:
    """The institutions for which a chair, member or alternate sits in the TWG today."""
    seated = Membership.objects.active().filter(twg=twg, role__in=SPEAKING_ROLES).exclude(institution=None)
    return list(Institution.objects.filter(pk__in=seated.values("institution")))


def ask_all(round_: Round) -> None:
    """Ask every institution that sits today and is not asked yet."""
    known = set(Asked.objects.filter(round=round_).values_list("institution", flat=True))
    Asked.objects.bulk_create(
        Asked(round=round_, institution=i) for i in institutions_of(round_.twg) if i.pk not in known
    )
