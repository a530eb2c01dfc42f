"""What the secretariat's and the administrator's pages offer to send, sent by everybody else: refused, before anything
else about it is looked at, and without a trace."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from workflow.engine.models import Event

from .visiting import answers
from .world import World

pytestmark = pytest.mark.django_db

# One's own settings, tokens, sign-in and mail are everybody's; the demonstration's buttons are tested beside it.
# Whoever holds the code of the room signs in there, with an account or without.
OWN = ("/me/", "/accounts/", "/language/", "/demo/", "/here/")
# Entering an institution, the template, the courses and what supports the work on data are common to all TWGs: whoever
# keeps one keeps them, and may open another TWG (S07, S15, S28, S33, S48). What the directory says of an institution is
# for its country's secretariat, of an international one for whoever works across countries.
COMMON = (
    "/institutions/new/",
    "/institutions/import/",
    "/twgs/new/",
    "/templates/",
    "/courses/",
    "/supporting-publications/new/",
)
KEEPERS = ("other secretariat", "other monitor")
OUTSIDE = ("anonymous", "seatless", "excluded", "invited", "observer", "other secretariat", "other monitor")


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms of a page that are sent by POST, each with what it would send as it stands."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.found = path, list[Form]()
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        if tag == "form" and about.get("method", "").lower() == "post":
            self._open = Form(about.get("action") or self.path)
            self.found.append(self._open)
        elif self._open and tag in ("input", "textarea", "select") and about.get("name"):
            self._open.fields[about["name"]] = about.get("value") or "1"

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def _own(action: str) -> bool:
    return action.startswith(OWN) or action.endswith("/mute/")


def offered(world: World, who: str) -> list[Form]:
    """Every form that this person's pages show, each action once."""
    forms = dict[str, Form]()
    for answer in answers(world, who):
        if answer.status == 200 and answer.is_page:
            parser = Forms(answer.path)
            parser.feed(answer.text)
            forms.update({form.action: form for form in parser.found if not _own(form.action)})
    return list(forms.values())


def refused(answer: Any) -> bool:
    return answer.status_code in (403, 404) or answer.headers.get("Location", "").startswith("/accounts/login/")


@pytest.mark.parametrize("offered_to", ["secretariat", "administrator"])
def test_nobody_else_sends_what_their_pages_offer(world: World, offered_to: str) -> None:
    forms = offered(world, offered_to)
    assert len(forms) > 5
    assert offered_to == "administrator" or any(form.action.startswith("/do/edition/") for form in forms)
    before = Event.objects.count()
    wrong = []
    for who in OUTSIDE:
        client = Client()
        if (person := world.people[who]) is not None:
            client.force_login(person)
        for form in forms:
            if who in KEEPERS and form.action.startswith(COMMON):
                continue
            cache.clear()
            answer = client.post(form.action, form.fields)
            if not refused(answer):
                wrong.append(f"{who} sends {form.action}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert Event.objects.count() == before
