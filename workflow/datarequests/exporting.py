"""The list of a TWG's data requests as a spreadsheet: for the secretariat's files, not to be read back."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from workflow.groups.sheets import Layout

from .models import DataAnswer, DataRequest, DataRequestQuerySet

LAYOUT = Layout(
    name="data requests",
    columns={"number": 8, "institution": 36, "institution_code": 24, "what": 48, "why": 48, "section": 28, "due": 12,
             "days_late": 10, "state": 12, "needed_by": 28, "data_source": 28, "answers": 8, "last_answer": 60,
             "given_by": 28, "given_on": 12, "how_it_came": 10, "files": 36},
)  # fmt: skip


def rows(found: DataRequestQuerySet) -> Iterator[list[str]]:
    """One row for each request; two queries for all of them."""
    for request in found.prefetch_related("answers"):
        yield [str(cell) for cell in _cells(request)]


def _cells(request: DataRequest) -> list[object]:
    answers = list(request.answers.all())
    last = answers[-1] if answers else DataAnswer(way="")
    return [
        request.pk, request.institution.name, request.institution.code, request.what, request.why,
        request.section or "", request.due.isoformat(), request.days_late or "", request.state,
        request.needed_by or "", request.data_source, len(answers), last.words, last.given_by or last.by_name,
        _given_on(last, request) if answers else "", last.way,
        ", ".join(answer.name for answer in answers if answer.name),
    ]  # fmt: skip


def _given_on(answer: DataAnswer, request: DataRequest) -> str:
    """The day of an answer: as it was given elsewhere, or where the TWG works."""
    return (answer.given_on or answer.at.astimezone(ZoneInfo(request.twg.time_zone)).date()).isoformat()
