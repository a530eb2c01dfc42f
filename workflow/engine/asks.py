"""What a transition asks for: small forms, shared by the act page, the API and the loader of project files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.documents import uploads

from . import edtf, kinds, texts
from .errors import Incomplete
from .flow import Act, Flow
from .models import RecordedDecision
from .storing import put_file


class AskForm(forms.Form):
    """One question. Field names are unique across questions, since a transition may ask several.

    `record` runs inside the transaction, before the transition, and returns what the event will carry.
    """

    title: Any = ""

    def __init__(self, *args: Any, subject: Any = None, **kwargs: Any) -> None:
        self.subject = subject
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                field.validators.append(texts.validate)

    def record(self, act: Act) -> dict[str, Any]:
        return {}


class ReasonForm(AskForm):
    """A reason that history keeps. It travels as the act's note."""

    note = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class NoteForm(AskForm):
    """An optional remark, on every transition that asks for no reason."""

    note = forms.CharField(
        label=_("Note for the history"), widget=forms.Textarea(attrs={"rows": 2}), max_length=4000, required=False
    )


class DecisionForm(AskForm):
    """A decision taken outside: it stands in for what Palabre has not seen happen."""

    title = _("Decision taken outside Palabre")
    decision_body = forms.CharField(
        label=_("Body that decided"), max_length=300, help_text=_("For example: the TWG's meeting, the minister.")
    )
    decision_date = forms.CharField(
        label=_("Date"),
        max_length=40,
        required=False,
        validators=[edtf.validate],
        help_text=_("2009-04-15, 2009-04 or 2009; leave it empty when nobody knows."),
    )
    decision_reference = forms.CharField(label=_("Reference"), max_length=200, required=False)
    decision_file = forms.FileField(
        label=_("File"), required=False, help_text=_("The signed page, as PDF, Word or a photograph; 10 MB at most.")
    )

    def clean_decision_file(self) -> Any:
        upload = self.cleaned_data.get("decision_file")
        if upload:
            uploads.check_size(upload.size)
            RecordedDecision._meta.get_field("file").run_validators(upload)
        return upload

    def record(self, act: Act) -> dict[str, Any]:
        cleaned = self.cleaned_data
        upload = cleaned.get("decision_file")
        digest = ""
        if upload:
            digest = hashlib.sha256(upload.read()).hexdigest()
            upload.seek(0)
        decision = RecordedDecision(
            subject_kind=kinds.of(self.subject).name,
            subject_id=self.subject.pk,
            body=cleaned["decision_body"],
            decided=cleaned["decision_date"],
            reference=cleaned["decision_reference"],
            sha256=digest,
            recorded_by=act.actor,
        )
        if upload:
            put_file(decision.file, upload.name, upload, act.wrote)
        decision.save()
        return {
            "decision": {
                "id": decision.pk,
                "body": decision.body,
                "date": decision.decided,
                "reference": decision.reference,
                "file": upload.name if upload else "",
                "sha256": digest,
            }
        }


class DecisionIfAnyForm(DecisionForm):
    """The same beside a gate that reasons open, too: it is recorded where there is one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision_body"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        told = [name for name in cleaned if name != "decision_body" and cleaned[name]]
        if told and not cleaned.get("decision_body") and "decision_body" not in self.errors:
            self.add_error("decision_body", _("Say which body decided."))
        return cleaned

    def record(self, act: Act) -> dict[str, Any]:
        return super().record(act) if self.cleaned_data["decision_body"] else {}


_asks: dict[str, type[AskForm]] = {
    "reason": ReasonForm,
    "decision": DecisionForm,
    "decision_if_any": DecisionIfAnyForm,
}


def register(name: str, form: type[AskForm]) -> None:
    """A room adds a question of its own (the workshop's update institution, an adoption date)."""
    _asks[name] = form


def forms_for(
    flow: Flow, names: tuple[str, ...], data: Mapping[str, Any] | None = None, files: Mapping[str, Any] | None = None
) -> list[AskForm]:
    """The forms that a transition asks for, bound when `data` is given, a note always among them."""
    classes = [_asks[name] for name in names]
    if not any("note" in form.base_fields for form in classes):
        classes.append(NoteForm)
    return [form(data, files, subject=flow.subject) for form in classes]


def answers(
    flow: Flow, names: tuple[str, ...], data: Mapping[str, Any], files: Mapping[str, Any] | None
) -> list[AskForm]:
    """Validate raw answers; raises `Incomplete` with every field's messages at once (413 for a file too large)."""
    forms_ = forms_for(flow, names, data, files if files is not None else data)
    errors: dict[str, list[str]] = {}
    for form in forms_:
        for field, messages in form.errors.items():
            errors.setdefault(field, []).extend(str(m) for m in messages)
    if errors:
        raise Incomplete(errors, too_large=any(map(_too_large, forms_)))
    return forms_


def _too_large(form: AskForm) -> bool:
    """Whether a file was refused for its size: what reads uploads says so by this code."""
    return any(error.code == "too-large" for errors in form.errors.as_data().values() for error in errors)
