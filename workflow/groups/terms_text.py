"""What a draft's text would change, word by word."""

from __future__ import annotations

from django.conf import settings
from django.utils.safestring import SafeString

from workflow.documents import diff

from .models import TermsOfReference


def text_changes(terms: TermsOfReference, in_force: TermsOfReference | None) -> list[tuple[str, SafeString]]:
    """For each language whose text differs from the version in force: its code and the text with its changes."""
    if in_force is None or in_force.pk == terms.pk:
        return []
    pairs = [(code, in_force.text.get(code, ""), terms.text.get(code, "")) for code, _name in settings.LANGUAGES]
    return [(code, diff.inline(diff.compare(old, new))) for code, old, new in pairs if old != new]
