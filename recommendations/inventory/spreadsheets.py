"""The inventory as spreadsheets: sources and gaps, both ways, and what is compared across countries (S39)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from workflow.groups.models import Confidence, Twg
from workflow.groups.sheet_rows import languages
from workflow.groups.sheets import Allowed, Layout
from workflow.groups.twg_forms import institutions_near

from . import outlines
from .choices import Access, Periodicity, Quality, Question, Severity, SourceKind
from .comparing import Comparison
from .models import DataGap, DataSource

COMMON = {"confidence": "confidence|confiance|confianca", "known_from": "known_from|how it is known|comment on le sait|"
          "como se sabe"}  # fmt: skip

SOURCES = Layout(
    name="data sources",
    columns={"code": 28, "kind": 18, "name_en": 48, "name_fr": 48, "name_pt": 48, "custodian": 28, "users": 36,
             "coverage_en": 40, "coverage_fr": 40, "coverage_pt": 40, "periodicity": 14, "latest": 12, "quality": 12,
             "quality_note_en": 40, "quality_note_fr": 40, "quality_note_pt": 40, "access": 14, "access_note_en": 40,
             "access_note_fr": 40, "access_note_pt": 40, "link": 36, "sections": 20, "questions": 40, "confidence": 12,
             "known_from": 28},
    headings={
        "code": "code|codigo",
        "kind": "kind|type|nature|tipo",
        "name_en": "name_en|name|name (english)|nom (anglais)|nome (ingles)",
        "name_fr": "name_fr|nom|name (french)|nom (francais)|nome (frances)",
        "name_pt": "name_pt|nome|name (portuguese)|nom (portugais)|nome (portugues)",
        "custodian": "custodian|detenteur|detentor",
        "users": "users|utilisateurs|utilizadores",
        "coverage_en": "coverage_en|coverage|coverage (english)|couverture (anglais)|cobertura (ingles)",
        "coverage_fr": "coverage_fr|couverture|coverage (french)|couverture (francais)|cobertura (frances)",
        "coverage_pt": "coverage_pt|cobertura|coverage (portuguese)|couverture (portugais)|cobertura (portugues)",
        "periodicity": "periodicity|periodicite|periodicidade",
        "latest": "latest|latest data|latest year|dernieres donnees|derniere annee|dados mais recentes",
        "quality": "quality|qualite|qualidade",
        "quality_note_en": "quality_note_en|on its quality|quality note (english)",
        "quality_note_fr": "quality_note_fr|sur la qualite|quality note (french)",
        "quality_note_pt": "quality_note_pt|sobre a qualidade|quality note (portuguese)",
        "access": "access|acces|acesso",
        "access_note_en": "access_note_en|conditions of access|access note (english)",
        "access_note_fr": "access_note_fr|conditions d'acces|access note (french)",
        "access_note_pt": "access_note_pt|condicoes de acesso|access note (portuguese)",
        "link": "link|url|lien|ligacao",
        "sections": "sections|section|seccoes",
        "questions": "questions|questions asked|questions posees|perguntas",
        **COMMON,
    },
    needed=("code", "kind"),
    one_of=frozenset({"name_en", "name_fr", "name_pt"}),
    none_of_them=_("there is no column with a name"),
)  # fmt: skip
GAPS = Layout(
    name="data gaps",
    columns={"code": 28, "section": 10, "source": 28, "severity": 12, "gap_en": 48, "gap_fr": 48, "gap_pt": 48,
             "improvement_en": 48, "improvement_fr": 48, "improvement_pt": 48, "confidence": 12, "known_from": 28},
    headings={
        "code": "code|codigo",
        "section": "section|seccao",
        "source": "source|data source|source de donnees|fonte|fonte de dados",
        "severity": "severity|gravite|gravidade",
        "gap_en": "gap_en|gap|what is missing|gap (english)|lacune (anglais)|lacuna (ingles)",
        "gap_fr": "gap_fr|lacune|gap (french)|lacune (francais)|lacuna (frances)",
        "gap_pt": "gap_pt|lacuna|gap (portuguese)|lacune (portugais)|lacuna (portugues)",
        "improvement_en": "improvement_en|improvement|improvement proposed|improvement (english)",
        "improvement_fr": "improvement_fr|amelioration|amelioration proposee|improvement (french)",
        "improvement_pt": "improvement_pt|melhoria|melhoria proposta|improvement (portuguese)",
        **COMMON,
    },
    needed=("code", "section", "severity"),
    one_of=frozenset({"gap_en", "gap_fr", "gap_pt"}),
    none_of_them=_("there is no column that says what is missing"),
)  # fmt: skip


def source_cells(source: DataSource) -> dict[str, str]:
    """What stands in each column for a source."""
    return {
        "code": source.key, "kind": source.kind, **languages("name", source.names),
        "custodian": source.custodian.code if source.custodian else "",
        "users": "; ".join(sorted(user.code for user in source.users.all())),
        **languages("coverage", source.coverages), "periodicity": source.periodicity, "latest": source.latest,
        "quality": source.quality, **languages("quality_note", source.quality_notes), "access": source.access,
        **languages("access_note", source.access_notes), "link": source.url, "sections": "; ".join(source.sections),
        "questions": "; ".join(str(question) for question in Question.values if question in source.questions),
        "confidence": source.confidence, "known_from": source.source,
    }  # fmt: skip


def gap_cells(gap: DataGap) -> dict[str, str]:
    """What stands in each column for a gap."""
    return {
        "code": gap.key, "section": gap.section, "source": gap.data_source.key if gap.data_source else "",
        "severity": gap.severity, **languages("gap", gap.titles), **languages("improvement", gap.improvements),
        "confidence": gap.confidence, "known_from": gap.source,
    }  # fmt: skip


def source_rows(sources: Iterable[DataSource]) -> Iterable[Iterable[str]]:
    return (source_cells(source).values() for source in sources)


def gap_rows(gaps: Iterable[DataGap]) -> Iterable[Iterable[str]]:
    return (gap_cells(gap).values() for gap in gaps)


def _choices(column: str, choices: type[TextChoices], *, only: bool = True) -> Allowed:
    return Allowed(column, [(str(choice.value), str(choice.label)) for choice in choices], only=only)


def allowed(twg: Twg, layout: Layout) -> list[Allowed]:
    """What may stand in the columns of choices and of codes."""
    sure, at = _choices("confidence", Confidence), outlines.of_twg(twg).choices()
    if layout is GAPS:
        known = [(source.key, source.name) for source in DataSource.objects.filter(twg=twg).standing()]
        return [Allowed("section", at), Allowed("source", known), _choices("severity", Severity), sure]
    near = [(institution.code, institution.name) for institution in institutions_near(twg)]
    free = [_choices(column, choices, only=False) for column, choices in (
        ("periodicity", Periodicity), ("quality", Quality), ("access", Access), ("questions", Question),
    )]  # fmt: skip
    return [_choices("kind", SourceKind), sure, Allowed("custodian", near), Allowed("sections", at), *free]


# -- across countries, not to be read back ----------------------------------------------------------------

GAP_REPORT = Layout(
    name="gaps",
    columns={"country": 24, "twg": 24, "section": 10, "gap": 60, "severity": 10, "state": 14, "source": 40,
             "improvement": 60, "known_from": 28},
)  # fmt: skip


def gap_report(gaps: Iterable[DataGap]) -> Iterator[list[str]]:
    """One row for each gap, in the reader's language."""
    for gap in gaps:
        yield [
            gap.twg.place, gap.twg.code, gap.section, gap.title, str(gap.get_severity_display()),
            str(gap.get_state_display()), str(gap.data_source or ""), gap.improvement, gap.source,
        ]  # fmt: skip


def comparison_layout(comparison: Comparison) -> Layout:
    """A column of sources and one of open gaps for each thing that is compared."""
    told = {f"{key} {what}": 10 for key, _label in comparison.columns for what in ("sources", "gaps", "high gaps")}
    return Layout(name=f"by {comparison.way}", columns={"country": 24, "twg": 24, "sources": 10, "gaps": 10, **told})


def comparison_rows(comparison: Comparison) -> Iterator[list[str]]:
    for row in comparison.rows:
        counts = [number for _label, cell in row.cells for number in (cell.sources, cell.gaps, cell.grave)]
        yield [row.twg.place, row.twg.code, str(row.sources), str(row.gaps), *map(str, counts)]
