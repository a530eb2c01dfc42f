"""Importing institutions from a spreadsheet: a dry run that tells each row's fate, then all rows or none (S15)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import translation
from django.utils.translation import gettext as _
from django_countries import countries
from django_countries.data import COUNTRIES

from workflow.engine import services as engine
from workflow.engine.errors import Conflict

from . import access, words
from .fates import Fate, Plan, apply_all, settle, unpacked, unprintable
from .models import Category, Institution
from .services import require
from .sheets import Sheet, values_by_words

__all__ = ["Fate", "Plan", "apply", "plan", "unpacked"]

PLAIN = ("acronym", "category", "country", "website")  # columns that are fields of the same name


def plan(sheet: Sheet, *, actor: Any = None) -> Plan:
    """What the file would do. Writes nothing. A row that changes what is not the actor's to change is wrong."""
    codes = Counter(row["code"].lower() for _line, row in sheet.rows)
    stored = Institution.objects.annotate(lower=Lower("code")).filter(lower__in=codes)
    known = {institution.code.lower(): institution for institution in stored}
    fates = [_theirs(_fate(line, row, known, codes), known, actor) for line, row in sheet.rows]
    return Plan(fates, sheet.notices)


def _theirs(fate: Fate, known: dict[str, Institution], actor: Any) -> Fate:
    """A row's fate, as far as the actor may bring it about: what stays as it is may be anybody's."""
    existing = known.get(fate.code.lower())
    if existing and fate.fate == "changed" and not access.institution_keeper(existing, actor):
        whose = access.institution_keeper.told_of(existing)
        fate.fate = "wrong"
        fate.errors.append(("code", _("To change it is for %(who)s.") % {"who": whose}))
    return fate


def _fate(line: int, row: dict[str, str], known: dict[str, Institution], codes: Counter[str]) -> Fate:
    code = row["code"].lower()
    existing = known.get(code)
    fields, errors = _fields(row, existing)
    errors += unprintable(row)
    if not code:
        errors.append(("code", _("The code is missing.")))
    elif not slug_re.match(code):
        errors.append(("code", _("A code has letters without accents, digits, hyphens and underscores only.")))
    elif codes[code] > 1:
        errors.append(("code", _("This code stands in the file more than once.")))
    fate = Fate(line, code, "wrong", fields, errors=errors)
    if existing:
        fate.code, fate.version = existing.code, existing.version
    if not errors:
        errors += _invalid(code, fields, existing)
    if errors:
        return fate
    now = _columns(existing.names, existing) if existing else {}
    return settle(fate, exists=existing is not None, now=now, then=_columns(fields["names"], fields))


def _columns(names: Mapping[str, str], rest: Institution | Mapping[str, Any]) -> dict[str, str]:
    """What stands in each of the file's columns, for an institution or for the fields that a row gives."""
    fields = rest if isinstance(rest, Mapping) else {name: str(getattr(rest, name)) for name in PLAIN}
    told = {f"name_{language}": names.get(language, "") for language, _name in settings.LANGUAGES}
    return told | {name: fields[name] for name in PLAIN if name in fields}


def _fields(row: dict[str, str], existing: Institution | None) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """A row's fields; a column that the file lacks keeps what is there."""
    errors: list[tuple[str, str]] = []
    names = dict(existing.names) if existing else {}
    for language, _name in settings.LANGUAGES:
        if f"name_{language}" in row:
            names[language] = row[f"name_{language}"]
    names = {language: name for language, name in names.items() if name}
    fields: dict[str, Any] = {"names": names}
    if not names:
        errors.append(("name_en", _("Give a name in at least one language.")))
    for column in ("acronym", "website"):
        if column in row:
            fields[column] = row[column]
    category = values_by_words(Category).get(words.fold(row["category"]))
    if category is None and row["category"]:
        errors.append(("category", _("“%(text)s” is no category.") % {"text": row["category"][:60]}))
    elif category is None:
        errors.append(("category", _("The category is missing.")))
    else:
        fields["category"] = category
    if "country" in row:
        country = _countries().get(_key(row["country"]))
        if country is None:
            errors.append(("country", _("“%(text)s” is no country.") % {"text": row["country"][:60]}))
        else:
            fields["country"] = country
    return fields, errors


def _invalid(code: str, fields: dict[str, Any], existing: Institution | None) -> list[tuple[str, str]]:
    """What the model itself finds wrong, on its column."""
    trial = Institution(code=code, **fields)
    try:
        trial.clean_fields(exclude=["version", "head", "folded"])
    except ValidationError as error:
        columns = {"names": "name_en"}
        return [(columns.get(k, k), str(m)) for k, messages in error.message_dict.items() for m in messages]
    too_long = [(f"name_{k}", _("This name is too long.")) for k, v in fields["names"].items() if len(v) > 300]
    return too_long


@cache
def _countries() -> dict[str, str]:
    """Every country's names in each language and its ISO 3166 codes of two and three letters; "" for none."""
    found = {"": ""}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            # The list's own names too, where the project calls a country otherwise (Cabo Verde, Cape Verde).
            found |= {_key(str(name)): code for code, name in (*COUNTRIES.items(), *countries)}
            found[_key(_("International"))] = ""
    for code in dict(countries):
        found |= {_key(code): code, _key(countries.alpha3(code)): code}
    return found


def _key(text: str) -> str:
    return words.fold(text).replace("’", "'")


def apply(fates: list[Fate], *, actor: Any) -> int:
    """Write all rows or none, each with its event. Raises Conflict when the directory has changed since the dry run."""
    require(access.keeper, None, actor)
    with transaction.atomic():
        return apply_all(fates, enter=lambda fate: _enter(fate, actor), change=lambda fate: _change(fate, actor))


def _enter(fate: Fate, actor: Any) -> None:
    existing = Institution.objects.filter(code=fate.code).first()
    if existing:
        reason = _("Somebody has entered %(code)s meanwhile: send the file again.") % {"code": fate.code}
        raise Conflict(existing, engine.events_since(existing, 0), reason)
    engine.create(Institution(code=fate.code, **fate.fields), actor=actor, data={"imported": True})


def _change(fate: Fate, actor: Any) -> None:
    existing = Institution.objects.get(code=fate.code)  # nothing ever leaves the directory
    require(access.institution_keeper, existing, actor)
    with engine.change(existing, "imported", actor=actor, version=fate.version) as change:
        change.assign(fate.fields)
