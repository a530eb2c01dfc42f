"""Pages of data requests: a TWG's list, one request, asking, changing, and the files that came."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.engine import readers, together
from workflow.engine.selectors import Line, actions
from workflow.engine.together import Wanted
from workflow.groups import sheets
from workflow.groups.form_tools import FORM, edit_page, save_form, show_form
from workflow.groups.services import require
from workflow.writing import storing

from . import answers, exporting, selectors, services
from .flow import ASKERS
from .forms import AskForm, RequestFilter, RequestForm, initial_of
from .models import DataRequest, DataRequestQuerySet

ON_A_PAGE = 30
EVENTS_ON_A_PAGE = 5


def _list_of(request: HttpRequest, code: str) -> tuple[RequestFilter, DataRequestQuerySet, list[selectors.Exchange]]:
    """A TWG's requests as its list is filtered, and who gives and uses data in it. 404 for who may not read them."""
    twg = get_object_or_404(selectors.twgs(request.user), code=code)
    exchanges = selectors.exchanges(twg)
    form = RequestFilter(request.GET or None, twg=twg, among=exchanges)
    return form, form.found(selectors.requests(request.user).filter(twg=twg)), exchanges


@login_required
@require_GET
def data_requests(request: HttpRequest, code: str) -> HttpResponse:
    """What the TWG has asked of whom, what is late, who gives and who uses (S11, S12)."""
    form, found, exchanges = _list_of(request, code)
    context = {
        "twg": form.twg,
        "form": form,
        "page_obj": Paginator(selectors.listed(found), ON_A_PAGE).get_page(request.GET.get("page")),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "exchanges": exchanges,
        "late": sum(exchange.late for exchange in exchanges),
        "may_ask": ASKERS(form.twg, request.user),
        "crumbs": [(form.twg.name, reverse("twg", args=[form.twg.code]))],
    }
    return render(request, "workflow/datarequests/requests.html", context)


@login_required
@require_GET
def data_requests_export(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The filtered list as a spreadsheet."""
    _form, found, _exchanges = _list_of(request, code)
    rows = exporting.rows(selectors.listed(found))
    return sheets.download(form, exporting.LAYOUT, rows, name=f"palabre-requests-{code}")


@login_required
@require_GET
def data_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what is asked of whom and why, what came, what can happen next."""
    subject = get_object_or_404(selectors.requests(request.user), pk=pk)
    wanted: dict[str, Wanted[Any]] = {
        "answers": selectors.answers_of(subject),
        "events": readers.last_wanted(subject, request.user, EVENTS_ON_A_PAGE),
    }
    read = together.answers(wanted)
    context = {
        "subject": subject,
        "answers": read["answers"],
        "actions": actions(subject, request.user),
        "may_edit": ASKERS(subject, request.user) and subject.state == "asked",
        "events": [_without_words(line) for line in read["events"]],
        "crumbs": [
            (subject.twg.name, reverse("twg", args=[subject.twg.code])),
            (_("Data requests"), reverse("data-requests", args=[subject.twg.code])),
        ],
    }
    return render(request, "workflow/datarequests/request.html", context)


def _without_words(line: Line) -> Line:
    """An answer's words stand on the page already: its line of the history does not say them again."""
    return replace(line, note="") if line.name == "answer" else line


@login_required
@FORM
def data_request_new(request: HttpRequest, code: str) -> HttpResponse:
    """Ask one institution or several the same thing at once. `?section=` says for which section."""
    twg = get_object_or_404(selectors.twgs(request.user), code=code)
    named = request.GET.get("section", "")
    section = int(named) if named.isdecimal() and len(named) < 19 else None
    form = AskForm(request.POST or None, twg=twg, section=section, initial={"section": section})
    require(ASKERS, DataRequest(twg=twg, section=form.offered.get(section)), request.user)
    listed = reverse("data-requests", args=[twg.code])

    def save() -> str:
        made = services.ask(twg, form.cleaned_data["institutions"], form.values, actor=request.user)
        return reverse("data-request", args=[made[0].pk]) if len(made) == 1 else listed

    said = _("Asked. Whoever answers for the institution gets a mail.")
    return save_form(request, form, save, back=listed, said=said) or show_form(
        request, form, title=_("Ask for data"), button=_("Ask"), back=listed, lead=twg.name,
        draft=f"data-request-new-{twg.pk}",
    )  # fmt: skip


@login_required
@FORM
def data_request_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another wording, day, section or user, while nobody has answered."""
    subject: DataRequest = get_object_or_404(selectors.requests(request.user), pk=pk)
    require(ASKERS, subject, request.user)
    form = RequestForm(
        request.POST or None, twg=subject.twg, section=subject.section_id, initial=initial_of(subject)
    )  # fmt: skip
    return edit_page(
        request, subject, form, services.change_request, title=_("Change the request"), lead=str(subject.institution)
    )


@login_required
@require_GET
def answer_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of an answer, to be downloaded by those who read the request."""
    answer = answers.visible_to(request.user).filter(pk=pk).first()
    if answer is None or not answer.file:
        raise Http404
    return storing.given(request, answer, attached=True)
