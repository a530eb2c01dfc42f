"""Answers to data requests: kept, and found again by those who read the request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from workflow.engine.storing import Wrote, put_file, store
from workflow.writing.figures import PAPERS, TYPES

from .models import DataAnswer, DataRequest

KINDS = PAPERS  # what an institution may send; told by a file's content, never by its name


def keep(
    request: DataRequest, *, words: str, upload: Any, checked: Any, by: Any, wrote: Wrote, whence: Mapping[str, Any]
) -> DataAnswer:
    """One more answer. Called inside the transition that holds the request's row, so numbers follow each other.

    `whence` are `way`, `given_by` and `given_on` of one that came on paper or by mail. Its file goes again (`wrote`)
    where the row is refused.
    """
    answer = DataAnswer(
        request=request,
        number=DataAnswer.objects.filter(request=request).count() + 1,
        words=words,
        by=by,
        by_name=str(by) if by else "Palabre",
        **whence,
    )
    if checked is not None:
        upload.seek(0)
        # On disk it has a name of ours, not of who sent it.
        put_file(answer.file, f"{checked.sha256[:16]}.{checked.kind}", upload, wrote)
        answer.name, answer.size, answer.sha256 = checked.name, checked.size, checked.sha256
        answer.content_type = TYPES[checked.kind]
    store(answer)
    return answer


def visible_to(person: Any) -> QuerySet[DataAnswer]:
    """The answers to the requests that the person reads."""
    return DataAnswer.objects.filter(request__in=DataRequest.objects.all().visible_to(person))
