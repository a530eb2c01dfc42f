"""From a checked tree to records: usual seats become institutions and memberships, `open` becomes None.

It is given only trees that the schema and the checks have passed, and so indexes what they require without asking.
"""

from collections.abc import Iterable, Iterator

from workflow.engine.texts import in_language

from . import inventory_records as inventory
from . import meeting_records, records, shapes
from .checks import seat_institutions
from .records import Node
from .tree import Tree


def expand(tree: Tree) -> shapes.ProjectFile:
    """The whole file as records."""
    return _Expansion(tree).file()


class _Expansion:
    def __init__(self, tree: Tree) -> None:
        self.root = Node(tree, (), tree.value)
        self.on_seat = seat_institutions(tree)
        self.usual = list(self.root.children("usual_seats"))

    def file(self) -> shapes.ProjectFile:
        own = [records.institution(node) for node in self.root.children("institutions")]
        twg_nodes = list(self.root.children("twgs"))
        made = [institution for node in twg_nodes for institution in self._made(node, {own.key for own in own})]
        self.institutions = {institution.key: institution for institution in (*own, *made)}
        project = records.project(self.root.child("project"))
        twgs = tuple(self._twg(node) for node in twg_nodes)
        return shapes.ProjectFile(
            project=project,
            regions=tuple(records.region(node) for node in self.root.children("regions")),
            institutions=tuple(self.institutions.values()),
            templates=tuple(records.template(node) for node in self.root.children("templates")),
            twgs=twgs,
            profiles=tuple(self._profile(node, project, twgs) for node in self.root.children("profiles")),
            milestones=tuple(records.milestone(node) for node in self.root.children("milestones")),
            hosting=tuple(records.hosting(node) for node in self.root.children("hosting")),
            data_plans=tuple(records.data_plan(node) for node in self.root.children("data_plans")),
            recommendations=tuple(records.recommendation(node) for node in self.root.children("recommendations")),
            frameworks=tuple(records.framework(node) for node in self.root.children("frameworks")),
            policy_actors=tuple(records.policy_actor(node) for node in self.root.children("policy_actors")),
            courses=tuple(meeting_records.course(node) for node in self.root.children("courses")),
            meetings=meeting_records.meetings(self.root),
            supporting_publications=tuple(
                inventory.supporting_publication(node) for node in self.root.children("supporting_publications")
            ),
            data_sources=tuple(inventory.data_source(node) for node in self.root.children("data_sources")),
            data_gaps=tuple(inventory.data_gap(node) for node in self.root.children("data_gaps")),
        )

    def _profile(self, node: Node, project: shapes.Project, twgs: tuple[shapes.Twg, ...]) -> shapes.Profile:
        twg = next(twg for twg in twgs if twg.key == node["twg"])
        actors = {seat.role: seat.person for seat in project.seats}
        # Of several people with a role, the first in the file acts: reversed, so that the first is put in last.
        actors |= {seat.role: seat.person for seat in reversed(twg.memberships)}
        return records.profile(node, actors)

    def _made(self, twg: Node, own: set[str]) -> Iterator[shapes.Institution]:
        """The institutions that a country's usual seats stand for, but for those that the file names itself."""
        for seat in self.usual:
            key = self.on_seat.get((twg.get("country"), seat["key"]))
            if key and key not in own:
                place = twg["place"]
                yield shapes.Institution(
                    **seat.item(),
                    **seat.all("category", "confidence"),
                    key=key,
                    name={
                        code: text.replace("{place}", in_language(place, code)) for code, text in seat["name"].items()
                    },
                    acronym="",
                    country=twg["country"],
                    usual_seat=seat["key"],
                )

    def _twg(self, node: Node) -> shapes.Twg:
        usual = [self._usual(seat, node) for seat in self.usual] if "country" in node else []
        own = [records.membership(member) for member in node.children("memberships")]
        return shapes.Twg(
            **node.item(),
            **node.all("key", "name", "place", "time_zone", "confidence"),
            country=node.get("country"),
            region=node.get("region"),
            languages=tuple(node["languages"]),
            cadence_months=tuple(node["cadence_months"]) if "cadence_months" in node else None,
            launched=node.known("launched"),
            parents=tuple(records.parent(parent) for parent in node.children("parents")),
            convener=node.known("convener"),
            memberships=(*usual, *own),
            terms_of_reference=records.terms(node.child("terms_of_reference")),
            linked_bodies=tuple(records.linked_body(body) for body in node.children("linked_bodies")),
            facts=tuple(records.fact(fact) for fact in node.children("facts")),
        )

    def _usual(self, seat: Node, twg: Node) -> shapes.Membership:
        """One usual seat in one TWG."""
        key = self.on_seat.get((twg["country"], seat["key"])) or seat.known("institution")
        named = self.institutions[key] if key else None
        person = seat.child("person")
        language, name = _named(person, twg["languages"])
        replace = {
            "{key}": twg["key"],
            "{twg}": in_language(twg["name"], language),
            "{place}": in_language(twg["place"], language),
        }
        replace["{institution}"] = in_language(named.name, language) if named else ""
        return shapes.Membership(
            **seat.item(),
            **seat.all("role", "confidence"),
            rank=seat.known("rank") or "",
            institution=key,
            person=shapes.Person(name=_fill(name, replace), email=_fill(person["email"], replace)),
            since=None,
            until=None,
        )


def _named(person: Node, languages: Iterable[str]) -> tuple[str, str]:
    """The name of a usual seat's person, in the first language of the TWG that it is told in, else in English."""
    told = {"en": person["name"], **person.get("names", {})}
    return next(((code, told[code]) for code in languages if code in told), ("en", person["name"]))


def _fill(text: str, replace: dict[str, str]) -> str:
    """Placeholders only, never str.format: the file must not reach into objects."""
    for name, word in replace.items():
        text = text.replace(name, word)
    return text
