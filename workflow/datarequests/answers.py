"""Answers to data requests: kept, and found again by those who read the request."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.db.models import QuerySet

from workflow.engine.storing import store
from workflow.writing.figures import PAPERS, TYPES

from .models import DataAnswer, DataRequest

KINDS = PAPERS  # what an institution may send; told by a file's content, never by its name


def keep(request: DataRequest, *, words: str, upload: Any, checked: Any, by: Any) -> DataAnswer:
    """One more answer. Called inside the transition that holds the request's row, so numbers follow each other."""
    answer = DataAnswer(
        request=request,
        number=DataAnswer.objects.filter(request=request).count() + 1,
        words=words,
        by=by,
        by_name=str(by) if by else "Palabre",
    )
    if checked is not None:
        upload.seek(0)
        # On disk it has a name of ours, not of who sent it.
        answer.file = ContentFile(upload.read(), name=f"{checked.sha256[:16]}.{checked.kind}")
        answer.name, answer.size, answer.sha256 = checked.name, checked.size, checked.sha256
        answer.content_type = TYPES[checked.kind]
    store(answer)
    return answer


def visible_to(person: Any) -> QuerySet[DataAnswer]:
    """The answers to the requests that the person reads."""
    return DataAnswer.objects.filter(request__in=DataRequest.objects.all().visible_to(person))
