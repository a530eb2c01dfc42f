"""Answers to data requests: kept, and found again by those who read the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet

from workflow.engine.storing import store

from .models import DataAnswer, DataRequest


def keep(
    request: DataRequest,
    *,
    words: str,
    put_file: Callable[[DataAnswer], None],
    by: Any,
    whence: Mapping[str, Any],
) -> DataAnswer:
    """One more answer. Called inside the transition that holds the request's row, so numbers follow each other.

    `whence` are `way`, `given_by` and `given_on` of one that came on paper or by mail; `put_file` gives it its file.
    """
    answer = DataAnswer(
        request=request,
        number=DataAnswer.objects.filter(request=request).count() + 1,
        words=words,
        by=by,
        by_name=str(by) if by else "Palabre",
        **whence,
    )
    put_file(answer)
    store(answer)
    return answer


def visible_to(person: Any) -> QuerySet[DataAnswer]:
    """The answers to the requests that the person reads."""
    return DataAnswer.objects.filter(request__in=DataRequest.objects.all().visible_to(person))
