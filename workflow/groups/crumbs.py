"""The way back from a page of what hangs on a TWG."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from . import access
from .models import Twg


def to_twg(twg: Twg, person: Any) -> list[tuple[str, str]]:
    """The TWG, for those who may open its page: a country's reader of the region's papers may not."""
    return [(twg.name, reverse("twg", args=[twg.code]))] if access.opens(person, twg) else []
