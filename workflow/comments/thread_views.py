"""Threads on pages: reply, the chair's attention, mail or no mail (S13)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from workflow.engine.forms_version import stated_version
from workflow.groups.form_tools import FORM, save_form, show_form

from . import threads
from .forms import NoteForm, ReplyForm
from .remark_views import find_remark


def _thread(remark: Any, anchor: int = 0) -> str:
    url = reverse("remark", args=[remark.thread_id])
    return f"{url}#remark-{anchor}" if anchor else url


@login_required
@FORM
def remark_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """A word in the thread below a comment or a reply."""
    parent = find_remark(request, pk)
    form = ReplyForm(request.POST or None)

    def save() -> str:
        told = form.cleaned_data
        made = threads.reply(parent, told["comment"], actor=request.user, followup=told["followup"])
        return _thread(parent, made.pk)

    return save_form(request, form, save, back=_thread(parent), said=_("Said.")) or show_form(
        request, form, title=pgettext("button", "Reply"), button=pgettext("button", "Reply"), back=_thread(parent),
        lead=str(parent), draft=f"reply-{parent.pk}",
    )  # fmt: skip


@login_required
@FORM
def remark_flag(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the chair's attention."""
    remark = find_remark(request, pk)
    form = NoteForm(request.POST if request.method == "POST" else None, needed=False, label=_("Why"))

    def save() -> None:
        threads.flag(remark, actor=request.user, note=form.cleaned_data["note"])

    said = _("The chair and the secretariat are told.")
    return save_form(request, form, save, back=_thread(remark), said=said) or show_form(
        request, form, title=_("Ask for the chair's attention"), button=_("Ask"), back=_thread(remark),
        lead=str(remark), version=remark.version,
    )  # fmt: skip


@login_required
@FORM
def remark_unflag(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the flags away, with what was done about it."""
    remark = find_remark(request, pk)
    form = NoteForm(request.POST or None, needed=True, label=_("What was done about it"))

    def save() -> None:
        note, version = form.cleaned_data["note"], stated_version(request)
        threads.unflag(remark, actor=request.user, note=note, version=version)

    return save_form(request, form, save, back=_thread(remark), said=_("Saved.")) or show_form(
        request, form, title=_("It no longer needs the chair's attention"), button=_("Take the flag away"),
        back=_thread(remark), lead=str(remark), version=remark.version,
    )  # fmt: skip


@login_required
@require_POST
def remark_mute(request: HttpRequest, pk: int) -> HttpResponse:
    """No more mail about the thread (`on=yes`), or mail again (`on=no`)."""
    remark = find_remark(request, pk)
    on = request.POST.get("on") != "no"
    threads.mute(remark, request.user, on=on)
    said = _("You get no more mail about this thread.") if on else _("You get mail about this thread again.")
    messages.success(request, said)
    return redirect(_thread(remark))


@require_http_methods(["GET", "HEAD", "POST"])
def thread_mute(request: HttpRequest, token: str) -> HttpResponse:
    """From a mail, by one press and without signing in. Looking at the page does nothing: programs look at links."""
    found = threads.read_token(token)
    if found is None:
        raise Http404
    muted = None
    if request.method == "POST":
        muted = request.POST.get("on") != "no"
        threads.mute_thread(*found, on=muted)
    return render(request, "workflow/comments/mute.html", {"muted": muted})
