"""The form of an agenda: a row for each item, and some empty ones; a row without a title is left out (S17)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine import kinds
from workflow.engine.forms import StyledForm
from workflow.groups.models import Twg

from .models import AgendaItem

MORE_ITEMS = 4  # empty rows
USUAL_MINUTES = 15
# What an item can be about: kinds of rooms above and below, of which each knows who may see what, by their path to
# the TWG; and how many of each are offered, the newest first.
ABOUT = {"edition": "profile__twg", "ballot": "twg", "data_plan": "twg"}
MOST_OF_A_KIND = 6

Choices = list[tuple[Any, Any]]


# The columns, and what stands above them.
HEADS = {
    "order": pgettext_lazy("in an order", "Place"), "minutes": pgettext_lazy("of time", "Minutes"), "title": _("Title"),
    "presenter": _("Presented by"), "about": pgettext_lazy("agenda item", "About"),
    "closed": pgettext_lazy("agenda item", "Closed"),
}  # fmt: skip


def about_choices(twg: Twg, person: Any, items: Sequence[AgendaItem]) -> Choices:
    """What the TWG has that an item can be about; what the items are about already is there in any case."""
    found: dict[tuple[str, int], Any] = {}
    for name, path in ABOUT.items():
        if kind := kinds.get(name):
            rows = kind.visible_to(person).filter(**{path: twg.linked_to_id or twg.pk}).order_by("-pk")
            found |= {(name, row.pk): row for row in rows[:MOST_OF_A_KIND]}
    for item in items:
        kind = kinds.get(item.about_kind)
        if kind and item.about_id and (item.about_kind, item.about_id) not in found:
            row = kind.visible_to(person).filter(pk=item.about_id).first()
            found |= {(item.about_kind, item.about_id): row} if row else {}
    grouped: dict[str, Choices] = {}
    for (name, pk), row in found.items():
        kind = kinds.get(name)
        grouped.setdefault(str(kind.label) if kind else name, []).append((f"{name}:{pk}", str(row)))
    return [("", "–"), *grouped.items()]


class AgendaForm(StyledForm):
    """Numbered rows. An item takes another place by another number, without a script."""

    def __init__(
        self, *args: Any, items: Sequence[AgendaItem], language: str, may_close: bool, about: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items, self.language, self.may_close = list(items), language, may_close
        self.lines = range(1, len(self.items) + MORE_ITEMS + 1)
        for line in self.lines:
            self._add(line, self._item(line), about)

    def _item(self, line: int) -> AgendaItem | None:
        return self.items[line - 1] if line <= len(self.items) else None

    def _add(self, line: int, item: AgendaItem | None, about: Choices) -> None:
        told = {"line": line}
        fields: dict[str, forms.Field] = {
            "order": forms.IntegerField(
                label=_("Place of item %(line)d") % told, min_value=1, max_value=99, required=False, initial=line
            ),
            "title": forms.CharField(
                label=_("Item %(line)d") % told, max_length=300, required=False, initial=item.title if item else ""
            ),
            "minutes": forms.IntegerField(
                label=_("Minutes for item %(line)d") % told, min_value=1, max_value=1440, required=False,
                initial=item.minutes if item else USUAL_MINUTES,
            ),
            "presenter": forms.CharField(
                label=_("Presented by, item %(line)d") % told, max_length=200, required=False,
                initial=item.presenter if item else "",
            ),
            "about": forms.ChoiceField(
                label=_("What item %(line)d is about") % told, choices=about, required=False,
                initial=f"{item.about_kind}:{item.about_id}" if item and item.about_id else "",
            ),
        }  # fmt: skip
        if self.may_close:
            fields["closed"] = forms.BooleanField(
                label=_("Item %(line)d is closed to all but government") % told, required=False,
                initial=bool(item and item.closed),
            )  # fmt: skip
        self.fields |= {f"{name}_{line}": field for name, field in fields.items()}

    @property
    def heads(self) -> list[Any]:
        return [head for name, head in HEADS.items() if f"{name}_1" in self.fields]

    def drawn(self) -> Iterator[list[tuple[Any, Any]]]:
        """The rows as the page draws them: each field with what stands above it."""
        for line in self.lines:
            yield [(head, self[f"{name}_{line}"]) for name, head in HEADS.items() if f"{name}_{line}" in self.fields]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What `set_agenda` takes, in the order of the numbers."""
        told = [(line, row) for line in self.lines if (row := self._row(line))]
        return [row for _line, row in sorted(told, key=lambda one: self._place(one[0]))]

    def _place(self, line: int) -> tuple[int, int, int]:
        """Of two with one number, who has moved up comes before who was there, and who has moved down after them."""
        order = self.cleaned_data.get(f"order_{line}") or line
        return order, (order > line) - (order < line), line

    def _row(self, line: int) -> dict[str, Any] | None:
        """Words in other languages stay with an item whose title was not changed; what is closed stays closed."""
        told = {name: self.cleaned_data.get(f"{name}_{line}") for name in HEADS}
        title, item = (told["title"] or "").strip(), self._item(line)
        if not title:
            return None
        kind, _colon, pk = (told["about"] or "").partition(":")
        return {
            "titles": item.titles if item and item.title == title else {self.language: title},
            "minutes": told["minutes"] or USUAL_MINUTES,
            "presenter": told["presenter"] or "",
            "about_kind": kind,
            "about_id": int(pk) if pk else None,
            "closed": bool(told["closed"]) if self.may_close else bool(item and item.closed),
        }
