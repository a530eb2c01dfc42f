"""Pages of rounds: planned on a draft, opened, extended, closed; who has commented and who has not (S13)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.engine import readers, together
from workflow.engine.errors import Unmet
from workflow.engine.forms_version import stated_version
from workflow.engine.selectors import actions
from workflow.engine.together import Wanted
from workflow.groups import access
from workflow.groups.form_tools import FORM, save_form, show_form
from workflow.groups.models import TermsOfReference, TermsState, Twg
from workflow.groups.services import require
from workflow.writing import selectors as writing
from workflow.writing.models import Draft

from . import asked, selectors, services, standing
from .flow import ANSWERERS, KEEPERS, RUNNERS, takes_comments
from .forms import AskMoreForm, EmptyForm, ExtendForm, RoundForm, initial_of, suggested
from .models import Asked, Round, RoundState

EVENTS_ON_A_PAGE = 5
USUAL_DAYS = 21


def find(request: HttpRequest, pk: int) -> Round:
    """The round, for those who know of it; 404 for all others."""
    found: Round = get_object_or_404(selectors.rounds(request.user), pk=pk)
    return found


def crumbs_of(round_: Round) -> list[tuple[str, str]]:
    return [
        (round_.twg.name, reverse("twg", args=[round_.twg.code])),
        (str(round_.draft), reverse("draft", args=[round_.draft_id])),
    ]


def crumbs_to(round_: Round) -> list[tuple[str, str]]:
    return [*crumbs_of(round_), (str(round_), reverse("round", args=[round_.pk]))]


@login_required
@require_GET
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A round: its state, who has answered, where the comments are, what can happen next."""
    round_: Any = get_object_or_404(selectors.counted(selectors.rounds(request.user)), pk=pk)
    runs = RUNNERS(round_, request.user)
    wanted: dict[str, Wanted[Any]] = {
        "lines": standing.lines_of(round_),
        "parts": selectors.sections(round_),
        "mine": selectors.mine_of(round_, request.user),
        "events": readers.last_wanted(round_, request.user, EVENTS_ON_A_PAGE),
    }
    if runs and round_.is_flagged:
        wanted["flagged"] = selectors.flagged_of(round_, request.user)
    read = together.answers(wanted)
    context = read | {
        "round": round_,
        "answered": sum(line.answered for line in read["lines"]),
        "takes_comments": takes_comments(round_),
        "may_edit": KEEPERS(round_, request.user) and round_.state == RoundState.PLANNED,
        "may_extend": runs and round_.state in (RoundState.OPEN, RoundState.CLOSED),
        "may_keep": KEEPERS(round_, request.user) and round_.state == RoundState.OPEN,
        "may_answer": ANSWERERS(round_, request.user),
        "names": access.may_read_addresses(request.user, round_.twg),
        "actions": actions(round_, request.user),
        "crumbs": crumbs_of(round_),
    }
    return render(request, "workflow/comments/round.html", context)


# -- planned ----------------------------------------------------------------------------------------------


@login_required
@FORM
def round_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a round on a named draft. `?twg=` says which TWG holds it, where several can."""
    draft = get_object_or_404(writing.drafts(request.user), pk=pk)
    twg = _holder(request, draft)
    offered = asked.institutions_of(twg)
    form = RoundForm(
        request.POST or None, twg=twg, offered=offered, initial=suggested(draft, twg, _days_to_comment(twg))
    )  # fmt: skip
    back = reverse("draft", args=[draft.pk])

    def save() -> str:
        made = services.plan_round(twg, draft, form.values, form.chosen, actor=request.user)
        return reverse("round", args=[made.pk])

    said = _("The round is planned. It opens on its day, or when you open it.")
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=_("Plan a comment round"), button=_("Plan the round"), back=back,
        lead=f"{draft.text}: {draft}", draft=f"round-new-{draft.pk}",
    )  # fmt: skip


def _holder(request: HttpRequest, draft: Draft) -> Twg:
    """The TWG that holds the round: the draft's own, or one whose edition is at the template stage (S08)."""
    known = Twg.objects.all().internal_to(request.user).select_related("region", "linked_to")
    found = [twg for twg in asked.twgs_for(draft, known) if KEEPERS(Round(twg=twg, draft=draft), request.user)]
    named = [twg for twg in found if twg.code == request.GET.get("twg")]
    if request.GET.get("twg") and not named:
        raise Http404
    if not found:
        text = draft.text
        if text.twg is None:
            raise Unmet(_("No TWG whose rounds you run has an edition at the stage “Template” with this template."))
        if not known.filter(pk=text.twg_id or 0).exists():
            raise Http404
        require(KEEPERS, Round(twg=text.twg, draft=draft), request.user)
    return (named or found)[0]


def _days_to_comment(twg: Twg) -> int:
    """What the terms in force give for comments, in days."""
    terms = TermsOfReference.objects.filter(twg=twg, state=TermsState.ADOPTED)
    return terms.values_list("comment_days", flat=True).first() or USUAL_DAYS


@login_required
@FORM
def round_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a planned round."""
    round_ = find(request, pk)
    require(KEEPERS, round_, request.user)
    if round_.state != RoundState.PLANNED:
        raise Unmet(_("Only a planned round is changed; the deadline of an open one can be extended."))
    chosen = Asked.objects.filter(round=round_).values_list("institution", flat=True)
    form = RoundForm(
        request.POST or None, twg=round_.twg, offered=asked.institutions_of(round_.twg),
        initial=initial_of(round_, chosen),
    )  # fmt: skip
    back = reverse("round", args=[pk])

    def save() -> None:
        version = stated_version(request)
        services.change_round(round_, form.values, form.chosen, actor=request.user, version=version)

    return save_form(request, form, save, back=back, said=_("Saved.")) or show_form(
        request, form, title=_("Change the round"), button=_("Save"), back=back, lead=str(round_),
        version=round_.version, draft=f"round-{round_.pk}",
    )  # fmt: skip


# -- open -------------------------------------------------------------------------------------------------


@login_required
@FORM
def round_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """A later deadline with a reason; a closed round opens again with it."""
    round_ = find(request, pk)
    require(RUNNERS, round_, request.user)
    form = ExtendForm(request.POST or None, twg=round_.twg, initial={"deadline": round_.deadline})
    back = reverse("round", args=[pk])

    def save() -> None:
        told = form.cleaned_data
        services.extend(
            round_, told["deadline"], actor=request.user, note=told["note"], version=stated_version(request)
        )

    said = _("The deadline is moved; all who are asked are told.")
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=_("Extend the deadline"), button=_("Extend"), back=back, lead=str(round_),
        version=round_.version,
    )  # fmt: skip


@login_required
@FORM
def round_ask_more(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask institutions that came to the TWG after the round was opened."""
    round_ = find(request, pk)
    require(KEEPERS, round_, request.user)
    known = set(Asked.objects.filter(round=round_).values_list("institution", flat=True))
    offered = [institution for institution in asked.institutions_of(round_.twg) if institution.pk not in known]
    if not offered:
        raise Unmet(_("All institutions of the TWG are asked already."))
    form = AskMoreForm(request.POST or None, offered=offered)
    back = reverse("round", args=[pk])

    def save() -> None:
        chosen, version = form.cleaned_data["institutions"], stated_version(request)
        services.ask_more(round_, chosen, actor=request.user, version=version)

    return save_form(request, form, save, back=back, said=_("They are asked, by mail.")) or show_form(
        request, form, title=_("Ask others, too"), button=_("Ask them"), back=back, lead=str(round_),
        version=round_.version,
    )  # fmt: skip


@login_required
@FORM
def round_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail to those who have not answered, now."""
    round_ = find(request, pk)
    require(KEEPERS, round_, request.user)
    form = EmptyForm(request.POST or None)
    back = reverse("round", args=[pk])

    def save() -> None:
        services.remind(round_, actor=request.user, version=stated_version(request))

    said = _("Those who have not answered are reminded by mail.")
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=_("Remind those who have not answered"), button=_("Remind now"), back=back,
        lead=str(round_), version=round_.version,
    )  # fmt: skip


@login_required
@FORM
def round_nothing(request: HttpRequest, pk: int) -> HttpResponse:
    """“No comments”, for one's institution: that is an answer, too."""
    round_ = find(request, pk)
    if selectors.mine(round_, request.user) is None:
        raise Unmet(_("Your institution is not asked in this round."))
    form = EmptyForm(request.POST or None)
    back = reverse("round", args=[pk])

    def save() -> None:
        services.say_nothing(round_, actor=request.user)

    return save_form(request, form, save, back=back, said=_("Noted: your institution has no comments.")) or show_form(
        request, form, title=_("No comments"), button=_("My institution has no comments"), back=back,
        lead=str(round_), version=round_.version,
    )  # fmt: skip
