"""Named drafts: all sections of a text, frozen (S13)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine.models import Subject
from workflow.groups.models import Twg

from .texts import Headed, OfTextQuerySet, Revision, Text, TextSection


class Draft(Subject):
    """A named draft: all sections as they stood when it was taken ("Draft 2, for the March round")."""

    text = models.ForeignKey(Text, models.PROTECT, related_name="drafts")
    number = models.PositiveSmallIntegerField(pgettext_lazy("text", "draft"))
    name = models.CharField(_("name"), max_length=120)
    taken_at = models.DateTimeField(default=timezone.now)
    sha256 = models.CharField(max_length=64)
    word_count = models.PositiveIntegerField(default=0)
    # The figures that its sections show, as they were: number, file's hash, caption, source, year.
    figures = models.JSONField(default=list, blank=True)

    objects = OfTextQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["text", "number"], name="draft_numbered_once")]

    def __str__(self) -> str:
        return str(_("Draft %(number)s, %(name)s") % {"number": self.number, "name": self.name})

    @property
    def twg(self) -> Twg | None:
        return self.text.twg


class DraftSection(Headed, models.Model):
    """A section of a draft: the revision that stood there, under the titles of that day. Never changed."""

    append_only = True

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="sections")
    section = models.ForeignKey(TextSection, models.PROTECT, related_name="frozen")
    revision = models.ForeignKey(
        Revision, models.PROTECT, null=True, related_name="frozen"
    )  # None: nothing was written
    position = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=12)
    part = models.CharField(max_length=4)
    part_titles = models.JSONField(default=dict)
    titles = models.JSONField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["draft", "section"], name="draft_section_once")]

    def __str__(self) -> str:
        return f"{self.place} {self.title}"

    @property
    def body(self) -> str:
        return self.revision.body if self.revision else ""
