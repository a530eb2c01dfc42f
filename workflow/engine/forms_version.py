"""The version that a form carries, by which a stale one is told from a fresh one."""

from __future__ import annotations

import re

from django.core.exceptions import BadRequest
from django.http import HttpRequest


def stated_version(request: HttpRequest) -> int:
    """The hidden `version` field. Raises BadRequest (400) when it is missing or no number."""
    stated = request.POST.get("version", "")
    if not re.fullmatch(r"[0-9]{1,9}", stated):
        raise BadRequest("the form carries no version")
    return int(stated)
