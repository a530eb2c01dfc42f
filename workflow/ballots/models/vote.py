"""The voting institutions of a ballot, and every vote ever cast in it (S16)."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.groups import words
from workflow.groups.models import Category, Institution

from .ballot import Ballot

MOST_WRITTEN = 8000  # characters of a reservation or a reason


class Elector(models.Model):
    """A voting institution of one ballot, as it stood when the ballot opened. It has one vote."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="electors")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    names = models.JSONField()
    category = models.CharField(max_length=24, choices=Category)
    recused_at = models.DateTimeField(null=True)
    recused_why = models.TextField(blank=True, max_length=2000)
    # The vote that counts; those before it stay in `votes`.
    current = models.OneToOneField("Vote", models.PROTECT, null=True, related_name="counts_for")

    class Meta:
        ordering = ["ballot", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "institution"], name="one_vote_per_institution"),
            models.CheckConstraint(condition=Q(recused_at=None) | Q(current=None), name="the_recused_have_no_vote"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return words.in_language(self.names)


class VoteChoice(models.TextChoices):
    """How one votes; `ranked` in a ballot that ranks."""

    ENDORSE = "endorse", _("Endorse")
    RESERVE = "reserve", _("Endorse with reservations")
    OBJECT = "object", _("Object")
    ABSTAIN = "abstain", _("Abstain")
    RANKED = "ranked", _("Ranked")


class Way(models.TextChoices):
    PAGE = "page", _("on its page")
    LINK = "link", _("by the link in a mail")
    API = "api", _("by a program")
    PAPER = "paper", _("on paper")
    ROOM = "room", _("in the room")


def nonce() -> str:
    """What keeps a hidden vote from being guessed from its receipt."""
    return secrets.token_hex(16)


class Vote(models.Model):
    """One vote as it was cast. Never changed, never deleted: whoever changes their mind casts another.

    A row without a choice takes back the one before it (`taken_back` says why: disputed, recused).
    """

    append_only = True

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="votes")
    elector = models.ForeignKey(Elector, models.PROTECT, related_name="votes")
    number = models.PositiveSmallIntegerField()
    choice = models.CharField(_("vote"), max_length=10, choices=VoteChoice, blank=True)
    ranking = models.JSONField(_("ranking"), default=list, blank=True)  # option numbers, the first choice first
    words = models.TextField(_("reservations or reason"), max_length=MOST_WRITTEN, blank=True)
    taken_back = models.CharField(max_length=10, blank=True)
    way = models.CharField(max_length=6, choices=Way, default=Way.PAGE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    capacity = models.CharField(max_length=12, blank=True)  # the role of the seat it was cast from
    evidence = models.FileField(_("evidence"), upload_to="votes/%Y/%m/", blank=True)
    evidence_name = models.CharField(max_length=120, blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=timezone.now)
    nonce = models.CharField(max_length=32, default=nonce)
    receipt = models.CharField(max_length=64)

    class Meta:
        ordering = ["elector", "number"]
        constraints = [
            models.UniqueConstraint(fields=["elector", "number"], name="vote_numbered_once"),
            models.CheckConstraint(
                condition=Q(choice="") ^ Q(taken_back=""), name="a_vote_says_something_or_takes_back"
            ),
            models.CheckConstraint(
                condition=~Q(choice__in=["reserve", "object"]) | ~Q(words=""), name="objections_have_reasons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.elector_id} #{self.number}"
