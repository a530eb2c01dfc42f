"""Lists of recommendations as files: Excel and CSV by their codes, Word and PDF as a ministry files them.

A long one is made by the worker, with its progress shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from workflow.documents import pdf_out, word_out
from workflow.documents.book import Book, BookPart, BookSection
from workflow.documents.tables import plain, table
from workflow.engine import edtf, file_jobs
from workflow.engine.errors import Unmet
from workflow.engine.file_jobs import Made, Maker, Progress
from workflow.engine.models import FileJob
from workflow.groups import access, sheets, words
from workflow.groups.sheets import Layout
from workflow.writing.figures import TYPES

from . import selectors
from .forms import RecommendationFilter
from .models import Ground, Recommendation, RecommendationQuerySet, RecommendationState

KIND = "recommendations"
SHEETS = ("xlsx", "csv")
AT_ONCE = {"xlsx": 1000, "csv": 5000, "docx": 200, "pdf": 60}  # rows; more are made by the worker
NAME = "palabre-recommendations"

LAYOUT = Layout(
    name="recommendations",
    columns={"twg": 20, "country_or_region": 24, "number": 10, "ground": 10, "text_en": 60, "text_fr": 60,
             "text_pt": 60, "rationale": 48, "section": 28, "lead": 36, "lead_code": 24, "supporting": 36,
             "priority": 10, "state": 14, "percent": 10, "issued": 14, "due": 12, "days_late": 10, "last_report": 12,
             "next_report": 12, "answer": 48, "handed_on_from": 16, "superseded_by": 16, "source": 20},
)  # fmt: skip


# -- rows -------------------------------------------------------------------------------------------------


def found(form: RecommendationFilter) -> RecommendationQuerySet:
    """What a list shows, in its order, with all that a file says of it."""
    among = selectors.listed(form.found())
    return among.select_related(
        "twg__region", "lead", "meeting", "item", "section__part", "cascaded_from", "superseded_by"
    ).prefetch_related("supporting")  # fmt: skip


def rows(among: Iterable[Recommendation]) -> Iterator[list[str]]:
    for one in among:
        yield [str(cell) for cell in _cells(one)]


def _cells(one: Recommendation) -> list[object]:
    return [
        one.twg.code, one.twg.place, one.reference, one.ground,
        *(one.texts.get(language, "") for language in ("en", "fr", "pt")),
        one.rationale, one.section or "", one.lead or "", one.lead.code if one.lead else "",
        "; ".join(str(institution) for institution in one.supporting.all()), one.priority, one.state, one.percent,
        one.issued_on, one.due or "", one.days_late or "", one.reported_on or "", one.report_due or "", one.answer,
        _other(one.cascaded_from), _other(one.superseded_by), one.source,
    ]  # fmt: skip


def _other(other: Recommendation | None) -> str:
    """Another's number; of a closed session nothing is told in an open one's row (S31)."""
    return other.reference if other is not None and not other.closed else ""


# -- a document -------------------------------------------------------------------------------------------


def book_of(among: Iterable[Recommendation], title: str) -> Book:
    """On policy first, then on data: each with what was answered and how far it is."""
    sections: dict[str, list[BookSection]] = {ground: [] for ground in Ground.values}
    for one in among:
        sections[one.ground].append(BookSection("", _heading(one), _body(one)))
    return Book(
        title=_("Recommendations"), subtitle=title, language=translation.get_language() or "en",
        cover=[(_("As of"), date_format(timezone.localdate(), "DATE_FORMAT"))], figure=lambda number: None,
        parts=[BookPart("", str(Ground(g).label).capitalize(), told) for g, told in sections.items() if told],
    )  # fmt: skip


def _heading(one: Recommendation) -> str:
    return ", ".join(told for told in (one.twg.place, one.reference) if told)


def _body(one: Recommendation) -> str:
    facts: list[tuple[str, object]] = [
        (_("State"), _state(one)),
        (_("Lead institution"), one.lead or _("Open")),
        (_("Supporting institutions"), ", ".join(str(i) for i in one.supporting.all())),
        (_("Priority"), one.get_priority_display()),
        (pgettext("recommendation", "Issued"), edtf.display(one.issued_on) if one.issued_on else ""),
        (_("By"), date_format(one.due, "DATE_FORMAT") if one.due else ""),
        (_("Section"), one.section or ""),
        (_("The government's reason"), one.answer),
    ]
    told = [plain(one.text)] + ([f"*{plain(one.rationale)}*"] if one.rationale else [])
    return "\n\n".join([*told, table((_("What"), ""), [(label, value) for label, value in facts if value])])


def _state(one: Recommendation) -> str:
    label = words.label(RecommendationState, one.state)
    return _("%(state)s, %(percent)d %%") % {"state": label, "percent": one.percent} if one.percent else label


# -- files ------------------------------------------------------------------------------------------------


def make(form: RecommendationFilter, ending: str, total: int, progress: Progress = lambda done, total: None) -> Made:
    """The file, in the reader's language. Raises Unmet where this server can't make it."""
    counted = file_jobs.counted(found(form), total, progress)
    if ending in SHEETS:
        content, content_type = sheets.WRITERS[ending](LAYOUT, rows(counted))
        return Made(content, f"{NAME}.{ending}", content_type)
    if ending == "pdf" and (missing := pdf_out.available()):
        raise Unmet(missing)
    book = book_of(counted, form.params().get("twg", ""))
    written = (pdf_out if ending == "pdf" else word_out).write(book)
    return Made(written, f"{NAME}.{ending}", TYPES[ending])


def later(person: Any, params: dict[str, str], ending: str) -> FileJob:
    """Order the file from the worker."""
    told = {"params": params, "ending": ending, "reach": _reach(person)}
    return file_jobs.order(KIND, told, title=_("Recommendations"), person=person, back=reverse("recommendations"))


def _reach(person: Any) -> str:
    """What the person's seats open, in short: a file made under others holds what may not be theirs any more (S31)."""
    own = access.seats(person)
    told = [sorted(part) for part in (own.inside, own.full, own.closed, own.projects)]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _may_have(person: Any, params: dict[str, Any]) -> bool:
    return bool(params["reach"] == _reach(person))


def _make(person: Any, params: dict[str, Any], progress: Progress) -> Made:
    form = RecommendationFilter(params["params"], person=person)
    return make(form, params["ending"], form.found().count(), progress)


def register() -> None:
    file_jobs.register(KIND, Maker(allowed=_may_have, make=_make))
