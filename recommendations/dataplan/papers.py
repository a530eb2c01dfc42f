"""The strategy of a data plan as a paper: drafted, commented on, voted on with the tools of all texts (S14)."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.groups import access
from workflow.writing import papers
from workflow.writing.hooks import language_of_twg
from workflow.writing.models import TextSection
from workflow.writing.papers import Heading, Paper

from .flow import KEEPERS
from .models import DataPlan, PlanState

WRITERS = KEEPERS | access.consultant
STRATEGY = {
    "en": "Data-management strategy",
    "fr": "Stratégie de gestion des données",
    "pt": "Estratégia de gestão de dados",
}
SECTIONS = (
    {"en": "Where we stand", "fr": "État des lieux", "pt": "Ponto da situação"},
    {"en": "Aims", "fr": "Objectifs", "pt": "Objetivos"},
    {"en": "Collecting and improving data", "fr": "Collecte et amélioration des données",
     "pt": "Recolha e melhoria dos dados"},
    {"en": "Sharing and keeping data", "fr": "Partage et conservation des données",
     "pt": "Partilha e conservação dos dados"},
    {"en": "Who does what", "fr": "Répartition des tâches", "pt": "Repartição das tarefas"},
    {"en": "Costs and funding", "fr": "Coûts et financement", "pt": "Custos e financiamento"},
    {"en": "Following up", "fr": "Suivi", "pt": "Acompanhamento"},
)  # fmt: skip


def register() -> None:
    papers.register(
        Paper(
            kind="data_plan",
            writers=WRITERS,
            takers=WRITERS,
            readers=lambda person: DataPlan.objects.all().visible_to(person),
            headings=headings,
            closed=closed,
            language=language_of_twg,
            related=("twg__region", "twg__project"),
        )
    )


def closed(plan: DataPlan) -> str | Promise:
    """Why nothing can be written now, or ""."""
    if plan.state == PlanState.DRAFT:
        return ""
    return _("This data plan is not a draft any more: draft the one that follows it.")


def headings(plan: DataPlan) -> list[Heading]:
    """The usual sections, with what the plan in force says in them."""
    before = _in_force(plan)
    return [
        Heading(f"A.{number}", "A", titles, STRATEGY, body=before.get(f"A.{number}", ""))
        for number, titles in enumerate(SECTIONS, start=1)
    ]


def _in_force(plan: Any) -> dict[str, str]:
    old = DataPlan.objects.filter(twg=plan.twg_id, state=PlanState.IN_FORCE).exclude(pk=plan.pk).first()
    if old is None:
        return {}
    sections = TextSection.objects.standing().filter(text__subject_kind="data_plan", text__subject_id=old.pk)
    return dict(sections.values_list("place", "body"))
