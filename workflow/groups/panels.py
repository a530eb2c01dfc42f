"""Panels on the pages of lower rooms: higher ones add theirs (milestones, comments), and the page knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Provider = Callable[[Any, Any], dict[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    """A template and what it is rendered with."""

    template: str
    context: dict[str, Any]


_panels: dict[str, dict[str, tuple[Provider, str]]] = {}


def register(name: str, provider: Provider, template: str, *, page: str = "twg") -> None:
    """Add a panel to the pages of one kind of subject.

    `provider(subject, person)` returns the template's context, or None for no panel; it asks about access itself.
    """
    _panels.setdefault(page, {})[name] = (provider, template)


def panels_of(subject: Any, person: Any, page: str = "twg") -> list[Panel]:
    """The panels that the person gets to see, in the order of registration."""
    found = ((template, provider(subject, person)) for provider, template in _panels.get(page, {}).values())
    return [Panel(template, context) for template, context in found if context is not None]
