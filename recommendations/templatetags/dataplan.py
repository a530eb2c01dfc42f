"""The words of the data plans room's pages.

{% amount action.cost action.currency %}   “1,250,000 XOF”; a dash where nobody knows how much
{% subject_url gap as where %}             the page of a subject of another room
"""

from __future__ import annotations

from decimal import Decimal

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString

from recommendations.dataplan.models.money import money
from workflow.engine import kinds
from workflow.engine.models import Subject

register = Library()


@register.simple_tag
def amount(value: Decimal | str | None, currency: str = "") -> SafeString:
    return format_html(
        '<span class="nowrap">{}</span>', money(value if isinstance(value, Decimal) else None, currency) or "–"
    )


@register.simple_tag
def subject_url(subject: Subject) -> str:
    return kinds.of(subject).url(subject)
