"""Panels on the TWG's page: higher floors add theirs (milestones, meetings), and the page knows none of them."""

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


_panels: dict[str, tuple[Provider, str]] = {}


def register(name: str, provider: Provider, template: str) -> None:
    """`provider(twg, person)` returns the template's context, or None for no panel; it asks about access itself."""
    _panels[name] = (provider, template)


def panels_of(twg: Any, person: Any) -> list[Panel]:
    """The panels that the person gets to see, in the order of registration."""
    found = ((template, provider(twg, person)) for provider, template in _panels.values())
    return [Panel(template, context) for template, context in found if context is not None]
