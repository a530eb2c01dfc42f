"""Panels on the pages of lower rooms: higher ones add theirs (milestones, comments), and the page knows none of them.

A panel may say which lists it shows, and the page reads them together with its own: one more panel costs no question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workflow.engine import together
from workflow.engine.together import Wanted

Shown = dict[str, Any]
Provider = Callable[[Any, Any], Wanted[Shown] | Wanted[Shown | None] | Shown | None]


@dataclass(frozen=True)
class Panel:
    """A template and what it is rendered with."""

    template: str
    context: dict[str, Any]


_panels: dict[str, dict[str, tuple[Provider, str]]] = {}


def register(name: str, provider: Provider, template: str, *, page: str = "twg") -> None:
    """Add a panel to the pages of one kind of subject.

    `provider(subject, person)` returns the template's context, or what it is made of, or None for no panel, at once or
    once its lists are read; it asks about access itself.
    """
    _panels.setdefault(page, {})[f"panel {name}"] = (provider, template)


def wanted(subject: Any, person: Any, page: str = "twg") -> dict[str, Wanted[Any]]:
    """What the panels that the person gets to see want read."""
    found = {name: provider(subject, person) for name, (provider, _template) in _panels.get(page, {}).items()}
    return {name: _wanted(panel) for name, panel in found.items() if panel is not None}


def _wanted(panel: Wanted[Any] | Shown) -> Wanted[Any]:
    """A panel that has read what it shows by itself wants nothing more."""
    return panel if isinstance(panel, Wanted) else Wanted({}, lambda found: panel)


def shown(answers: dict[str, Any], page: str = "twg") -> list[Panel]:
    """The panels, once what they wanted is read, in the order of registration."""
    panels = _panels.get(page, {})
    found = ((template, answers.get(name)) for name, (_provider, template) in panels.items())
    return [Panel(template, context) for template, context in found if context is not None]


def panels_of(subject: Any, person: Any, page: str) -> list[Panel]:
    """The panels of a page that reads nothing together with them."""
    return shown(together.answers(wanted(subject, person, page)), page)
