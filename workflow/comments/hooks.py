"""What the comments room brings: its kinds of subject, its gate, its questions, its deadlines."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_save
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_comments_xtd.models import publish_or_unpublish_on_pre_save

from workflow.engine import gates, kinds
from workflow.engine.kinds import SubjectKind
from workflow.profiles.flow import COMMENTS_ANSWERED

from . import asks, deadlines  # noqa: F401 - deadlines registers what the clock carries out
from .flow import RemarkFlow, RoundFlow
from .gate import comments_answered
from .models import Remark, Round


def register() -> None:
    # The library counts a thread anew at every save as if the comment had just come or gone; ours come once.
    pre_save.disconnect(publish_or_unpublish_on_pre_save, sender=Remark)
    asks.register()
    gates.answer(COMMENTS_ANSWERED, comments_answered)
    kinds.register(
        SubjectKind(
            name="round",
            model=Round,
            label=_("Comment round"),
            visible_to=lambda person: Round.objects.all().visible_to(person),
            internal_to=lambda person: Round.objects.all().visible_to(person),
            url=lambda round_: reverse("round", args=[round_.pk]),
            flow=RoundFlow,
            events={
                "planned": _("Planned"),
                "changed": _("Changed"),
                "extended": _("Deadline extended"),
                "nothing_to_say": _("No comments"),
                "imported": _("Comments imported"),
            },
        )
    )
    kinds.register(
        SubjectKind(
            name="remark",
            model=Remark,
            label=_("Comment"),
            visible_to=_remarks,
            internal_to=_remarks,
            url=lambda remark: f"{reverse('round-remarks', args=[remark.round_id])}#remark-{remark.thread_id}",
            flow=RemarkFlow,
            events={"made": _("Made"), "kept_inside": _("Written inside the institution"), "replied": _("Replied")},
        )
    )


def _remarks(person: Any) -> Any:
    return Remark.objects.all().visible_to(person)
