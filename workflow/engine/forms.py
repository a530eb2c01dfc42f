"""How forms look and the fields that several rooms share. Widgets know nothing of pages; templates do the rest."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.engine import edtf


class PalabreRenderer(TemplatesSetting):
    """Every form of the product: an error summary on top, then label, help, error and control of each field."""

    form_template_name = "workflow/forms/form.html"
    field_template_name = "workflow/forms/field.html"


class DayInput(forms.DateInput):
    """The browser's own calendar. It speaks ISO dates, whatever the reader's language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """Day and time in the reader's zone, to the minute."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class MomentIn(forms.DateTimeField):
    """Day and time in one zone, whatever the reader's is: that of the TWG, or of the meeting."""

    widget = MomentInput
    zone = ZoneInfo("UTC")

    def in_zone(self, zone: str, told: str | Promise = "") -> None:
        """`told` is the sentence that names the `zone` beside the field."""
        self.zone = ZoneInfo(zone)
        if told:
            self.help_text = str(told) % {"zone": zone.replace("_", " ")}

    def prepare_value(self, value: Any) -> Any:
        return timezone.make_naive(value, self.zone) if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            return super().to_python(value)


class FuzzyDateField(forms.CharField):
    """A date as far as it is known, kept as EDTF text; "" where it is open. Raises what `edtf.validate` raises."""

    default_validators = [edtf.validate]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", edtf.MAX_LENGTH)
        kwargs.setdefault("help_text", _("2009-06-15, 2009-06, 2009, or a period such as 2009-04/2009-05."))
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"autocomplete": "off", "spellcheck": "false"}


class StyledForm(forms.Form):
    """A plain form whose dates use the browser's pickers; `kept` is what a service takes of the answers."""

    kept: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_pickers(self)

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes, as far as the person was asked for it."""
        return {name: self.cleaned_data[name] for name in self.kept if name in self.cleaned_data}


def use_pickers(form: forms.BaseForm) -> None:
    """Give the browser's pickers to the date fields of any form, model forms included."""
    for field in form.fields.values():
        if type(field.widget) is forms.DateInput:
            field.widget = DayInput(field.widget.attrs)
        elif type(field.widget) is forms.DateTimeInput:
            field.widget = MomentInput(field.widget.attrs)
