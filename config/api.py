"""The API's addresses: its schema, its own page, and every room's resources."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path, re_path, reverse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from meetings.attendance import api as attendance
from meetings.minutes import api as minutes
from meetings.scheduling import api as meetings
from meetings.trainings import api as trainings
from recommendations.dataplan import api as dataplan
from recommendations.inventory import api as inventory
from recommendations.milestones import api as milestones
from recommendations.register import api as register
from workflow.ballots import api as ballots
from workflow.comments import api as comments
from workflow.datarequests import api as datarequests
from workflow.desk import api as desk
from workflow.engine import api_outbox
from workflow.engine.api_page import Chapter, chapters
from workflow.engine.problems import TYPES
from workflow.frameworks import api as frameworks
from workflow.groups import api as groups
from workflow.groups.api_people import PersonView
from workflow.handover import api as handover
from workflow.profiles import api as profiles
from workflow.writing import api as writing

router = SimpleRouter()
RESOURCES = (
    *groups.resources,
    *profiles.resources,
    *writing.resources,
    *comments.resources,
    *datarequests.resources,
    *frameworks.resources,
    *ballots.resources,
    *handover.resources,
    *desk.resources,
    *meetings.resources,
    *minutes.resources,
    *attendance.resources,
    *trainings.resources,
    *milestones.resources,
    *dataplan.resources,
    *inventory.resources,
    *register.resources,
    *api_outbox.resources,
)
for prefix, view, name in RESOURCES:
    router.register(prefix, view, basename=f"api-{name}")


@cache
def _chapters() -> list[Chapter]:
    """Drawn once: addresses don't change while the server runs."""
    generator: Any = SchemaGenerator
    return chapters(generator().get_schema(request=None, public=True))


def docs(request: HttpRequest) -> HttpResponse:
    """The API's page, drawn from its schema: what can be called, and what can go wrong.

    What each call takes is shown of one resource at a time: of all of them it is a heavy page on a slow line.
    """
    chosen = request.GET.get("resource", "")
    context = {"problems": TYPES.values(), "chapters": _chapters(), "chosen": chosen}
    return render(request, "workflow/engine/api_docs.html", context)


class Entrance(APIView):
    """Where to go on from."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        lists = {prefix: reverse(f"api-{name}-list") for prefix, view, name in RESOURCES if hasattr(view, "list")}
        more = {name: reverse(f"api-{name}") for name in ("schema", "docs", "me", "inbox")}
        return Response(more | lists)


class Unknown(APIView):
    """Whatever else is asked for under the API's address is not found, in the API's own words."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    path("", Entrance.as_view(), name="api"),
    path("schema/", SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[]), name="api-schema"),
    path("docs/", docs, name="api-docs"),
    path("me/", PersonView.as_view({"get": "me", "patch": "me"}), name="api-me"),
    path("inbox/", desk.InboxView.as_view({"get": "retrieve"}), name="api-inbox"),
    *router.urls,
    re_path(r"", Unknown.as_view()),
]
