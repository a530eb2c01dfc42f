"""How people sign in: django-allauth, without sign-up; seats and invitations bring people in, nothing else."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: Any) -> bool:
        """Nobody makes an account for themselves: a secretariat gives a seat."""
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: Any, sociallogin: Any) -> bool:
        return False


def display(person: Any) -> str:
    """The name that allauth shows."""
    return str(person)
