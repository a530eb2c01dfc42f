"""All that writes the register of policy actors and frameworks; states are `engine.perform`'s."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.groups import words
from workflow.groups.models import Institution, Twg
from workflow.groups.services import require

from .flow import KEEPERS
from .models import Entry, EntryState, Framework, PolicyActor


@transaction.atomic
def record_framework(
    twg: Twg, fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS, name: str = "created"
) -> Framework:
    """A law, policy or agreement, entered in the TWG's register (S29). Without a `key` it gets one from its title."""
    require(KEEPERS, twg, actor)
    plain = dict(fields)
    responsible = list(plain.pop("responsible", ()))
    if not plain.get("key"):
        engine.hold(f"framework keys of {twg.pk}")
        plain["key"] = _free_key(twg, plain.get("names") or {})
    made: Framework = engine.create(
        Framework(twg=twg, **plain), actor=actor, telling=telling, name=name, data=_named(responsible)
    )
    made.responsible.set(responsible)
    return made


def _named(responsible: Iterable[Institution]) -> dict[str, Any]:
    """Who is responsible, as history tells it: by the names of the day."""
    names = [str(institution) for institution in responsible]
    return {"responsible": names} if names else {}


def _free_key(twg: Twg, names: Mapping[str, str]) -> str:
    """A short name from the title that no other framework of the TWG has."""
    base = slugify(words.in_language(names, "en"))[:50].strip("-") or "framework"
    taken = set(Framework.objects.filter(twg=twg, key__startswith=base).values_list("key", flat=True))
    number = 1
    while (key := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return key


@transaction.atomic
def change_framework(
    framework: Framework,
    fields: Mapping[str, Any],
    *,
    actor: Any,
    version: int | None = None,
    note: str = "",
    name: str = "changed",
) -> None:
    """Whatever is said of it but its code and its end. Raises Unmet for one that was withdrawn."""
    plain = {key: value for key, value in fields.items() if key != "responsible"}
    with _changing(framework, plain, actor, version, note, name) as change:
        if "responsible" in fields:
            wanted = sorted(fields["responsible"], key=lambda institution: institution.pk)
            if [i.pk for i in wanted] != sorted(change.subject.responsible.values_list("pk", flat=True)):
                change.subject.responsible.set(wanted)
                change.data.update({"responsible": [str(i) for i in wanted] or _("none")})


@transaction.atomic
def record_actor(
    twg: Twg, fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS, name: str = "created"
) -> PolicyActor:
    """An institution that acts on migration, entered in the TWG's register with what it does (S29)."""
    require(KEEPERS, twg, actor)
    engine.hold(f"policy actors of {twg.pk}")  # so that the second of two is told, and not the database's error
    made: PolicyActor = engine.create(PolicyActor(twg=twg, **fields), actor=actor, telling=telling, name=name)
    return made


def change_actor(
    entry: PolicyActor,
    fields: Mapping[str, Any],
    *,
    actor: Any,
    version: int | None = None,
    note: str = "",
    name: str = "changed",
) -> None:
    """What it does and since when. Raises Unmet for one that was withdrawn."""
    with _changing(entry, fields, actor, version, note, name):
        pass


@contextmanager
def _changing(
    entry: Entry, fields: Mapping[str, Any], actor: Any, version: int | None, note: str, name: str
) -> Iterator[engine.Change]:
    """The entry, locked, with its new fields; its end can be set right where it has one."""
    require(KEEPERS, entry, actor)
    with engine.change(entry, name, actor=actor, version=version, note=note) as change:
        if change.subject.state == EntryState.WITHDRAWN:
            raise Unmet(_("It was withdrawn: take it up again first."))
        if fields.get("ended") and change.subject.state == EntryState.LISTED:
            raise ValidationError({"ended": _("It has not ended: say so first.")})
        change.assign(fields)
        yield change
