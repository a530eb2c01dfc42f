"""What the history of ballots says of codes and counts that events hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from workflow.engine import details
from workflow.groups.models import Category
from workflow.groups.words import in_language


def register() -> None:
    details.reads("result", counted)
    details.reads("quorum_categories", categories)
    details.reads("options", options)


def counted(result: Mapping[str, Any]) -> str:
    """The count in one line, as it stood at closing."""
    answers = {"endorse": _("Endorse"), "reserve": _("With reservations"), "object": _("Object")}
    ranks = {"endorse": _("Ranked")}
    said = (ranks if "ranking" in result else answers) | {
        "abstain": _("Abstain"), "silent": _("No vote"), "quorum": _("Quorum"),
    }  # fmt: skip
    return " · ".join(f"{label} {result[name]}" for name, label in said.items() if name in result)


def categories(codes: Iterable[str]) -> str:
    labels = dict(Category.choices)
    return ", ".join(str(labels.get(code, code)) for code in codes)


def options(rows: Iterable[Mapping[str, Any]]) -> str:
    """What can be ranked, in its order."""
    return "; ".join(f"{row['number']}. {in_language(row['titles'])}" for row in rows)
