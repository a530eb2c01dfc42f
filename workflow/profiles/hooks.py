"""What the profiles room brings to the engine: its kinds of subject, what it asks, and whom it tells."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine import asks, kinds
from workflow.engine.kinds import SubjectKind
from workflow.engine.models import Event
from workflow.engine.notices import Notice
from workflow.engine.together import Found, Wanted
from workflow.groups import panels
from workflow.groups.models import Membership, Twg
from workflow.groups.seated import holders
from workflow.writing.hooks import panel as text_panel

from . import inbox, papers, selectors  # noqa: F401 - inbox registers what waits and what is coming
from .asks import DraftForm, PublicationForm, WorkshopForm
from .flow import EditionFlow
from .models import Edition, Profile, TemplateVersion


def stage_notice(edition: Edition, event: Event) -> Notice | None:
    """Every change of stage is told to those who hold a seat in the TWG; access is asked again when it is sent."""
    if not event.to_state or not event.from_state:
        return None
    return Notice(holders(Membership.objects.active().filter(twg=edition.twg)), "workflow/mail/stage")


def panel(twg: Twg, person: Any) -> Wanted[dict[str, Any]] | None:
    """The TWG's profiles and where their editions stand, for all who may open its page."""
    if twg.linked_to_id:
        return None

    def context(found: Found) -> dict[str, Any]:
        rows = selectors.rows_with(found["editions"], found["moves"])
        return {"twg": twg, "rows": rows, "without_edition": found["without_edition"]}

    return Wanted(selectors.of_twg(twg, person), context)


def register() -> None:
    papers.register()
    panels.register("profiles", panel, "workflow/profiles/panel.html")
    panels.register("text", text_panel, "workflow/writing/panel.html", page="template")
    asks.register("workshop", WorkshopForm)
    asks.register("publication", PublicationForm)
    asks.register("draft", DraftForm)
    kinds.register(
        SubjectKind(
            name="template",
            model=TemplateVersion,
            label=_("Template"),
            visible_to=lambda person: TemplateVersion.objects.all().visible_to(person),
            internal_to=lambda person: TemplateVersion.objects.all().visible_to(person),
            url=lambda template: reverse("template", args=[template.code]),
            events={"created": pgettext_lazy("event", "Published"), "changed": _("Changed")},
        )
    )
    kinds.register(
        SubjectKind(
            name="profile",
            model=Profile,
            label=_("Profile"),
            visible_to=lambda person: Profile.objects.all().visible_to(person),
            internal_to=lambda person: Profile.objects.all().internal_to(person),
            url=lambda profile: reverse("profile", args=[profile.code]),
            events={
                "created": _("Opened"),
                "changed": _("Changed"),
                "edition_opened": _("Edition opened"),
                "handed_over": _("Handed over"),
                "next_edition_set": _("Day of the next edition set"),
            },
        )
    )
    kinds.register(
        SubjectKind(
            name="edition",
            model=Edition,
            label=_("Edition"),
            visible_to=lambda person: Edition.objects.all().visible_to(person),
            internal_to=lambda person: Edition.objects.all().internal_to(person),
            url=lambda edition: reverse("edition", args=[edition.pk]),
            flow=EditionFlow,
            events={
                "opened": _("Opened"),
                "changed": _("Changed"),
                "update_institution_named": _("Update institution named"),
            },
            notice=stage_notice,
        )
    )
