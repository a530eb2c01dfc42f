"""What an event carries besides its sentence, in the reader's words: changed fields, the decision, who it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField, Field, ForeignKey, JSONField
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from . import kinds
from .models import Event
from .templatetags.palabre import moment
from .texts import in_language

Text = str | Promise

# Words for what services put into an event beside its subject's own fields.
WORDS: dict[str, Text] = {
    "role": gettext_lazy("Role"),
    "until": gettext_lazy("Until"),
    "status": gettext_lazy("Status"),
    "under": gettext_lazy("Under"),
    "name": gettext_lazy("Name"),
    "topic": gettext_lazy("Topic"),
    "statement": gettext_lazy("Statement"),
    "confidence": gettext_lazy("Confidence"),
    "label": gettext_lazy("Edition"),
    "preset": gettext_lazy("Preset"),
    "funders": gettext_lazy("Funders"),
    "parts": gettext_lazy("Parts"),
    "participation": gettext_lazy("Participation"),
    "sha256": gettext_lazy("Hash"),
    "file": gettext_lazy("File"),
    "files": gettext_lazy("Files"),
    "way": gettext_lazy("How it came"),
    "given_by": gettext_lazy("Given by"),
    "given_on": gettext_lazy("Given on"),
    "words": pgettext_lazy("what was said", "Words"),
    "about": gettext_lazy("About these words"),
    "place": gettext_lazy("Section"),
    "to": gettext_lazy("Reply to"),
    "institutions": gettext_lazy("Institutions"),
    "comments": gettext_lazy("Comments"),
    "disposition": gettext_lazy("Disposition"),
    "answer": gettext_lazy("Answer"),
    "revision": gettext_lazy("Revision"),
    "number": gettext_lazy("Number"),
    "sections": gettext_lazy("Sections"),
    "pictures": gettext_lazy("Pictures"),
    "caption": gettext_lazy("Caption"),
    "source": gettext_lazy("Source"),
    "year": gettext_lazy("Year"),
    "responsible": gettext_lazy("Responsible"),
    "ended": gettext_lazy("Ended"),
    "electorate": gettext_lazy("Electorate"),
    "deadline": gettext_lazy("Deadline"),
    "draft": pgettext_lazy("text", "Draft"),
    "round": gettext_lazy("Comment round"),
    "certificate": gettext_lazy("Certificate"),
    "receipt": gettext_lazy("Receipt"),
    "result": gettext_lazy("Count"),
    "options": gettext_lazy("Options"),
}
SHOWN_APART = ("changed", "decision", "asked")  # who was asked stands in words beside their numbers
_readings: dict[str, Callable[[Any], Text]] = {}


def reads(key: str, reading: Callable[[Any], Text]) -> None:
    """How a room says what it writes into events under `key`, where that is a code or several: called from `ready`."""
    _readings[key] = reading


@dataclass
class Details:
    """`facts`: (label, value); `changes`: (field, before, after); `decision` as its form recorded it."""

    facts: list[tuple[Text, str]] = field(default_factory=list)
    changes: list[tuple[Text, str, str]] = field(default_factory=list)
    decision: dict[str, Any] | None = None

    def __bool__(self) -> bool:
        return bool(self.facts or self.changes or self.decision)


def of(events: Sequence[Event], reader: Any) -> list[Details]:
    """The details of each event. Other subjects are named if the reader may see them: one query per kind of them."""
    names = _names(events, reader)
    return [_details(event, names) for event in events]


Names = Mapping[tuple[str, int], str]


def _details(event: Event, names: Names) -> Details:
    found = Details(decision=event.data.get("decision"))
    for key, (before, after) in event.data.get("changed", {}).items():
        about = _field(event, key)
        label = _capital(about.verbose_name) if about else _label(event, key)
        found.changes.append((label, _changed(key, about, before, names), _changed(key, about, after, names)))
    named = [shown for key, value in event.data.items() if (shown := _named(key, value, names))]
    for key, value in event.data.items():
        if key in SHOWN_APART or value in (None, "", [], {}):
            continue
        number = isinstance(value, int) and not isinstance(value, bool)
        shown = _named(key, value, names) if number else _read(event, key, value, names)
        # What the name of somebody or something already says is not said twice.
        if shown and not any(shown != name and shown in name for name in named):
            found.facts.append((_label(event, key), shown))
    return found


def _changed(key: str, about: Field[Any, Any] | None, value: Any, names: Names) -> str:
    """A field's value before or after, read by its room where it is a list of codes."""
    if value and key in _readings and isinstance(about, JSONField):
        return str(_readings[key](value))
    return _value(about, value, names)


def _read(event: Event, key: str, value: Any, names: Names) -> str:
    """A value in the reader's words and, of what is told in several languages, in theirs."""
    about = _field(event, key)
    if key in _readings and (about is None or isinstance(about, JSONField)):
        return str(_readings[key](value))
    if about is None and isinstance(value, list) and all(map(_is_told, value)):
        return ", ".join(map(in_language, value))
    return in_language(value) if about is None and _is_told(value) else _value(about, value, names)


def _is_told(value: Any) -> bool:
    """Whether this is a text in several languages."""
    return isinstance(value, Mapping) and bool(value) and set(value) <= {code for code, _name in settings.LANGUAGES}


def _named(key: str, value: Any, names: Names) -> str:
    return names.get((key, value), "") if isinstance(value, int) else ""


def _label(event: Event, key: str) -> Text:
    about, kind = _field(event, key), kinds.get(key)
    # A field without a name of its own is called by its column, which is no word of the reader's.
    if about is not None and (getattr(about, "_verbose_name", None) is not None or key not in WORDS):
        return _capital(about.verbose_name)
    if key in WORDS:
        return WORDS[key]
    return kind.label if kind else key.replace("_", " ").capitalize()


def _capital(text: Any) -> str:
    words = str(text)
    return words[:1].upper() + words[1:]


def _field(event: Event, key: str) -> Field[Any, Any] | None:
    """The subject's own field behind a key: `owner_id` is recorded under its column's name."""
    kind = kinds.get(event.subject_kind)
    if kind is None:
        return None
    for name in (key, key.removesuffix("_id")):
        try:
            found = kind.model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        return found if isinstance(found, Field) else None
    return None


def _value(about: Field[Any, Any] | None, value: Any, names: Names) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(about, ForeignKey) and isinstance(value, int):
        return names.get((_kind_of(about), value), _("number %(number)s") % {"number": value})
    if isinstance(about, DateTimeField) and isinstance(value, str):
        return strip_tags(moment(datetime.fromisoformat(value)))
    choices = dict(about.flatchoices) if about is not None else {}
    if not isinstance(value, dict | list) and value in choices:
        return str(choices[value])
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return (
            str(value["name"])
            if "name" in value
            else "; ".join(f"{k}: {_value(None, v, names)}" for k, v in value.items())
        )
    if isinstance(value, list):
        return ", ".join(_value(None, v, names) for v in value)
    return str(value)


def _kind_of(about: ForeignKey[Any, Any]) -> str:
    return next((k.name for k in kinds.all_kinds() if k.model is about.related_model), "")


def _names(events: Sequence[Event], reader: Any) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {}
    for event in events:
        for key, value in event.data.items():
            if kinds.get(key) and isinstance(value, int):
                wanted.setdefault(key, set()).add(value)
        for key, pair in event.data.get("changed", {}).items():
            about = _field(event, key)
            if isinstance(about, ForeignKey):
                wanted.setdefault(_kind_of(about), set()).update(v for v in pair if isinstance(v, int))
    found = {}
    for name, pks in wanted.items():
        kind = kinds.get(name)
        for subject in kind.visible_to(reader).filter(pk__in=pks) if kind and pks else []:
            found[name, subject.pk] = str(subject)
    return found
