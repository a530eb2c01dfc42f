"""One hand-over from the workshop to publication and on, by its pages and the links in its mails alone (S02, S21).

Declined by the first institution, accepted with conditions by the second; then the second opens the next edition.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import factories as f
from tests.datarequests.test_mail import deliver
from tests.groups.reading import browser
from workflow.engine import history
from workflow.groups.models import Person
from workflow.handover.models import HandoverItem
from workflow.profiles.models import Edition

from .making import Country, country, upload

pytestmark = pytest.mark.django_db


def act(person: Person, kind: str, subject: Any, step: str, **answers: Any) -> None:
    """The button's page is opened, filled in and sent with the version that it showed."""
    page = reverse("act", args=[kind, subject.pk, step])
    shown = browser(person).get(page)
    assert shown.status_code == 200, shown.content
    found = re.search(r'name="version" value="(\d+)"', shown.text)
    assert found
    answer = browser(person).post(page, {"version": found[1], **answers})
    assert answer.status_code == 302, answer.content


def by_link(of: Country, person: Person, answer: str, words: str = "") -> None:
    """The link in the newest mail to the person is pressed, in a browser that nobody has signed in to."""
    deliver()
    body = str(next(message.body for message in reversed(mail.outbox) if message.to == [person.email]))
    found = re.search(r"https?://\S+(/handover-answer/\S+)", body)
    assert found, body
    stranger = Client()
    assert of.twg.name in stranger.get(found[1]).text
    assert stranger.post(found[1], {"answer": answer, "words": words}).status_code == 302


def test_from_the_workshop_to_the_next_edition() -> None:
    ghana = country(stage="workshop")
    told = {"update_institution": ghana.statistics.pk, "no_update_institution": "", **f.REASONS}
    act(ghana.secretariat, "edition", ghana.edition, "close_workshop", **told)
    handover = ghana.handover
    assert reverse("handover", args=[handover.pk]) in browser(ghana.chair).get("/").text

    act(ghana.secretariat, "handover", handover, "ask", reply_by="2999-06-01", note="We have worked well together.")
    by_link(ghana, ghana.statistician, "decline", "The census takes all our people.")
    page = browser(ghana.secretariat).get(reverse("handover", args=[handover.pk])).text
    assert "The census takes all our people." in page
    refused = browser(ghana.secretariat).get(reverse("act", args=["edition", ghana.edition.pk, "publish"])).text
    assert "has declined the hand-over" in refused

    act(ghana.secretariat, "handover", handover, "name_institution", institution=ghana.ministry.pk)
    act(ghana.secretariat, "handover", handover, "ask", reply_by="2999-07-01")
    by_link(ghana, ghana.official, "accept_conditionally", "Two posts in the budget of 2010.")
    assert "Two posts in the budget of 2010." in browser(ghana.chair).get(reverse("handover", args=[handover.pk])).text
    act(ghana.official, "handover", handover, "meet_conditions", note="Both stand in the budget law.")

    for item in HandoverItem.objects.filter(handover=handover):
        if item.kind == "budget_line":
            act(ghana.chair, "handover_item", item, "excuse", note="The two posts are the budget.")
        else:
            counted = {"counted": 4} if item.kind == "trained_staff" else {}
            act(ghana.official, "handover_item", item, "complete", evidence_file=upload(), **counted)
    act(ghana.chair, "handover", handover, "sign", next_due="2999-12-31")
    act(ghana.secretariat, "edition", ghana.edition, "publish", published_on="2009-12")

    public = Client().get(reverse("edition", args=[ghana.edition.pk]))
    assert public.status_code == 200
    assert ghana.ministry.name in public.text
    profile = Edition.objects.get(pk=ghana.edition.pk).profile
    form = {"version": profile.version, "label": "2011", "template": f.template().pk}
    new = reverse("edition-new", args=[profile.code])
    assert browser(ghana.consultant).post(new, form).status_code == 403
    assert browser(ghana.official).post(new, form).status_code == 302
    assert Edition.objects.get(profile=profile, label="2011").follows == ghana.edition
    assert history.verify().broken is None
