"""Who is signed in: read with their seats by one question, since every page asks for both."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model

from . import seats


class WithSeats(AuthenticationBackend):
    """The accounts package's own way in; only the person behind a session is read differently."""

    def get_user(self, user_id: Any) -> Any:
        person = seats.signed_in(get_user_model(), user_id)
        return person if person is not None and self.user_can_authenticate(person) else None
