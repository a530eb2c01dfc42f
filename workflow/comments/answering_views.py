"""The consultant's page: one comment after the other gets its answer (S13)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.documents.markdown import to_text
from workflow.engine.errors import NotPermitted
from workflow.engine.forms_version import stated_version
from workflow.groups.form_tools import FORM, save_form

from . import anchors, answering, reading, selectors
from .asks import DispositionForm
from .flow import ANSWERERS
from .models import UNANSWERED, Remark, Round
from .round_views import crumbs_to


@login_required
@FORM
def round_answering(request: HttpRequest, pk: int) -> HttpResponse:
    """The next comment without an answer, or `?comment=` by its number; after an answer comes the one behind it."""
    round_: Any = get_object_or_404(selectors.counted(selectors.rounds(request.user)), pk=pk)
    if not ANSWERERS(round_, request.user):
        raise NotPermitted(_("This is for %(who)s.") % {"who": ANSWERERS.told_of(round_)})
    remark = _wanted(request, round_)
    if remark is None:
        return render(request, "workflow/comments/answered.html", _frame(round_))
    others = answering.alike(remark, request.user)
    form = DispositionForm(request.POST or None, subject=remark, initial=_initial(request, remark, others))
    back = reverse("round-answering", args=[pk])

    def save() -> str:
        chosen = set(request.POST.getlist("alike"))
        twins = [other for other in others if str(other.pk) in chosen and other.state in UNANSWERED]
        answers = {name: value for name in form.fields if (value := request.POST.get(name))}
        answering.answer_alike(remark, twins, answers, actor=request.user, version=stated_version(request))
        return f"{back}?after={remark.number}"

    said = _("Answered. Here is the next one.")
    return save_form(request, form, save, back=back, said=said) or _show(request, round_, remark, form, others)


def _number(request: HttpRequest, name: str) -> int:
    told = request.GET.get(name, "")
    return int(told) if told.isdecimal() and len(told) < 9 else 0


def _wanted(request: HttpRequest, round_: Round) -> Remark | None:
    named = _number(request, "comment")
    if named:
        found = Remark.objects.all().visible_to(request.user).with_all().filter(round=round_)
        remark: Remark = get_object_or_404(found, number=named)
        return remark
    return answering.next_unanswered(round_, _number(request, "after"))


def _initial(request: HttpRequest, remark: Remark, others: list[Remark]) -> dict[str, Any]:
    """What was answered before; or, where it is asked for, what another comment in the same words was answered."""
    as_number = _number(request, "as")
    source = next((other for other in others if other.number == as_number and other.disposition), remark)
    told: dict[str, Any] = {"disposition": source.disposition, "answer": source.answer}
    if source.revision and source.section_id == remark.section_id:
        told["revision"] = source.revision.number
    return told


def _frame(round_: Any) -> dict[str, Any]:
    total = round_.comment_count
    progress = ngettext("%(done)d of %(count)d comment answered", "%(done)d of %(count)d comments answered", total)
    told = progress % {"done": total - round_.waiting_count, "count": total}
    return {"round": round_, "progress": told, "crumbs": crumbs_to(round_)}


def _show(
    request: HttpRequest, round_: Round, remark: Any, form: DispositionForm, others: list[Remark]
) -> HttpResponse:
    [said] = reading.with_replies(reading.told(Remark.objects.filter(pk=remark.pk)), reading.reader_of(
        round_, request.user))  # fmt: skip
    place = None
    if said.remark.section and remark.quote:
        searched = anchors.Searched(to_text(said.remark.section.body))
        place = searched.locate(remark.quote, remark.before, remark.after)
    context = _frame(round_) | {
        "remark": remark,
        "said": said,
        "form": form,
        "place": place,
        "twins": [other for other in others if other.state in UNANSWERED],
        "answered_twins": [other for other in others if other.disposition],
        "chosen": request.POST.getlist("alike"),
        "skip": f"{reverse('round-answering', args=[round_.pk])}?after={remark.number}",
    }
    return render(request, "workflow/comments/answering.html", context, status=422 if form.errors else 200)
