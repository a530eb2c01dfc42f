"""Who may see and do what: the one place of rules.

Seeing: `sees` and `sees_inside` give a Q for whatever hangs on a TWG; every queryset that leaves a service goes
through them. What can't be seen answers 404. Doing: small labelled rules, joined with `|`, that transitions name as
their permission. Both read `seats(person)`, one query per request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.engine import conditions  # noqa: F401 - its lookup registers itself

from . import words
from .seats import Seats, read

# An empty Q would vanish when joined with another, so "everything" is spelled out.
EVERYTHING = ~Q(pk__in=[])
T = TypeVar("T")


def seats(person: Any) -> Seats:
    """The person's seats today, read once and kept on the person object."""
    if person is None or not getattr(person, "is_authenticated", False) or not person.is_active:
        return Seats(person)
    kept: Seats | None = getattr(person, "_seats", None)
    if kept is None or kept.stale:
        kept = person._seats = read(person)
    return kept


def once(person: Any, name: str, made: Callable[[], T]) -> T:
    """What follows from the person's seats and is asked for many times on a page, made once for as long as they hold.

    Only of conditions and querysets, which Django copies before it changes them.
    """
    kept = seats(person).kept
    if name not in kept:
        kept[name] = made()
    found: T = kept[name]
    return found


def forget(person: Any) -> None:
    """Read the seats again next time: what writes must not trust what a page read a minute ago."""
    # Not through __dict__: `request.user` is a lazy wrapper, whose own dictionary is not the person's.
    if person is not None and hasattr(person, "_seats"):
        del person._seats


# -- seeing -------------------------------------------------------------------------------------------------


def sees(person: Any, path: str = "") -> Q:
    """What hangs on a TWG (along `path`, such as "profile__twg__") and may be opened by the person."""
    own = seats(person)
    if own.administrator:
        return EVERYTHING
    found = _among(path, own.reads | own.outside)
    return found | sees_for_the_region(person, path) if own.regional_countries else found


def sees_inside(person: Any, path: str = "") -> Q:
    """What hangs on a TWG and may be read from the inside. A TWG's members read its linked bodies too."""
    return _among(path, seats(person).reads)


def sees_fully(person: Any, path: str = "") -> Q:
    """What hangs on a TWG and is for its members in the full sense and IOM: not for observers."""
    return _among(path, seats(person).reads_fully)


def sees_closed(person: Any, path: str = "") -> Q:
    """What hangs on a TWG and was said or planned in a closed session: for its government members, chair and
    secretariat. IOM, administrators and the members of other TWGs are not among them (S31)."""
    return _among(path, seats(person).closed)


def sees_from_its_region(person: Any, path: str = "") -> Q:
    """What hangs on a region's TWG and is read by those who read a TWG of the region's countries from the inside."""
    return _among(path, seats(person).reads_of_regions)


def sees_for_the_region(person: Any, path: str = "") -> Q:
    """What hangs on a country's TWG and is compared across the region by its chair and its secretariat (S37, S39)."""
    return Q(**{f"{path}country__in": seats(person).regional_countries, f"{path}kind": "twg"})


def _among(path: str, twgs: frozenset[int]) -> Q:
    """By the column that holds the TWG's key: `twg__among` for "twg__", `pk__among` for the TWG itself."""
    return Q(**{f"{path or 'pk__'}among": twgs})


def closed_to(person: Any, twg: Any) -> bool:
    """Whether the TWG's closed sessions are closed to the person: `sees_closed`, for a TWG at hand."""
    return twg.pk not in seats(person).closed


def fully(person: Any, twg: Any) -> bool:
    """`sees_fully`, for a TWG at hand."""
    own = seats(person)
    return (
        twg.pk in own.full
        or (twg.linked_to_id is not None and twg.linked_to_id in own.full)
        or (twg.project_id is not None and twg.project_id in own.projects)
    )


def opens(person: Any, twg: Any) -> bool:
    """Whether the person may open the TWG's page: `sees`, for a TWG at hand."""
    own = seats(person)
    return (
        own.administrator
        or inside(person, twg)
        or twg.pk in own.outside
        or (twg.kind == "twg" and str(twg.country or "") in own.regional_countries)
    )


def inside(person: Any, twg: Any) -> bool:
    """Whether the person reads the TWG from the inside: `sees_inside`, for a TWG at hand."""
    own = seats(person)
    return (
        twg.pk in own.inside
        or (twg.linked_to_id is not None and twg.linked_to_id in own.full)
        or (twg.project_id is not None and twg.project_id in own.projects)
    )


def holds_any_seat(person: Any) -> bool:
    own = seats(person)
    return bool(own.present or own.projects or own.administrator)


def may_read_addresses(person: Any, twg: Any) -> bool:
    """Mail addresses and names behind seats are for full members, IOM and administrators; not for observers."""
    own = seats(person)
    return (
        own.administrator
        or twg.pk in own.full
        or twg.linked_to_id in own.full
        or (twg.project_id is not None and twg.project_id in own.projects)
    )


def people_visible(people: QuerySet[Any], person: Any) -> QuerySet[Any]:
    """Oneself, and the people of TWGs whose addresses one may read."""
    own = seats(person)
    if own.administrator:
        return people
    if not getattr(person, "is_authenticated", False):
        return people.none()
    from .models import Membership, ProjectSeat

    colleagues = Membership.objects.filter(
        Q(twg__in=own.full) | Q(twg__linked_to__in=own.full) | Q(twg__project__in=own.projects)
    )
    iom = ProjectSeat.objects.filter(Q(project__in=own.projects) | Q(project__twgs__in=own.full))
    return people.filter(Q(pk=person.pk) | Q(pk__in=colleagues.values("person")) | Q(pk__in=iom.values("person")))


def projects_visible(projects: QuerySet[Any], person: Any) -> QuerySet[Any]:
    own = seats(person)
    if own.administrator:
        return projects
    through_seats = {s.project_id for s in own.present} - {None}
    return projects.filter(pk__in=own.projects | through_seats)


# -- doing --------------------------------------------------------------------------------------------------


Label = str | Promise | Callable[[Any], str | Promise]


class Rule:
    """A permission with words: `chair | secretariat` reads as itself and as "the chair or the secretariat"."""

    def __init__(self, test: Callable[[Any, Any], bool], *labels: Label) -> None:
        self.test = test
        self.labels = labels

    def __call__(self, about: Any, person: Any) -> bool:
        """`about` is a flow or a subject; `person` is None when Palabre itself acts (a deadline)."""
        if person is None:
            return True
        return self.test(getattr(about, "subject", about), person)

    def __or__(self, other: Rule) -> Rule:
        return Rule(
            lambda about, person: self.test(about, person) or other.test(about, person), *self.labels, *other.labels
        )

    @property
    def label(self) -> Any:
        return _joined(self.labels)

    def told_of(self, about: Any) -> Any:
        """The same of one subject: who that is may depend on it."""
        return _joined(tuple(label(about) if callable(label) else label for label in self.labels))


def _join(labels: tuple[Any, ...]) -> str:
    words = [str(label(None) if callable(label) else label) for label in labels]
    if len(words) == 1:
        return words[0]
    return _("%(first)s or %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


_joined = lazy(_join, str)


def _seat(label: str | Promise, *roles: str) -> Rule:
    return Rule(lambda about, person: seats(person).holds(roles, about.twg), label)


def _is_iom(about: Any, person: Any) -> bool:
    project = getattr(about, "project_id", None) or getattr(getattr(about, "twg", None), "project_id", None)
    return project is not None and project in seats(person).projects


chair = _seat(gettext_lazy("the chair"), "chair")
secretariat = _seat(gettext_lazy("the secretariat"), "secretariat")
consultant = _seat(gettext_lazy("the consultant"), "consultant")
member = _seat(gettext_lazy("a member"), "chair", "member", "alternate")


def _drafts(about: Any, person: Any) -> bool:
    own, institution = seats(person), getattr(about, "drafted_by_id", None)
    return own.speaks_for(institution, about.twg) if institution else own.drafts_for(about.twg)


def _who_drafts(about: Any) -> str | Promise:
    handed_over = getattr(about, "drafted_by_id", None)
    return gettext_lazy("the update institution") if handed_over else gettext_lazy("the consultant")


# The research consultant (S10); once the profile was handed over, the people of its update institution instead (S02).
drafter = Rule(_drafts, _who_drafts)
# The same where it is asked of a TWG, or of what may belong to no profile: to collect what a draft needs, and what the
# TWG says of it, goes with drafting, and passes on with it.
collector = Rule(_drafts, gettext_lazy("whoever drafts for the TWG"))
iom = Rule(_is_iom, gettext_lazy("IOM"))
administrator = Rule(lambda about, person: seats(person).administrator, gettext_lazy("an administrator"))
# Who may open a TWG or edit the common directory: whoever keeps one somewhere, IOM, and administrators (S48).
keeper = Rule(
    lambda about, person: (
        any(s.role == "secretariat" for s in seats(person).present)
        or bool(seats(person).projects)
        or seats(person).administrator
    ),
    gettext_lazy("a secretariat"),
    gettext_lazy("IOM"),
    gettext_lazy("an administrator"),
)


def _keeps_institution(institution: Any, person: Any) -> bool:
    own, country = seats(person), str(institution.country or "")
    if own.administrator or (own.projects and (not country or country in own.project_countries)):
        return True
    return any(s.role == "secretariat" and s.country == country for s in own.present)


def _whose_institution(institution: Any) -> str | Promise:
    if institution is None or not institution.country:
        return gettext_lazy("the secretariat of a region")
    return _("the secretariat of %(country)s") % {"country": words.country(str(institution.country))}


# Who changes what the directory says of an institution: who keeps its country's TWG, of a region's or an international
# one the region's; IOM where its project works, and administrators. Any `keeper` enters one, anybody seats one (S15).
institution_keeper = Rule(_keeps_institution, _whose_institution, gettext_lazy("IOM"), gettext_lazy("an administrator"))


def _keeps_project_of(about: Any, person: Any) -> bool:
    own = seats(person)
    if about.project_id is None:
        return bool(keeper(about, person))
    kept = {s.project_id for s in own.present if s.role == "secretariat"} | own.projects
    return own.administrator or about.project_id in kept


# Who writes what all TWGs of a project share, such as its template; what belongs to no project is any keeper's.
project_keeper = Rule(_keeps_project_of, *keeper.labels)
