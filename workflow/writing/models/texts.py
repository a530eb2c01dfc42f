"""Texts, their sections, and every revision of them (S10)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.engine.models import Subject
from workflow.groups import words
from workflow.groups.models import Institution, Twg

from .. import papers


class TextQuerySet(models.QuerySet["Text"]):
    def visible_to(self, person: Any) -> TextQuerySet:
        """Texts whose drafts the person reads; what a kind of paper says of its subjects."""
        return self.filter(papers.readable(person))


class Text(Subject):
    """What is written for one subject (an edition, a template, terms of reference, minutes), in one language."""

    not_told = ("sourced_figures", "file_count")  # the events of files tell them one by one

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    # None where a text belongs to no TWG alone: a template is common to all.
    twg = models.ForeignKey(Twg, models.PROTECT, null=True, blank=True, related_name="texts")
    # Whose people draft it; None where the TWG's research consultant does (S02, S10).
    drafted_by = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    # Counted when a file is added, described or withdrawn, so that pages of progress read no list of files.
    sourced_figures = models.JSONField(default=list, blank=True, editable=False)  # the numbers of those with a source
    file_count = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = TextQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="one_text_per_subject")]

    def __str__(self) -> str:
        return str(self.about)

    @property
    def about(self) -> Any:
        """The subject that this is the text of, read once."""
        if "about" not in self._state.fields_cache:
            found = papers.subjects(self.subject_kind)
            self._state.fields_cache["about"] = found.get(pk=self.subject_id)
        return self._state.fields_cache["about"]

    def ask_again(self) -> None:
        """Read the subject anew next time: under a lock, its stage may be another than a moment ago."""
        self._state.fields_cache.pop("about", None)

    @property
    def paper(self) -> papers.Paper:
        return papers.of(self.subject_kind)


class OfTextQuerySet(models.QuerySet[Any]):
    """What hangs on a text is read with it."""

    def visible_to(self, person: Any) -> OfTextQuerySet:
        return self.filter(papers.readable(person, "text__"))

    def standing(self) -> OfTextQuerySet:
        """Without what was withdrawn; old drafts still show that."""
        return self.filter(withdrawn_at=None)


class Headed:
    """What stands under titles: a section, as it is and as a draft froze it."""

    titles: Any
    part_titles: Any

    @property
    def title(self) -> str:
        return words.in_language(self.titles)

    @property
    def part_title(self) -> str:
        return words.in_language(self.part_titles)


class TextSection(Headed, Subject):
    """One section of a text: its place in the template, its title, and what stands there now."""

    # The event names the revision and its hash instead.
    not_told = ("body", "number", "word_count", "unsourced_tables", "figures")

    text = models.ForeignKey(Text, models.PROTECT, related_name="sections")
    # What it is a section of, for as long as that lives: its place may change (S47).
    ref = models.CharField(max_length=40, editable=False)
    position = models.PositiveSmallIntegerField()
    place = models.CharField(_("place"), max_length=12)  # "C.2"
    part = models.CharField(max_length=4)  # "C"
    part_titles = models.JSONField(default=dict, validators=[words.validate_texts])
    titles = models.JSONField(_("title"), validators=[words.validate_names])
    guidance = models.JSONField(_("guidance"), default=dict, blank=True, validators=[words.validate_texts])
    body = models.TextField(_("text"), blank=True)
    number = models.PositiveIntegerField(_("revision"), default=0, editable=False)
    # Counted when a revision is kept, so that a page of sixty sections reads no text to show progress.
    word_count = models.PositiveIntegerField(default=0, editable=False)
    unsourced_tables = models.PositiveSmallIntegerField(default=0, editable=False)
    figures = models.JSONField(default=list, blank=True, editable=False)  # the numbers of those that it shows
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = OfTextQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["text", "ref"], name="text_section_once"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.title}"

    @property
    def twg(self) -> Twg | None:
        return self.text.twg


class Revision(models.Model):
    """One kept state of a section. Never changed, never deleted; its hash is in the section's history."""

    append_only = True

    class Way(models.TextChoices):
        TYPED = "typed", _("typed")
        MERGED = "merged", _("merged")
        IMPORTED = "imported", _("imported from Word")
        RESTORED = "restored", _("taken back from an earlier revision")

    section = models.ForeignKey(TextSection, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("revision"))
    body = models.TextField(blank=True)
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    way = models.CharField(max_length=10, choices=Way, default=Way.TYPED)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="revisions")
    author_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    sha256 = models.CharField(max_length=64)
    word_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["section", "-number"]
        constraints = [models.UniqueConstraint(fields=["section", "number"], name="revision_numbered_once")]

    def __str__(self) -> str:
        return f"{self.section_id} #{self.number}"
