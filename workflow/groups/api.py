"""TWGs and seats through the API; `resources` is what config/api.py gives addresses to."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version, stated_version
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView

from . import access, invitations, services
from .api_fields import FactInput, FactRow, ParentRow, SeatRow
from .api_institutions import InstitutionView
from .api_people import PersonView, TokenView
from .api_projects import ProjectView, RegionView
from .api_terms import PresetView, TermsView
from .api_twg_fields import (
    BodyLinkInput,
    ParentInput,
    SeatEnd,
    SeatFilters,
    SeatInput,
    TermsDraft,
    TermsRow,
    TwgChange,
    TwgDetail,
    TwgFilters,
    TwgInput,
    TwgRow,
    participation_of,
)
from .models import Membership, Twg


class TwgView(SubjectView):
    """TWGs and the bodies linked to them."""

    kind_name = "twg"
    serializer_class = TwgRow
    detail_class = TwgDetail
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = rows.select_related("region", "project", "linked_to", "convener")
        if self.action == "list":
            return rows
        return rows.prefetch_related("parents__institution", "parents__under", "facts")

    @extend_schema(parameters=[TwgFilters])
    def list(self, request: Request) -> Response:
        wanted = self.filters(TwgFilters)
        keys = {"region": "region__code", "project": "project__code"}
        return self.page_of(self.get_queryset().filter(**{keys.get(k, k): v for k, v in wanted.items()}), TwgRow)

    @extend_schema(request=TwgInput, responses={201: TwgDetail})
    def create(self, request: Request) -> Response:
        """Open a TWG; terms of reference are drafted from the preset (S48)."""
        fields = self.asked(TwgInput)
        preset, differing = fields.pop("preset"), fields.pop("participation", [])
        twg = services.open_twg(fields, preset=preset, overrides=participation_of(differing), actor=request.user)
        access.forget(request.user)
        return self.shown(twg, status=201)

    @extend_schema(parameters=[IF_MATCH], request=TwgChange, responses=TwgDetail)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        twg, fields = self.get_object(), self.asked(TwgChange, partial=True)
        fields.pop("version", None)
        note = fields.pop("note", "")
        services.change_twg(twg, fields, actor=request.user, version=expected_version(request), note=note)
        return self.shown(twg)

    @extend_schema(parameters=[IF_MATCH], request=ParentInput, responses={201: ParentRow})
    @action(detail=True, methods=["post"], serializer_class=ParentRow)
    def parents(self, request: Request, **kwargs: Any) -> Response:
        """Place the TWG under an institution; what held before stays as history (S45)."""
        twg, fields = self.get_object(), self.asked(ParentInput)
        fields.pop("version", None)
        note = fields.pop("note", "")
        parent = services.set_parent(twg, fields, actor=request.user, version=expected_version(request), note=note)
        return Response(ParentRow(parent).data, status=201)

    @extend_schema(request=BodyLinkInput, responses={201: TwgDetail})
    @action(detail=True, methods=["post"], url_path="linked-bodies", url_name="link")
    def linked_bodies(self, request: Request, **kwargs: Any) -> Response:
        """A committee, task force, expert group or working group of this TWG (S20, S22, S24)."""
        body = services.link_body(self.get_object(), self.asked(BodyLinkInput), actor=request.user)
        return self.shown(body, status=201)

    @extend_schema(request=FactInput, responses={201: FactRow})
    @action(detail=True, methods=["post"], serializer_class=FactRow)
    def facts(self, request: Request, **kwargs: Any) -> Response:
        fact = services.record_fact(self.get_object(), self.asked(FactInput), actor=request.user)
        return Response(FactRow(fact).data, status=201)

    @extend_schema(methods=["GET"], parameters=[SeatFilters], responses=SeatRow(many=True))
    @extend_schema(methods=["POST"], request=SeatInput, responses={201: SeatRow})
    @action(detail=True, methods=["get", "post"], serializer_class=SeatRow)
    def seats(self, request: Request, **kwargs: Any) -> Response:
        """Seats, past ones too; their holders are named to those who may read addresses."""
        twg = self.get_object()
        if request.method == "POST":
            seat = self._give(twg, request)
            return Response(SeatRow(seat, context=self.get_serializer_context()).data, status=201)
        if not (access.inside(request.user, twg) or services.SEAT_GIVERS(twg, request.user)):
            raise Http404
        wanted = self.filters(SeatFilters)
        rows = Membership.objects.visible_to(request.user).filter(twg=twg)
        if (active := wanted.pop("active", None)) is not None:
            held = Membership.objects.active().values("pk")
            rows = rows.filter(pk__in=held) if active else rows.exclude(pk__in=held)
        return self.page_of(rows.filter(**wanted).select_related("twg", "person", "institution"), SeatRow)

    def _give(self, twg: Twg, request: Request) -> Membership:
        fields, version = self.asked(SeatInput), stated_version(request)
        fields = {k: v for k, v in fields.items() if k not in ("version", "note")}
        email, name, invite = fields.pop("email"), fields.pop("name", ""), fields.pop("invite")
        with transaction.atomic():
            services.require(services.SEAT_GIVERS, twg, request.user)
            person = services.person_for(
                email,
                name=name,
                actor=request.user,
                language=twg.languages[0] if twg.languages else "en",
                time_zone=twg.time_zone,
            )
            seat = services.give_seat(twg, person, fields, actor=request.user, version=version)
            if invite:
                invitations.invite(person, twg, actor=request.user)
        return seat

    @extend_schema(methods=["POST"], request=TermsDraft, responses={201: TermsRow})
    @action(detail=True, methods=["post"], serializer_class=TermsRow)
    def terms(self, request: Request, **kwargs: Any) -> Response:
        """Draft a new version of the terms of reference."""
        asked = self.asked(TermsDraft)
        drafted = services.draft_terms(
            self.get_object(),
            preset=asked.get("preset"),
            overrides=participation_of(asked.get("participation", [])),
            actor=request.user,
        )
        return Response(TermsRow(drafted).data, status=201, headers={"ETag": f'"{drafted.version}"'})


class SeatView(PalabreView):
    """One seat."""

    serializer_class = SeatRow
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Membership]:
        if self.reading_schema:
            return Membership.objects.none()
        rows = Membership.objects.visible_to(self.request.user).select_related("twg", "person", "institution")
        if access.seats(self.request.user).administrator:
            return rows
        return rows.filter(access.sees_inside(self.request.user, "twg__"))

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(parameters=[IF_MATCH], request=SeatEnd, responses=SeatRow)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, **kwargs: Any) -> Response:
        """End a seat; it stays readable. The version is the TWG's."""
        seat, asked = self.get_object(), self.asked(SeatEnd)
        services.end_seat(
            seat,
            until=asked["until"],
            note=asked.get("note", ""),
            actor=request.user,
            version=expected_version(request),
        )
        seat.refresh_from_db()
        return Response(self.get_serializer(seat).data)

    @extend_schema(request=None, responses=SeatRow)
    @action(detail=True, methods=["post"])
    def invite(self, request: Request, **kwargs: Any) -> Response:
        """Send the holder an invitation (again)."""
        seat = self.get_object()
        invitations.invite(seat.person, seat.twg, actor=request.user)
        return Response(self.get_serializer(seat).data)


resources: list[tuple[str, type[PalabreView], str]] = [
    ("people", PersonView, "person"),
    ("me/tokens", TokenView, "token"),
    ("institutions", InstitutionView, "institution"),
    ("projects", ProjectView, "project"),
    ("regions", RegionView, "region"),
    ("twgs", TwgView, "twg"),
    ("seats", SeatView, "seat"),
    ("terms", TermsView, "terms"),
    ("presets", PresetView, "preset"),
]
