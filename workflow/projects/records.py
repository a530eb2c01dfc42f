"""One record from one mapping of a checked tree: `open` becomes None, what is left out its default."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import shapes
from .schema import OPEN
from .tree import Path, Tree, written


@dataclass
class Node:
    """A mapping of the tree with its path."""

    tree: Tree
    path: Path
    value: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.value[key]

    def __contains__(self, key: str) -> bool:
        return key in self.value

    def item(self) -> dict[str, Any]:
        """What every `Item` has."""
        source = tuple(self.value.get("source", ()))
        return {"line": self.tree.place(self.path).line, "path": written(self.path), "source": source}

    def all(self, *keys: str) -> dict[str, Any]:
        """The entries under `keys`, as they are."""
        return {key: self.value[key] for key in keys}

    def get(self, key: str, default: Any = "") -> Any:
        return self.value.get(key, default)

    def known(self, key: str) -> str | None:
        """A date or an institution's key; None where it is open or left out."""
        value = self.value.get(key, OPEN)
        return None if value == OPEN else str(value)

    def child(self, key: str) -> "Node":
        return Node(self.tree, (*self.path, key), self.value[key])

    def children(self, key: str) -> Iterator["Node"]:
        for index, value in enumerate(self.value.get(key, ())):
            yield Node(self.tree, (*self.path, key, index), value)


def fact(node: Node) -> shapes.Fact:
    return shapes.Fact(**node.item(), **node.all("topic", "statement", "confidence"), when=node.known("when"))


def person(node: Node) -> shapes.Person:
    return shapes.Person(**node.all("name", "email"))


def project(node: Node) -> shapes.Project:
    return shapes.Project(
        **node.item(),
        **node.all("key", "name"),
        description=node.get("description", {}),
        website=node.get("website"),
        starts=node.known("starts"),
        ends=node.known("ends"),
        duration_months=node.get("duration_months", None),
        funders=tuple(_funder(funder) for funder in node.children("funders")),
        seats=tuple(_project_seat(seat) for seat in node.children("seats")),
        facts=tuple(fact(child) for child in node.children("facts")),
    )


def _funder(node: Node) -> shapes.Funder:
    return shapes.Funder(
        **node.item(),
        **node.all("institution", "confidence"),
        instrument=node.get("instrument"),
        grant_reference=node.get("grant_reference"),
    )


def _project_seat(node: Node) -> shapes.ProjectSeat:
    return shapes.ProjectSeat(
        **node.item(), role=node["role"], institution=node.known("institution"), person=person(node.child("person"))
    )


def region(node: Node) -> shapes.Region:
    return shapes.Region(
        **node.item(), **node.all("key", "name"), acronym=node.get("acronym"), countries=tuple(node["countries"])
    )


def institution(node: Node) -> shapes.Institution:
    return shapes.Institution(
        **node.item(),
        **node.all("key", "name", "category", "confidence"),
        acronym=node.get("acronym"),
        country=node.get("country"),
        usual_seat=node.get("instead_of"),
    )


def parent(node: Node) -> shapes.Parent:
    return shapes.Parent(
        **node.item(),
        **node.all("status", "confidence"),
        institution=node.known("institution"),
        under=node.known("under"),
        since=node.known("since"),
    )


def membership(node: Node) -> shapes.Membership:
    return shapes.Membership(
        **node.item(),
        **node.all("role", "confidence"),
        rank=node.known("rank") or "",
        institution=node.known("institution"),
        person=person(node.child("person")),
        since=node.known("since"),
        until=node.known("until"),
    )


def terms(node: Node) -> shapes.TermsOfReference:
    return shapes.TermsOfReference(
        **node.item(),
        **node.all("preset", "confidence"),
        participation=node.get("participation", {}),
        closed_sessions=node.get("closed_sessions", False),
        closed_announced=node.get("closed_announced", False),
        adopted=_decision(node.child("adopted")) if "adopted" in node else None,
    )


def linked_body(node: Node) -> shapes.LinkedBody:
    return shapes.LinkedBody(
        **node.item(), **node.all("key", "name", "kind", "status", "task", "confidence"), when=node.known("when")
    )


def template(node: Node) -> shapes.Template:
    return shapes.Template(
        **node.item(),
        version=str(node["version"]),
        title=node["title"],
        parts=tuple(_part(part) for part in node.children("parts")),
    )


def _part(node: Node) -> shapes.Part:
    sections = tuple(
        shapes.Section(**child.item(), **child.all("key", "title"), guidance=child.get("guidance", None))
        for child in node.children("sections")
    )
    own = shapes.Section(**node.item(), key=f"{node['letter']}1", title=node["title"], guidance=None)
    return shapes.Part(**node.item(), **node.all("letter", "title"), sections=sections or (own,))


def profile(node: Node, actors: Mapping[str, shapes.Person]) -> shapes.Profile:
    """`actors` maps a role to the person who acts in it for this profile's TWG."""
    months = node.get("update_months", OPEN)
    return shapes.Profile(
        **node.item(),
        **node.all("key", "twg", "title", "confidence"),
        owner=node.known("owner"),
        update_months=None if months == OPEN else months,
        editions=tuple(_edition(edition, node["key"], actors) for edition in node.children("editions")),
    )


def _edition(node: Node, profile_key: str, actors: Mapping[str, shapes.Person]) -> shapes.Edition:
    events: list[shapes.Event] = []
    for child in node.children("events"):
        nth = 1 + sum(event.event == child["event"] for event in events)
        key = f"{profile_key}/{node['label']}/{child['event']}" + (f"-{nth}" if nth > 1 else "")
        events.append(_event(child, key, actors[child["actor"]]))
    return shapes.Edition(
        **node.item(),
        label=str(node["label"]),
        template=str(node["template"]),
        publication=_publication(node.child("publication")) if "publication" in node else None,
        events=tuple(events),
    )


def _publication(node: Node) -> shapes.Publication:
    return shapes.Publication(
        **node.item(),
        **node.all("title", "status"),
        publisher=node.get("publisher"),
        place=node.get("place"),
        year=node.known("year"),
    )


def _event(node: Node, key: str, actor: shapes.Person) -> shapes.Event:
    return shapes.Event(
        **node.item(),
        **node.all("event", "confidence"),
        key=key,
        when=node.known("when"),
        actor_role=node["actor"],
        actor=actor,
        note=node.get("note"),
        decision=_decision(node.child("decision")) if "decision" in node else None,
        update_institution=node.known("update_institution"),
    )


def _decision(node: Node) -> shapes.Decision:
    return shapes.Decision(**node.item(), body=node["body"], reference=node.get("reference"), when=node.known("when"))


def milestone(node: Node) -> shapes.Milestone:
    return shapes.Milestone(
        **node.item(),
        **node.all("key", "twg", "kind", "title", "state", "confidence"),
        responsible=node.known("responsible"),
        counterpart=node.known("counterpart"),
        linked_body=node.get("linked_body"),
        when=node.known("when"),
        evidence=node.get("evidence", None),
    )


def hosting(node: Node) -> shapes.Hosting:
    return shapes.Hosting(
        **node.item(),
        **node.all("key", "twg", "statement", "confidence"),
        holder=node.known("holder"),
        starts=node.known("starts"),
    )


def recommendation(node: Node) -> shapes.Recommendation:
    return shapes.Recommendation(
        **node.item(),
        **node.all("key", "twg", "ground", "text", "confidence"),
        **_answered(node),
        rationale=node.get("rationale", {}),
        priority=node.get("priority"),
        issued=node.known("issued"),
        meeting=node.get("meeting"),
        edition=node.get("edition"),
        handed_on=tuple(_handed_on(item) for item in node.children("handed_on")),
    )


def _handed_on(node: Node) -> shapes.HandedOn:
    return shapes.HandedOn(**node.item(), **node.all("twg", "confidence"), **_answered(node))


def _answered(node: Node) -> dict[str, Any]:
    """To whom it is addressed and what was answered; issued where nothing more is told."""
    return {
        "lead": node.known("lead"),
        "supporting": tuple(node.get("supporting", ())),
        "state": node.get("state", "issued"),
        "answer": node.get("answer", {}),
    }


def _ended(node: Node) -> str | None:
    """When it ended: None where the file says nothing of an end, "" where it says that the date is open."""
    return (node.known("ended") or "") if "ended" in node else None


def framework(node: Node) -> shapes.Framework:
    return shapes.Framework(
        **node.item(),
        **node.all("key", "twg", "kind", "title", "confidence"),
        reference=node.get("reference"),
        adopted=node.known("adopted"),
        in_force=node.known("in_force"),
        ended=_ended(node),
        link=node.get("link"),
        summary=node.get("summary", {}),
        responsible=tuple(node.get("responsible", ())),
    )


def policy_actor(node: Node) -> shapes.PolicyActor:
    return shapes.PolicyActor(
        **node.item(),
        **node.all("twg", "institution", "role", "confidence"),
        since=node.known("since"),
        ended=_ended(node),
    )


def data_plan(node: Node) -> shapes.DataPlan:
    endorsed = node.get("endorsed", {})
    return shapes.DataPlan(
        **node.item(),
        **node.all("key", "twg", "title", "state", "confidence"),
        summary=node.get("summary", {}),
        endorsed_by=endorsed.get("body", ""),
        endorsed_on=node.child("endorsed").known("when") if endorsed else None,
        actions=tuple(_data_action(child) for child in node.children("actions")),
        outputs=tuple(_output(child) for child in node.children("outputs")),
    )


def _data_action(node: Node) -> shapes.DataAction:
    return shapes.DataAction(
        **node.item(),
        **node.all("key", "kind", "title", "state", "confidence"),
        description=node.get("description", {}),
        lead=node.known("lead"),
        contributors=tuple(node.get("contributors", ())),
        others=node.get("others", {}),
        expert=_expert(node.child("expert")) if "expert" in node else None,
        task_force=node.get("task_force"),
        starts=node.known("starts"),
        due=node.known("due"),
        needs=tuple(node.get("needs", ())),
        answers=node.get("answers"),
        note=node.get("note"),
        commitments=tuple(_commitment(child) for child in node.children("commitments")),
    )


def _expert(node: Node) -> shapes.Expert:
    return shapes.Expert(role=node.get("role", {}), institution=node.known("institution"), name=node.get("name"))


def _commitment(node: Node) -> shapes.Commitment:
    return shapes.Commitment(
        **node.item(),
        **node.all("status", "confidence"),
        institution=node.known("institution"),
        payer=node.get("payer"),
        statement=node.get("statement", {}),
        amount=node.get("amount"),
        currency=node.get("currency"),
        fiscal_year=node.known("fiscal_year"),
    )


def _output(node: Node) -> shapes.Output:
    return shapes.Output(
        **node.item(),
        **node.all("key", "body", "title", "state", "confidence"),
        action=node.get("action"),
        due=node.known("due"),
        delivered=node.known("delivered"),
    )
