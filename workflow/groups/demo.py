"""The demonstration: one person of each kind, found by seat, and links that let each in once."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Category, Membership, Person, ProjectSeat

SALT = "palabre.demo"
Text = str | Promise


def people() -> list[tuple[Text, Person]]:
    """Somebody of each kind, as far as the loaded project has one: (who, person)."""
    seats = Membership.objects.active().filter(twg__kind="twg").select_related("person").order_by("id")
    ghana, mali = seats.filter(twg__country="GH"), seats.filter(twg__country="ML")
    ministry = ghana.filter(role="member", institution__category=Category.GOVERNMENT)
    civil = ghana.filter(institution__category=Category.CIVIL_SOCIETY)
    wanted = (
        (_("Secretariat, Ghana"), ghana.filter(role="secretariat")),
        (_("Chair, Ghana"), ghana.filter(role="chair")),
        (_("Consultant, Ghana"), ghana.filter(role="consultant")),
        (_("A ministry's member, Ghana"), ministry),
        (_("Civil-society observer, Ghana"), civil),
        (_("Secretariat, Mali"), mali.filter(role="secretariat")),
        (_("Secretariat of the region"), seats.filter(twg__region__isnull=False, role="secretariat")),
        (_("IOM monitor"), ProjectSeat.objects.select_related("person").order_by("id")),
    )
    found: list[tuple[Text, Person]] = [(label, seat.person) for label, rows in wanted if (seat := rows.first())]
    administrator = Person.objects.filter(is_administrator=True, is_active=True).first()
    return [*found, (_("Administrator"), administrator)] if administrator else found


def link_for(person: Person) -> str:
    """A link that signs the person in once: it is bound to the last sign-in."""
    token = signing.dumps([person.pk, _bound_to(person)], salt=SALT)
    return settings.SITE_URL + reverse("demo-enter", args=[token])


def read(token: str) -> Person | None:
    """Whom a link lets in; None when it is forged or used."""
    try:
        pk, bound = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = Person.objects.filter(pk=pk, is_active=True).first()
    return person if person and _bound_to(person) == bound else None


def _bound_to(person: Person) -> str:
    return person.last_login.isoformat() if person.last_login else ""
