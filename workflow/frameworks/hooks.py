"""What the frameworks room brings: its two kinds of subject, its panels, its question, its shelf."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workflow.engine import kinds, shelves
from workflow.engine.kinds import SubjectKind
from workflow.engine.shelves import Shelf
from workflow.groups import panels

from . import asks, selectors
from .flow import EntryFlow
from .models import Entry, Framework, PolicyActor
from .panels import editor_panel, institution_panel, section_panel, twg_panel

EVENTS = {"created": _("Entered"), "changed": _("Changed"), "imported": _("Imported")}


def register() -> None:
    asks.register()
    panels.register("register", twg_panel, "workflow/frameworks/panel.html")
    panels.register("register", editor_panel, "workflow/frameworks/editor_panel.html", page="section-edit")
    panels.register("register", section_panel, "workflow/frameworks/section_panel.html", page="section")
    panels.register("register", institution_panel, "workflow/frameworks/institution_panel.html", page="institution")
    shelves.register(
        "frameworks",
        Shelf(_("Policy frameworks"), selectors.frameworks_found, lambda f: ("framework", f.pk, "", f.folded)),
    )
    shelves.register(
        "actors",
        Shelf(
            _("Policy actors"),
            selectors.actors_found,
            lambda a: ("actor", a.pk, a.role, a.folded, a.institution.folded),
        ),
    )
    _kind("framework", Framework, _("Policy framework"))
    _kind("actor", PolicyActor, _("Policy actor"))


def _kind(name: str, model: type[Entry], label: Any) -> None:
    entries: Any = model._default_manager
    kinds.register(
        SubjectKind(
            name=name,
            model=model,
            label=label,
            visible_to=lambda person: entries.all().visible_to(person),
            internal_to=lambda person: entries.all().internal_to(person),
            url=lambda entry: reverse(name, args=[entry.pk]),
            flow=EntryFlow,
            events=EVENTS,
        )
    )
