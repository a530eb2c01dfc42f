"""The import's two steps: a preview in which the secretariat says who is whom, then all lines or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from meetings.scheduling.models import Form, Meeting
from workflow.engine.errors import Unmet
from workflow.engine.forms import StyledForm
from workflow.groups.form_tools import FORM, attempt
from workflow.groups.sheet_files import UnreadableFile
from workflow.writing.pace import at_a_pace

from . import importing, lists, matching, places, views
from .importing import SKIP, WALK_IN
from .matching import DOUBTFUL, MATCHED, Candidate, Match
from .models import Way

TEMPLATE = "meetings/attendance/import.html"


class ListForm(StyledForm):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("List"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy(
            "The typed list of a signed sheet (columns name, institution, rank, arrived, left), or the participants’ "
            "file of Zoom, Teams or Meet. 5 MB at most."
        ),
    )  # fmt: skip


class ChoiceForm(forms.Form):
    """Who is whom: a choice for each person of the list; for what is doubtful none is made beforehand."""

    digest = forms.CharField(widget=forms.HiddenInput)
    way = forms.ChoiceField(label=gettext_lazy("They took part"), choices=Way.choices, widget=forms.RadioSelect)

    def __init__(
        self, data: Any = None, *, matches: Sequence[Match], people: dict[int, Candidate], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.matches = matches
        everybody = [(str(c.pk), _person(c)) for c in sorted(people.values(), key=lambda c: c.name.casefold())]
        for at, match in enumerate(matches):
            self.fields[f"row-{at}"] = forms.ChoiceField(
                label=match.entry.name, choices=_choices(match, people, everybody), initial=_initial(match),
                error_messages={"required": _("Say who this is.")},
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[Match, Any]]:
        """Those to look at first: what is doubtful, then strangers, then who is known."""
        listed = [(match, self[f"row-{at}"]) for at, match in enumerate(self.matches)]
        order = (DOUBTFUL, matching.UNMATCHED, MATCHED)
        return sorted(listed, key=lambda row: (not row[1].errors, order.index(row[0].fate)))

    @property
    def chosen(self) -> dict[int, str]:
        return {at: self.cleaned_data[f"row-{at}"] for at in range(len(self.matches))}


def _person(candidate: Candidate) -> str:
    return f"{candidate.name} ({candidate.institution})" if candidate.institution else candidate.name


def _choices(match: Match, people: dict[int, Candidate], everybody: list[tuple[str, str]]) -> list[Any]:
    likely = [(str(pk), _person(people[pk])) for pk in (match.person, *match.offered) if pk in people]
    # Who is known by their address or name is seldom somebody else: everybody beside every line would be a heavy page.
    others = [] if match.fate == MATCHED else [pair for pair in everybody if pair not in likely]
    listed: list[Any] = [("", _("choose"))] if match.fate == DOUBTFUL else []
    listed += likely
    listed += [(WALK_IN, _("somebody without an invitation")), (SKIP, _("leave this line out"))]
    return [*listed, (_("Others who are invited"), others)] if others else listed


def _initial(match: Match) -> str:
    return str(match.person) if match.person else "" if match.fate == DOUBTFUL else WALK_IN


@login_required
@FORM
@at_a_pace("upload", methods=("POST",))
def attendance_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a file and see who is whom; or, with what was chosen, write it."""
    found = views.run(request, pk)
    places.check_listed(found)
    if request.method == "POST" and "digest" in request.POST:
        return _apply(request, found)
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    plan, choices, status = None, None, 200
    if form.is_valid():
        try:
            plan = _planned(form.cleaned_data["file"], found)
            status = 422 if plan.problems else 200
        except UnreadableFile as error:
            form.add_error("file", error.reason)
            status = error.status
    elif form.errors:
        status = 422
    request.session[_kept(found)] = None
    if plan and not plan.problems:
        request.session[_kept(found)] = {"rows": plan.packed(), "digest": plan.digest}
        way = Way.ONLINE if found.form == Form.ONLINE else Way.ROOM
        choices = ChoiceForm(matches=plan.matches, people=plan.candidates, initial={"digest": plan.digest, "way": way})
    return _shown(request, found, status, form=form, plan=plan, choices=choices)


def _kept(meeting: Meeting) -> str:
    return f"attendance-import-{meeting.pk}"


def _planned(upload: Any, meeting: Meeting) -> matching.Plan:
    listed = lists.read(upload, meeting)
    plan = matching.plan(listed.entries, meeting)
    plan.problems, plan.notices = listed.problems, listed.notices
    return plan


def _apply(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    kept = request.session.get(_kept(meeting))
    if not kept or kept["digest"] != request.POST["digest"]:
        raise Unmet(_("This preview is no longer at hand: send the file again."))
    matches = matching.unpacked(kept["rows"])
    people = matching.candidates(meeting)
    choices = ChoiceForm(request.POST, matches=matches, people=people)
    written = None
    if choices.is_valid():
        way = choices.cleaned_data["way"]
        written = attempt(
            choices, lambda: importing.bring_in(meeting, matches, choices.chosen, actor=request.user, way=way)
        )
    if written is None:
        plan = matching.Plan(matches, people)
        return _shown(request, meeting, 422, form=ListForm(), plan=plan, choices=choices)
    del request.session[_kept(meeting)]
    told = ngettext("%(count)d line brought in.", "%(count)d lines brought in.", written) % {"count": written}
    messages.success(request, told)
    return redirect("attendance", meeting.pk)


def _shown(request: HttpRequest, meeting: Meeting, status: int, **context: Any) -> HttpResponse:
    context |= {"meeting": meeting, "crumbs": views.crumbs_to(meeting)}
    return render(request, TEMPLATE, context, status=status)
