"""What may stand in a section: cleaned, bounded, known by its hash."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from workflow.documents import bounds

BODY_LIMIT = bounds.MOST_CHARACTERS
NOTE_LIMIT = 300


def clean_body(body: str) -> str:
    """One kind of line end, no zero bytes; raises ValidationError when it is more than a section may hold."""
    text = body.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").rstrip()
    if told := bounds.excess(text):
        raise ValidationError({"body": told})
    return text
