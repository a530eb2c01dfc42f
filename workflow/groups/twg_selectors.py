"""What the TWG's pages read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import access
from .models import Category, CategoryRule, Membership, Parentage, Role, TermsOfReference, TermsState, Twg

Text = str | Promise
KEEPERS = access.chair | access.secretariat | access.iom


def twgs_with_all() -> QuerySet[Twg]:
    return Twg.objects.select_related("region", "project", "convener", "linked_to")


def list_of(person: Any) -> QuerySet[Twg]:
    """TWGs (not their linked bodies) that the person may open, with parent and number of institutions."""
    current = Parentage.objects.filter(current=True).select_related("institution", "under")
    return (
        twgs_with_all()
        .visible_to(person)
        .filter(linked_to=None)
        .prefetch_related(Prefetch("parents", current, to_attr="current_parents"))
        .annotate(
            institution_count=Count("memberships__institution", distinct=True, filter=Q(memberships__ends_on=None))
        )
        .order_by("country", "code")
    )


@dataclass
class CategoryGroup:
    """Seats of one category, as its page shows them together."""

    category: str
    label: Text
    seats: list[Membership] = field(default_factory=list)


def seats_by_category(twg: Twg) -> list[CategoryGroup]:
    """Today's seats by their institution's category; seats for no institution come last."""
    seats = Membership.objects.active().filter(twg=twg).select_related("institution", "person")
    groups = {c.value: CategoryGroup(c.value, c.label) for c in Category}
    groups[""] = CategoryGroup("", _("Institution open"))
    order = list(Role.values)
    for seat in sorted(seats, key=lambda s: (order.index(s.role), s.institution.folded if s.institution else "")):
        groups[seat.institution.category if seat.institution else ""].seats.append(seat)
    return [group for group in groups.values() if group.seats]


def former_seats(twg: Twg) -> QuerySet[Membership]:
    today = timezone.now().date()
    return (
        Membership.objects.filter(twg=twg, ends_on__lt=today)
        .select_related("institution", "person")
        .order_by("-ends_on")
    )


def terms_of(twg: Twg) -> tuple[TermsOfReference | None, TermsOfReference | None]:
    """The terms in force and the draft."""
    found = {
        t.state: t
        for t in TermsOfReference.objects.filter(twg=twg).exclude(state=TermsState.SUPERSEDED).prefetch_related("rules")
    }
    return found.get(TermsState.ADOPTED), found.get(TermsState.DRAFT)


def linked_bodies(twg: Twg, person: Any) -> QuerySet[Twg]:
    return Twg.objects.visible_to(person).filter(linked_to=twg)


def cadence(twg: Any) -> str:
    """ "every two to three months", from the TWG or its terms."""
    least, most = twg.cadence_from, twg.cadence_to
    if not least and not most:
        return ""
    if not least or not most or least == most:
        count = least or most
        return ngettext("every month", "every %(count)d months", count) % {"count": count}
    return _("every %(least)d to %(most)d months") % {"least": least, "most": most}


def local_time(twg: Twg) -> datetime:
    """What the clock says where the TWG is."""
    return timezone.now().astimezone(ZoneInfo(twg.time_zone))


@dataclass(frozen=True)
class RuleRow:
    """How a category takes part in one version, and in the one in force if that differs."""

    category: str
    label: Text
    modality: Text
    votes: bool
    before: CategoryRule | None = None


def rule_rows(terms: TermsOfReference, in_force: TermsOfReference | None = None) -> list[RuleRow]:
    old = {r.category: r for r in in_force.rules.all()} if in_force and in_force.pk != terms.pk else {}
    rows = []
    for rule in terms.rules.all():
        before = old.get(rule.category)
        differs = before is not None and (before.modality, before.votes) != (rule.modality, rule.votes)
        rows.append(
            RuleRow(
                rule.category,
                rule.get_category_display(),
                rule.get_modality_display(),
                rule.votes,
                before if differs else None,
            )
        )
    return rows


TERM_FIELDS = (
    "quorum_percent", "ballot_rule", "meeting_notice_days", "ballot_notice_days", "comment_days", "cadence_from",
    "cadence_to",
)  # fmt: skip


def term_changes(terms: TermsOfReference, in_force: TermsOfReference | None) -> list[tuple[Text, Any, Any]]:
    """What a draft would change besides participation: (label, now, then)."""
    if in_force is None or in_force.pk == terms.pk:
        return []
    changes = []
    for name in TERM_FIELDS:
        if getattr(terms, name) != getattr(in_force, name):
            label = terms._meta.get_field(name).verbose_name
            changes.append((label, _shown(in_force, name), _shown(terms, name)))
    if set(terms.voting_roles) != set(in_force.voting_roles):
        changes.append((_("roles that vote"), roles(in_force.voting_roles), roles(terms.voting_roles)))
    return changes


def _shown(terms: TermsOfReference, name: str) -> Any:
    return terms.get_ballot_rule_display() if name == "ballot_rule" else getattr(terms, name)


def roles(values: Iterable[str]) -> str:
    return ", ".join(str(Role(v).label) for v in Role.values if v in set(values))
