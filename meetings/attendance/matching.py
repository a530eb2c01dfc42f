"""Who in a list is whom among those invited: by address, then by name and institution; what is doubtful is asked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from meetings.scheduling.models import Invitation, Meeting
from workflow.engine import digests
from workflow.engine.events import plain
from workflow.groups import words

from .lists import Entry
from .models import Attendance
from .places import called

ALIKE = 0.84  # of two folded names, from which on they may be one person's: Mensah, Mensa
MOST_OFFERED = 5
MATCHED, DOUBTFUL, UNMATCHED = "matched", "doubtful", "unmatched"


@dataclass(frozen=True)
class Candidate:
    """Somebody whom a line of the list may mean."""

    pk: int
    name: str
    email: str
    institution: str
    called: frozenset[str] = frozenset()  # the institution's names, folded


@dataclass(frozen=True)
class Match:
    """A person of the list, and who that is: `person` where it is sure, `offered` where it may be."""

    entry: Entry
    fate: str
    person: int | None = None
    offered: tuple[int, ...] = ()


@dataclass
class Plan:
    """What a list would bring in. Nothing is written yet."""

    matches: list[Match]
    candidates: dict[int, Candidate]
    problems: list[dict[str, Any]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def count(self, fate: str) -> int:
        return sum(match.fate == fate for match in self.matches)

    @property
    def matched(self) -> int:
        return self.count(MATCHED)

    @property
    def doubtful(self) -> int:
        return self.count(DOUBTFUL)

    @property
    def unmatched(self) -> int:
        return self.count(UNMATCHED)

    def packed(self) -> str:
        """For the session, between the preview and the press."""
        return json.dumps([plain(asdict(match)) for match in self.matches])

    @property
    def digest(self) -> str:
        return digests.of_text(self.packed())


def unpacked(text: str) -> list[Match]:
    return [_match(**row) for row in json.loads(text)]


def _match(entry: dict[str, Any], fate: str, person: int | None, offered: list[int]) -> Match:
    times = {name: datetime.fromisoformat(entry[name]) if entry[name] else None for name in ("arrived", "left")}
    return Match(Entry(**{**entry, **times, "lines": tuple(entry["lines"])}), fate, person, tuple(offered))


def candidates(meeting: Meeting) -> dict[int, Candidate]:
    """Everybody with an account who is invited or stands in the list: two queries."""
    invited = Invitation.objects.filter(meeting=meeting, removed_at=None).select_related("person", "institution")
    listed = Attendance.objects.filter(meeting=meeting, person__isnull=False).select_related("person", "institution")
    found: dict[int, Candidate] = {}
    for row in (*invited, *listed):
        person, one = row.person, row.institution
        if person is not None and person.pk not in found:
            names = frozenset(called(one)) if one else frozenset()
            found[person.pk] = Candidate(person.pk, str(person), person.email, one.name if one else "", names)
    return found


def plan(entries: Iterable[Entry], meeting: Meeting) -> Plan:
    people = candidates(meeting)
    found = [match(entry, people.values()) for entry in entries]
    # Two lines that seem to be one person: neither is sure.
    sure = Counter(m.person for m in found if m.person)
    settled = [_doubted(m) if m.person and sure[m.person] > 1 else m for m in found]
    return Plan(settled, people)


def _doubted(match: Match) -> Match:
    return replace(match, fate=DOUBTFUL, person=None, offered=(match.person,) if match.person else ())


def match(entry: Entry, people: Iterable[Candidate]) -> Match:
    """Whom an entry means. An address settles it; a name does where the institution, if given, agrees."""
    listed = list(people)
    if entry.email and (same := [c for c in listed if c.email == entry.email]):
        return Match(entry, MATCHED, same[0].pk)
    wanted = _words(entry.name)
    named = [c for c in listed if _words(c.name) == wanted]
    agreeing = [c for c in named if _agrees(entry, c)]
    if len(agreeing) == 1 and (len(named) == 1 or entry.institution):
        return Match(entry, MATCHED, agreeing[0].pk)
    near = named or sorted((c for c in listed if _near(entry, c)), key=lambda c: -_likeness(entry.name, c.name))
    if near:
        return Match(entry, DOUBTFUL, None, tuple(c.pk for c in near[:MOST_OFFERED]))
    return Match(entry, UNMATCHED)


def _words(name: str) -> frozenset[str]:
    """Order and punctuation make no difference: "MENSAH, Ama" and "Ama Mensah"."""
    return frozenset("".join(c if c.isalnum() else " " for c in words.fold(name)).split())


def _agrees(entry: Entry, candidate: Candidate) -> bool:
    return not entry.institution or not candidate.called or words.fold(entry.institution) in candidate.called


def _near(entry: Entry, candidate: Candidate) -> bool:
    """One name within the other ("Ama Mensah (Interior)"), or alike but for a letter or two."""
    mine, theirs = _words(entry.name), _words(candidate.name)
    if len(mine & theirs) >= 2 and (mine <= theirs or theirs <= mine):
        return True
    return _likeness(entry.name, candidate.name) >= ALIKE


def _likeness(one: str, other: str) -> float:
    first, second = (" ".join(sorted(_words(name)))[:80] for name in (one, other))
    return SequenceMatcher(None, first, second).ratio()
