"""Fill the browser suite's database and print, as JSON, who may come in and where things are.

Runs in a process of its own (see conftest.py): beside Playwright's loop Django's ORM can't be used.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from tests import factories as f
from tests.sweeps import above, world
from tests.sweeps.addresses import everywhere
from workflow.groups import demo
from workflow.groups.models import Person, Twg
from workflow.profiles.models import Edition

SHIPPED = Path(settings.BASE_DIR) / "workflow" / "projects" / "wca.yaml"
# Addresses that answer files and not pages, and those of the API, whose only page is its documentation.
FILE = re.compile(r"\.[a-z]+$|/(csv|json|xlsx|docx|pdf)/$|^/api/v1/(?!docs/)|^/static/")
# One edition for each story that moves one, so that no story meets another's traces.
STORIES = {
    "live": "drafting",
    "live form": "drafting",
    "live early": "drafting",
    "scripts off": "template",
    "keyboard": "drafting",
    "draft": "comment",
    "dropped line": "comment",
    "double click": "drafting",
    "faster": "comment",
    "whole life": "template",
}


def main() -> None:
    tell(_everything)


def _everything() -> dict[str, object]:
    call_command("load_project", SHIPPED)
    shipped, paths = _shipped()
    built = world.build()
    world.public_edition(built)
    above.plant(built)
    _long_names(built.objects["twg"])
    stories = _stories(built.objects["twg"])
    return {
        "people": {who: session(person) for who, person in (built.people | shipped).items() if _may_enter(person)},
        "addresses": sorted({a.path for a in everywhere(built) if not FILE.search(a.path)}),
        "shipped": paths,
        "editions": stories,
    }


def tell(story: Callable[[], dict[str, object]]) -> None:
    """Fill a fresh database with a story and print what it tells; commands talk, and standard output is for that."""
    with contextlib.redirect_stdout(sys.stderr):
        known = story()
    json.dump(known, sys.stdout)


def _long_names(twg: Twg) -> None:
    """Words without a place to break, and words from the right: no page may grow wider for them."""
    for name in ("W" * 200, "وزارة الداخلية والجماعات المحلية"):
        f.seat(twg, "member", name, institution=f.institution(name))


def _may_enter(person: Person | None) -> bool:
    return person is not None and person.is_active


def session(person: Any) -> str:
    """A session's key, as the browser's cookie carries it."""
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _stories(twg: Twg) -> dict[str, int]:
    return {
        name: f.edition(f.profile(twg, names={"en": f"Story: {name}"}), stage=at).pk for name, at in STORIES.items()
    }


def _shipped() -> tuple[dict[str, Person | None], list[str]]:
    """The people of the shipped project's demonstration, and all its pages."""
    people: dict[str, Person | None] = {f"shipped {label}": person for label, person in demo.people()}
    twgs = list(Twg.objects.order_by("pk"))
    editions = list(Edition.objects.order_by("pk"))
    paths = [reverse(name) for name in ("home", "overview", "directory", "twgs")]
    paths += [reverse("twg", args=[twg.code]) for twg in twgs]
    paths += [reverse("edition", args=[edition.pk]) for edition in editions]
    paths += [reverse("history", args=["edition", edition.pk]) for edition in editions[:1]]
    return people, [*paths, f"{reverse('search')}?q=Ghana"]
