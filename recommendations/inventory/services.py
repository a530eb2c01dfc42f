"""All that writes data sources, gaps and supporting publications; states are `engine.perform`'s."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.services import AS_IT_HAPPENS, Change, Telling
from workflow.groups import access, words
from workflow.groups.models import Project, Twg
from workflow.groups.services import require

from . import places
from .choices import SourceState
from .flow import KEEPERS
from .models import DataGap, DataSource
from .publications import SupportingPublication

# What hangs on a source in tables of their own, and how history calls it.
LINKED = ("users", "publications")


@transaction.atomic
def record_source(
    twg: Twg, fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS, name: str = "created"
) -> DataSource:
    """A source of data on migration, entered in the TWG's inventory (S09). Without a `key` it gets one by its name."""
    require(KEEPERS, twg, actor)
    plain, linked = _apart(fields)
    _give_key(DataSource, twg, plain, "names")
    source = DataSource(twg=twg, **plain)
    source.sections = _ordered(source.sections)
    data = {key: [str(one) for one in found] for key, found in linked.items() if found}
    made: DataSource = engine.create(source, actor=actor, telling=telling, name=name, data=data)
    for key, found in linked.items():
        getattr(made, key).set(found)
    return made


def _ordered(sections: Any) -> list[str]:
    """Places of the template as they follow each other. Raises ValidationError for what is none."""
    try:
        places.validate_all(sections)
    except ValidationError as error:
        raise ValidationError({"sections": error}) from error
    return places.in_order(sections)


def _apart(fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """The source's own fields, and what hangs on it."""
    plain = {key: value for key, value in fields.items() if key not in LINKED}
    return plain, {key: list(fields[key]) for key in LINKED if key in fields}


def _give_key(model: type[DataSource] | type[DataGap], twg: Twg, plain: dict[str, Any], named: str) -> None:
    """A short name of its own within the TWG, where none is given."""
    engine.hold(f"{model._meta.model_name} keys of {twg.pk}")  # the second of two is told, not the database's error
    if plain.get("key"):
        return
    title = words.in_language(plain.get(named) or {}, "en")
    base = slugify(title)[:50].strip("-") or str(model._meta.model_name)
    taken = set(model.objects.filter(twg=twg, key__startswith=base).values_list("key", flat=True))
    number = 1
    while (key := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    plain["key"] = key


@transaction.atomic
def change_source(
    source: DataSource,
    fields: Mapping[str, Any],
    *,
    actor: Any,
    version: int | None = None,
    note: str = "",
    name: str = "changed",
) -> None:
    """Whatever is said of it but its code; who changes something has looked at it. Raises Unmet for one withdrawn."""
    plain, linked = _apart(fields)
    with _changing(source, plain, actor, version, note, name) as change:
        changed: DataSource = change.subject
        if changed.state == SourceState.WITHDRAWN:
            raise Unmet(_("It was withdrawn: take it up again first."))
        changed.sections = _ordered(changed.sections)
        changed.placed = places.searched(changed.sections)
        for key, found in linked.items():
            _link(change, key, found)
        changed.reviewed_on = timezone.localdate()


def _link(change: Change, key: str, wanted: list[Any]) -> None:
    """Set what hangs on the source, told by the names of the day where it differs."""
    related = getattr(change.subject, key)
    if {one.pk for one in wanted} != set(related.values_list("pk", flat=True)):
        related.set(wanted)
        change.data[key] = [str(one) for one in wanted] or _("none")


@contextmanager
def _changing(
    subject: Any, fields: Mapping[str, Any], actor: Any, version: int | None, note: str, name: str
) -> Iterator[Change]:
    """The source or gap, locked, with its new fields."""
    require(KEEPERS, subject, actor)
    with engine.change(subject, name, actor=actor, version=version, note=note) as change:
        change.assign(fields)
        yield change


@transaction.atomic
def record_gap(
    twg: Twg, fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS, name: str = "created"
) -> DataGap:
    """What is missing for a section, and what would close it (S09, S39)."""
    require(KEEPERS, twg, actor)
    plain = dict(fields)
    _give_key(DataGap, twg, plain, "titles")
    made: DataGap = engine.create(DataGap(twg=twg, **plain), actor=actor, telling=telling, name=name)
    return made


def change_gap(
    gap: DataGap,
    fields: Mapping[str, Any],
    *,
    actor: Any,
    version: int | None = None,
    note: str = "",
    name: str = "changed",
) -> None:
    """Its words, section, source, severity and the improvement proposed. Raises Unmet for one that is over."""
    with _changing(gap, fields, actor, version, note, name) as change:
        if not change.subject.is_open:
            raise Unmet(_("It is over: take it up again first."))


# -- supporting publications ------------------------------------------------------------------------------


def record_publication(
    project: Project | None, fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS
) -> SupportingPublication:
    """What supports the work on data in a project, or everywhere (S28)."""
    publication = SupportingPublication(project=project, **fields)
    require(access.project_keeper, publication, actor)
    made: SupportingPublication = engine.create(publication, actor=actor, telling=telling)
    return made


def change_publication(
    publication: SupportingPublication, fields: Mapping[str, Any], *, actor: Any, version: int | None = None
) -> None:
    """Its title, authors, date, link and what it helps with."""
    require(access.project_keeper, publication, actor)
    with engine.change(publication, "changed", actor=actor, version=version) as change:
        change.assign(fields)
