"""Research themes that a TWG's members propose, and of which a ballot chooses some (S34)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine.models import Subject
from workflow.groups import access, words
from workflow.groups.models import Institution, Twg

from .ballot import Ballot


class ThemeState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    MERGED = "merged", _("Merged")
    CHOSEN = "chosen", _("Chosen")
    WITHDRAWN = "withdrawn", pgettext_lazy("theme", "Withdrawn")


class ThemeQuerySet(models.QuerySet["Theme"]):
    def visible_to(self, person: Any) -> ThemeQuerySet:
        """Themes are read by those who read the TWG from the inside."""
        return self.filter(access.sees_inside(person, "twg__"))


class Theme(Subject):
    """What a research paper could be about. It is proposed, perhaps merged into another one, and chosen by ballot."""

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="themes")
    titles = models.JSONField(_("title"), validators=[words.validate_names])
    reasons = models.JSONField(_("why it matters"), default=dict, blank=True, validators=[words.validate_texts])
    # Whose proposal it is; none where the secretariat has written down what was said in a meeting.
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="themes", verbose_name=_("proposed by")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )
    chosen_in = models.ForeignKey(
        Ballot, models.PROTECT, null=True, blank=True, related_name="chosen_themes", editable=False
    )
    state = models.CharField(max_length=10, choices=ThemeState, default=ThemeState.PROPOSED, editable=False)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("theme")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ThemeState.values), name="theme_state_known"),
            models.CheckConstraint(
                condition=Q(state=ThemeState.MERGED, merged_into__isnull=False)
                | ~Q(state=ThemeState.MERGED) & Q(merged_into=None),
                name="merged_themes_say_into_which",
            ),
            models.CheckConstraint(
                condition=Q(state=ThemeState.CHOSEN) | Q(chosen_in=None), name="only_the_chosen_have_a_ballot"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return words.in_language(self.titles)

    @property
    def reason(self) -> str:
        return words.in_language(self.reasons)
