"""What form pages share: names in three languages, what a service refused, what was typed on a stale page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from workflow.engine import kinds, refusals
from workflow.engine.errors import Conflict
from workflow.engine.forms_version import stated_version

FORM = require_http_methods(["GET", "HEAD", "POST"])
FORM_PAGE = "workflow/groups/form.html"
LANGUAGE_LABELS: dict[str, str | Promise] = {"en": _("in English"), "fr": _("in French"), "pt": _("in Portuguese")}


def own_first() -> list[str]:
    """The languages, the reader's own in front: what they write in it is what they came to write."""
    own = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    return sorted((code for code, _name in settings.LANGUAGES), key=lambda code: code != own)


@dataclass
class Row:
    """What stands together in a form: one field, or what is folded under `summary`: a text's other languages, more."""

    summary: str = ""
    fields: list[Any] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    open: bool = True


def rows_of(fields: Iterable[Any]) -> list[Row]:
    """Bound fields as a page draws them: a text's other languages stay folded until something is in them.

    A question that may stay open and has nothing to choose from is left out.
    """
    rows: list[Row] = []
    # Only a list is looked into: a queryset's choices are read when the field is drawn.
    known = ((bound, getattr(bound.field, "choices", None)) for bound in fields)
    offered = (b for b, choices in known if choices or b.field.required or not isinstance(choices, list))
    for text, found in groupby(offered, key=lambda bound: getattr(bound.field, "elsewhere", "")):
        if not text:
            rows += [Row(fields=[bound]) for bound in found]
        else:
            told = list(found)
            summary = _("%(what)s in other languages") % {"what": text}
            rows.append(Row(str(summary), told, open=any(bound.errors or bound.value() for bound in told)))
    return rows


class FoldsMixin(forms.Form):
    """A form that folds what is asked rarely, until something in it is wrong."""

    folds: tuple[tuple[str | Promise, tuple[str, ...]], ...] = ()  # (title, names of its fields)

    def get_context(self) -> dict[str, Any]:
        context = super().get_context()
        bound = {one.name: one for one, _errors in context["fields"]}
        folded = [(title, [bound.pop(n) for n in self.spread(*names) if n in bound]) for title, names in self.folds]
        rows = rows_of(bound.values())
        for title, found in folded:
            if found:
                rows.append(Row(str(title), rows=rows_of(found), open=any(one.errors for one in found)))
        return {**context, "rows": rows}

    def spread(self, *names: str) -> list[str]:
        """The fields of what is asked under these names."""
        return list(names)


class NamesMixin(FoldsMixin):
    """`names` (and what `texts` names) as one field per language; `cleaned_data["names"]` is the mapping."""

    named: Mapping[str, tuple[str | Promise, bool]] = {"names": (_("Name"), True)}  # attribute: (label, required)
    long: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first: dict[str, forms.Field] = {}
        for attribute, (label, required) in self.named.items():
            widget = forms.Textarea(attrs={"rows": 3}) if attribute in self.long else forms.TextInput()
            for place, code in enumerate(own_first()):
                made: Any = forms.CharField(
                    label=_("%(what)s (%(language)s)") % {"what": label, "language": LANGUAGE_LABELS[code]},
                    max_length=4000 if attribute in self.long else 300,
                    required=False,
                    widget=widget,
                )
                made.elsewhere = label if place else ""
                made.wanted = required  # in one language: no single field of it can be required
                first[f"{attribute}_{code}"] = made
        self.fields = first | self.fields

    def spread(self, *names: str) -> list[str]:
        """Fields by what they ask: a text stands for its field in each language, the reader's own first."""
        found = ([f"{name}_{code}" for code in own_first()] if name in self.named else [name] for name in names)
        return [name for some in found for name in some]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for attribute, (_label, required) in self.named.items():
            told = {code: (cleaned.get(f"{attribute}_{code}") or "").strip() for code, _name in settings.LANGUAGES}
            cleaned[attribute] = {code: text for code, text in told.items() if text}
            if required and not cleaned[attribute]:
                self.add_error(f"{attribute}_{own_first()[0]}", _("Give it in at least one language."))
        return cleaned


def initial_names(**texts: Mapping[str, str]) -> dict[str, str]:
    """Initial values of a NamesMixin: `initial_names(names=twg.names)`."""
    return {f"{attribute}_{code}": text for attribute, told in texts.items() for code, text in told.items()}


def attempt(form: forms.Form, save: Callable[[], Any]) -> Any:
    """Run a service; what it finds wrong goes to the form's fields, or above them. None when it refused."""
    try:
        return save()
    except ValidationError as error:
        place_errors(form, error)
        return None


def save_form(
    request: HttpRequest, form: forms.Form, save: Callable[[], str | None], *, back: str, said: str | Promise
) -> HttpResponse | None:
    """Run `save`, which calls one service and may say where to go next (`back` otherwise).

    None when the form has to be shown: it was not sent yet, or something is wrong with it; what the service finds wrong
    goes to the form's fields. A stale form is answered with who was faster, and gives back what was typed.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        following = save() or back
    except ValidationError as error:
        place_errors(form, error)
        return None
    except Conflict as error:
        return refusals.page(request, error, kept=typed(form))
    messages.success(request, str(said))
    return redirect(following)


def typed(form: forms.Form) -> Iterator[tuple[Any, str]]:
    """What a person typed or chose in a valid form, under the words that they saw."""
    for bound in form:
        field: Any = bound.field
        value = form.cleaned_data.get(bound.name, "")
        options = dict(field.choices) if type(field) in (forms.ChoiceField, forms.MultipleChoiceField) else {}
        chosen = value if isinstance(value, list) else [value]
        told = [str(options.get(v, v)) for v in chosen if v not in ("", None, True, False)]
        if told:
            yield bound.label, ", ".join(told)


def place_errors(form: forms.Form, error: ValidationError) -> None:
    """Put what a service found wrong on the form's fields, or above them all."""
    found: Mapping[Any, Any] = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
    for name, errors in found.items():
        places = (name, f"{name}_{own_first()[0]}")
        form.add_error(next((place for place in places if place in form.fields), None), ValidationError(errors))


def edit_page(
    request: HttpRequest,
    subject: Any,
    form: Any,
    change: Callable[..., Any],
    *,
    title: str | Promise,
    lead: str = "",
    template: str = FORM_PAGE,
) -> HttpResponse:
    """A subject's own form: what it gives goes to `change`, and back to the subject's page."""
    kind = kinds.of(subject)
    back = kind.url(subject)

    def save() -> None:
        change(subject, form.values, actor=request.user, version=stated_version(request))

    return save_form(request, form, save, back=back, said=_("Saved.")) or show_form(
        request, form, template, title=title, button=_("Save"), back=back, lead=lead or str(subject),
        version=subject.version, draft=f"{kind.name}-{subject.pk}",
    )  # fmt: skip


def entry_page(
    request: HttpRequest,
    form: Any,
    record: Callable[[dict[str, Any]], Any],
    *,
    said: str | Promise,
    back: str,
    template: str = FORM_PAGE,
    **context: Any,
) -> HttpResponse:
    """A form for something new: what it gives goes to `record`, and on to the page of what was made."""

    def save() -> str:
        made = record(form.values)
        return kinds.of(made).url(made)

    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, template, back=back, **context
    )  # fmt: skip


def show_form(request: HttpRequest, form: forms.Form, template: str = FORM_PAGE, **context: Any) -> HttpResponse:
    """A form's page, with the status of what is wrong with it."""
    return render(request, template, {"form": form, **context}, status=status_of(form))


def status_of(form: forms.Form) -> int:
    """422 when the form was sent and something is wrong with it, 413 when a file is too large; else 200."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return (413 if "too-large" in codes else 422) if codes else 200
