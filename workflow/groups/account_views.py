"""Invitations and API tokens. Sign-in itself is django-allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account.stages import LoginByCodeStage
from allauth.account.views import RequestLoginCodeView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from workflow.engine import refusals

from . import demo, invitations, tokens
from .account_forms import TokenForm
from .accounts import sign_in
from .models import ApiToken


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites to what; only the button signs in, since mail scanners follow links (410 when it no longer works)."""
    found = invitations.read(token)
    if found is None:
        return render(request, "workflow/groups/invitation_over.html", status=410)
    person, twg = found
    if request.method == "POST":
        return sign_in(request, person, to=reverse("twg", args=[twg.code]))
    context = {"invited": person, "twg": twg, "by": invitations.inviter(person, twg)}
    return render(request, "workflow/groups/invitation.html", context)


class SignIn(RequestLoginCodeView):
    """The one way in: an address, to which a code is sent; the ministry's log-in where one is set up."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> HttpResponseRedirect | None:
        """Whoever waits for a code may ask for another, or for another address; a second step stays where it is."""
        return None if stage.key == LoginByCodeStage.key else super()._redirect_to_pending_stage(request, stage)

    def form_invalid(self, form: Any) -> HttpResponse:
        if form.has_error("email", code="too_many_login_attempts"):
            return refusals.too_many(self.request)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
        context["providers"] = [
            {"name": app["name"], "url": reverse("openid_connect_login", args=[app["provider_id"]])} for app in apps
        ]
        if settings.DEMO:
            context["demo_people"] = demo.people()
        return context


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def token_page(request: HttpRequest) -> HttpResponse:
    """One's tokens: make one (its secret is shown this once), see when each was used, revoke."""
    person: Any = request.user
    form = TokenForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = tokens.make_token(person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            form = TokenForm()
    context = {"form": form, "secret": secret, "tokens": person.tokens.all()}
    return render(request, "workflow/groups/tokens.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, person=request.user)
    tokens.revoke(token)
    messages.success(request, _("The token is revoked."))
    return redirect("tokens")
