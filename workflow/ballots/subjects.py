"""What a TWG can vote on: the last named draft of its editions, templates and terms of reference (S08, S44), and of
whatever else a room above puts to the vote (a data plan, S14).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from workflow.engine import kinds
from workflow.groups.models import TermsOfReference, TermsState, Twg
from workflow.profiles.models import Edition, Stage
from workflow.writing.models import Draft

Words = str | Promise
# When an edition's own text is voted on, and when its template is (S08).
EDITION_AT = (Stage.COMMENT, Stage.ENDORSEMENT)
_others: dict[str, Callable[[Twg], QuerySet[Any]]] = {}


def register(kind: str, subjects: Callable[[Twg], QuerySet[Any]]) -> None:
    """A room above says which of its subjects of a kind the TWG may vote on now: called from the app's `ready`."""
    _others[kind] = subjects


def drafts(twg: Twg, person: Any) -> list[Draft]:
    """The last draft of each text that the TWG may vote on now: one query."""
    editions = Edition.objects.filter(profile__twg=twg)
    own = Q(text__subject_kind="edition", text__subject_id__in=editions.filter(stage__in=EDITION_AT).values("pk"))
    template = Q(
        text__subject_kind="template",
        text__subject_id__in=editions.filter(stage=Stage.TEMPLATE).values("template"),
    )
    terms = Q(
        text__subject_kind="terms",
        text__subject_id__in=TermsOfReference.objects.filter(twg=twg, state=TermsState.DRAFT).values("pk"),
    )
    others = Q(pk__in=[])
    for kind, subjects in _others.items():
        others |= Q(text__subject_kind=kind, text__subject_id__in=subjects(twg).values("pk"))
    last = Draft.objects.filter(text=OuterRef("text")).order_by("-number").values("pk")[:1]
    found = Draft.objects.filter(own | template | terms | others, pk=Subquery(last)).visible_to(person)
    return list(found.select_related("text").order_by("text__subject_kind", "-pk"))


def label(draft: Draft) -> Words:
    """The draft with what it is of: "Edition: Profile of Ghana, 2009, Draft 2, for the ballot"."""
    kind = kinds.get(draft.text.subject_kind)
    return format_lazy(
        _("{kind}: {subject}, {draft}"), kind=kind.label if kind else "", subject=str(draft.text), draft=str(draft)
    )
