"""Whoever opens the link of a mail: bound to the address it was sent to, and served in their own language and zone."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac

from .models import Person


def bound_to(person: Person, salt: str) -> str:
    """Of the address nothing can be read in the link; another address makes it void."""
    return salted_hmac(salt, person.email).hexdigest()[:16]


def serve(person: Person) -> Any:
    """The bearer's language and zone, whoever is signed in on this device; the middleware takes them back."""
    translation.activate(person.language)
    timezone.activate(person.time_zone)
    return person


def private(response: HttpResponse) -> HttpResponse:
    """The address itself is the key: it is told to no other site, and kept by no search engine."""
    response["Referrer-Policy"] = "same-origin"  # "no-referrer" would take the origin from the button, too
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Content-Language"] = translation.get_language()
    return response
