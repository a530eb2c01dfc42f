"""Who speaks to the API: a session, or a token that is kept as a hash and has a scope and an end."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from .models import ApiToken, Person

SAFE = ("GET", "HEAD", "OPTIONS")
LONGEST_DAYS = 366
MOST_TOKENS = 20
USED_EVERY = timedelta(minutes=1)  # last use is written no more often than this


def make_token(person: Person, *, label: str, scope: str, days: int) -> tuple[ApiToken, str]:
    """A new token and its secret, which is shown once and never again. Raises ValidationError."""
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError({"days": _("A token is valid for one day to one year.")})
    if sum(token.is_valid for token in person.tokens.all()) >= MOST_TOKENS:
        raise ValidationError(_("You have twenty valid tokens: revoke one first."))
    secret = "pal_" + secrets.token_urlsafe(32)
    token = ApiToken(
        person=person,
        label=label,
        prefix=secret[:8],
        hash=ApiToken.hash_of(secret),
        scope=scope,
        expires_at=timezone.now() + timedelta(days=days),
    )
    token.full_clean(exclude=["last_used_at", "revoked_at"])
    token.save()
    return token, secret


def revoke(token: ApiToken) -> None:
    """The token no longer opens anything; its row stays to be seen."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer pal_…`."""

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        kind, _space, secret = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        found = self._find(secret.decode("ascii", "replace").strip())
        if found is None or not found.is_valid or not found.person.is_active:
            raise AuthenticationFailed(_("This token is unknown, has ended or was revoked."))
        self._note_use(found)
        return found.person, found

    def _find(self, secret: str) -> ApiToken | None:
        return ApiToken.objects.select_related("person").filter(hash=ApiToken.hash_of(secret)).first()

    def _note_use(self, token: ApiToken) -> None:
        now = timezone.now()
        if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="palabre"'


class SignedInWithScope(BasePermission):
    """Signed in, and where a token speaks, within its scope: `read` reads, `write` also acts."""

    def has_permission(self, request: Any, view: Any) -> bool:
        if not request.user.is_authenticated:
            return False
        token = request.auth
        if isinstance(token, ApiToken) and request.method not in SAFE and token.scope != ApiToken.Scope.WRITE:
            self.message = _("This token may only read.")
            return False
        return True


class OpenToAll(SignedInWithScope):
    """What is published is read without a token; `visible_to` says what that is."""

    def has_permission(self, request: Any, view: Any) -> bool:
        anonymous = not request.user.is_authenticated
        if anonymous and request.method in SAFE:
            return True
        return bool(super().has_permission(request, view))
