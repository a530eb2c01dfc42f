"""The API of the writing room: texts, sections and drafts. Files are in api_files.py."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.documents import diff
from workflow.engine.api import expected_version
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView
from workflow.engine.models import Event
from workflow.groups.tokens import OpenToAll

from . import comparing, merging, papers, printing, reading, selectors, services
from .api_fields import (
    CompareQuery,
    Differences,
    DraftDetail,
    DraftFilters,
    DraftInput,
    DraftQuery,
    DraftRow,
    RestoreInput,
    RevisionDetail,
    RevisionRow,
    TextFilters,
    TextInput,
    TextRow,
    TextSectionDetail,
    TextSectionFilters,
    TextSectionInput,
    TextSectionRow,
)
from .api_files import EnclosureView, TextFiles, WordFileView
from .errors import Diverged
from .models import Draft, Revision, TextSection

NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH)
ENDING = OpenApiParameter("ending", str, OpenApiParameter.PATH, enum=["docx", "pdf"])
BOOK = {(200, "application/octet-stream"): OpenApiTypes.BINARY}


class TextView(TextFiles, SubjectView):
    """What is written for an edition, a template, terms of reference; for those who read it from the inside."""

    kind_name = "text"
    serializer_class = TextRow

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("twg__region").order_by("pk")

    @extend_schema(parameters=[TextFilters])
    def list(self, request: Request) -> Response:
        wanted = {"twg__code" if name == "twg" else name: value for name, value in self.filters(TextFilters).items()}
        return self.page_of(self.get_queryset().filter(**wanted), TextRow)

    @extend_schema(request=TextInput, responses={201: TextRow})
    def create(self, request: Request) -> Response:
        """Begin a text with the sections that its template gives; the one that is there, if there is one."""
        told = self.asked(TextInput)
        readers = papers.of(told["subject_kind"]).readers(request.user)
        opened = services.open_text(get_object_or_404(readers, pk=told["subject_id"]), actor=request.user)
        return self.shown(opened, status=201)

    @extend_schema(request=DraftInput, responses={201: DraftRow})
    @action(detail=True, methods=["post"], serializer_class=DraftRow, pagination_class=None)
    def drafts(self, request: Request, **kwargs: Any) -> Response:
        """Take a named draft: all sections are frozen as they stand (S13)."""
        taken = services.take_draft(self.get_object(), self.asked(DraftInput)["name"], actor=request.user)
        return Response(DraftRow(taken).data, status=201, headers={"ETag": f'"{taken.version}"'})

    @extend_schema(parameters=[ENDING], responses=BOOK)
    @action(detail=True, methods=["get"], url_path=r"export/(?P<ending>docx|pdf)", pagination_class=None)
    def export(self, request: Request, ending: str, **kwargs: Any) -> Any:
        """The text as it stands now, as Word or PDF, in its own language."""
        text = self.get_object()
        return printing.answer(lambda: printing.book_of_text(text), text, ending, str(text))


class SectionView(SubjectView):
    """Sections of texts, with every revision that was kept of them."""

    kind_name = "section"
    serializer_class = TextSectionRow
    detail_class = TextSectionDetail

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = rows.select_related("text__twg").order_by("text", "position")
        return rows.defer("body") if self.action == "list" else rows

    @extend_schema(parameters=[TextSectionFilters])
    def list(self, request: Request) -> Response:
        return self.page_of(self.get_queryset().filter(**self.filters(TextSectionFilters)), TextSectionRow)

    @extend_schema(parameters=[IF_MATCH], request=TextSectionInput, responses=TextSectionDetail)
    def update(self, request: Request, **kwargs: Any) -> Response:
        """Keep a text as a revision. When another was kept since the version sent: 409, with both merged (`merged`)."""
        section, told = self.get_object(), self.asked(TextSectionInput)
        base = number_at(section, expected_version(request))
        try:
            services.save(section, told["body"], actor=request.user, base=base, note=told.get("note", ""))
        except Diverged as error:
            error.more = merging.as_data(merging.propose(error, request.user))
            raise
        return self.shown(section)

    @extend_schema(responses=RevisionRow(many=True))
    @action(detail=True, methods=["get"], serializer_class=RevisionRow)
    def revisions(self, request: Request, **kwargs: Any) -> Response:
        """All revisions, the newest first, without their texts."""
        page = self.paginate_queryset(selectors.revisions(self.get_object())) or []
        selectors.hide_names(page, request.user)
        return self.get_paginated_response(RevisionRow(page, many=True).data)

    def _revision(self, number: str) -> Revision:
        section = self.get_object()
        found: Revision = get_object_or_404(Revision, section=section, number=int(number))
        found.section = section
        return found

    @extend_schema(parameters=[NUMBER], responses=RevisionDetail)
    @action(detail=True, methods=["get"], url_path=r"revisions/(?P<number>[0-9]{1,9})", pagination_class=None)
    def revision(self, request: Request, number: str, **kwargs: Any) -> Response:
        """One revision with its text."""
        found = self._revision(number)
        selectors.hide_names([found], request.user)
        return Response(RevisionDetail(found).data)

    @extend_schema(parameters=[NUMBER, IF_MATCH], request=RestoreInput, responses=TextSectionDetail)
    @action(detail=True, methods=["post"], url_path=r"revisions/(?P<number>[0-9]{1,9})/restore", pagination_class=None)
    def restore(self, request: Request, number: str, **kwargs: Any) -> Response:
        """Take an earlier revision back, as the newest one."""
        found, told = self._revision(number), self.asked(RestoreInput)
        base = number_at(found.section, expected_version(request))
        services.restore(found, actor=request.user, base=base, note=told.get("note", ""))
        return self.shown(found.section)

    @extend_schema(parameters=[CompareQuery], responses=Differences)
    @action(detail=True, methods=["get"], pagination_class=None)
    def compare(self, request: Request, **kwargs: Any) -> Response:
        """Any two revisions, line by line and word by word."""
        section, told = self.get_object(), self.filters(CompareQuery)
        numbers = [int(told["before"]), int(told["after"])]
        bodies = dict(Revision.objects.filter(section=section, number__in=numbers).values_list("number", "body"))
        if set(numbers) - set(bodies) - {0}:
            raise Http404
        old, new = (bodies.get(number, "") for number in numbers)
        return Response(Differences(differences(section.pk, str(section), old, new)).data)


def number_at(section: TextSection, version: int) -> int:
    """Which revision stood at a version of the section that the API showed."""
    if version >= section.version:
        return section.number
    events = Event.objects.filter(subject_kind="section", subject_id=section.pk, name="revised")
    last = events.filter(sequence__lte=version).order_by("-sequence").values_list("data", flat=True).first()
    return int(last["revision"]) if last else 0


def differences(pk: int, title: str, old: str, new: str) -> dict[str, Any]:
    """Two texts compared, as data."""
    lines = [
        {**vars(line), "pieces": [{"kind": kind, "text": text} for kind, text in line.pieces]}
        for line in diff.fold(diff.compare(old, new))
    ]
    return {"section": pk, "title": title, "lines": lines}


class DraftView(SubjectView):
    """Named drafts; without a token, the last one of what is published."""

    kind_name = "draft"
    permission_classes = [OpenToAll]
    serializer_class = DraftRow
    detail_class = DraftDetail

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = rows.select_related("text__twg__region").order_by("text", "-number")
        return rows if self.action == "list" else rows.prefetch_related("sections__revision")

    @extend_schema(parameters=[DraftFilters])
    def list(self, request: Request) -> Response:
        return self.page_of(self.get_queryset().filter(**self.filters(DraftFilters)), DraftRow)

    @extend_schema(parameters=[DraftQuery], responses=Differences(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def compare(self, request: Request, **kwargs: Any) -> Response:
        """What changed since another draft of the text, section by section; from the inside."""
        draft = self.inside()
        number = self.filters(DraftQuery).get("before", draft.number - 1)
        before = Draft.objects.filter(text=draft.text_id, number=number).first()
        if number and before is None:
            raise Http404
        steps = comparing.changed_sections(before, draft)
        texts = reading.bodies(line for step in steps for line in (step.old, step.new))
        told = []
        for step in steps:
            old, new = (texts.get(line.revision_id or 0, "") if line else "" for line in (step.old, step.new))
            told.append(differences(step.line.section_id, str(step.line), old, new))
        return Response(Differences(told, many=True).data)

    @extend_schema(parameters=[ENDING], responses=BOOK)
    @action(detail=True, methods=["get"], url_path=r"export/(?P<ending>docx|pdf)", pagination_class=None)
    def export(self, request: Request, ending: str, **kwargs: Any) -> Any:
        """The draft as Word or PDF, in its text's language."""
        draft = self.get_object()
        return printing.answer(
            lambda: printing.book_of_draft(draft), draft.text, ending, f"{draft.text} {draft.number}"
        )


resources: list[tuple[str, type[PalabreView], str]] = [
    ("texts", TextView, "text"),
    ("sections", SectionView, "section"),
    ("drafts", DraftView, "draft"),
    ("enclosures", EnclosureView, "enclosure"),
    ("word-files", WordFileView, "word-file"),
]
