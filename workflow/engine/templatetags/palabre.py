"""The words of Palabre's pages. Settings load these tags everywhere, so no template needs `{% load %}`.

{% icon "check" %}                       a drawing from the sprite; always beside its words, never alone
{% stage_track track %}                  the stages of a life cycle as an ordered list; see `Step`
{% mini_track track %}                   the same in one line, for tables
{% machine_svg drawing %}                the state machine as an accessible drawing; see `machine_svg`
{% state_badge label kind %}             kind: current, done, todo, off, late
{% confidence "probable" %}              how sure a fact is: stated, general, probable, open, decided
{% category_badge "government" label %}  an institution's category
{% moment event.at %}                    an instant in the reader's zone; a date as a date
{% moment at zone="Africa/Accra" %}       the same, and the other zone's time where the two differ
{% fuzzy "2009-06" %}                    a date as far as it is known (EDTF): "June 2009", or "date open"
{% days 12 %}                            "12 days"
{% span 6446 %}                          "17 years", with the days as its title
{% late 12 %}                            "12 days late" as a mark, nothing when it is not late
{{ event.at|in_full }}                   for mail: "15 June 2009, 14:05"; a date without a time
{% bar_chart title rows unit %}          bars drawn on the server, with their table; see `bar_chart`
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from django.template import Library
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from workflow.engine import edtf, spans

register = Library()

CONFIDENCE = {
    "stated": (_("Stated"), _("The source says so of this country.")),
    "general": (_("General"), _("The source says so of all countries, not of this one.")),
    "probable": (_("Probable"), _("The source calls it likely, not settled.")),
    "open": (_("Open"), _("The source leaves it open.")),
    "decided": (_("Decided"), _("Decided, with a date or a reference.")),
}
STATUS = {
    "done": pgettext_lazy("stage", "done"),
    "current": pgettext_lazy("stage", "now"),
    "todo": pgettext_lazy("stage", "to come"),
    "off": pgettext_lazy("stage", "not taken"),
}
BADGE_ICONS = {"done": "check", "current": "arrow-right", "todo": "dot-open", "off": "cross", "late": "alert"}
# The first word of a category's code chooses the drawing, so that a new category only needs its label.
CATEGORY_ICONS = {
    "government": "building",
    "statistics": "chart",
    "law": "shield",
    "enforcement": "shield",
    "border": "shield",
    "international": "globe",
    "research": "book",
    "civil": "users",
    "private": "briefcase",
}


class Step(Protocol):
    """One stage of a track. `days` counts the time spent in it; `note` is one short line, or empty."""

    value: str
    label: str
    status: Literal["done", "current", "todo", "off"]
    since: datetime | None
    days: int | None
    note: str


@register.simple_tag
def icon(name: str) -> SafeString:
    return _icon(name)


@lru_cache(maxsize=256)  # a page shows dozens, and each asks the storage for the same address
def _icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("palabre/icons.svg"), name
    )


# -- marks --------------------------------------------------------------------------------------------


@register.simple_tag
def state_badge(label: object, kind: str = "todo") -> SafeString:
    return format_html('<span class="badge {}">{}{}</span>', kind, icon(BADGE_ICONS.get(kind, "dot-open")), label)


@register.simple_tag
def confidence(code: str) -> SafeString:
    """Words and a shape, for colour alone tells nothing to many readers; nothing for an unknown or empty code."""
    if code not in CONFIDENCE:
        return SafeString("")
    label, meaning = CONFIDENCE[code]
    return format_html('<span class="confidence" title="{}">{}{}</span>', meaning, icon(f"dot-{code}"), label)


@register.simple_tag
def category_badge(category: str, label: object) -> SafeString:
    drawing = CATEGORY_ICONS.get(category.replace("-", "_").split("_")[0], "building")
    return format_html('<span class="category">{}{}</span>', icon(drawing), label)


# -- time ---------------------------------------------------------------------------------------------


@register.simple_tag
def moment(value: datetime | date | None, zone: str = "") -> SafeString:
    """An instant where the reader is and, if `zone` (an IANA name) keeps another time then, there too."""
    if value is None:
        return _unknown()
    if not isinstance(value, datetime):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), _day(value))
    here = timezone.localtime(value)
    shown = _instant(here)
    if zone:
        there = value.astimezone(ZoneInfo(zone))
        if there.utcoffset() != here.utcoffset():
            when = _clock(there) if there.date() == here.date() else _instant(there)
            shown = gettext("%(here)s (%(there)s in %(place)s)") % {
                "here": shown,
                "there": when,
                "place": zone.rsplit("/", 1)[-1].replace("_", " "),
            }
    return format_html('<time datetime="{}">{}</time>', here.isoformat(timespec="minutes"), shown)


@register.simple_tag
def fuzzy(text: str | None) -> SafeString:
    if not text or text == edtf.OPEN:
        return _unknown()
    return format_html('<span class="date">{}</span>', edtf.display(text))


def _unknown() -> SafeString:
    return format_html('<span class="quiet">{}</span>', gettext("date open"))


def _day(value: date) -> str:
    # Translators: Django date format of one day, e.g. "j M Y" for 5 Jan 2009.
    words = date_format(value, pgettext("format of a day", "j M Y"), use_l10n=False)
    return words.lower() if (get_language() or "").startswith("pt") else words


def _clock(value: datetime) -> str:
    """The time with its zone: an abbreviation where people use one, else the distance to UTC."""
    name = value.tzname() or ""
    if not name.isalpha():
        sign = "−" if name.startswith("-") else "+"
        name = f"UTC{sign}{name.lstrip('+-').lstrip('0')}"
    return f"{value:%H:%M} {name}"


def _instant(value: datetime) -> str:
    return pgettext("day, time", "%(day)s, %(time)s") % {"day": _day(value), "time": _clock(value)}


@register.filter(expects_localtime=True)
def in_full(value: datetime | date) -> str:
    """For texts without marks, such as mail; the time is that of the zone in force, which the text has to name."""
    day = edtf.display(f"{value:%Y-%m-%d}")
    if not isinstance(value, datetime):
        return day
    return pgettext("day, time", "%(day)s, %(time)s") % {"day": day, "time": f"{value:%H:%M}"}


@register.simple_tag
def days(count: int | None) -> str:
    if count is None:
        return ""
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


@register.simple_tag
def span(count: int | None) -> SafeString:
    if count is None:
        return SafeString("")
    return format_html('<span title="{}">{}</span>', days(count), spans.words(count))


@register.simple_tag
def late(count: int | None) -> SafeString:
    if not count or count < 0:
        return SafeString("")
    words = ngettext("%(count)d day late", "%(count)d days late", count) % {"count": count}
    if count >= spans.IN_DAYS:
        words = gettext("%(time)s late") % {"time": spans.words(count)}
    return format_html('<span class="late" title="{}">{} {}</span>', days(count), icon("alert"), words)


# -- tracks and drawings ----------------------------------------------------------------------------------


@register.inclusion_tag("workflow/components/track.html")
def stage_track(track: Iterable[Step]) -> dict[str, Any]:
    return {"steps": [{"step": step, "status": STATUS[step.status]} for step in track]}


@register.simple_tag
def mini_track(track: Iterable[Step]) -> SafeString:
    """Little boxes with a text for those who do not see them: "Stage 3 of 7: Comment"."""
    steps = list(track)
    place, label = next(((i, s.label) for i, s in enumerate(steps, 1) if s.status == "current"), (0, ""))
    words = gettext("No stage under way")
    if place:
        words = gettext("Stage %(place)d of %(count)d: %(stage)s") % {
            "place": place,
            "count": len(steps),
            "stage": label,
        }
    boxes = format_html_join("", '<i class="{}"></i>', ((step.status,) for step in steps))
    return format_html('<span class="mini" role="img" aria-label="{}">{}</span>', words, boxes)


_LETTER, _LINE = 7, 15  # what a letter and a line take in the drawing, in its units


@register.inclusion_tag("workflow/components/machine.html")
def machine_svg(drawing: Any) -> dict[str, Any]:
    """`drawing`: name (unique on the page), width, height, title, desc;

    nodes (value, label, x, y, w, h, status as in a track; x and y are the corner near the origin);
    edges (path as the d of an SVG path, label, kind: forward, back or out; x and y of the label, None to hide it).
    """
    nodes = [
        {"node": node, "middle_x": node.x + node.w / 2, "lines": _lines(node), "status": STATUS[node.status]}
        for node in drawing.nodes
    ]
    return {"drawing": drawing, "nodes": nodes}


def _lines(node: Any) -> list[tuple[str, float]]:
    """The label on one line or, where it is wider than its box, on two; each with the height of its middle."""
    middle, words = node.y + node.h / 2, str(node.label).split()
    if len(words) < 2 or len(str(node.label)) * _LETTER <= node.w:
        return [(str(node.label), middle)]
    splits = [(" ".join(words[:place]), " ".join(words[place:])) for place in range(1, len(words))]
    first, second = min(splits, key=lambda split: max(map(len, split)))
    return [(first, middle - _LINE / 2), (second, middle + _LINE / 2)]


@register.inclusion_tag("workflow/components/bar_chart.html")
def bar_chart(title: str, rows: Iterable[Mapping[str, Any]], unit: str = "") -> dict[str, Any]:
    """Horizontal bars. `rows`: mappings of `label` and `value` (None where it is not known), optionally `late`, `url`.

    The drawing has no viewBox: bars are percentages and letters keep their size, on a phone as on paper.
    """
    listed = [dict(row) for row in rows]
    top = max((row["value"] or 0 for row in listed), default=0)
    for index, row in enumerate(listed):
        row["y"], row["bar_y"], row["value_y"] = index * 44 + 14, index * 44 + 21, index * 44 + 33
        row["width"] = round((row["value"] or 0) / top * 84, 1) if top else 0
        row["end"] = row["width"] + 1.2
    return {"title": title, "rows": listed, "unit": unit, "height": len(listed) * 44}


@register.simple_tag
def cell_label(columns: list[str], index: int) -> str:
    """The label of a table's column, for cells that become labelled lines on a phone."""
    return str(columns[index])
