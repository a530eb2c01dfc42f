"""Pages of research themes: proposed by members, merged, put to a ranking, chosen (S34)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.engine import history, readers
from workflow.engine.errors import Unmet
from workflow.engine.selectors import actions
from workflow.groups.form_tools import FORM, edit_page, initial_names, save_form, show_form
from workflow.groups.models import Institution, Membership, Twg
from workflow.groups.services import require

from . import proposing, selectors, themes
from .forms import ThemeForm, ThemesQuestion
from .keeping import usual
from .models import Theme, ThemeState
from .theme_flow import KEEPERS, PROPOSERS, proposer
from .views import EVENTS_ON_A_PAGE, ON_A_PAGE, crumbs_of


def _twg(request: HttpRequest, code: str) -> Twg:
    return get_object_or_404(Twg.objects.internal_to(request.user).select_related("region"), code=code)


def _offered(twg: Twg, person: Any) -> Any:
    """The institutions that sit in the TWG, for those who run it; None for everybody else."""
    if not KEEPERS(twg, person):
        return None
    seated = Membership.objects.active().filter(twg=twg).exclude(institution=None)
    return Institution.objects.filter(pk__in=seated.values("institution")).order_by("folded")


@login_required
@require_GET
def theme_list(request: HttpRequest, code: str) -> HttpResponse:
    """A TWG's themes: what is proposed, what was chosen, what became of the others."""
    twg = _twg(request, code)
    page = Paginator(selectors.themes(request.user, twg), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "twg": twg,
        "page_obj": page,
        "may_propose": PROPOSERS(twg, request.user),
        "may_ask": KEEPERS(twg, request.user) and themes.proposed(twg).count() >= proposing.LEAST,
        "crumbs": crumbs_of(twg),
    }
    return render(request, "workflow/ballots/themes.html", context)


@login_required
@require_GET
def theme_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A theme: who proposed it and why, what was merged into it, which ballots asked about it."""
    known = Theme.objects.all().visible_to(request.user)
    theme: Any = get_object_or_404(known.select_related("twg__region", "institution", "merged_into"), pk=pk)
    events = list(history.events_of(theme).order_by("-sequence")[:EVENTS_ON_A_PAGE])
    may_edit = theme.state == ThemeState.PROPOSED and (proposer | KEEPERS)(theme, request.user)
    context = {
        "theme": theme,
        "merged": list(theme.merged.all()),
        "ballots": list(selectors.ballots_on_theme(request.user, theme)),
        "may_edit": may_edit,
        "actions": actions(theme, request.user),
        "events": readers.lines_for(events, request.user),
        "crumbs": [*crumbs_of(theme.twg), (_("Research themes"), reverse("themes", args=[theme.twg.code]))],
    }
    return render(request, "workflow/ballots/theme.html", context)


@login_required
@FORM
def theme_new(request: HttpRequest, code: str) -> HttpResponse:
    """Propose a theme, for one's institution."""
    twg = _twg(request, code)
    require(PROPOSERS, twg, request.user)
    form = ThemeForm(request.POST or None, offered=_offered(twg, request.user))
    back = reverse("themes", args=[twg.code])

    def save() -> str:
        made = proposing.propose_theme(twg, form.values, actor=request.user)
        return reverse("theme", args=[made.pk])

    return save_form(request, form, save, back=back, said=_("Proposed. The TWG's members see it.")) or show_form(
        request, form, title=_("Propose a research theme"), button=_("Propose it"), back=back, lead=twg.name,
        draft=f"theme-new-{twg.pk}",
    )  # fmt: skip


@login_required
@FORM
def theme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a theme that is proposed."""
    theme: Any = get_object_or_404(Theme.objects.all().visible_to(request.user).select_related("twg__region"), pk=pk)
    require(proposer | KEEPERS, theme, request.user)
    if theme.state != ThemeState.PROPOSED or themes.asked_about(theme):
        raise Unmet(_("Only a theme that is proposed, and that no open ballot asks about, is changed."))
    initial = initial_names(names=theme.titles, reasons=theme.reasons) | {"institution": theme.institution_id}
    form = ThemeForm(request.POST or None, offered=_offered(theme.twg, request.user), initial=initial)
    return edit_page(request, theme, form, proposing.change_theme, title=_("Change the theme"), lead=theme.title)


@login_required
@FORM
def themes_ballot(request: HttpRequest, code: str) -> HttpResponse:
    """Prepare a ballot in which institutions rank the themes."""
    twg = _twg(request, code)
    require(KEEPERS, twg, request.user)
    initial = usual(twg) | {"question": _("Which research themes come first?")}
    form: Any = ThemesQuestion(request.POST or None, twg=twg, person=request.user, initial=initial)
    back = reverse("themes", args=[twg.code])

    def save() -> str:
        told = form.cleaned_data
        made = proposing.ask_about_themes(
            twg, form.values, told["themes"], actor=request.user, institutions=told["quorum_institutions"]
        )
        return reverse("ballot", args=[made.pk])

    return save_form(request, form, save, back=back, said=_("Prepared. Open it when it is right.")) or show_form(
        request, form, title=_("Put the themes to a ballot"), button=_("Prepare it"), back=back, lead=twg.name,
        draft=f"themes-ballot-{twg.pk}",
    )  # fmt: skip
