"""Pages of terms of reference."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from workflow.engine.errors import Unmet
from workflow.engine.forms import StyledForm
from workflow.engine.forms_version import stated_version
from workflow.engine.selectors import actions

from . import panels, services, twg_selectors
from .form_tools import FORM, NamesMixin, initial_names, save_form, show_form
from .models import BallotRule, Category, Modality, Role, TermsOfReference, TermsState, Twg
from .models.terms import NEVER_VOTES
from .presets import PRESETS
from .services import require
from .terms_text import text_changes
from .twg_selectors import KEEPERS
from .twg_views import twg_to_change


class TermsForm(NamesMixin, StyledForm):
    """One draft: how each category takes part, who votes, by which rule, with what notice."""

    kept = services.COPIED

    named = {"text": (gettext_lazy("Text"), False)}
    long = ("text",)
    quorum_percent = forms.IntegerField(
        label=gettext_lazy("Quorum, in per cent of voting institutions"), min_value=1, max_value=100
    )
    ballot_rule = forms.ChoiceField(label=gettext_lazy("Ballot rule"), choices=BallotRule.choices)
    voting_roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles that vote"),
        choices=[c for c in Role.choices if c[0] not in NEVER_VOTES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    meeting_notice_days = forms.IntegerField(
        label=gettext_lazy("Notice before a meeting, in days"), min_value=0, max_value=365
    )
    ballot_notice_days = forms.IntegerField(label=gettext_lazy("Time to vote, in days"), min_value=1, max_value=365)
    early_closing = forms.BooleanField(label=gettext_lazy("A ballot closes as soon as all have voted"), required=False)
    comment_days = forms.IntegerField(label=gettext_lazy("Time to comment, in days"), min_value=1, max_value=365)
    cadence_from = forms.IntegerField(
        label=gettext_lazy("Months between meetings, at least"), min_value=1, max_value=36
    )
    cadence_to = forms.IntegerField(label=gettext_lazy("Months between meetings, at most"), min_value=1, max_value=36)
    closed_sessions = forms.BooleanField(
        label=gettext_lazy("Sessions may be closed to all but government"), required=False
    )
    closed_announced = forms.BooleanField(
        label=gettext_lazy("Others see that a session is not public"), required=False,
        help_text=gettext_lazy("In the calendar and on the agenda, by its time alone. Otherwise they see nothing."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first: dict[str, forms.Field] = {}
        for category in Category:
            first[f"as_{category.value}"] = forms.ChoiceField(
                label=gettext_lazy("%(category)s takes part as") % {"category": category.label},
                choices=Modality.choices,
            )
            first[f"votes_{category.value}"] = forms.BooleanField(
                label=gettext_lazy("%(category)s votes") % {"category": category.label}, required=False
            )
        self.fields = first | self.fields

    def participation_rows(self) -> list[tuple[Any, Any, Any]]:
        """For the table: (category, the field of its modality, the field of its vote)."""
        return [(c, self[f"as_{c.value}"], self[f"votes_{c.value}"]) for c in Category]

    def decisions(self) -> list[Any]:
        return [self[name] for name in ("quorum_percent", "ballot_rule", "ballot_notice_days", "early_closing")]

    def rhythm(self) -> list[Any]:
        return [self[name] for name in ("meeting_notice_days", "comment_days", "cadence_from", "cadence_to")]

    def texts(self) -> list[Any]:
        return [field for field in self if field.name.startswith("text_")]

    def problems(self) -> list[dict[str, Any]]:
        """What is wrong, each with a link to its field."""
        above = [{"text": text} for text in self.non_field_errors()]
        return above + [
            {"text": text, "where": field.label, "url": f"#{field.auto_id}{'_0' if field.use_fieldset else ''}"}
            for field in self
            for text in field.errors
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for category in Category:
            if cleaned.get(f"votes_{category.value}") and cleaned.get(f"as_{category.value}") != Modality.MEMBER:
                self.add_error(f"votes_{category.value}", _("Only members vote."))
        least, most = cleaned.get("cadence_from"), cleaned.get("cadence_to")
        if least and most and least > most:
            self.add_error("cadence_to", _("“At most” must not be shorter than “at least”."))
        return cleaned

    @property
    def participation(self) -> dict[str, tuple[str, bool]]:
        cleaned = self.cleaned_data
        return {c.value: (cleaned[f"as_{c.value}"], cleaned[f"votes_{c.value}"]) for c in Category}


def initial_of(terms: TermsOfReference) -> dict[str, Any]:
    initial = {name: getattr(terms, name) for name in services.COPIED if name != "text"}
    initial |= initial_names(text=terms.text)
    rules = {r.category: r for r in terms.rules.all()}
    for category in Category:
        rule = rules.get(category.value)
        initial[f"as_{category.value}"] = rule.modality if rule else Modality.MEMBER
        initial[f"votes_{category.value}"] = rule.votes if rule else False
    return initial


class NewTermsForm(StyledForm):
    start = forms.ChoiceField(label=gettext_lazy("Start from"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, in_force: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["start"]
        field.choices = [(p.key, f"{p.label}. {p.description}") for p in PRESETS.values()]
        if in_force:
            field.choices = [("", _("The version in force, to change it")), *field.choices]
            field.required = False


def _visible(request: HttpRequest, pk: int) -> TermsOfReference:
    found = TermsOfReference.objects.all().visible_to(request.user).select_related("twg__region", "twg__linked_to")
    terms: TermsOfReference = get_object_or_404(found, pk=pk)
    return terms


@login_required
@require_safe
def terms_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: what it says, what it would change, what can happen to it next."""
    visible = TermsOfReference.objects.all().visible_to(request.user)
    versions = twg_selectors.versions_of(visible.filter(twg__terms=pk))
    terms = next((version for version in versions if version.pk == pk), None)
    if terms is None:
        raise Http404
    in_force, _draft = twg_selectors.by_state(versions)
    context = {
        "terms": terms,
        "twg": terms.twg,
        "rows": twg_selectors.rule_rows(terms, in_force),
        "changes": twg_selectors.term_changes(terms, in_force) if terms.state == TermsState.DRAFT else [],
        "text_changes": text_changes(terms, in_force) if terms.state == TermsState.DRAFT else [],
        "cadence": twg_selectors.cadence(terms),
        "voters": twg_selectors.roles(terms.voting_roles),
        "others": [version for version in versions if version.pk != pk],
        "actions": actions(terms, request.user),
        "may_edit": terms.state == TermsState.DRAFT and KEEPERS(terms, request.user),
        "crumbs": [(terms.twg.name, reverse("twg", args=[terms.twg.code]))],
        "panels": panels.panels_of(terms, request.user, "terms"),
    }
    return render(request, "workflow/groups/terms.html", context)


@login_required
@FORM
def terms_new(request: HttpRequest, code: str) -> HttpResponse:
    """A new draft, from the latest version or from a preset."""
    twg: Twg = twg_to_change(request, code)
    draft = twg.terms.filter(state=TermsState.DRAFT).first()
    if draft:
        messages.info(request, _("There is a draft already: here it is."))
        return redirect("terms", draft.pk)
    known = twg.terms.exists()
    form = NewTermsForm(
        request.POST if request.method == "POST" else None, in_force=known, initial={"start": "" if known else "usual"}
    )

    def start() -> str:
        terms = services.draft_terms(twg, preset=form.cleaned_data["start"] or None, actor=request.user)
        return reverse("terms-edit", args=[terms.pk])

    back = reverse("twg", args=[twg.code])
    said = _("Here is the draft: change it as the TWG wants it.")
    return save_form(request, form, start, back=back, said=said) or show_form(
        request, form, title=_("New terms of reference"), button=_("Start the draft"), lead=twg.name, back=back
    )


@login_required
@FORM
def terms_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit a draft."""
    terms = _visible(request, pk)
    require(KEEPERS, terms, request.user)
    if terms.state != TermsState.DRAFT:
        raise Unmet(_("These terms are no longer a draft: start a new version."))
    form = TermsForm(request.POST or None, initial=initial_of(terms))
    back = reverse("terms", args=[terms.pk])

    def save() -> None:
        version = stated_version(request)
        services.change_terms(terms, form.values, form.participation, actor=request.user, version=version)

    return save_form(request, form, save, back=back, said=_("The draft is saved.")) or show_form(
        request, form, "workflow/groups/terms_form.html", terms=terms, version=terms.version, back=back
    )
