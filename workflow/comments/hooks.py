"""What the comments room brings: its kinds of subject, its gate, its questions, its deadlines, its panels."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_save
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_comments_xtd.models import publish_or_unpublish_on_pre_save

from workflow.engine import details, gates, kinds
from workflow.engine.kinds import SubjectKind
from workflow.groups import panels
from workflow.profiles.flow import COMMENTS_ANSWERED
from workflow.writing.progress import register_counter

from . import asks, deadlines, digests, inbox, matrix_files, reminders, selectors  # noqa: F401 - four of them register themselves
from . import panels as own
from .flow import RemarkFlow, RoundFlow
from .gate import comments_answered, hold_rounds
from .models import Disposition, Remark, Round
from .notices import remark_notice, remark_words, round_notice, round_words


def register() -> None:
    # The library counts a thread anew at every save as if the comment had just come or gone; ours come once.
    pre_save.disconnect(publish_or_unpublish_on_pre_save, sender=Remark)
    asks.register()
    details.reads("disposition", lambda code: dict(Disposition.choices).get(code, code))
    matrix_files.register()
    gates.answer(COMMENTS_ANSWERED, comments_answered, hold=hold_rounds)
    register_counter("comments", _("open comments"), selectors.open_by_section)
    for page in ("edition", "template", "terms"):
        panels.register("rounds", own.subject_panel, "workflow/comments/panel.html", page=page)
    panels.register("rounds", own.text_panel, "workflow/comments/panel.html", page="text")
    panels.register("rounds", own.draft_panel, "workflow/comments/panel.html", page="draft")
    panels.register("rounds", own.twg_panel, "workflow/comments/panel.html")
    panels.register("rounds", own.section_panel, "workflow/comments/section_panel.html", page="section")
    panels.register("rounds", own.editor_panel, "workflow/comments/editor_panel.html", page="section-edit")
    kinds.register(_round())
    kinds.register(_remark())


def _round() -> SubjectKind:
    return SubjectKind(
        name="round",
        model=Round,
        label=_("Comment round"),
        visible_to=selectors.rounds,
        internal_to=selectors.rounds,
        url=lambda round_: reverse("round", args=[round_.pk]),
        flow=RoundFlow,
        events={
            "planned": pgettext_lazy("event", "Planned"),
            "changed": _("Changed"),
            "asked_more": _("Others asked, too"),
            "extended": _("Deadline extended"),
            "reminded": _("Reminded"),
            "nothing_to_say": _("No comments"),
            "imported": _("Comments imported"),
        },
        notice=round_notice,
        mail_words=round_words,
    )


def _remark() -> SubjectKind:
    return SubjectKind(
        name="remark",
        model=Remark,
        label=pgettext_lazy("remark", "Comment"),
        visible_to=_remarks,
        internal_to=_remarks,
        url=remark_url,
        flow=RemarkFlow,
        events={
            "made": _("Made"),
            "kept_inside": _("Written inside the institution"),
            "changed": _("Changed inside the institution"),
            "replied": _("Replied"),
            "flagged": _("Flagged for the chair's attention"),
            "unflagged": _("Flag taken away"),
        },
        notice=remark_notice,
        mail_words=remark_words,
    )


def remark_url(remark: Remark) -> str:
    """The page of the comment; a reply's place on it."""
    url = reverse("remark", args=[remark.thread_id])
    return f"{url}#remark-{remark.pk}" if remark.is_reply else url


def _remarks(person: Any) -> Any:
    return Remark.objects.all().visible_to(person).with_all()
