"""What the history of a meeting says of who came. Names are never in it: they are read under the reader's rights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from workflow.groups import words
from workflow.groups.models import Category, Role

from .models import Attendance, Way

WORDS = {
    "attended": gettext_lazy("Attendance"),
    "people": gettext_lazy("People who came"),
    "imported_rows": gettext_lazy("Lines brought in"),
}
CHOICES: dict[str, type[TextChoices]] = {"role": Role, "category": Category, "way": Way}
NOT_SHOWN = ("institution", "replaces")  # rows by number: who they are is on the list itself


def attended(changes: Mapping[str, Sequence[Any]]) -> str:
    """“took part: in the room → online”, one after the other; of a rank, that it changed: which it is stands in the
    list, for those who may read it."""
    told = [(n, pair) for n, pair in changes.items() if n not in NOT_SHOWN]
    return "; ".join(f"{_label(name)}: {_change(name, old, new)}" for name, (old, new) in told)


def _change(name: str, old: Any, new: Any) -> str:
    return _("changed") if name == "rank" else f"{_value(name, old)} → {_value(name, new)}"


def _label(name: str) -> str:
    if name == "confirmed":
        return _("confirmed")
    return str(getattr(Attendance._meta.get_field(name), "verbose_name", name))


def _value(name: str, value: Any) -> str:
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in CHOICES:
        return words.label(CHOICES[name], value)
    return date_format(localtime(datetime.fromisoformat(value)), "SHORT_DATETIME_FORMAT")


def people(pks: Sequence[int]) -> str:
    return ngettext("%(count)d person", "%(count)d people", len(pks)) % {"count": len(pks)}


READINGS: dict[str, Callable[[Any], str]] = {"attended": attended, "people": people}
