"""The way back from a page of what hangs on a meeting."""

from __future__ import annotations

from django.urls import reverse

from workflow.engine import kinds

from .models import Meeting


def to_meeting(meeting: Meeting) -> list[tuple[str, str]]:
    """The TWG, then the meeting."""
    return [
        (meeting.twg.name, reverse("twg", args=[meeting.twg.code])), (meeting.title, kinds.of(meeting).url(meeting))
    ]  # fmt: skip
