"""Every address of the site, read from the URL configuration, so that a new one joins the sweep by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from workflow.engine import kinds

from .world import World

# What the ending of an export is called in a route.
FORMATS = ("format", "ending", "fmt", "extension", "form")


@dataclass(frozen=True)
class Address:
    name: str
    route: str
    path: str


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def everywhere(world: World) -> list[Address]:
    """Each pattern with the world's objects in its places; fails for one whose places nothing fills."""
    if not world.addresses:
        world.addresses += [
            Address(pattern.name or "", route, "/" + _fill(route, pattern, values))
            for route, pattern in patterns()
            for values in fillings(route, pattern, world)
        ]
    return world.addresses


def fillings(route: str, pattern: URLPattern, world: World) -> list[dict[str, Any]]:
    places = _places(route)
    if not places:
        return [{}]
    for rule in RULES:
        values = rule(route, places, world)
        if values is not None:
            missing = [v for v in values if set(v) != set(places)]
            assert not missing, f"{route}: {missing} does not fill {places}"
            return values
    raise AssertionError(
        f"The sweep does not know how to fill {route!r}. Teach tests/sweeps/addresses.py, so that it is swept."
    )


def _places(route: str) -> list[str]:
    import re

    named = re.findall(r"<(?:[a-z_]+:)?([a-z_]+)>", route.replace("(?P", ""))
    return list(dict.fromkeys(named))


def _fill(route: str, pattern: URLPattern, values: dict[str, Any]) -> str:
    import re

    text = re.sub(r"\(\?P<([a-z_]+)>[^)]*\)", r"<\1>", route)
    for name, value in values.items():
        text = re.sub(rf"<(?:[a-z_]+:)?{name}>", str(value), text)
    return re.sub(r"[\^$]|\\Z|\\(?=[.])|/\?|\?$", lambda m: "/" if m[0] == "/?" else "", text).replace("//", "/")


def _kind_and_pk(route: str, places: list[str], world: World) -> list[dict[str, Any]] | None:
    """Generic addresses: each kind of subject, with each of its transitions."""
    if "kind" not in places:
        return None
    found: list[dict[str, Any]] = []
    for kind in kinds.all_kinds():
        subject = (
            kind.model._base_manager.filter(pk=world.objects[kind.name].pk).first()
            if (kind.name in world.objects)
            else kind.model._base_manager.first()
        )
        assert subject is not None, f"the world has no {kind.name}: plant one"
        for one in (subject, *_hidden(kind.name, world)):
            base = {"kind": kind.name, "pk": one.pk}
            if "transition" in places:
                steps = list(dict.fromkeys(t.slug for t in kind.flow.transitions())) if kind.flow else ["explode"]
                # Who does not find a hidden one finds none of its transitions.
                found += [{**base, "transition": step} for step in (steps if one is subject else steps[:1])]
            else:
                found.append(base)
    return [_with_format(f, places) for f in found]


def _hidden(name: str, world: World) -> list[Any]:
    """Others of a kind that only few may find: among institutions, inside one, and what became of that."""
    hidden = ("closed", "inside", "cleared", "withdrawn")
    return [world.objects[f"{how} {name}"] for how in hidden if f"{how} {name}" in world.objects]


def _with_format(values: dict[str, Any], places: list[str]) -> dict[str, Any]:
    return {**values, **{name: "csv" for name in FORMATS if name in places}}


# Which object of the world stands behind an address that names it by code or number.
OBJECTS = (
    ("me/calendar/", "calendar link"),
    ("handovers/", "handover"),
    ("handover-lines/", "handover_item"),
    ("handover-items/", "handover_item"),
    ("handover-evidence/", "handover evidence"),
    ("capacity-needs/", "capacity_need"),
    ("meeting-decisions/", "meeting_decision"),
    ("action-items/", "action_item"),
    ("progress-files/", "progress file"),
    ("recommendations/", "recommendation"),
    ("courses/", "course"),
    ("trainings/", "training"),
    ("participations/", "participation"),
    ("minutes/", "minutes"),
    ("meetings/", "meeting"),
    ("here/", "meeting"),
    ("seats/", "seat"),
    ("memberships/", "seat"),
    ("decisions/", "decision"),
    ("outbox", "outbox row"),
    ("tokens/", "token"),
    ("terms/", "terms"),
    ("editions/", "edition"),
    ("profiles/", "profile"),
    ("templates/", "template"),
    ("institutions/", "institution"),
    ("people/", "person"),
    ("projects/", "project"),
    ("twgs/", "twg"),
    ("data-plans/", "data_plan"),
    ("data-actions/", "data_action"),
    ("commitments/", "commitment"),
    ("outputs/", "output"),
    ("milestones/", "milestone"),
    ("data-sources/", "data_source"),
    ("data-gaps/", "data_gap"),
    ("supporting-publications/", "supporting_publication"),
    ("hosting/", "hosting"),
    ("hostings/", "hosting"),
    ("regions/", "region"),
    ("requests/", "request"),
    ("answers/", "answer"),
    ("frameworks/", "framework"),
    ("actors/", "actor"),
    ("texts/", "text"),
    ("sections/", "section"),
    ("drafts/", "draft"),
    ("enclosures/", "enclosure"),
    ("word/", "word file"),
    ("word-files/", "word file"),
    ("rounds/", "round"),
    ("comments/", "remark"),
    ("ballots/", "ballot"),
    ("themes/", "theme"),
    ("files/", "file job"),
)


def _one_object(route: str, places: list[str], world: World) -> list[dict[str, Any]] | None:
    # The folder nearest before the first place says what the place names.
    before = route.split("<", 1)[0].removesuffix("(?P")
    key = next((name for folder, name in OBJECTS if before.endswith(folder) or folder in before), None)
    if key is None or not {"pk", "code", "pk_or_code"} & set(places):
        return None
    # Of editions there are others too, which some people must not find and others must.
    others = [
        world.objects[name] for name in (f"second {key}", f"other {key}", f"published {key}") if name in world.objects
    ]
    filled = [_values(places, subject) for subject in (world.objects[key], *others, *_hidden(key, world))]
    if None in filled:
        return None
    return [made for values in filled if values is not None for made in _endings(route, values)]


def _endings(route: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """Once for each ending that the route itself lists, such as `(?P<ending>docx|pdf)`."""
    import re

    listed = re.search(r"\(\?P<(\w+)>((?:[a-z]+\|)+[a-z]+)\)", route)
    if listed is None or listed[1] not in FORMATS:
        return [values]
    return [{**values, listed[1]: ending} for ending in listed[2].split("|")]


def _values(places: list[str], subject: Any) -> dict[str, Any] | None:
    """The places filled with one object's; None where a place is unknown."""
    values: dict[str, Any] = {}
    for place in places:
        if place == "pk":
            values[place] = subject.pk
        elif place == "code":
            values[place] = subject.code
        elif place == "transition":
            values[place] = "withdraw"
        elif place == "section":
            values[place] = subject.draft.sections.order_by("position")[0].section_id
        elif place == "institution":
            values[place] = subject.electors.first().institution_id
        elif place == "number":
            values[place] = getattr(subject, "evidence_vote", 1)
        elif place == "person":
            values[place] = getattr(subject.invitations.first(), "person_id", 1)
        elif place == "row":
            values[place] = getattr(subject.attendances.first(), "pk", 1)
        elif place == "file":
            values[place] = subject.reports.first().files.first().pk
        elif place == "key":
            values[place] = "forged"
        elif place in FORMATS:
            values[place] = "csv"
        else:
            return None
    return values


def _outline(route: str, places: list[str], world: World) -> list[dict[str, Any]] | None:
    """The parts and sections of a template, by their own numbers."""
    template = world.objects["template"]
    rows = {"parts/": template.parts.first(), "sections/": template.parts.get(letter="A").sections.first()}
    row = next((row for folder, row in rows.items() if f"{folder}<int:pk>" in route), None)
    if row is None or places != ["code", "pk"]:
        return None
    return [{"code": template.code, "pk": row.pk}]


def _tokens(route: str, places: list[str], world: World) -> list[dict[str, Any]] | None:
    return [{places[0]: "forged:token"}] if places in (["token"], ["secret"]) else None


def _links(route: str, places: list[str], world: World) -> list[dict[str, Any]] | None:
    """A link to vote opens the ballot for whoever holds it: forged ones open nothing; true ones are tested apart."""
    if route == "certificates/<slug:code>/":  # its code is the secret: whoever holds it reads what it certifies
        return [{"code": "ABCD-EFGH-JKMN-PQRS"}]
    return [{"token": "forged:token"}] if route.startswith("vote/") else None


def _exports(route: str, places: list[str], world: World) -> list[dict[str, Any]] | None:
    if len(places) == 1 and places[0] in FORMATS:
        return [{places[0]: ending} for ending in ("csv", "xlsx")]
    return None


def _frames(route: str, places: list[str], world: World) -> list[dict[str, Any]] | None:
    """Addresses of the libraries: sign-in by a provider, and files that are the same for everybody."""
    known = {"provider_id": "ministry", "key": "unknown", "path": "palabre/palabre.css", "rest": "unknown"}
    return [{p: known[p] for p in places}] if set(places) <= set(known) else None


RULES = (_kind_and_pk, _outline, _links, _one_object, _tokens, _exports, _frames)
