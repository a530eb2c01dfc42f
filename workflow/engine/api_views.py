"""What every resource of the API shares: lists, details with their version, the actions and history of any subject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from . import history, kinds, readers, selectors, services, views
from .api import body_of, expected_version
from .api_schema import ActionsSchema, HistorySchema, PalabreSchema, PerformedSchema, VersionOnly
from .asks import forms_for
from .errors import Incomplete
from .flow import Act, subject_state
from .kinds import SubjectKind
from .models import Event

IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description='The version that was read, such as "3".'
)
TRANSITION = OpenApiParameter("transition", OpenApiTypes.STR, OpenApiParameter.PATH)


class PalabreView(GenericViewSet[Any]):
    """A view of the API: nothing of what somebody reads stays in a cache on the way."""

    schema = PalabreSchema()

    @property
    def reading_schema(self) -> bool:
        """Whether the OpenAPI document is being written, not a request answered."""
        return bool(getattr(self, "swagger_fake_view", False))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(answer, ("Authorization",))
        return answer

    def asked(self, serializer: type[BaseSerializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """The body, validated by a serializer of input. Raises the framework's ValidationError."""
        read = serializer(data=body_of(self.request), partial=partial, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def filters(self, serializer: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """The query's filters that hold something."""
        read = serializer(data=self.request.query_params.dict(), context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        return {name: value for name, value in read.validated_data.items() if value not in (None, "")}

    def page_of(self, rows: Any, serializer: type[BaseSerializer[Any]]) -> Response:
        """One page of rows, in the envelope."""
        page = self.paginate_queryset(rows)
        shown = serializer(page, many=True, context=self.get_serializer_context()) if page is not None else None
        return self.get_paginated_response(shown.data if shown else [])


class SubjectView(PalabreView):
    """The API of one kind of subject: list, detail with its version, actions and history.

    A room adds `serializer_class` (a row), `detail_class` (the whole), `prefetch` and what can be written.
    """

    kind_name: ClassVar[str]
    detail_class: ClassVar[type[BaseSerializer[Any]] | None] = None
    lookup_field = "pk"
    lookup_value_regex = "[0-9]{1,18}"

    @property
    def kind(self) -> SubjectKind:
        found = kinds.get(self.kind_name)
        if found is None:
            raise Http404
        return found

    def get_queryset(self) -> QuerySet[Any]:
        if self.reading_schema:
            return self.kind.model._default_manager.none()
        return self.prefetch(self.kind.visible_to(self.request.user))

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With all that a row shows, so that a longer list asks no more questions."""
        return rows

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        if self.action != "list" and self.detail_class is not None:
            return self.detail_class
        return super().get_serializer_class()

    def inside(self) -> Any:
        """The subject, for those who read its history; 404 for all others."""
        subject = self.get_object()
        if not self.kind.internal_to(self.request.user).filter(pk=subject.pk).exists():
            raise Http404
        return subject

    def shown(self, subject: Model, status: int = 200) -> Response:
        """The subject as it now stands, read again, with its version as ETag."""
        fresh = self.prefetch(self.kind.visible_to(self.request.user)).filter(pk=subject.pk).first()
        if fresh is None:  # one's own seat has just gone
            return Response(status=204)
        detail = self.detail_class or super().get_serializer_class()
        data = detail(fresh, context=self.get_serializer_context()).data
        return Response(data, status=status, headers={"ETag": f'"{fresh.version}"'})

    def list(self, request: Request) -> Response:
        return self.page_of(self.get_queryset(), self.get_serializer_class())

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        subject = self.get_object()
        return Response(self.get_serializer(subject).data, headers={"ETag": f'"{subject.version}"'})

    @extend_schema(responses=ActionsSchema)
    @action(detail=True, methods=["get"], pagination_class=None)
    def actions(self, request: Request, **kwargs: Any) -> Response:
        """What can happen next, what each action asks for, and why one is refused. Only from the inside."""
        subject = self.inside()
        found = [describe(subject, entry, request.user) for entry in selectors.actions(subject, request.user)]
        return Response({"version": subject.version, "state": state_of(subject), "actions": found})

    @extend_schema(parameters=[IF_MATCH, TRANSITION], request=VersionOnly, responses=PerformedSchema)
    @action(detail=True, methods=["post"], url_path=r"actions/(?P<transition>[a-z_]{1,60})", url_name="act")
    def act(self, request: Request, transition: str, **kwargs: Any) -> Response:
        """Run a transition: `version`, `note` and the answers to what it asks for; multipart to send a file."""
        subject = self.inside()
        if self.kind.flow is None or not self.kind.flow.label_of(transition):
            raise Http404
        flow = self.kind.flow(subject, Act(actor=request.user))
        event = services.perform(
            flow,
            transition,
            actor=request.user,
            version=expected_version(request),
            data=plain_answers(body_of(request)),
            files=request.FILES,
        )
        shown = self.shown(subject)
        return Response({"subject": shown.data, "event": told(event, open_=True)}, headers=dict(shown.headers))

    @extend_schema(responses=HistorySchema(many=True))
    @action(detail=True, methods=["get"])
    def history(self, request: Request, **kwargs: Any) -> Response:
        """All that has happened, the first event first, each with its hash and that of the one before it."""
        events = self.paginate_queryset(history.events_of(self.inside())) or []
        names = readers.names_open(events, request.user)
        return self.get_paginated_response([told(event, open_=event.pk in names) for event in events])

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY, (200, "application/json"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path=r"history/(?P<form>csv|json)", pagination_class=None)
    def history_export(self, request: Request, form: str, **kwargs: Any) -> Any:
        """The audit export, as the history page offers it."""
        # The framework has put the token's person on Django's own request: the page's view asks the same rules.
        return views.history_export(request._request, self.kind_name, self.inside().pk, form)


def state_of(subject: Any) -> str:
    flow = kinds.of(subject).flow
    return subject_state(subject, flow) if flow else ""


def describe(subject: Any, entry: selectors.Action, person: Any) -> dict[str, Any]:
    """One action as data, with its questions."""
    flow_class = kinds.of(subject).flow
    forms = forms_for(flow_class(subject, Act(actor=person)), entry.asks) if flow_class else []
    return {
        "name": entry.name,
        "label": str(entry.label),
        "allowed": entry.allowed,
        "reason": str(entry.reason),
        "kind": entry.kind,
        "help": str(entry.help),
        "hint": str(entry.hint),
        "target": entry.target,
        "asks": [question(name, asked) for form in forms for name, asked in form.fields.items()],
    }


def question(name: str, asked: Any) -> dict[str, Any]:
    """One field of what an action asks for."""
    types = {"FileField": "file", "ModelChoiceField": "choice", "ChoiceField": "choice", "IntegerField": "integer"}
    types |= {"BooleanField": "boolean", "MultipleChoiceField": "choices", "ModelMultipleChoiceField": "choices"}
    choices = [
        {"value": getattr(value, "value", value), "label": str(label)}
        for value, label in getattr(asked, "choices", ())
        if value not in ("", None)
    ]
    return {
        "name": name,
        "label": str(asked.label or name),
        "type": types.get(type(asked).__name__, "string"),
        "required": asked.required,
        "help": str(asked.help_text),
        "max_length": getattr(asked, "max_length", None),
        "choices": choices or None,
    }


def plain_answers(data: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as forms read them. A value that no form field could be (an object) is refused by name."""
    wrong = {name: ["This must be text, a number or a list."] for name, value in data.items() if _nested(value)}
    if wrong:
        raise Incomplete(wrong)
    getlist = getattr(data, "getlist", None)
    if getlist is None:
        return {name: value for name, value in data.items() if name != "version"}
    return {n: values if len(values := getlist(n)) > 1 else data[n] for n in data if n != "version"}


def _nested(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and any(isinstance(v, list | dict) for v in value))


def told(event: Event, *, open_: bool) -> dict[str, Any]:
    """An event as its hash covers it, in the reader's words; `withheld` names what is not theirs to read (S30)."""
    line = selectors.line(event)
    row = {
        **event.content(),
        "label": str(line.label),
        "from_label": str(line.from_label),
        "to_label": str(line.to_label),
        "hash": event.hash,
        "withheld": [],
    }
    if not open_:
        row |= {"actor": None, "actor_name": "", "withheld": ["actor", "actor_name"]}
    return row
