"""The register as a table in Markdown, in the language of the text that it goes into (S29)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from workflow.engine import edtf, together
from workflow.engine.models import Event
from workflow.engine.together import Found, Listing, Wanted, first
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
    return together.answer(tables(twg, [what], language))[what]


def tables(twg: Twg, kinds: Iterable[str], language: str) -> Wanted[dict[str, str]]:
    """Several of them, read with one question."""
    wanted = list(kinds)
    listings = {"last": Listing(Event.objects.filter(_of_register(twg)).order_by("-at"), "at", most=1)}
    for what in wanted:
        listings |= _LISTINGS[what](twg)
    return Wanted(listings, lambda found: {what: _table(twg, what, language, found) for what in wanted})


def _table(twg: Twg, what: str, language: str, found: Found) -> str:
    with translation.override(language):
        head, rows = _MAKERS[what](found)
        if not rows:
            return ""
        lines = [head, ["---"] * len(head), *rows]
        body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"{body}\n\n{_source(twg, first(found['last']))}"


def _framework_listings(twg: Twg) -> dict[str, Listing]:
    found = selectors.in_register(Framework.objects.all().standing(), twg)
    columns = ("names", "kind", "reference", "adopted", "in_force", "ended", "state", "url")
    responsible = Framework.responsible.through.objects.filter(framework__in=found.values("pk"))
    in_order = responsible.order_by("institution__country", "institution__folded")
    return {
        "frameworks": Listing(selectors.own_first(found, twg), *columns),
        "responsible": Listing(in_order, "framework", "institution__code", "institution__names"),
    }


def _frameworks(found: Found) -> tuple[list[str], list[list[str]]]:
    head = [
        _("Framework"), _("Kind"), _("Adopted or signed"), _("In force since"), _("Ended"),
        _("Responsible institutions"),
    ]  # fmt: skip
    names: dict[int, list[str]] = {}
    for link_ in found["responsible"]:
        names.setdefault(link_.framework_id, []).append(link_.institution.name)
    return _without_empty(head, [_framework(entry, names.get(entry.pk, [])) for entry in found["frameworks"]])


def _framework(entry: Framework, responsible: Iterable[str]) -> list[str]:
    title = link(entry.title, entry.url) + (f", {cell(entry.reference)}" if entry.reference else "")
    ended = edtf.display(entry.ended) or (_("yes") if entry.state == EntryState.ENDED else "")
    return [
        title, cell(entry.get_kind_display()), edtf.display(entry.adopted), edtf.display(entry.in_force), ended,
        cell("; ".join(responsible)),
    ]  # fmt: skip


def _actor_listings(twg: Twg) -> dict[str, Listing]:
    found = selectors.in_register(PolicyActor.objects.all().standing(), twg)
    institution = ("institution__code", "institution__names", "institution__acronym")
    return {"actors": Listing(selectors.own_first(found, twg), "roles", "since", "ended", "state", *institution)}


def _actors(found: Found) -> tuple[list[str], list[list[str]]]:
    head = [_("Institution"), _("What it does on migration"), _("Since"), _("Until")]
    return _without_empty(head, [_actor(entry) for entry in found["actors"]])


def _actor(entry: PolicyActor) -> list[str]:
    name, acronym = entry.institution.name, entry.institution.acronym
    ended = edtf.display(entry.ended) or (_("yes") if entry.state == EntryState.ENDED else "")
    return [cell(f"{name} ({acronym})" if acronym else name), cell(entry.role), edtf.display(entry.since), ended]


_LISTINGS: dict[str, Callable[[Twg], dict[str, Listing]]] = {
    Insertion.What.FRAMEWORKS: _framework_listings,
    Insertion.What.ACTORS: _actor_listings,
}
_MAKERS: dict[str, Callable[[Found], tuple[list[str], list[list[str]]]]] = {
    Insertion.What.FRAMEWORKS: _frameworks,
    Insertion.What.ACTORS: _actors,
}


def _without_empty(head: list[str], rows: Iterable[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Columns in which nothing is known are left out."""
    listed = list(rows)
    kept = [place for place in range(len(head)) if any(row[place] for row in listed)]
    return [head[place] for place in kept], [[row[place] for place in kept] for row in listed]


def _source(twg: Twg, last: Event | None) -> str:
    """Where the table comes from: the register on the day on which it last changed, where the TWG works."""
    when = last.at if last else timezone.now()
    with timezone.override(twg.time_zone):
        day = edtf.display(timezone.localdate(when).isoformat())
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
