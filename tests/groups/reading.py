"""What the tests of this room's pages share."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from workflow.groups.models import Person

# Who reads and what they said before: asked by every page, whatever it shows.
EVERY_PAGE = ("django_session", '"workflow_person"."id" = ')


def browser(person: Person | None) -> Client:
    client = Client()
    if person:
        client.force_login(person)
    return client


def questions(client: Client, url: str) -> int:
    """How many queries a page asks of its own, when it is opened for the second time."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return sum(not any(part in query["sql"] for part in EVERY_PAGE) for query in captured)
