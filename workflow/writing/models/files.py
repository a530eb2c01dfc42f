"""Figures and attachments of a text, and Word files on their way into it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .texts import OfTextQuerySet, Text


class Enclosure(models.Model):
    """A figure or an attachment of a text. It is withdrawn, never deleted: an old draft still shows it."""

    class Kind(models.TextChoices):
        FIGURE = "figure", _("figure")
        ATTACHMENT = "attachment", _("attachment")

    text = models.ForeignKey(Text, models.PROTECT, related_name="enclosures")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(max_length=10, choices=Kind)
    caption = models.CharField(_("caption"), max_length=300)
    source = models.CharField(_("source"), max_length=300, blank=True)
    year = models.CharField(_("year"), max_length=20, blank=True)
    file = models.FileField(_("file"), upload_to="enclosures/%Y/%m/")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = OfTextQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["text", "number"], name="enclosure_numbered_once"),
            models.CheckConstraint(condition=Q(size__gt=0), name="enclosure_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.caption

    @property
    def lacks_source(self) -> bool:
        """A figure says where it comes from and of which year; one that came with a Word file does not yet."""
        return self.kind == self.Kind.FIGURE and not (self.source and self.year)


class WordFile(models.Model):
    """A Word file brought in, until somebody says which section each of its parts goes to (S13).

    It goes when it has been taken over, when its bringer gives it up, or after some days (services.forget_word_files).
    """

    text = models.ForeignKey(Text, models.CASCADE, related_name="word_files")
    file = models.FileField(upload_to="word/%Y/%m/")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    brought_at = models.DateTimeField(default=timezone.now)
    objects = OfTextQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
