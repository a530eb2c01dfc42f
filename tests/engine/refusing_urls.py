"""The product's addresses and one that refuses in every way."""

from __future__ import annotations

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from config.urls import handler400, handler429
from config.urls import urlpatterns as product
from workflow.engine import services
from workflow.engine.errors import Conflict, Incomplete, NotPermitted, Unmet
from workflow.groups.models import Twg

__all__ = ["handler400", "handler429", "urlpatterns"]


def refuse(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    if kind == "conflict":
        twg = Twg.objects.get(pk=pk)
        raise Conflict(twg, services.events_since(twg, None))
    raise {
        "permitted": NotPermitted("This is for the chair."),
        "unmet": Unmet("The text is missing."),
        "incomplete": Incomplete({"note": ["Say why."]}),
        "bad": BadRequest("no"),
        "suspicious": SuspiciousOperation("no"),
        "large": RequestDataTooBig("no"),
        "nothing": Http404(),
    }[kind]


urlpatterns = [*product, path("refuse/<kind>/<int:pk>/", refuse)]
