"""The kinds of paper that people write: each room says who reads and writes the drafts of its own subjects."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from workflow.engine import kinds
from workflow.groups import access
from workflow.groups.access import Rule

Told = str | Promise


@dataclass(frozen=True)
class Heading:
    """One section that a text begins with."""

    place: str
    part: str
    titles: dict[str, str]
    part_titles: dict[str, str] = field(default_factory=dict)
    guidance: dict[str, str] = field(default_factory=dict)
    body: str = ""
    ref: str = ""  # names it for as long as it lives, whatever its place; the place where there is nothing else


@dataclass(frozen=True)
class Paper:
    """How the texts of one kind of subject are written and read.

    `readers(person)` gives the subjects whose drafts the person reads; `public()` those whose last draft everybody
    reads; `closed(subject)` is the reason why nothing can be written now, or "".
    """

    kind: str
    writers: Rule
    takers: Rule  # who may take a named draft and open a comment round on it
    readers: Callable[[Any], QuerySet[Any]]
    headings: Callable[[Any], list[Heading]]
    closed: Callable[[Any], Told]
    language: Callable[[Any], str]
    public: Callable[[], QuerySet[Any]] | None = None
    shared_with: Callable[[Any], Iterable[int]] | None = None  # other TWGs (ids) that comment on the subject's drafts
    related: tuple[str, ...] = ()  # what the subject's own words need, to be read with it
    at_once: bool = False  # short enough for its subject's page: that is where it is read, all sections at once


_papers: dict[str, Paper] = {}


def register(paper: Paper) -> None:
    """Called once by each room, from the app's `ready`."""
    _papers[paper.kind] = paper


def of(kind: str) -> Paper:
    return _papers[kind]


def subjects(kind: str) -> QuerySet[Any]:
    """All subjects of a kind, with what their own words need. KeyError for a kind that nobody has registered."""
    found = {known.name: known.model for known in kinds.all_kinds()}[kind]._base_manager.all()
    related = _papers[kind].related
    return found.select_related(*related) if related else found


def kinds_of_paper() -> list[str]:
    return list(_papers)


def readable(person: Any, path: str = "") -> Q:
    """What hangs on a text (along `path`) whose drafts the person reads."""
    return access.once(person, f"{path}readable texts", lambda: _readable(person, path))


def _readable(person: Any, path: str) -> Q:
    found = Q(pk__in=[])
    for paper in _papers.values():
        found |= Q(**{f"{path}subject_kind": paper.kind, f"{path}subject_id__in": paper.readers(person).values("pk")})
    return found


def public(path: str = "") -> Q:
    """What hangs on a text that everybody may read in its last draft."""
    found = Q(pk__in=[])
    for paper in _papers.values():
        if paper.public:
            found |= Q(**{f"{path}subject_kind": paper.kind, f"{path}subject_id__in": paper.public().values("pk")})
    return found
