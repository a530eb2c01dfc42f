"""The register as a table in Markdown, in the language of the text that it goes into (S29)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from workflow.engine import edtf
from workflow.engine.models import Event
from workflow.groups import words
from workflow.groups.models import Institution, Twg

from . import selectors
from .models import EntryState, Framework, Insertion, PolicyActor

# What Markdown would take for its own signs inside a table's cell; a line break would end the row.
SIGNS = re.compile(r"([\\`*_{}\[\]<>|#~^$]|&(?=#?\w+;))")


def cell(text: Any) -> str:
    """A text as a table's cell shows it, whatever it holds."""
    return SIGNS.sub(r"\\\1", " ".join(str(text).split()))


def link(text: str, url: str) -> str:
    """A title with its address; one that Markdown could misread is given in angle brackets, without what ends them."""
    if not url:
        return cell(text)
    safe = re.sub(r"[\s<>|\\]", lambda m: f"%{ord(m[0]):02X}", url)
    return f"[{cell(text)}](<{safe}>)"


def table(twg: Twg, what: str, language: str) -> str:
    """The TWG's register of frameworks or actors with its source line; "" while it is empty.

    It depends on nothing but the register: as long as that stays, so does the table, to the letter.
    """
    with translation.override(language):
        head, rows = _MAKERS[what](twg)
        if not rows:
            return ""
        lines = [head, ["---"] * len(head), *rows]
        body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"{body}\n\n{_source(twg)}"


def _frameworks(twg: Twg) -> tuple[list[str], list[list[str]]]:
    head = [
        _("Framework"), _("Kind"), _("Adopted or signed"), _("In force since"), _("Ended"),
        _("Responsible institutions"),
    ]  # fmt: skip
    found = selectors.in_register(Framework.objects.all().standing(), twg)
    rows = [_framework(entry) for entry in selectors.own_first(found, twg).prefetch_related("responsible")]
    return _without_empty(head, rows)


def _framework(entry: Framework) -> list[str]:
    title = link(entry.title, entry.url) + (f", {cell(entry.reference)}" if entry.reference else "")
    ended = edtf.display(entry.ended) or (_("yes") if entry.state == EntryState.ENDED else "")
    return [
        title, cell(entry.get_kind_display()), edtf.display(entry.adopted), edtf.display(entry.in_force), ended,
        cell("; ".join(institution.name for institution in entry.responsible.all())),
    ]  # fmt: skip


def _actors(twg: Twg) -> tuple[list[str], list[list[str]]]:
    found = selectors.in_register(PolicyActor.objects.all().standing(), twg)
    rows = [_actor(entry) for entry in selectors.own_first(found, twg).select_related("institution")]
    return _without_empty([_("Institution"), _("What it does on migration"), _("Since"), _("Until")], rows)


def _actor(entry: PolicyActor) -> list[str]:
    name, acronym = entry.institution.name, entry.institution.acronym
    ended = edtf.display(entry.ended) or (_("yes") if entry.state == EntryState.ENDED else "")
    return [cell(f"{name} ({acronym})" if acronym else name), cell(entry.role), edtf.display(entry.since), ended]


_MAKERS: dict[str, Callable[[Twg], tuple[list[str], list[list[str]]]]] = {
    Insertion.What.FRAMEWORKS: _frameworks,
    Insertion.What.ACTORS: _actors,
}


def _without_empty(head: list[str], rows: Iterable[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Columns in which nothing is known are left out."""
    listed = list(rows)
    kept = [place for place in range(len(head)) if any(row[place] for row in listed)]
    return [head[place] for place in kept], [[row[place] for place in kept] for row in listed]


def _source(twg: Twg) -> str:
    """Where the table comes from: the register on the day on which it last changed, where the TWG works."""
    last = Event.objects.filter(_of_register(twg)).aggregate(at=Max("at"))["at"] or timezone.now()
    with timezone.override(twg.time_zone):
        day = edtf.display(timezone.localdate(last).isoformat())
    said = _("Source: policy register of %(twg)s, as of %(day)s.")
    return said % {"twg": cell(words.in_language(twg.names) or twg.code), "day": day}


def _of_register(twg: Twg) -> Q:
    own = Q(subject_kind="framework", subject_id__in=_own(Framework, twg))
    return own | Q(subject_kind="actor", subject_id__in=_own(PolicyActor, twg))


def behind(twg: Twg) -> QuerySet[Event]:
    """All events that can change what a table says: the register's own, and those of the institutions it names."""
    named = Institution.objects.filter(
        Q(frameworks__in=_own(Framework, twg)) | Q(policy_roles__in=_own(PolicyActor, twg))
    )
    return Event.objects.filter(_of_register(twg) | Q(subject_kind="institution", subject_id__in=named.values("pk")))


def _own(model: Any, twg: Twg) -> Any:
    return selectors.in_register(model.objects.all(), twg).values("pk")
