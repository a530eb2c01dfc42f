"""What the entries of a TWG's registers share, whatever they are registers of (S09, S29): beside sheet_registers.py."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.engine.models import Subject

from .. import words
from .twg import Confidence, Twg


class Registered(Subject):
    """An entry of a TWG's register: how surely it is known, and the words by which it is found."""

    not_of_a_body: ClassVar[str | Promise]  # why a body linked to the TWG keeps none of its own
    # Bound by each model to its own TWG and to what is searched in it.
    twg: models.ForeignKey[Twg, Twg]

    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.STATED)
    folded = models.TextField(editable=False, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        if self.twg.linked_to_id:
            raise ValidationError({"twg": self.not_of_a_body})

    def searched(self) -> Iterable[str]:
        """The words by which it is found."""
        raise NotImplementedError

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = words.fold(*self.searched())
        super().save(*args, **kwargs)


class Coded(models.Model):
    """An entry that has a code in its TWG's register."""

    key = models.SlugField(
        _("code"), max_length=60, help_text=_("A short name that never changes; spreadsheets go by it."),
    )  # fmt: skip

    class Meta:
        abstract = True


def coded_once(name: str, message: Any) -> models.UniqueConstraint:
    """No code stands in a TWG's register twice; each register calls the constraint its own."""
    return models.UniqueConstraint(fields=["twg", "key"], name=name, violation_error_message=message)
