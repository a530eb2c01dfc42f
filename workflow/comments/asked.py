"""Which institutions a round asks, on which drafts it may be held, and the people behind it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.groups.models import Institution, Membership, Person, Role, Twg
from workflow.groups.seated import holders, institutions_on, seats_in
from workflow.profiles.models import Edition, Stage
from workflow.profiles.selectors import drafters
from workflow.writing.models import Draft, Text

from .models import Asked, Round
from .speaking import FOCAL_ROLES, SPEAKING_ROLES


def institutions_of(twg: Twg) -> list[Institution]:
    """The institutions that speak in the TWG today."""
    return institutions_on(Membership.objects.active().filter(twg=twg, role__in=SPEAKING_ROLES))


def ask(round_: Round, institutions: Iterable[Institution]) -> list[Institution]:
    """Ask those who are not asked yet; returns them."""
    known = set(Asked.objects.filter(round=round_).values_list("institution", flat=True))
    new = [institution for institution in institutions if institution.pk not in known]
    Asked.objects.bulk_create(Asked(round=round_, institution=institution) for institution in new)
    return new


# -- which draft ------------------------------------------------------------------------------------------


def may_be_held(twg: Twg, text: Text) -> str | Promise:
    """Why the TWG can hold no round on drafts of the text now, or "".

    A text can be commented on while it can still be changed. A template belongs to no TWG: it is commented on by a
    TWG whose edition stands at the stage `template`, however far the others are (S08).
    """
    if text.twg_id is None:
        here = Edition.objects.filter(profile__twg=twg, stage=Stage.TEMPLATE, template=text.subject_id)
        if text.subject_kind == "template" and here.exists():
            return ""
        return _("This template is commented on while an edition of the TWG stands at the stage “Template”.")
    if text.twg_id != twg.pk and twg.pk not in shared_with(text):
        return _("This draft is another TWG's.")
    text.ask_again()  # its subject's stage, as it is now and not when the draft was read
    return text.paper.closed(text.about)


def shared_with(text: Text) -> list[int]:
    """Other TWGs (ids) that comment on the text's drafts besides its own, as after a meeting of several (S35)."""
    return list(text.paper.shared_with(text.about)) if text.paper.shared_with else []


def twgs_for(draft: Draft, among: QuerySet[Twg]) -> list[Twg]:
    """The TWGs of `among` that can hold a round on the draft."""
    text = draft.text
    if text.twg_id is not None:
        return list(among.filter(pk__in=[text.twg_id, *shared_with(text)]))
    at_template = Edition.objects.filter(stage=Stage.TEMPLATE, template=text.subject_id)
    return list(among.filter(pk__in=at_template.values("profile__twg")).order_by("code"))


# -- people -----------------------------------------------------------------------------------------------


def speakers(round_: Round, institutions: Iterable[Any] | QuerySet[Any]) -> QuerySet[Person]:
    """Those who speak for the institutions in the round's TWG."""
    return holders(
        Membership.objects.active().filter(twg=round_.twg_id, role__in=SPEAKING_ROLES, institution__in=institutions)
    )


def everybody_asked(round_: Round) -> QuerySet[Person]:
    return speakers(round_, Asked.objects.filter(round=round_).values("institution"))


def focal_points(twg_id: int, institutions: Iterable[Any]) -> QuerySet[Person]:
    """Those who clear what the institutions say."""
    return holders(
        Membership.objects.active().filter(twg=twg_id, role__in=FOCAL_ROLES, institution__in=list(institutions))
    )


def keepers(twg: Twg) -> QuerySet[Person]:
    """Those who run the TWG, or the one that it is linked to."""
    found: QuerySet[Person] = holders(seats_in(twg, (Role.CHAIR, Role.SECRETARIAT)))
    return found


def drafting(round_: Round) -> QuerySet[Person]:
    """Those who draft what the round is about, and answer its comments."""
    found: QuerySet[Person] = drafters(round_.twg, round_.drafted_by_id)
    return found
