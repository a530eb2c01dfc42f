"""Secrets of data requests and of the policy register: what is asked and answered, who acts by which law."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories as f
from workflow.datarequests import services as requests
from workflow.datarequests.flow import RequestFlow
from workflow.datarequests.models import DataAnswer, DataRequest
from workflow.datarequests.rules import USUAL_TIME, today_in
from workflow.engine import services as engine
from workflow.frameworks import services as register
from workflow.groups.models import Institution, Twg

from .world import FULL, INSIDE, World

# Members of linked bodies read their own TWG's requests, no others; the region reads its own register.
OF_THE_REGION = INSIDE | {"regional secretariat"}


def plant(world: World) -> None:
    _requests(world, world.objects["twg"], world.objects["institution"])
    _register(world, world.objects["twg"], world.objects["regional"])


def _requests(world: World, twg: Twg, ministry: Institution) -> None:
    """One request that was answered, one that was declined; the ministry is every full member's."""
    [answered] = requests.ask(twg, [ministry], _asked(world, "answered", twg), actor=None)
    name, content = world.plant("answerfile", known_to=FULL), world.plant("answercontent", known_to=FULL)
    upload = SimpleUploadedFile(f"{name}.csv", f"{content},2008\n".encode())
    words = world.plant("answerwords", known_to=FULL)
    files = {"data_file": upload}
    engine.perform(RequestFlow(answered), "answer", actor=world.people["member"], data={"note": words}, files=files)
    [declined] = requests.ask(twg, [ministry], _asked(world, "declined", twg), actor=world.people["consultant"])
    reason = world.plant("declinereason", known_to=FULL)
    engine.perform(RequestFlow(declined), "decline", actor=world.people["alternate"], note=reason)
    world.objects |= {
        "request": answered,
        "other request": declined,
        "answer": DataAnswer.objects.get(request=answered),
    }
    _recorded(world, twg, ministry)
    _late(world, twg, ministry)


def _recorded(world: World, twg: Twg, ministry: Institution) -> None:
    """One that got more time and was then answered by a letter, which the secretariat has taken down."""
    [recorded] = requests.ask(twg, [ministry], _asked(world, "recorded", twg), actor=None)
    later = {"note": world.plant("moretime", known_to=FULL), "due": recorded.due + USUAL_TIME}
    engine.perform(RequestFlow(recorded), "extend", actor=world.people["consultant"], data=later)
    letter = {
        "way": "paper",
        "given_by": world.plant("givenby", known_to=FULL),
        "given_on": today_in(twg.time_zone),
        "note": world.plant("letterwords", known_to=FULL),
    }
    upload = SimpleUploadedFile(f"{world.plant('letterfile', known_to=FULL)}.csv", b"year,permits\n")
    engine.perform(
        RequestFlow(recorded), "record_answer", actor=world.people["secretariat"], data=letter,
        files={"data_file": upload},
    )  # fmt: skip
    world.objects |= {"second request": recorded, "other answer": DataAnswer.objects.get(request=recorded)}


def _asked(world: World, which: str, twg: Twg) -> dict[str, object]:
    return {
        "what": world.plant(f"what{which}", known_to=FULL),
        "why": world.plant(f"why{which}", known_to=FULL),
        "data_source": world.plant(f"datasource{which}", known_to=FULL),
        "due": today_in(twg.time_zone) + USUAL_TIME,
    }


def _late(world: World, twg: Twg, ministry: Institution) -> None:
    """One whose day has passed, so that inboxes and marks of lateness have something to tell."""
    [late] = requests.ask(twg, [ministry], _asked(world, "late", twg), actor=None)
    DataRequest.objects.filter(pk=late.pk).update(due=today_in(twg.time_zone) - USUAL_TIME)


def _register(world: World, twg: Twg, region: Twg) -> None:
    """A law and an actor of Ghana, and a framework of the region that its countries read."""
    world.objects["framework"] = register.record_framework(
        twg,
        {
            "kind": "law",
            "names": {"en": world.plant("frameworktitle", known_to=INSIDE)},
            "summaries": {"en": world.plant("frameworksummary", known_to=INSIDE)},
            "reference": world.plant("frameworkreference", known_to=INSIDE),
            "responsible": [world.objects["institution"]],
        },
        actor=None,
    )
    world.objects["actor"] = register.record_actor(
        twg,
        {
            "institution": f.institution(country="GH"),
            "roles": {"en": world.plant("actorrole", known_to=INSIDE)},
            "source": world.plant("actorsource", known_to=INSIDE),
        },
        actor=None,
    )
    world.objects["other framework"] = register.record_framework(
        region,
        {
            "kind": "regional",
            "names": {"en": world.plant("regionalframework", known_to=OF_THE_REGION)},
            "source": world.plant("regionalsource", known_to=OF_THE_REGION),
        },
        actor=None,
    )
