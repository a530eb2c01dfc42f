"""What the TWG's pages read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, Count, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from workflow.engine.together import Listing, Wanted

from . import access, words
from .models import (
    Category,
    CategoryRule,
    Fact,
    Membership,
    Modality,
    Parentage,
    Person,
    Project,
    Role,
    TermsOfReference,
    TermsState,
    Twg,
)
from .topics import topic

Text = str | Promise
KEEPERS = access.chair | access.secretariat | access.iom
FACT_KEEPERS = access.secretariat | access.iom


def twgs_with_all() -> Any:
    return Twg.objects.select_related("region", "project", "convener", "linked_to")


def list_of(person: Any) -> QuerySet[Twg]:
    """TWGs (not their linked bodies) that the person may open, with parent and number of institutions.

    `inside` says whether these may be shown: whoever only opens a TWG's page learns no more of it in a list.
    """
    today = timezone.now().date()
    seated = Q(memberships__starts_on=None) | Q(memberships__starts_on__lte=today)
    seated &= Q(memberships__ends_on=None) | Q(memberships__ends_on__gte=today)
    current = Parentage.objects.filter(current=True).select_related("institution", "under")
    found: QuerySet[Twg] = (
        twgs_with_all()
        .visible_to(person)
        .filter(linked_to=None)
        .prefetch_related(Prefetch("parents", current, to_attr="current_parents"))
        .annotate(
            inside=Case(When(access.sees_inside(person), then=Value(True)), default=Value(False)),
            institution_count=Count("memberships__institution", distinct=True, filter=seated),
        )
        .order_by("country", "code")
    )
    return found


def listed(found: Iterable[Twg]) -> list[tuple[Twg, str]]:
    """For a list: each with its rhythm in words, by place as the reader's language spells it."""
    return [(twg, cadence(twg)) for twg in sorted(found, key=lambda t: (words.fold(t.place), t.code))]


@dataclass
class CategoryGroup:
    """Seats of one category, as the TWG's page shows them together; `icon` is "" for what is no category."""

    icon: str
    label: Text
    seats: list[Membership] = field(default_factory=list)


@dataclass(frozen=True)
class Seating:
    """Who sits in a TWG today, by category, and who did before."""

    groups: list[CategoryGroup]
    former: list[Membership]
    count: int


def seating(twg: Twg) -> Seating:
    """All seats that have begun, read with one query."""
    today = timezone.now().date()
    found = list(
        Membership.objects.filter(Q(starts_on=None) | Q(starts_on__lte=today), twg=twg).select_related(
            "institution", "person"
        )
    )
    former = [seat for seat in found if seat.ends_on and seat.ends_on < today]
    held = [seat for seat in found if not (seat.ends_on and seat.ends_on < today)]
    return Seating(_grouped(held), sorted(former, key=lambda s: s.ends_on or today, reverse=True), len(held))


def _grouped(seats: list[Membership]) -> list[CategoryGroup]:
    """By the institution's category; then who serves the TWG for no institution, and whose institution is open."""
    groups = {c.value: CategoryGroup(c.value, c.label) for c in Category}
    groups[_SERVING] = CategoryGroup("", _("Secretariat and consultants"))
    groups[_OPEN] = CategoryGroup("", _("Institution open"))
    order = list(Role.values)
    for seat in sorted(seats, key=lambda s: (order.index(s.role), s.institution.folded if s.institution else "")):
        groups[_group_of(seat)].seats.append(seat)
    return [group for group in groups.values() if group.seats]


_SERVING, _OPEN = "serving", "open"


def _group_of(seat: Membership) -> str:
    if seat.institution:
        return str(seat.institution.category)
    return _SERVING if seat.role in (Role.SECRETARIAT, Role.CONSULTANT) else _OPEN


BODY = ("code", "names", "kind", "confidence", "mandates", "source")
FACT = ("topic", "statements", "when", "confidence", "source")
PARENT = ("status", "since", "until", "current", "source")
ABOUT = tuple(f"{relation}__{column}" for relation in ("institution", "under") for column in ("code", "names"))
FUNDER = ("names", "programme", "reference", "source", "institution__code", "institution__names")
TERMS = (
    "number", "state", "quorum_percent", "ballot_rule", "voting_roles", "meeting_notice_days", "ballot_notice_days",
    "adopted_on",
)  # fmt: skip


def linked_bodies(twg: Twg, person: Any) -> Wanted[list[Twg]]:
    bodies = Twg.objects.visible_to(person).filter(linked_to=twg)
    return Wanted({"bodies": Listing(bodies, *BODY)}, lambda found: found["bodies"])


def inner_listings(twg: Twg) -> dict[str, Listing]:
    """What only those who read the TWG from the inside are shown: where it stands and stood (S45), its terms, what is
    known of it."""
    terms = TermsOfReference.objects.filter(twg=twg).exclude(state=TermsState.SUPERSEDED)
    return {
        "parents": Listing(twg.parents.all(), *PARENT, *ABOUT),
        "terms": Listing(terms, *TERMS),
        "rules": Listing(CategoryRule.objects.filter(terms__in=terms), "terms", "category", "modality", "votes"),
        "facts": Listing(twg.facts.all(), *FACT),
    }


def project_listings(project: Project, person: Any) -> dict[str, Listing]:
    """A project's funders, IOM's seats of today and whose names the reader may know, what is known of it, and how many
    TWGs it carries, whether the reader may open them or not."""
    today = timezone.now().date()
    seats = project.seats.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)
    return {
        "funders": Listing(project.funders.all(), *FUNDER),
        "seats": Listing(seats, "role", "person__name", "person__email"),
        "named": Listing(Person.objects.visible_to(person).filter(pk__in=seats.values("person"))),
        "facts": Listing(project.facts.all(), *FACT),
        "carried": Listing(project.twgs.filter(linked_to=None)),
    }


def facts(found: Iterable[Fact]) -> list[tuple[Text, Fact]]:
    """What is known, each with its topic in words."""
    return [(topic(fact.topic), fact) for fact in found]


def versions_of(found: QuerySet[TermsOfReference]) -> list[TermsOfReference]:
    """Versions of a TWG's terms, the newest first, with what each says of participation."""
    return list(found.select_related("twg__region", "twg__linked_to").prefetch_related("rules"))


def by_state(found: Iterable[TermsOfReference]) -> tuple[TermsOfReference | None, TermsOfReference | None]:
    """The terms in force and the draft."""
    terms = {t.state: t for t in found}
    return terms.get(TermsState.ADOPTED), terms.get(TermsState.DRAFT)


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


def languages(twg: Twg) -> str:
    """ "English, French": the languages of its work, in the reader's."""
    return ", ".join(str(label) for code, label in settings.LANGUAGES if code in twg.languages)


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


def participation(rules: Sequence[CategoryRule]) -> list[tuple[Text, str]]:
    """The same in a few lines: ("Members who vote", "Government, Statistics office"), as far as there are any."""
    return [
        (label, ", ".join(found))
        for label, modality, votes in _WAYS
        if (found := [r.get_category_display() for r in rules if (r.modality, r.votes) == (modality, votes)])
    ]


_WAYS = (
    (gettext_lazy("Members who vote"), Modality.MEMBER, True),
    (gettext_lazy("Members without a vote"), Modality.MEMBER, False),
    (gettext_lazy("Observers"), Modality.OBSERVER, False),
    (gettext_lazy("Come when invited"), Modality.INVITED, False),
    (gettext_lazy("Excluded"), Modality.EXCLUDED, False),
)

TERM_FIELDS = (
    "quorum_percent", "ballot_rule", "meeting_notice_days", "ballot_notice_days", "early_closing", "comment_days",
    "cadence_from",
    "cadence_to", "closed_sessions", "closed_announced",
)  # fmt: skip


def term_changes(terms: TermsOfReference, in_force: TermsOfReference | None) -> list[tuple[Text, Any, Any]]:
    """What a draft would change besides participation: (label, now, then)."""
    if in_force is None or in_force.pk == terms.pk:
        return []
    changes = []
    for name in TERM_FIELDS:
        if getattr(terms, name) != getattr(in_force, name):
            label = TermsOfReference._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            changes.append((label, _shown(in_force, name), _shown(terms, name)))
    if set(terms.voting_roles) != set(in_force.voting_roles):
        changes.append((_("roles that vote"), roles(in_force.voting_roles), roles(terms.voting_roles)))
    return changes


def _shown(terms: TermsOfReference, name: str) -> Any:
    if name == "ballot_rule":
        return terms.get_ballot_rule_display()
    value = getattr(terms, name)
    return {True: _("yes"), False: _("no")}[value] if isinstance(value, bool) else value


def roles(values: Iterable[str]) -> str:
    return ", ".join(str(Role(v).label) for v in Role.values if v in set(values))
