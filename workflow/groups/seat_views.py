"""Giving and ending seats, and inviting those who hold them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from workflow.engine.forms import FuzzyDateField, StyledForm
from workflow.engine.forms_version import stated_version

from . import access, invitations, services
from .form_tools import FORM, save_form, show_form
from .models import Institution, Membership, Rank, Role, Twg
from .services import SEAT_GIVERS, require
from .twg_forms import institutions_near, offer
from .twg_views import twg_to_change


class SeatForm(StyledForm):
    kept = ("institution", "role", "rank", "since")
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=200, required=False,
        help_text=gettext_lazy("Somebody who is known already keeps their own name."),
    )  # fmt: skip
    institution = forms.ModelChoiceField(
        Institution.objects.none(), label=gettext_lazy("Institution"), required=False, empty_label=gettext_lazy("Open")
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices, initial=Role.MEMBER)
    rank = forms.ChoiceField(label=gettext_lazy("Rank"), choices=[("", "–"), *Rank.choices], required=False)
    since = FuzzyDateField(label=gettext_lazy("From"), required=False)
    invite = forms.BooleanField(label=gettext_lazy("Send an invitation now"), required=False, initial=True)

    def __init__(self, *args: Any, twg: Twg, may_enter: bool = False, **kwargs: Any) -> None:
        """`may_enter` offers the way to the directory, for an institution that is not in it yet."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["institution"]
        offer(field, institutions_near(twg))
        if may_enter:
            words = _("Not in the list? Enter it in the directory first.")
            field.help_text = format_html('<a href="{}">{}</a>', reverse("institution-new"), words)


class EndSeatForm(StyledForm):
    until = FuzzyDateField(label=gettext_lazy("Last day"))
    note = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


@login_required
@FORM
def seat_new(request: HttpRequest, code: str) -> HttpResponse:
    """Give somebody a seat, and send them an invitation."""
    twg = twg_to_change(request, code, SEAT_GIVERS)
    back = reverse("twg", args=[twg.code])
    form = SeatForm(request.POST or None, twg=twg, may_enter=access.keeper(None, request.user))

    def save() -> None:
        _give(twg, form, version=stated_version(request), actor=request.user)

    return save_form(request, form, save, back=back, said=_("The seat is given.")) or show_form(
        request, form, title=_("Give a seat"), button=_("Give the seat"), back=back, lead=twg.name,
        version=twg.version, draft=f"seat-{twg.pk}",
    )  # fmt: skip


@transaction.atomic
def _give(twg: Twg, form: SeatForm, *, version: int, actor: Any) -> None:
    """The person, the seat and the invitation: all or nothing."""
    person = services.person_for(
        form.cleaned_data["email"], name=form.cleaned_data["name"], actor=actor,
        language=twg.languages[0] if twg.languages else "en", time_zone=twg.time_zone,
    )  # fmt: skip
    services.give_seat(twg, person, form.values, actor=actor, version=version)
    if form.cleaned_data["invite"]:
        invitations.invite(person, twg, actor=actor)


def _seat_of(request: HttpRequest, pk: int) -> Membership:
    """A seat of a TWG whose page the reader may open (404), which they may give and end (403)."""
    found = Membership.objects.all().visible_to(request.user).select_related("twg", "person", "institution")
    seat: Membership = get_object_or_404(found, pk=pk)
    require(SEAT_GIVERS, seat.twg, request.user)
    return seat


@login_required
@FORM
def seat_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a seat; it stays readable, with its reason in the history."""
    seat = _seat_of(request, pk)
    back = reverse("twg", args=[seat.twg.code])
    form = EndSeatForm(request.POST or None, initial={"until": timezone.localdate().isoformat()})

    def save() -> None:
        services.end_seat(seat, actor=request.user, version=stated_version(request), **form.cleaned_data)

    lead = _("%(person)s, %(role)s") % {"person": seat.person, "role": seat.get_role_display()}
    return save_form(request, form, save, back=back, said=_("The seat has ended.")) or show_form(
        request, form, title=_("End a seat"), button=_("End the seat"), back=back, lead=lead, version=seat.twg.version,
        danger=True, draft=f"seat-end-{seat.pk}",
    )  # fmt: skip


@login_required
@require_POST
def seat_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the invitation (again)."""
    seat = _seat_of(request, pk)
    try:
        invitations.invite(seat.person, seat.twg, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": seat.person.email})
    return redirect("twg", seat.twg.code)
