"""What several sections of a project file are loaded with: people, facts, keys for what has none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from workflow.groups import services
from workflow.groups.models import Fact, Person, Project, Twg

from . import shapes
from .loading import Loading, R


def load_person(loading: Loading, record: shapes.Person, language: str, zone: str) -> Person:
    """The person with this address, made on their first seat. Whoever exists keeps their own name and settings."""
    return services.person_for(
        record.email, name=record.name, actor=None, telling=loading.telling(f"person/{record.email.lower()}"),
        language=language, time_zone=zone,
    )  # fmt: skip


def load_facts(loading: Loading, about: Twg | Project, owner: str, facts: Iterable[shapes.Fact]) -> None:
    for key, fact in numbered(facts, lambda fact: f"{owner}/fact/{fact.topic}"):
        loading.item(fact, partial(_fact, loading, about, key, fact))


def numbered(records: Iterable[R], name: Callable[[R], str]) -> Iterator[tuple[str, R]]:
    """Each record with a key of its own: `topic`, and `topic-2` for a second one of that name."""
    seen: Counter[str] = Counter()
    for record in records:
        key = name(record)
        seen[key] += 1
        yield (key if seen[key] == 1 else f"{key}-{seen[key]}"), record


def _fact(loading: Loading, about: Twg | Project, key: str, record: shapes.Fact) -> None:
    fields = {
        "topic": record.topic,
        "statements": dict(record.statement),
        "when": record.when or "",
        "confidence": record.confidence,
        "source": loading.sources(record),
    }
    loading.step(
        key,
        record,
        lambda t: services.record_fact(about, fields, actor=None, telling=t),
        occurred=record.when,
        row=Fact,
        fields=fields,
    )
