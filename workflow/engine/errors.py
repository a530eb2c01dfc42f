"""What can go wrong in a transition, each with the HTTP status that pages and API give it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .models import Event, Subject

type_text = str | Promise


class EngineError(Exception):
    """Base of all refusals. `reason` is a sentence for the person who pressed the button."""

    status = 400

    def __init__(self, reason: type_text) -> None:
        super().__init__(str(reason))
        self.reason = reason


class NotPermitted(EngineError):
    """The person may see the subject but not do this to it (403)."""

    status = 403


class Unmet(EngineError):
    """A condition of the transition does not hold (409): the reason says which."""

    status = 409


class Conflict(EngineError):
    """Somebody was faster, or the page was stale (409). `events` are those the person had not seen.

    `more` is what a program learns beside them: a kind of conflict that has a way out of its own says it there.
    """

    status = 409
    more: Mapping[str, object] = {}

    def __init__(self, subject: Subject, events: Sequence[Event], reason: type_text | None = None) -> None:
        super().__init__(reason or _("This has changed since you opened it."))
        self.subject = subject
        self.events = events


class Incomplete(EngineError):
    """What the transition asks for is missing or wrong (422), or a file is too large (413).

    `fields` maps a field to its messages.
    """

    status = 422

    def __init__(self, fields: Mapping[str, Sequence[type_text]], *, too_large: bool = False) -> None:
        super().__init__(_("Something is missing."))
        self.status = 413 if too_large else 422
        self.fields = {name: [str(message) for message in messages] for name, messages in fields.items()}
