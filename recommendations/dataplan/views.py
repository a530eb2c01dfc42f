"""Pages of data plans: across countries, a TWG's own, its schedule; begun, changed, asked after (S14)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from workflow.datarequests.rules import today_in
from workflow.engine import readers, together
from workflow.engine.selectors import actions as next_steps
from workflow.groups import panels
from workflow.groups.form_tools import FORM, edit_page, initial_names, save_form, show_form
from workflow.groups.services import require
from workflow.writing.hooks import language_of_twg

from . import gantt, schedules, selectors, services
from .flow import KEEPERS
from .forms import ActionFilter, PlanForm
from .models import DataPlan

FOLDER = "recommendations/dataplan"
ON_A_PAGE = 30
ON_THE_SCHEDULE = 60
EVENTS_ON_A_PAGE = 5
MOST_DAYS = 3650


@login_required
@require_GET
def data_plans(request: HttpRequest) -> HttpResponse:
    """Across countries: which TWG has a data plan, and how far it is."""
    page = Paginator(selectors.compared(request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, f"{FOLDER}/plans.html", {"page_obj": page})


@login_required
@require_GET
def of_twg(request: HttpRequest, code: str) -> HttpResponse:
    """A TWG's data plan: the one in force, else the draft; or the way to begin one."""
    twg = get_object_or_404(selectors.twgs(request.user), code=code)
    found = selectors.plans(request.user).filter(twg=twg)
    standing = sorted((p for p in found if p.stands), key=lambda p: p.state != "in_force")
    if standing:
        return redirect("data-plan", standing[0].pk)
    context = {
        "twg": twg, "plans": list(found), "may_plan": KEEPERS(twg, request.user), "crumbs": [crumb_of(twg)],
    }  # fmt: skip
    return render(request, f"{FOLDER}/none.html", context)


def crumb_of(twg: Any) -> tuple[str, str]:
    return (twg.name, reverse("twg", args=[twg.code]))


def crumbs_to(plan: DataPlan) -> list[tuple[str, str]]:
    """The way back from what hangs on a plan."""
    return [crumb_of(plan.twg), (plan.title, reverse("data-plan", args=[plan.pk]))]


def find(request: HttpRequest, pk: int) -> DataPlan:
    """The plan, for those who may read it; 404 for all others."""
    found: DataPlan = get_object_or_404(selectors.plans(request.user), pk=pk)
    return found


@login_required
@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A data plan: its strategy, rounds and ballots, what it costs, its actions, what can happen next."""
    subject = find(request, pk)
    form = ActionFilter(request.GET or None)
    own = selectors.actions(request.user).filter(plan=subject)
    found = form.found(own, subject).order_by(*selectors.SOONEST)
    read = together.answers({
        **panels.wanted(subject, request.user, "data_plan"),
        "events": readers.last_wanted(subject, request.user, EVENTS_ON_A_PAGE),
        "around": selectors.around(subject, found),
        "money": selectors.money_of(own),
    })  # fmt: skip
    pages = Paginator(found, ON_A_PAGE)
    pages.count = read["around"].count  # counted with the rest
    context = {
        "subject": subject,
        "form": form,
        "page_obj": pages.get_page(request.GET.get("page")),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "totals": read["money"].sums,
        "unknown": read["money"].unknown,
        "others": read["around"].others,
        "may_keep": KEEPERS(subject, request.user),
        "panels": panels.shown(read, "data_plan"),
        "actions": next_steps(subject, request.user),
        "events": read["events"],
        "crumbs": [crumb_of(subject.twg)],
    }
    return render(request, f"{FOLDER}/plan.html", context)


@login_required
@require_GET
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """The actions in time: a drawing with its table, the critical path, and what slips if one of them slips."""
    subject = find(request, pk)
    found = selectors.actions(request.user).filter(plan=subject).exclude(state="dropped")
    known = schedules.schedule(found.order_by(*selectors.BY_START)[:ON_THE_SCHEDULE], request.user)
    slipping, days = _asked(request)
    context = {
        "subject": subject,
        "schedule": known,
        "rows": schedules.rows_of(known),
        "drawing": gantt.draw(known, today_in(subject.twg.time_zone)),
        "critical": [known.by_key[key] for key in known.critical],
        "slipping": slipping,
        "days": days,
        "slips": known.slips(slipping, days) if slipping in known.by_key else [],
        "most": ON_THE_SCHEDULE,
        "crumbs": crumbs_to(subject),
    }
    return render(request, f"{FOLDER}/schedule.html", context)


def _asked(request: HttpRequest) -> tuple[int, int]:
    """`?action=…&days=…`: which action slips, by how much; what makes no sense is nothing."""
    told = [request.GET.get(name, "") for name in ("action", "days")]
    action, days = (int(one) if one.isdecimal() and len(one) < 19 else 0 for one in told)
    return action, min(days, MOST_DAYS)


# -- kept -------------------------------------------------------------------------------------------------


@login_required
@FORM
def plan_new(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a data plan; its strategy is opened on its page."""
    twg = get_object_or_404(selectors.twgs(request.user), code=code)
    require(KEEPERS, twg, request.user)
    language = language_of_twg(twg)
    form = PlanForm(request.POST or None, initial={f"titles_{language}": _("Data plan of %(twg)s") % {"twg": twg.name}})
    back = reverse("twg", args=[twg.code])

    def save() -> str:
        return reverse("data-plan", args=[services.open_plan(twg, form.values, actor=request.user).pk])

    said = _("Begun: here are its strategy and its actions.")
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=_("Begin a data plan"), button=_("Begin it"), back=back, lead=twg.name,
        draft=f"data-plan-new-{twg.pk}",
    )  # fmt: skip


@login_required
@FORM
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another title, or what it is about."""
    subject = find(request, pk)
    require(KEEPERS, subject, request.user)
    initial = initial_names(titles=subject.titles, summaries=subject.summaries)
    rest = {"confidence": subject.confidence, "source": subject.source}
    form = PlanForm(request.POST or None, initial={**initial, **rest})
    return edit_page(
        request, subject, form, services.change_plan, title=_("Change the data plan"), lead=subject.twg.name
    )


@login_required
@require_POST
def plan_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """One press: whoever leads an unfinished action is asked by mail how far it is."""
    subject = find(request, pk)
    count = services.ask_progress(subject, actor=request.user)
    said = ngettext("Asked after %(count)d action, by mail.", "Asked after %(count)d actions, by mail.", count)
    messages.success(request, said % {"count": count})
    return redirect("data-plan", pk)
