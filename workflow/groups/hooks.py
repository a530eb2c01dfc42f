"""What the groups room brings to the engine: its kinds of subject and who acts for which institution."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workflow.engine import actors, kinds
from workflow.engine.kinds import SubjectKind

from . import access, event_words, inbox, invitations, sign_in_codes  # noqa: F401 - they register what waits and what is sent
from .flow import TermsFlow
from .models import Institution, Person, Project, TermsOfReference, Twg


def standing(person: Any, subject: Any) -> actors.Standing:
    """The seat from which the person acts: in the subject's TWG first, then in the project."""
    own = access.seats(person)
    twg = getattr(subject, "twg", None)
    if twg is not None:
        places = (twg.pk, twg.linked_to_id)
        held = sorted((s for s in own.present if s.twg_id in places), key=lambda s: _ORDER.index(s.role))
        if held:
            return actors.Standing(held[0].institution_name, held[0].institution_id, held[0].role)
        if twg.project_id in own.projects:
            return actors.Standing("IOM", None, "iom")
    return actors.Standing("", None, "administrator" if own.administrator else "")


_ORDER = ("chair", "secretariat", "consultant", "member", "alternate", "observer")


def register() -> None:
    actors.register(standing, access.forget)
    event_words.register()
    kinds.register(
        SubjectKind(
            name="person",
            model=Person,
            label=_("Person"),
            visible_to=Person.objects.visible_to,
            internal_to=Person.objects.visible_to,
            url=lambda person: reverse("person", args=[person.pk]),
            events={
                "created": _("Entered in the directory"),
                "changed": _("Changed"),
                "invited": _("Invited"),
                "let_in": _("May sign in again"),
                "kept_out": _("May no longer sign in"),
            },
        )
    )
    kinds.register(
        SubjectKind(
            name="institution",
            model=Institution,
            label=_("Institution"),
            visible_to=lambda person: Institution.objects.all().visible_to(person),
            internal_to=lambda person: Institution.objects.all().visible_to(person),
            url=lambda institution: reverse("institution", args=[institution.code]),
            events={
                "created": _("Entered in the directory"),
                "changed": _("Changed"),
                "imported": _("Changed by an import"),
            },
        )
    )
    kinds.register(
        SubjectKind(
            name="project",
            model=Project,
            label=_("Project"),
            visible_to=lambda person: Project.objects.all().visible_to(person),
            internal_to=lambda person: Project.objects.all().visible_to(person),
            url=lambda project: reverse("project", args=[project.code]),
            events={
                "created": _("Opened"),
                "changed": _("Changed"),
                "iom_seat_given": _("IOM seat given"),
                "fact_recorded": _("Fact recorded"),
            },
        )
    )
    kinds.register(
        SubjectKind(
            name="twg",
            model=Twg,
            label=_("TWG"),
            visible_to=lambda person: Twg.objects.all().visible_to(person),
            internal_to=lambda person: Twg.objects.all().internal_to(person),
            url=lambda twg: reverse("twg", args=[twg.code]),
            events={
                "created": _("Set up"),
                "changed": _("Changed"),
                "body_linked": _("Body linked"),
                "parent_changed": _("Parent institution changed"),
                "fact_recorded": _("Fact recorded"),
                "seat_given": _("Seat given"),
                "seat_ended": _("Seat ended"),
            },
        )
    )
    kinds.register(
        SubjectKind(
            name="terms",
            model=TermsOfReference,
            label=_("Terms of reference"),
            visible_to=lambda person: TermsOfReference.objects.all().visible_to(person),
            internal_to=lambda person: TermsOfReference.objects.all().visible_to(person),
            url=lambda terms: reverse("terms", args=[terms.pk]),
            flow=TermsFlow,
            events={"created": _("Drafted"), "changed": _("Changed")},
        )
    )
