"""Pages on which an invited person answers, signed in or by the link in a mail: which date suits, whether they come."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from workflow.groups.bearers import private, serve
from workflow.groups.form_tools import FORM, save_form, status_of

from . import links, polling, replying, selectors
from .forms import PollForm, ReplyForm
from .mails import is_over
from .models import Invitation, Meeting, MeetingState, Slot
from .views import FOLDER, meeting_or_404


@login_required
@FORM
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The person's own answer, signed in."""
    found = meeting_or_404(request, pk)
    invitation = selectors.own(found, request.user)
    if invitation is None:
        raise Http404
    return _answered(request, found, invitation, request.user, back=reverse("meeting", args=[found.pk]))


@never_cache
@FORM
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same for the bearer of a link: it signs nobody in, and looking changes nothing."""
    invitation = links.read(token)
    if invitation is None:
        return private(render(request, f"{FOLDER}/link_over.html", status=410))
    person = invitation.person
    serve(person)
    return private(_answered(request, invitation.meeting, invitation, person, back=request.path, by_link=True))


def _answered(
    request: HttpRequest, meeting: Meeting, invitation: Invitation, person: Any, *, back: str, by_link: bool = False
) -> HttpResponse:
    polls = meeting.state == MeetingState.POLLING
    form: Any = _poll_form(request, meeting, invitation) if polls else ReplyForm(
        request.POST or None, invitation=invitation
    )  # fmt: skip

    def save() -> None:
        if polls:
            polling.answer(meeting, person, form.answers)
        else:
            told = form.cleaned_data
            replying.reply(meeting, person, replying.Said(told["reply"], told["note"], told["replaced_by"]))

    saved = save_form(request, form, save, back=back, said=_("Thank you: your answer is recorded."))
    if saved is not None:
        return saved
    context = {
        "meeting": meeting, "form": form, "invitation": invitation, "polls": polls, "over": is_over(meeting),
        "by_link": by_link, "agenda": selectors.agenda(meeting, person), "back": "" if by_link else back,
    }  # fmt: skip
    return render(request, f"{FOLDER}/answer.html", context, status=status_of(form))


def _poll_form(request: HttpRequest, meeting: Meeting, invitation: Invitation) -> PollForm:
    slots = Slot.objects.filter(meeting=meeting)
    return PollForm(request.POST or None, slots=slots, given=selectors.given(invitation), words=_in_words)


def _in_words(slot: Slot) -> str:
    """A date in the reader's zone."""
    starts, ends = timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)
    return _("%(day)s, %(from)s to %(to)s (%(zone)s)") % {
        "day": date_format(starts, "l j F Y"), "from": date_format(starts, "H:i"), "to": date_format(ends, "H:i"),
        "zone": timezone.get_current_timezone_name(),
    }  # fmt: skip
