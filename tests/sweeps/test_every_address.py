"""Every address as every kind of person: nobody reads what is not theirs, nothing breaks, nobody acts out of turn."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from tests.pages.test_headings import jumps
from workflow.engine.models import Event

from .visiting import answers, client_of, leaks, text_of, told_in, visits
from .world import KINDS, World

pytestmark = pytest.mark.django_db

FINE = {200, 201, 204, 301, 302, 303, 400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422, 428, 429}


def test_the_sweep_knows_every_kind_of_person(world: World) -> None:
    assert set(world.people) == KINDS


# Between them they find all that is planted.
FINDERS = ("secretariat", "consultant", "member", "monitor", "other secretariat", "administrator", "linked body")
# Rules are the same on either database; that their queries are too is seen by one who reads much, and not all.
EMBEDDED = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
READERS = sorted(KINDS.difference(FINDERS)) if EMBEDDED else ["observer"]
# Whoever reads alike, sends alike: of the chair's colleagues one, of each kind of outsider one.
SENDERS = (
    ["administrator", "anonymous", "excluded", "inactive", "invited", "member", "observer", "other secretariat",
     "seatless", "secretariat"]
    if EMBEDDED else ["secretariat"]
)  # fmt: skip


@pytest.mark.parametrize("who", READERS)
def test_nobody_reads_what_is_not_theirs(world: World, who: str) -> None:
    wrong, _told = read_everywhere(world, who)
    assert not wrong, "\n".join(wrong)


@pytest.mark.skipif(not EMBEDDED, reason="read once, on the embedded database")
@pytest.mark.parametrize("who", FINDERS)
def test_those_who_may_do_find_what_is_theirs_and_nothing_else(world: World, who: str) -> None:
    """So that the sweep can't pass by showing nothing to anybody."""
    wrong, told = read_everywhere(world, who)
    assert not wrong, "\n".join(wrong)
    assert told == {secret for secret, known_to in world.secrets.items() if who in known_to}


def test_somebody_may_find_each_of_the_secrets(world: World) -> None:
    assert [secret for secret, known_to in world.secrets.items() if not known_to & set(FINDERS)] == []


def read_everywhere(world: World, who: str) -> tuple[list[str], set[str]]:
    """What is wrong with what somebody finds at all addresses, and which secrets stand there."""
    wrong, told = list[str](), set[str]()
    for answer in answers(world, who):
        if answer.status not in FINE:
            wrong.append(f"{answer.path}: {answer.status}")
        found = told_in(world, answer.text + answer.headers)
        wrong += [f"{answer.path} tells {who} {secret}" for secret in found if who not in world.secrets[secret]]
        wrong += [f"{answer.path}: {jump}" for jump in jumps(answer.text)]
        told.update(found)
    return wrong, told


SEARCHES = ("/search/?q=", "/institutions/?q=", "/api/v1/search/?q=")


@pytest.mark.parametrize("who", sorted(KINDS))
def test_searching_for_what_all_secrets_begin_with_finds_nobody_elses(world: World, who: str) -> None:
    client = client_of(world, who)
    for path in SEARCHES:
        assert leaks(world, who, text_of(client.get(path + "Zyx"))) == []


@pytest.mark.parametrize("who", ["excluded", "observer", "other secretariat"])
def test_asking_for_each_secret_by_its_name_finds_nothing_more(world: World, who: str) -> None:
    client = client_of(world, who)
    wrong = []
    for path in SEARCHES:
        echoes = _times(client, path, "Zyxnowhereqv")  # a page repeats what it was asked
        for secret in (s for s, known_to in world.secrets.items() if who not in known_to):
            text = text_of(client.get(path + secret))
            others = [s for s in leaks(world, who, text) if s.casefold() != secret.casefold()]
            if others or text.casefold().count(secret.casefold()) > echoes:
                wrong.append(f"{path}{secret}: {others or secret}")
    assert not wrong, "\n".join(wrong)


def _times(client: Client, path: str, word: str) -> int:
    """How often an answer to the question for a word holds the word."""
    return text_of(client.get(path + word)).casefold().count(word.casefold())


@pytest.mark.parametrize("who", SENDERS)
def test_an_empty_form_sent_anywhere_breaks_nothing_and_moves_nothing_of_others(world: World, who: str) -> None:
    person = world.people[who]
    before = Event.objects.count()
    wrong = []
    for address, client in visits(world, who):
        response = client.post(address.path)
        if response.status_code not in FINE:
            wrong.append(f"POST {address.path}: {response.status_code}")
        wrong += [f"POST {address.path} tells {who} {s}" for s in leaks(world, who, text_of(response))]
    if who in ("anonymous", "seatless", "inactive", "excluded", "invited"):
        others = Event.objects.filter(pk__gt=0)[before:]
        moved = [e for e in others if not (person and e.subject_kind == "person" and e.subject_id == person.pk)]
        wrong += [f"{who} caused {e}" for e in moved]
    assert not wrong, "\n".join(wrong)


def test_the_sweep_itself_finds_a_leak(world: World) -> None:
    secret = next(s for s, known_to in world.secrets.items() if "anonymous" not in known_to)
    assert leaks(world, "anonymous", f"… {secret.upper()} …") == [secret]
