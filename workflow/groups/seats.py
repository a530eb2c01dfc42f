"""What a person sits on today, read with one statement: every permission and every visibility starts here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils import timezone

from . import words

# Written by hand because it runs before every write and every page, and the ORM would spend more on composing it than
# the database on answering. Portable between SQLite and PostgreSQL but for `{ids}` and `{countries}`; the tests run on
# both. The last two columns are what a seat opens besides its own TWG: the bodies linked to it, or a project's TWGs;
# and the TWGs of these countries' regions, which hold them as two letters with commas between: no code is a part of
# another.
MEMBERSHIPS = """
    SELECT m.twg_id, t.linked_to_id, t.project_id, m.role, m.institution_id, i.names, i.category, rule.modality,
           r.countries,
           (SELECT CASE WHEN COUNT(*) = COUNT(p.updated_by_id) THEN MAX(p.updated_by_id) END
            FROM workflow_profile p WHERE p.twg_id IN (m.twg_id, t.linked_to_id)) AS handed_to,
           t.country AS places, terms.closed_sessions,
           (SELECT {ids} FROM workflow_twg x WHERE x.linked_to_id = m.twg_id) AS others,
           (SELECT {ids} FROM workflow_twg x JOIN workflow_region g ON g.id = x.region_id
            WHERE t.linked_to_id IS NULL AND t.country <> '' AND g.countries LIKE '%%' || t.country || '%%') AS regions
    FROM workflow_membership m
    JOIN workflow_twg t ON t.id = m.twg_id
    LEFT JOIN workflow_institution i ON i.id = m.institution_id
    LEFT JOIN workflow_region r ON r.id = t.region_id
    LEFT JOIN workflow_termsofreference terms ON terms.twg_id = m.twg_id AND terms.state = 'adopted'
    LEFT JOIN workflow_categoryrule rule ON rule.terms_id = terms.id AND rule.category = i.category
    WHERE m.person_id = %s AND (m.starts_on IS NULL OR m.starts_on <= %s) AND (m.ends_on IS NULL OR m.ends_on >= %s)
    UNION ALL
    SELECT NULL, NULL, s.project_id, s.role, NULL, NULL, NULL, NULL, NULL, NULL,
           (SELECT {countries} FROM workflow_twg x WHERE x.project_id = s.project_id AND x.country <> ''), NULL,
           (SELECT {ids} FROM workflow_twg x WHERE x.project_id = s.project_id),
           (SELECT {ids} FROM workflow_twg x JOIN workflow_region g ON g.id = x.region_id
            WHERE EXISTS (SELECT 1 FROM workflow_twg t
                          WHERE t.project_id = s.project_id AND t.linked_to_id IS NULL AND t.country <> ''
                          AND g.countries LIKE '%%' || t.country || '%%'))
    FROM workflow_projectseat s
    WHERE s.person_id = %s AND s.starts_on <= %s AND (s.ends_on IS NULL OR s.ends_on >= %s)
"""
IDS = {"sqlite": "GROUP_CONCAT(x.id)", "postgresql": "STRING_AGG(CAST(x.id AS TEXT), ',')"}
COUNTRIES = {"sqlite": "GROUP_CONCAT(x.country)", "postgresql": "STRING_AGG(x.country, ',')"}
# Whoever sits for an institution and speaks for it; a consultant and an observer do not.
SPEAKING_ROLES = ("chair", "secretariat", "member", "alternate")
GOVERNMENT = ("government", "statistics", "law_enforcement")  # categories; seats are read without models

# A signed-in person and all their seats: what every page begins with.
SIGNED_IN = f"""
    SELECT person.*, seat.* FROM workflow_person person LEFT JOIN ({MEMBERSHIPS}) seat ON 1 = 1 WHERE person.id = %s
"""  # noqa: S608 - nothing in it comes from outside

# How often a TWG was written here. Which TWGs there are is read with the seats: one written since makes them stale.
_written = 0


def twg_written() -> None:
    global _written
    _written += 1


@dataclass(frozen=True)
class Seat:
    """One membership of today. `modality` is how its holder takes part, by role and the TWG's adopted terms (S30).

    `handed_to` is the institution that keeps the TWG's profiles up to date since all of them were handed over (S02).
    """

    twg_id: int
    linked_to_id: int | None
    project_id: int | None
    role: str
    institution_id: int | None
    institution_names: dict[str, str]
    category: str
    modality: str
    region_countries: tuple[str, ...]
    handed_to: int | None
    country: str  # empty for a region's
    closes_sessions: bool  # whether the TWG's adopted terms let sessions be closed
    bodies: frozenset[int]  # linked to the TWG
    regions: frozenset[int]  # the TWGs of regions that the TWG's country belongs to

    @property
    def institution_name(self) -> str:
        return words.in_language(self.institution_names)

    @property
    def drafts(self) -> bool:
        if self.handed_to is None:
            return self.role == "consultant"
        return self.institution_id == self.handed_to and self.role in SPEAKING_ROLES

    @property
    def takes_part_in_closed_sessions(self) -> bool:
        """Who runs the TWG, and who sits in it for government (S31)."""
        if self.role in ("chair", "secretariat"):
            return True
        return self.role in ("member", "alternate") and self.modality == "member" and self.category in GOVERNMENT


@dataclass(frozen=True)
class Seats:
    """All that a person sits on today. What an excluded category sits on counts for nothing."""

    person: Any
    present: tuple[Seat, ...] = ()
    projects: frozenset[int] = frozenset()
    project_countries: frozenset[str] = frozenset()  # in which these projects work
    administrator: bool = False
    # The TWGs of these projects, and those of their countries' regions.
    project_twgs: frozenset[int] = frozenset()
    project_regions: frozenset[int] = frozenset()
    as_of: int = field(default_factory=lambda: _written, compare=False)
    kept: dict[str, Any] = field(default_factory=dict, compare=False)  # `access.once`'s

    @property
    def stale(self) -> bool:
        return self.as_of != _written

    @cached_property
    def inside(self) -> frozenset[int]:
        """TWGs read from the inside by a seat: members and observers do, the merely invited do not."""
        return frozenset(s.twg_id for s in self.present if s.modality in ("member", "observer"))

    @cached_property
    def full(self) -> frozenset[int]:
        """TWGs in which the person is a member in the full sense: addresses are theirs to read."""
        return frozenset(s.twg_id for s in self.present if s.modality == "member")

    @cached_property
    def closed(self) -> frozenset[int]:
        """TWGs whose closed sessions are the person's: government's members, the chair and the secretariat (S31).

        A consultant is the project's, whichever ministry gives them a desk, and is none of these.
        """
        return frozenset(s.twg_id for s in self.present if s.takes_part_in_closed_sessions)

    @cached_property
    def reads(self) -> frozenset[int]:
        """All TWGs that the person reads from the inside: a member reads the bodies linked to the TWG, IOM all."""
        return self.inside | self.reads_fully

    @cached_property
    def reads_fully(self) -> frozenset[int]:
        """Those that are read as members in the full sense and IOM read them."""
        return self.full.union(self.project_twgs, *(s.bodies for s in self.present if s.modality == "member"))

    @cached_property
    def reads_of_regions(self) -> frozenset[int]:
        """Regions' TWGs, of which the person reads what is for all of the region's countries."""
        return self.project_regions.union(*(s.regions for s in self.present if s.twg_id in self.inside))

    @cached_property
    def closed_with_others(self) -> frozenset[int]:
        """TWGs of which the person takes part in closed sessions, also in those to which others invite (S35)."""
        return frozenset(s.twg_id for s in self.present if s.takes_part_in_closed_sessions and s.closes_sessions)

    @cached_property
    def outside(self) -> frozenset[int]:
        """TWGs whose page a seat opens: its own, and the one that its linked body hangs on (S20)."""
        return frozenset({s.twg_id for s in self.present} | {s.linked_to_id for s in self.present if s.linked_to_id})

    @cached_property
    def regional_countries(self) -> frozenset[str]:
        """Countries whose stages a regional chair or secretariat follows (S37)."""
        return frozenset(c for s in self.present if s.role in ("chair", "secretariat") for c in s.region_countries)

    @cached_property
    def speaking(self) -> tuple[Seat, ...]:
        """The seats from which the person speaks for an institution, as a member in the full sense."""
        return tuple(
            s for s in self.present if s.institution_id and s.role in SPEAKING_ROLES and s.modality == "member"
        )  # fmt: skip

    def speaks_for(self, institution: int | None, twg: Any, *besides: int | None) -> bool:
        """Whether the person sits for the institution in the TWG, in the one that a linked body hangs on, or in one of
        these bodies besides."""
        places = {twg.pk, twg.linked_to_id, *besides} - {None}
        return institution is not None and any(
            s.institution_id == institution and s.twg_id in places for s in self.speaking
        )  # fmt: skip

    def drafts_for(self, twg: Any) -> bool:
        """Whether the person drafts what the TWG issues: its consultant, and once all its profiles were handed over
        the people of the institution that keeps them up to date instead (S02, S10)."""
        places = {twg.pk, twg.linked_to_id} - {None}
        return any(s.drafts for s in self.present if s.twg_id in places and s.modality == "member")

    def holds(self, roles: Iterable[str], twg: Any) -> bool:
        """Whether the person has one of the roles in the TWG, or in the TWG that a linked body hangs on.

        A seat of a category that observes, or is invited, fills no member's role, whatever it is called.
        """
        places = {twg.pk, twg.linked_to_id} - {None}
        return any(s.role in roles and s.twg_id in places and s.modality == "member" for s in self.present)


def read(person: Any, on: date | None = None) -> Seats:
    """The person's seats on a day (today in UTC when none is given)."""
    day = on or timezone.now().date()
    with connection.cursor() as cursor:
        cursor.execute(_spoken(MEMBERSHIPS), [person.pk, day, day] * 2)
        return _seats(person, cursor.fetchall())


def signed_in(model: Any, pk: Any) -> Any:
    """The person with this key, or None, and their seats of today, which `access.seats` finds on them."""
    day = timezone.now().date()
    rows = list(model.objects.raw(_spoken(SIGNED_IN), [pk, day, day, pk, day, day, pk]))
    if not rows:
        return None
    person = rows[0]
    person._seats = _seats(person, [tuple(getattr(row, name) for name in COLUMNS) for row in rows if row.role])
    return person


COLUMNS = (
    "twg_id", "linked_to_id", "project_id", "role", "institution_id", "names", "category", "modality", "countries",
    "handed_to", "places", "closed_sessions", "others", "regions",
)  # fmt: skip


def _spoken(statement: str) -> str:
    """In the database's own words."""
    return statement.format(ids=IDS[connection.vendor], countries=COUNTRIES[connection.vendor])


def _seats(person: Any, rows: Iterable[tuple[Any, ...]]) -> Seats:
    """From rows in the order of COLUMNS; IOM's seats are of a project and of no TWG."""
    listed = list(rows)
    of_projects = [dict(zip(COLUMNS, row, strict=True)) for row in listed if row[0] is None]
    return Seats(
        person,
        tuple(seat for row in listed if row[0] is not None and (seat := _seat(*row)).modality != "excluded"),
        frozenset(row["project_id"] for row in of_projects),
        frozenset(country for row in of_projects for country in (row["places"] or "").split(",") if country),
        person.is_administrator,
        frozenset[int]().union(*(_ids(row["others"]) for row in of_projects)),
        frozenset[int]().union(*(_ids(row["regions"]) for row in of_projects)),
    )


def _ids(told: str | None) -> frozenset[int]:
    return frozenset(map(int, told.split(","))) if told else frozenset()


def _seat(
    twg: int, linked_to: int | None, project: int | None, role: str, institution: int | None, names: Any,
    category: str | None, modality: str | None, countries: str | None, handed_to: int | None, place: str | None,
    closes_sessions: Any, bodies: str | None, regions: str | None,
) -> Seat:  # fmt: skip
    return Seat(
        twg_id=twg,
        linked_to_id=linked_to,
        project_id=project,
        role=role,
        institution_id=institution,
        institution_names=json.loads(names) if isinstance(names, str) else names or {},
        category=category or "",
        modality=taking_part(role, modality),
        region_countries=tuple(countries.split(",")) if countries else (),
        handed_to=handed_to,
        country=place or "",
        closes_sessions=bool(closes_sessions),
        bodies=_ids(bodies),
        regions=_ids(regions),
    )


def taking_part(role: str, category_modality: str | None) -> str:
    """As what a seat takes part: its role first, then what the terms say of its institution's category.

    Where terms say nothing, or the institution is open, a seat takes part as a member.
    """
    if role in ("chair", "secretariat", "consultant"):
        return "member"
    stated = category_modality or "member"
    return "observer" if role == "observer" and stated == "member" else stated
