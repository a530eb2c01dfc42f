"""People and their API tokens."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import Any, ClassVar, cast

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.engine import digests
from workflow.engine.models import Subject

from .. import access


@cache
def _zones() -> frozenset[str]:
    """Python opens hundreds of files to list them, which is too much for every seat that is given."""
    return frozenset(zoneinfo.available_timezones())


def validate_zone(name: str) -> None:
    """An IANA time zone such as Africa/Accra."""
    if name not in _zones():
        raise ValidationError(
            _("“%(zone)s” is not a time zone; write one such as Africa/Accra."), params={"zone": name}
        )


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, person: Any) -> PersonQuerySet:
        """Oneself and those with whom one shares a TWG from the inside; administrators see everybody."""
        return cast(PersonQuerySet, access.people_visible(self, person))


class PersonManager(BaseUserManager["Person"]):
    """People are found by address; capital letters make no difference."""

    def get_queryset(self) -> PersonQuerySet:
        return PersonQuerySet(self.model, using=self._db)

    def visible_to(self, person: Any) -> PersonQuerySet:
        return self.get_queryset().visible_to(person)

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())


class Person(Subject, AbstractBaseUser):
    """Somebody with an address. A person does nothing by themselves: seats say what they may see and do."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[validate_zone])
    is_active = models.BooleanField(_("may sign in"), default=True)
    # Runs the installation: accounts, the failed outbox. It opens no TWG from the inside.
    is_administrator = models.BooleanField(_("administrator"), default=False)
    joined_at = models.DateTimeField(default=timezone.now)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["name", "email"]
        constraints = [models.CheckConstraint(condition=models.Q(email=Lower("email")), name="person_email_lower")]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        self.email = self.email.strip().lower()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)


class ApiToken(models.Model):
    """A token for the API: shown once, kept as a hash, with scopes and an end."""

    class Scope(models.TextChoices):
        READ = "read", _("read")
        WRITE = "write", _("read and act")

    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    label = models.CharField(_("what it is for"), max_length=100)
    prefix = models.CharField(max_length=8)
    hash = models.CharField(max_length=64, unique=True)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope, default=Scope.READ)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix}…)"

    @staticmethod
    def hash_of(secret: str) -> str:
        """Tokens are long and random, so a plain SHA-256 is enough."""
        return digests.of_text(secret)

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()
