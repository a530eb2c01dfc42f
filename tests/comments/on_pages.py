"""How stories open pages and send forms."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tests.groups.reading import browser
from workflow.groups.models import Person


def page(person: Person | None, name: str, *args: Any, query: str = "") -> str:
    answer = browser(person).get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def status(person: Person | None, name: str, *args: Any) -> int:
    return browser(person).get(reverse(name, args=args)).status_code


def send(person: Person, view: str, /, *args: Any, query: str = "", **fields: Any) -> Any:
    return browser(person).post(reverse(view, args=args) + query, fields, follow=True)


def said_of(**more: Any) -> dict[str, Any]:
    """What somebody writes into the form for a comment."""
    return {"comment": "14,500 & not <14,000>.", "kind": "data", "weight": "must", "followup": "on", **more}
