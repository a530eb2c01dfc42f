"""Links by which the lead institution says with one press how far a recommendation is (as ballots' and meetings').

A link signs nobody in. It is bound to the recommendation, the person's address and the number of reports that there
were when it was made, so that it reports once. Opening it changes nothing: mail scanners may follow it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from workflow.engine.models import Event
from workflow.groups.bearers import bound_to
from workflow.groups.models import Person

from .flow import leads
from .models import UNDER_WAY, ProgressReport, Recommendation

SALT = "palabre.progress"
ANSWERS = (25, 50, 75, 100)  # percent, besides how far it was before


@dataclass(frozen=True)
class Opened:
    """Whom a link lets report on what. `used` says that somebody has reported since it was sent."""

    recommendation: Recommendation
    person: Person
    used: bool

    @property
    def over(self) -> bool:
        """Whether nobody waits for a report any more."""
        return self.recommendation.state not in UNDER_WAY


def link_for(recommendation: Recommendation, person: Person) -> str:
    number = ProgressReport.objects.filter(recommendation=recommendation.pk).count()
    token = signing.dumps([recommendation.pk, person.pk, bound_to(person, SALT), number], salt=SALT, compress=True)
    return settings.SITE_URL + reverse("progress-by-link", args=[token])


def read(token: str) -> Opened | None:
    """What a link opens; None when it is forged, or its bearer does not answer for the lead institution any more."""
    try:
        pk, person_pk, bound, number = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = Person.objects.filter(pk=person_pk, is_active=True).first()
    if person is None or bound_to(person, SALT) != bound:
        return None
    found = Recommendation.objects.all().visible_to(person).with_all().filter(pk=pk).first()
    if found is None or not leads(found, person):
        return None
    reports = ProgressReport.objects.filter(recommendation=found.pk).count()
    return Opened(found, person, used=reports != number)


def answers(recommendation: Recommendation, link: str) -> list[tuple[str, str]]:
    """What can be said with one press: (words, link) from nothing new to all done."""
    said = [(_("Nothing new"), recommendation.percent)]
    said += [(_("%(percent)d %% done") % {"percent": p}, p) for p in ANSWERS if recommendation.percent < p < 100]
    said.append((_("It is implemented"), 100))
    return [(words, f"{link}?percent={percent}") for words, percent in said]


def mail_words(recommendation: Recommendation, event: Event, person: Person) -> Mapping[str, Any]:
    """What a mail says besides: for who answers for the lead institution, the one-press answers."""
    if recommendation.state not in UNDER_WAY or not leads(recommendation, person):
        return {"answers": []}
    return {"answers": answers(recommendation, link_for(recommendation, person))}
