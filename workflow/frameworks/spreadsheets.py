"""The register as two spreadsheets, both ways: the columns of frameworks and of actors (S29)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from workflow.groups.models import Confidence, Twg
from workflow.groups.sheet_rows import languages
from workflow.groups.sheets import Allowed, Layout
from workflow.groups.twg_forms import institutions_near

from .models import Framework, FrameworkKind, PolicyActor

COMMON = {"confidence": "confidence|confiance|confianca", "source": "source|fonte"}

FRAMEWORKS = Layout(
    name="frameworks",
    columns={"code": 28, "kind": 16, "title_en": 48, "title_fr": 48, "title_pt": 48, "reference": 20, "adopted": 14,
             "in_force": 14, "ended": 14, "link": 36, "summary_en": 48, "summary_fr": 48, "summary_pt": 48,
             "responsible": 36, "confidence": 12, "source": 28},
    headings={
        "code": "code|codigo",
        "kind": "kind|type|nature|tipo",
        "title_en": "title_en|title|title (english)|titre (anglais)|titulo (ingles)",
        "title_fr": "title_fr|titre|title (french)|titre (francais)|titulo (frances)",
        "title_pt": "title_pt|titulo|title (portuguese)|titre (portugais)|titulo (portugues)",
        "reference": "reference|referencia",
        "adopted": "adopted|adopted or signed|adopte|adopte ou signe|adotado|adotado ou assinado",
        "in_force": "in_force|in force|in force since|en vigueur|en vigueur depuis|em vigor|em vigor desde",
        "ended": "ended|fin|fim",
        "link": "link|url|lien|ligacao",
        "summary_en": "summary_en|summary|what it says|summary (english)|resume (anglais)|resumo (ingles)",
        "summary_fr": "summary_fr|resume|summary (french)|resume (francais)|resumo (frances)",
        "summary_pt": "summary_pt|resumo|summary (portuguese)|resume (portugais)|resumo (portugues)",
        "responsible": "responsible|responsible institutions|institutions responsables|instituicoes responsaveis",
        **COMMON,
    },
    needed=("code", "kind"),
    one_of=frozenset({"title_en", "title_fr", "title_pt"}),
    none_of_them=_("there is no column with a title"),
)  # fmt: skip
ACTORS = Layout(
    name="actors",
    columns={"institution": 28, "role_en": 60, "role_fr": 60, "role_pt": 60, "since": 14, "ended": 14,
             "confidence": 12, "source": 28},
    headings={
        "institution": "institution|instituicao|code|codigo",
        "role_en": "role_en|role|role (english)|role (anglais)|papel (ingles)",
        "role_fr": "role_fr|role (french)|role (francais)|papel (frances)",
        "role_pt": "role_pt|papel|role (portuguese)|role (portugais)|papel (portugues)",
        "since": "since|depuis|desde",
        "ended": "ended|until|fin|jusqu'a|fim|ate",
        **COMMON,
    },
    needed=("institution",),
    one_of=frozenset({"role_en", "role_fr", "role_pt"}),
    none_of_them=_("there is no column with a role"),
)  # fmt: skip


def framework_cells(entry: Framework) -> dict[str, str]:
    """What stands in each column for a framework."""
    return {
        "code": entry.key, "kind": entry.kind, **languages("title", entry.names), "reference": entry.reference,
        "adopted": entry.adopted, "in_force": entry.in_force, "ended": entry.ended, "link": entry.url,
        **languages("summary", entry.summaries),
        "responsible": "; ".join(sorted(institution.code for institution in entry.responsible.all())),
        "confidence": entry.confidence, "source": entry.source,
    }  # fmt: skip


def actor_cells(entry: PolicyActor) -> dict[str, str]:
    """What stands in each column for an actor."""
    return {
        "institution": entry.institution.code, **languages("role", entry.roles), "since": entry.since,
        "ended": entry.ended, "confidence": entry.confidence, "source": entry.source,
    }  # fmt: skip


def framework_rows(entries: Iterable[Framework]) -> Iterable[Iterable[str]]:
    return (framework_cells(entry).values() for entry in entries)


def actor_rows(entries: Iterable[PolicyActor]) -> Iterable[Iterable[str]]:
    return (actor_cells(entry).values() for entry in entries)


def allowed(twg: Twg, layout: Layout) -> list[Allowed]:
    """What may stand in the columns of choices: kinds, confidences, the codes of institutions near the TWG."""
    known = [(institution.code, institution.name) for institution in institutions_near(twg)]
    kinds = Allowed("kind", [(str(k.value), str(k.label)) for k in FrameworkKind], only=True)
    sure = Allowed("confidence", [(str(c.value), str(c.label)) for c in Confidence], only=True)
    if layout is FRAMEWORKS:
        return [kinds, sure, Allowed("responsible", known)]
    return [sure, Allowed("institution", known)]
