"""What a schema cannot say of a project file: keys that must exist, be unlike, or go together.

It walks the raw tree and takes nothing of its shape for granted: a file that breaks the schema gets these, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django_countries import countries

from . import origins
from .problems import Problem
from .schema import OPEN
from .tree import Path, Tree, written

USUAL_SEATS_LIMIT = 100  # as in schema.json

# Where a key points at something: path, then what kind of thing it must be.
REFERENCES = {
    "project.funders.*.institution": "institution",
    "project.seats.*.institution": "institution",
    "usual_seats.*.institution": "institution",
    "institutions.*.instead_of": "usual seat",
    "twgs.*.region": "region",
    "twgs.*.convener": "institution",
    "twgs.*.parents.*.institution": "institution",
    "twgs.*.parents.*.under": "institution",
    "twgs.*.memberships.*.institution": "institution",
    "milestones.*.twg": "TWG",
    "milestones.*.responsible": "institution",
    "milestones.*.counterpart": "institution",
    "milestones.*.linked_body": "linked body",
    "hosting.*.twg": "TWG",
    "hosting.*.holder": "institution",
    "data_plans.*.twg": "TWG",
    "data_plans.*.actions.*.lead": "institution",
    "data_plans.*.actions.*.contributors.*": "institution",
    "data_plans.*.actions.*.expert.institution": "institution",
    "data_plans.*.actions.*.task_force": "linked body",
    "data_plans.*.actions.*.answers": "recommendation",
    "data_plans.*.actions.*.commitments.*.institution": "institution",
    "data_plans.*.outputs.*.body": "linked body",
    "recommendations.*.twg": "TWG",
    "recommendations.*.lead": "institution",
    "recommendations.*.supporting.*": "institution",
    "recommendations.*.handed_on.*.twg": "TWG",
    "recommendations.*.handed_on.*.lead": "institution",
    "recommendations.*.handed_on.*.supporting.*": "institution",
    "frameworks.*.twg": "TWG",
    "frameworks.*.responsible.*": "institution",
    "policy_actors.*.twg": "TWG",
    "policy_actors.*.institution": "institution",
    "data_sources.*.twg": "TWG",
    "data_sources.*.custodian": "institution",
    "data_sources.*.users.*": "institution",
    "data_sources.*.publications.*": "supporting publication",
    "data_gaps.*.twg": "TWG",
    "profiles.*.twg": "TWG",
    "profiles.*.owner": "institution",
    "profiles.*.editions.*.template": "template",
    "profiles.*.editions.*.events.*.update_institution": "institution",
    "usual_meetings.*.course": "course",
    "meetings.*.course": "course",
    "meetings.*.twg": "TWG or linked body",
    "meetings.*.together.*": "TWG or linked body",
    "meetings.*.edition": "edition",
    "recommendations.*.meeting": "meeting",
    "recommendations.*.edition": "edition",
}
# What must differ from each other: among all that the first path finds, or within each owner that ends in "#".
UNLIKE = (
    "institutions.*.key",
    "regions.*.key",
    "usual_seats.*.key",
    "twgs.*.key",
    "twgs.*.country",
    "twgs.*.region",
    "twgs.*.linked_bodies.*.key",
    "milestones.*.key",
    "hosting.*.key",
    "data_plans.*.key",
    "data_plans.#.actions.*.key",
    "data_plans.#.outputs.*.key",
    "recommendations.*.key",
    "recommendations.#.handed_on.*.twg",
    "frameworks.*.key",
    "supporting_publications.*.key",
    "templates.*.version",
    "templates.#.parts.*.letter",
    "templates.#.parts.*.sections.*.key",
    "profiles.*.key",
    "profiles.#.editions.*.label",
    "courses.*.key",
    "usual_meetings.*.key",
    "meetings.*.key",
)


def find(tree: Tree, pattern: str) -> Iterator[tuple[Path, Any]]:
    """Each path and value that `pattern` (`twgs.*.key`) meets; what is not there or otherwise shaped is passed over."""
    found: list[tuple[Path, Any]] = [((), tree.value)]
    for step in pattern.split("."):
        following: list[tuple[Path, Any]] = []
        for path, value in found:
            if step in "*#" and isinstance(value, list):
                following += [((*path, index), item) for index, item in enumerate(value)]
            elif isinstance(value, dict) and step in value:
                following.append(((*path, step), value[step]))
        found = following
    yield from found


def words(tree: Tree, pattern: str) -> Iterator[tuple[Path, str]]:
    """As `find`, texts and numbers alone, as text."""
    for path, value in find(tree, pattern):
        if isinstance(value, str | int):
            yield path, str(value)


def seat_institutions(tree: Tree) -> dict[tuple[str, str], str]:
    """The key of the institution on each usual seat of each country that has a TWG: (country, seat) to institution.

    It is `gh-interior` (country, seat), or the institution that the file names `instead_of` the seat.
    """
    instead = {
        (str(item.get("country")), str(item["instead_of"])): str(item.get("key"))
        for _path, item in find(tree, "institutions.*")
        if isinstance(item, dict) and item.get("instead_of")
    }
    named = [seat["key"] for _path, seat in find(tree, "usual_seats.*") if _named(seat)][:USUAL_SEATS_LIMIT]
    # Real countries and few seats only, so that no file makes millions of institutions before it is refused.
    nations = {country for _path, country in words(tree, "twgs.*.country") if country in countries}
    return {(c, s): instead.get((c, s), f"{c.lower()}-{s}") for c in nations for s in named}


def _named(seat: Any) -> bool:
    return isinstance(seat, dict) and isinstance(seat.get("key"), str) and "name" in seat


def check(tree: Tree) -> Iterator[Problem]:
    """All that is wrong with how the parts of the file go together."""
    checks = _Checks(tree)
    checks.differences()
    checks.references()
    checks.twgs()
    checks.usual_seats()
    checks.people()
    checks.actors()
    checks.data_plans()
    checks.inventory()
    checks.origins()
    yield from checks.problems


@dataclass
class _Checks:
    tree: Tree
    problems: list[Problem] = field(default_factory=list)

    def say(self, path: Path, message: str) -> None:
        self.problems.append(Problem(self.tree.place(path), written(path), message))

    def differences(self) -> None:
        for pattern in UNLIKE:
            owned = pattern.split(".").index("#") + 1 if "#" in pattern else 0
            seen: dict[tuple[Path, str], Path] = {}
            for path, value in words(self.tree, pattern):
                first = seen.setdefault((path[:owned], value), path)
                if first != path:
                    line = self.tree.place(first).line
                    self.say(path, _("“%(key)s” is taken already, on line %(line)s.") % {"key": value, "line": line})

    def references(self) -> None:
        known = self._known()
        for pattern, kind in REFERENCES.items():
            for path, value in words(self.tree, pattern):
                if value not in known[kind] and not (kind == "institution" and value == OPEN):
                    self.say(
                        path, _("There is no %(kind)s “%(key)s” in this file.") % {"kind": _kind(kind), "key": value}
                    )

    def _known(self) -> dict[str, set[str]]:
        def keys(pattern: str) -> set[str]:
            return {value for _path, value in words(self.tree, pattern)}

        return {
            "institution": keys("institutions.*.key") | set(seat_institutions(self.tree).values()),
            "usual seat": {seat["key"] for _path, seat in find(self.tree, "usual_seats.*") if _named(seat)},
            "region": keys("regions.*.key"),
            "TWG": keys("twgs.*.key"),
            "linked body": keys("twgs.*.linked_bodies.*.key"),
            "template": keys("templates.*.version"),
            "course": keys("courses.*.key"),
            "TWG or linked body": keys("twgs.*.key") | keys("twgs.*.linked_bodies.*.key"),
            "recommendation": keys("recommendations.*.key"),
            "supporting publication": keys("supporting_publications.*.key"),
            "meeting": set(origins.meetings(self.tree)),
            "edition": set(origins.editions(self.tree)),
        }

    def twgs(self) -> None:
        for path, twg in find(self.tree, "twgs.*"):
            if isinstance(twg, dict) and ("country" in twg) == ("region" in twg):
                self.say(path, _("A TWG is of a country or of a region: give one of the two."))
        for path, months in find(self.tree, "twgs.*.cadence_months"):
            match months:
                case [int(least), int(most)] if least > most:
                    self.say(path, _("The least number of months comes first."))

    def usual_seats(self) -> None:
        for path, seat in find(self.tree, "usual_seats.*"):
            if isinstance(seat, dict) and ("institution" in seat) == ("name" in seat and "category" in seat):
                self.say(path, _("A usual seat has either an institution, or a name and a category of its own."))
        made = {
            key for (country, seat), key in seat_institutions(self.tree).items() if key == f"{country.lower()}-{seat}"
        }
        nations = {country for _path, country in words(self.tree, "twgs.*.country")}
        seats: dict[tuple[str, str], Path] = {}
        for path, item in find(self.tree, "institutions.*"):
            if not isinstance(item, dict):
                continue
            if str(item.get("key")) in made:
                self.say(
                    (*path, "key"), _("“%(key)s” is made from a usual seat; say instead_of.") % {"key": item["key"]}
                )
            if "instead_of" in item:
                self._instead_of(path, item, nations, seats)

    def _instead_of(
        self, path: Path, item: dict[str, Any], nations: set[str], seats: dict[tuple[str, str], Path]
    ) -> None:
        country = str(item.get("country"))
        if country not in nations:
            self.say((*path, "instead_of"), _("This needs the country of a TWG of this file."))
        elif seats.setdefault((country, str(item["instead_of"])), path) != path:
            self.say((*path, "instead_of"), _("Another institution takes this seat already."))

    def people(self) -> None:
        """One address is one person, under one name."""
        names: dict[str, tuple[str, int]] = {}
        for pattern in ("project.seats.*.person", "twgs.*.memberships.*.person"):
            for path, person in find(self.tree, pattern):
                match person:
                    case {"name": str(name), "email": str(email)}:
                        first = names.setdefault(email.lower(), (name, self.tree.place(path).line))
                        if first[0] != name:
                            described = {"email": email, "name": first[0], "line": first[1]}
                            self.say(path, _("%(email)s is “%(name)s” on line %(line)s.") % described)

    def actors(self) -> None:
        """Who acts in an event must have a seat."""
        project = {role for _path, role in words(self.tree, "project.seats.*.role")}
        usual = {role for _path, role in words(self.tree, "usual_seats.*.role")}
        roles: dict[str, set[str]] = {}
        for _path, twg in find(self.tree, "twgs.*"):
            if isinstance(twg, dict):
                own = {role for _p, role in words(Tree(twg), "memberships.*.role")}
                roles[str(twg.get("key"))] = project | own | (usual if "country" in twg else set())
        for path, profile in find(self.tree, "profiles.*"):
            twg_key = str(profile.get("twg")) if isinstance(profile, dict) else ""
            for inner, role in words(Tree(profile), "editions.*.events.*.actor"):
                if twg_key in roles and role not in roles[twg_key]:
                    described = {"role": role, "twg": twg_key}
                    self.say((*path, *inner), _("Nobody has the role %(role)s in the TWG “%(twg)s”.") % described)

    def inventory(self) -> None:
        """Each TWG's sources and gaps have codes of their own, and a gap's source is one of the same TWG's."""
        seen = {name: self._by_twg(name) for name in ("data_sources", "data_gaps")}
        for path, gap in find(self.tree, "data_gaps.*"):
            told = gap.get("data_source") if isinstance(gap, dict) else None
            if told is not None and (str(gap.get("twg")), str(told)) not in seen["data_sources"]:
                described = {"key": told, "twg": gap.get("twg")}
                self.say((*path, "data_source"), _("The TWG “%(twg)s” has no data source “%(key)s”.") % described)

    def _by_twg(self, name: str) -> set[tuple[str, str]]:
        """The codes of what belongs to a TWG, with a problem for each that the TWG has twice."""
        seen: dict[tuple[str, str], Path] = {}
        for path, item in find(self.tree, f"{name}.*"):
            if isinstance(item, dict) and "key" in item:
                code = (str(item.get("twg")), str(item["key"]))
                if seen.setdefault(code, path) != path:
                    described = {"key": code[1], "line": self.tree.place(seen[code]).line}
                    self.say((*path, "key"), _("“%(key)s” is taken already, on line %(line)s.") % described)
        return set(seen)

    def origins(self) -> None:
        """Where things come from belongs to the TWG that they are of."""
        for path, message in origins.strangers(self.tree):
            self.say(path, message)

    def data_plans(self) -> None:
        """Actions need others of their own plan, and outputs belong to one."""
        for path, plan in find(self.tree, "data_plans.*"):
            known = {key for _path, key in words(Tree(plan), "actions.*.key")}
            for pattern in ("actions.*.needs.*", "outputs.*.action"):
                for inner, key in words(Tree(plan), pattern):
                    if key not in known:
                        self.say((*path, *inner), _("There is no action “%(key)s” in this data plan.") % {"key": key})


def _kind(kind: str) -> str:
    names = {
        "institution": _("institution"),
        "usual seat": _("usual seat with a name"),
        "region": _("region"),
        "TWG": _("TWG"),
        "linked body": _("linked body"),
        "template": _("template"),
        "course": _("course"),
        "TWG or linked body": _("TWG or linked body"),
        "recommendation": _("recommendation"),
        "meeting": _("meeting"),
        "edition": _("edition"),
        "supporting publication": _("supporting publication"),
    }
    return names[kind]
