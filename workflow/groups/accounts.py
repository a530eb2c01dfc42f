"""How people sign in: django-allauth, without sign-up; seats and invitations bring people in, nothing else."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import perform_login
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from .models import Person


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: Any) -> bool:
        """Nobody makes an account for themselves: a secretariat gives a seat."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of the person who gets it, not of the page on which it was asked for."""
        person = Person.objects.filter(email=email.strip().lower()).first()
        with translation.override(person.language if person else translation.get_language()):
            super().send_mail(template_prefix, email, context)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: Any, sociallogin: Any) -> bool:
        """A ministry's log-in opens the seat of its verified address, and makes nobody."""
        return False


def display(person: Any) -> str:
    """The name that allauth shows."""
    return str(person)


def sign_in(request: HttpRequest, person: Person, *, to: str) -> HttpResponse:
    """Open a session through allauth's own steps, a second factor included. Uses up every link bound to last_login."""
    response: HttpResponse = perform_login(request, person, email_verification="none", redirect_url=to)
    return response
