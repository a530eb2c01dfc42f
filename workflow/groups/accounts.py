"""How people sign in: django-allauth, without sign-up; seats and invitations bring people in, nothing else."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from workflow.engine import services as engine

from . import services, sign_in_codes
from .models import Person


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: Any) -> bool:
        """Nobody makes an account for themselves: a secretariat gives a seat."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Only codes are sent; they go to the person's own address."""
        if template_prefix != "account/email/login_code":
            raise ValueError(f"Palabre sends no such mail: {template_prefix}")
        sign_in_codes.send(Person.objects.get_by_natural_key(email), context["code"])


class MFAAdapter(DefaultMFAAdapter):
    def build_totp_svg(self, url: str) -> str:
        """On white, since no app reads black squares on a dark page."""
        tag, rest = super().build_totp_svg(url).split("<path", 1)
        return f'{tag}<rect width="100%" height="100%" fill="#fff"/><path{rest}'


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def pre_social_login(self, request: Any, sociallogin: Any) -> None:
        """Only to sign in: a log-in is tied to a person by its verified address, never to whoever is signed in."""
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise PermissionDenied

    def is_open_for_signup(self, request: Any, sociallogin: Any) -> bool:
        """A ministry's log-in opens the seat of its verified address, and makes nobody."""
        return False


@receiver(authenticator_added)
def _proven(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Who has just typed the app's first code sees their recovery codes without typing the next one."""
    record_authentication(request, user, method="mfa", reauthenticated=True)


def display(person: Any) -> str:
    """The name that allauth shows."""
    return str(person)


def sign_in(request: HttpRequest, person: Person, *, to: str) -> HttpResponse:
    """Open a session through allauth's own steps, a second factor included. Uses up every link bound to last_login."""
    response: HttpResponse = perform_login(request, person, email_verification="none", redirect_url=to)
    return response


def make_administrator(email: str, *, name: str = "") -> Person:
    """The person with this address runs the installation from now on; made if there is none. For the command line."""
    person = services.person_for(email, name=name, actor=None, is_administrator=True)
    if not person.is_administrator or not person.is_active:
        with engine.change(person, "changed", actor=None, note="Made an administrator.") as change:
            change.subject.is_administrator = change.subject.is_active = True
    return person


def forget_second_step(person: Person) -> bool:
    """For somebody who has lost their phone and their codes; False when no second step was set up."""
    authenticators = Authenticator.objects.filter(user=person)
    if not authenticators.exists():
        return False
    with engine.change(person, "changed", actor=None, note="The second step of signing in was turned off.") as change:
        change.always = True
        authenticators.delete()
    return True
