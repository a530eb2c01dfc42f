import re
import pytest
from django.core.cache import cache
from . import test_every_address as t
from .addresses import everywhere
from .world import KINDS, World
from workflow.engine.models import Event

pytestmark = pytest.mark.django_db
MINE = re.compile(r"round|comment|/files|threads|remark|matrix|drafts|editions|^/$|home")


def mine(world):
    return [a for a in everywhere(world) if MINE.search(a.path)]


def test_count(world: World):
    print(len(mine(world)), len(everywhere(world)))
    for a in mine(world):
        print(a.path)


@pytest.mark.parametrize("who", sorted(KINDS))
def test_read(world: World, who):
    wrong = []
    client = t.client_of(world, who)
    for a in mine(world):
        cache.clear()
        r = client.get(a.path)
        if r.status_code not in t.FINE:
            wrong.append(f"{a.path}: {r.status_code}")
        wrong += [f"{a.path} tells {s}" for s in t.leaks(world, who, t.text_of(r))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", sorted(KINDS))
def test_post(world: World, who):
    wrong = []
    client = t.client_of(world, who)
    before = Event.objects.count()
    for a in mine(world):
        cache.clear()
        r = client.post(a.path)
        if r.status_code in (200, 201, 204):
            print(r.status_code, a.path)
        if r.status_code not in t.FINE:
            wrong.append(f"{a.path}: {r.status_code}")
        wrong += [f"{a.path} tells {s}" for s in t.leaks(world, who, t.text_of(r))]
    if who in ("anonymous", "seatless", "inactive", "excluded", "invited", "observer"):
        wrong += [repr(e) for e in Event.objects.filter(pk__gt=0)[before:]]
    assert not wrong, "\n".join(wrong)


def test_found(world: World):
    unseen = set(world.secrets)
    for who in ("secretariat", "member", "chair"):
        client = t.client_of(world, who)
        for a in mine(world):
            text = t.text_of(client.get(a.path)).casefold()
            unseen -= {s for s in unseen if who in world.secrets[s] and s.casefold() in text}
    print("UNSEEN", unseen)
    assert not [
        s
        for s in unseen
        if any(
            w in s
            for w in (
                "remark",
                "round",
                "inside",
                "clear",
                "withdrawn",
                "reply",
                "reopened",
                "answer",
                "flag",
                "extended",
            )
        )
    ]
