"""Pages on which a draft is commented on: a section with its comments beside it, one comment, one's own (S13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.documents import diff
from workflow.documents.markdown import render as as_html
from workflow.documents.markdown import to_text
from workflow.engine import history, readers, together
from workflow.engine.errors import NotPermitted, Unmet
from workflow.engine.forms_version import stated_version
from workflow.engine.selectors import actions
from workflow.engine.together import Found, Listing, Wanted, first
from workflow.groups import access
from workflow.groups.form_tools import FORM, save_form, show_form
from workflow.groups.models import Institution
from workflow.writing.figures import finder_in
from workflow.writing.models import DraftSection, Revision

from . import anchors, reading, remarks, selectors, speaking
from .flow import takes_comments
from .forms import ChangeRemarkForm, RemarkForm
from .models import Muted, Remark, RemarkQuerySet, RemarkState, Round
from .round_views import crumbs_to, find

EVENTS_ON_A_PAGE = 5


# -- a section, or the draft as a whole -------------------------------------------------------------------


@dataclass(frozen=True)
class Neighbours:
    """The draft's sections around one of them, to go on reading."""

    here: DraftSection | None
    previous: DraftSection | None
    next: DraftSection | None
    body: str = ""  # what stands here


def _neighbours(round_: Round, section: int | None) -> Wanted[Neighbours]:
    """Raises Http404 for a section that is not in the draft."""
    frozen = DraftSection.objects.filter(draft=round_.draft_id).order_by("position")
    listings = {
        "sections": Listing(frozen, "section", "place", "titles"),
        "here": Listing(frozen.filter(section=section), "revision__body"),
    }
    return Wanted(listings, lambda found: _around(found, section))


def _around(read: Found, section: int | None) -> Neighbours:
    found, here = read["sections"], first(read["here"])
    if section is None:
        return Neighbours(None, None, found[0] if found else None)
    at = next((at for at, line in enumerate(found) if line.section_id == section), None)
    if at is None:
        raise Http404
    following = found[at + 1] if at + 1 < len(found) else None
    return Neighbours(found[at], found[at - 1] if at else None, following, here.body if here else "")


@login_required
@FORM
def round_section(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    """The draft's section with the comments on it beside it, and the form for one's own."""
    return _commenting(request, find(request, pk), section)


@login_required
@FORM
def round_whole(request: HttpRequest, pk: int) -> HttpResponse:
    """Comments on the draft as a whole."""
    return _commenting(request, find(request, pk), None)


def _commenting(request: HttpRequest, round_: Round, section: int | None) -> HttpResponse:
    wanted: dict[str, Wanted[Any]] = {
        "around": _neighbours(round_, section),
        "mine": selectors.mine_of(round_, request.user),
    }
    if access.secretariat(round_, request.user):
        wanted["asked"] = selectors.institutions_asked(round_)
    read = together.answers(wanted)
    around, mine = read["around"], read["mine"]
    form = _form(request, round_, mine, read.get("asked"), whole=section is None)
    if form is None:
        if request.method == "POST":
            raise NotPermitted(_("Your institution is not asked in this round."))
        return _show_commenting(request, round_, around, None, mine)
    try:
        answer = _comment(request, round_, around, form)
    except Unmet as error:  # the deadline passed while it was being written: what was typed is given back
        form.add_error(None, str(error.reason))
        return _show_commenting(request, round_, around, form, mine, status=error.status)
    return answer or _show_commenting(request, round_, around, form, mine)


def _comment(request: HttpRequest, round_: Round, around: Neighbours, form: RemarkForm) -> HttpResponse | None:
    section = around.here.section_id if around.here else None
    url = _address(round_, section)

    def save() -> str:
        told = form.cleaned_data
        made = remarks.remark(
            round_, told["comment"], actor=request.user, section=around.here.section if around.here else None,
            institution=told.get("institution"), inside=told.get("inside", False), followup=told["followup"],
            fields=form.said,
        )  # fmt: skip
        page = reading.page_holding(_said(request, round_, section), made.number)
        return f"{url}?page={page}#remark-{made.pk}"

    return save_form(request, form, save, back=url, said=_("Your comment is kept."))


def _said(request: HttpRequest, round_: Round, section: int | None) -> RemarkQuerySet:
    """The comments on a section, or on the draft as a whole, that the reader may read."""
    return Remark.objects.all().visible_to(request.user).filter(round=round_, section=section)


def _form(
    request: HttpRequest, round_: Round, mine: Any, on_behalf: list[Institution] | None, *, whole: bool
) -> RemarkForm | None:
    """The form for a comment; None for those who can't make one now. What was sent is always read.

    `on_behalf` are the institutions for which the person may take comments down; None for who may not.
    """
    if request.method != "POST" and not takes_comments(round_):
        return None
    if on_behalf is None and mine is None:
        return None
    may_keep = bool(mine and mine.clears and mine.focal)
    return RemarkForm(
        request.POST or None, whole=whole, on_behalf=on_behalf or (), may_keep=may_keep, auto_id="remark_%s"
    )  # fmt: skip


def _show_commenting(
    request: HttpRequest, round_: Round, around: Neighbours, form: RemarkForm | None, mine: Any, status: int = 0
) -> HttpResponse:
    here = around.here
    context = {
        "round": round_,
        "around": around,
        "here": here,
        "html": as_html(around.body, figure=finder_in(round_.draft), prefix=f"s{here.section_id}") if here else "",
        "page_obj": reading.threads(
            _said(request, round_, here.section_id if here else None), round_, request.user, request.GET.get("page")
        ),
        "form": form,
        "mine": mine,
        "draft": f"remark-{round_.pk}-{here.section_id if here else 0}",
        "url": _address(round_, here.section_id if here else None),
        "crumbs": crumbs_to(round_),
    }
    wrong = form is not None and form.errors
    return render(request, "workflow/comments/section.html", context, status=status or (422 if wrong else 200))


def _address(round_: Round, section: int | None) -> str:
    if section is None:
        return reverse("round-whole", args=[round_.pk])
    return reverse("round-section", args=[round_.pk, section])


# -- one comment ------------------------------------------------------------------------------------------


def find_remark(request: HttpRequest, pk: int) -> Any:
    """The comment or reply, for those who may read it; 404 for all others."""
    found = reading.told(Remark.objects.all().visible_to(request.user))
    return get_object_or_404(found, pk=pk)


@login_required
@require_GET
def remark_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A comment: what it says of which words, its answer and what was changed for it, its thread, its history."""
    remark = find_remark(request, pk)
    if remark.is_reply:
        return redirect(f"{reverse('remark', args=[remark.thread_id])}#remark-{remark.pk}")
    round_: Round = remark.round
    [said] = reading.with_replies([remark], reading.reader_of(round_, request.user))
    events = list(history.events_of(remark).order_by("-sequence")[:EVENTS_ON_A_PAGE])
    context = {
        "remark": remark,
        "round": round_,
        "said": said,
        "difference": _difference(remark),
        "place": _place_now(remark),
        "muted": Muted.objects.filter(person=request.user.pk or 0, thread_id=remark.thread_id).exists(),
        "may_flag": speaking.takes_part(request.user, round_.twg) and not remark.inside,
        "may_unflag": remark.flagged and (access.chair | access.secretariat)(round_, request.user),
        "may_change": said.mine and remark.state == RemarkState.INSIDE,
        "actions": actions(remark, request.user),
        "events": readers.lines_for(events, request.user),
        "crumbs": [*crumbs_to(round_), (_place_of(remark), _address(round_, remark.section_id))],
    }
    return render(request, "workflow/comments/remark.html", context)


def _place_of(remark: Remark) -> str:
    return str(remark.section) if remark.section else _("The draft as a whole")


def _difference(remark: Remark) -> SafeString | None:
    """What the revision that the answer names has changed in the section since the draft."""
    if remark.revision_id is None:
        return None
    frozen = DraftSection.objects.filter(draft=remark.round.draft_id, section=remark.section_id)
    before = frozen.values_list("revision__body", flat=True).first() or ""
    after = Revision.objects.values_list("body", flat=True).get(pk=remark.revision_id)
    return diff.inline(diff.fold(diff.compare(before, after)))


def _place_now(remark: Remark) -> anchors.Place | None:
    """Where the words that it is about stand in the section as it is now."""
    if not remark.quote or remark.section is None:
        return None
    return anchors.Searched(to_text(remark.section.body)).locate(remark.quote, remark.before, remark.after)


@login_required
@FORM
def remark_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another wording of what is inside the institution."""
    remark = find_remark(request, pk)
    remarks.check_may_change(remark, request.user)
    initial = {name: getattr(remark, name) for name in ("comment", "quote", "before", "after", "kind", "weight")}
    form = ChangeRemarkForm(request.POST or None, whole=remark.section_id is None, initial=initial)
    back = reverse("remark", args=[remark.thread_id])

    def save() -> None:
        words, version = form.cleaned_data["comment"], stated_version(request)
        remarks.change_remark(remark, words, form.said, actor=request.user, version=version)

    return save_form(request, form, save, back=back, said=_("Saved.")) or show_form(
        request, form, title=_("Change the comment"), button=_("Save"), back=back, lead=_place_of(remark),
        version=remark.version, draft=f"remark-edit-{remark.pk}",
    )  # fmt: skip
