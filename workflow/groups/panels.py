"""Panels on the TWG's page: higher floors add theirs (milestones, meetings), and the page knows none of them.

A panel says which lists it shows, and the page reads them together with its own: one more panel costs no question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workflow.engine.together import Wanted

Provider = Callable[[Any, Any], Wanted[dict[str, Any]] | None]


@dataclass(frozen=True)
class Panel:
    """A template and what it is rendered with."""

    template: str
    context: dict[str, Any]


_panels: dict[str, tuple[Provider, str]] = {}


def register(name: str, provider: Provider, template: str) -> None:
    """`provider(twg, person)` returns what the template's context is made of, or None for no panel; it asks about
    access itself."""
    _panels[f"panel {name}"] = (provider, template)


def wanted(twg: Any, person: Any) -> dict[str, Wanted[dict[str, Any]]]:
    """What the panels that the person gets to see want read."""
    found = {name: provider(twg, person) for name, (provider, _template) in _panels.items()}
    return {name: panel for name, panel in found.items() if panel is not None}


def shown(answers: dict[str, Any]) -> list[Panel]:
    """The panels, once what they wanted is read, in the order of registration."""
    return [Panel(template, answers[name]) for name, (_provider, template) in _panels.items() if name in answers]
