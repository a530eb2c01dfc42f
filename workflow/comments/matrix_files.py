"""The comment matrix as Excel and Word; a long one is made by the worker, with its progress shown (S13)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from workflow.documents import word_out
from workflow.engine import file_jobs, outbox
from workflow.engine.file_jobs import Made, Maker, Progress
from workflow.engine.models import FileJob
from workflow.groups import sheets
from workflow.groups.sheets import Allowed, Layout

from . import matrix
from .matrix import COLUMNS, PRINTED
from .models import RemarkKind, Round, Weight

KIND = "comment-matrix"
AT_ONCE = 400  # comments; more are made by the worker
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

LAYOUT = Layout(name="comments", columns={column.name: column.width for column in COLUMNS})


def allowed_values() -> list[Allowed]:
    return [
        Allowed("kind", [(str(c.value), str(c.label)) for c in RemarkKind], only=True),
        Allowed("weight", [(str(c.value), str(c.label)) for c in Weight], only=True),
    ]


def written(round_: Round, rows: Iterable[dict[str, str]], ending: str) -> Made:
    """The matrix as a file. Word speaks the text's language, since it is filed with the text."""
    name = f"{slugify(f'{round_.draft.text} {round_}')[:80] or 'comments'}.{ending}"
    if ending == "xlsx":
        content, content_type = sheets.as_xlsx(LAYOUT, (list(row.values()) for row in rows), allowed_values())
        return Made(content, name, content_type)
    labels = {column.name: str(column.label) for column in COLUMNS}
    title = f"{round_.draft.text}: {round_}"
    content = word_out.table(
        title, [labels[name] for name in PRINTED], ([row[name] for name in PRINTED] for row in rows),
        round_.draft.text.language,
    )  # fmt: skip
    return Made(content, name, WORD)


def now(round_: Round, person: Any, params: dict[str, str], ending: str) -> Made:
    """The file at once, in the language that it is written in."""
    return _made(round_, person, params, ending, lambda done, total: None)


def _made(round_: Round, person: Any, params: dict[str, str], ending: str, progress: Progress) -> Made:
    found = matrix.comments(round_, person, params)
    language = round_.draft.text.language if ending == "docx" else translation.get_language() or "en"
    with translation.override(language):
        rows = file_jobs.counted(matrix.rows(found, codes=ending == "xlsx"), found.count(), progress)
        return written(round_, rows, ending)


def later(round_: Round, person: Any, params: dict[str, str], ending: str) -> FileJob:
    """Order the file from the worker."""
    title = _("Comment matrix of “%(round)s”") % {"round": round_}
    told = {"round": round_.pk, "params": params, "ending": ending}
    return file_jobs.order(KIND, told, title=title, person=person, back=reverse("round-matrix", args=[round_.pk]))


def _round(person: Any, params: dict[str, Any]) -> Round | None:
    found: Round | None = Round.objects.all().visible_to(person).with_all().filter(pk=params["round"]).first()
    return found


def _make(person: Any, params: dict[str, Any], progress: Progress) -> Made:
    round_ = _round(person, params)
    if round_ is None:
        raise outbox.Dropped("the round is not the person's to read any more")
    return _made(round_, person, params["params"], params["ending"], progress)


def register() -> None:
    file_jobs.register(KIND, Maker(allowed=lambda person, params: _round(person, params) is not None, make=_make))
