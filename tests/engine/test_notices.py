"""Mail about a change of stage: told to those who sit in the TWG, in their language, if they still may know."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests import factories as f
from workflow.engine import notices, outbox, services
from workflow.engine.models import Event, OutboxRow
from workflow.groups import services as groups
from workflow.groups.models import CategoryRule, Membership
from workflow.profiles.flow import EditionFlow
from workflow.profiles.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(settings: Any) -> Edition:
    """An edition whose earlier mail has all gone out; later mail goes to files, as without an SMTP server."""
    settings.EMAIL_BACKEND = "workflow.engine.mailbox.FileMailbox"
    made = f.edition(f.twg("GH"), stage="comment")
    OutboxRow.objects.update(status="done")
    return made


def expand() -> list[OutboxRow]:
    """The worker turns the notice into one row per recipient."""
    for row in OutboxRow.objects.filter(kind="notice", status="waiting"):
        assert outbox.deliver.func(row.pk) in ("done", "dropped")
    return list(OutboxRow.objects.filter(kind="mail", status="waiting"))


def deliver() -> list[str]:
    return [outbox.deliver.func(row.pk) for row in expand()]


def mails(settings: Any) -> list[EmailMessage]:
    files = sorted(Path(settings.MAIL_DIR).glob("*.eml"))
    return [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in files]


def body(mail: EmailMessage) -> str:
    return str(mail.get_content())


def test_a_change_of_stage_tells_every_seat_but_the_one_who_made_it(edition: Edition, settings: Any) -> None:
    chair = f.seat(edition.twg, "chair", "Chair of Ghana", institution=f.institution("Ministry of Interior"))
    secretariat = f.person("Ama Mensah", time_zone="Africa/Accra")
    groups.give_seat(edition.twg, secretariat, {"role": "secretariat"}, actor=None)
    member = f.seat(edition.twg, "member", institution=f.institution())
    f.seat(f.twg("ML"), "secretariat")
    services.perform(EditionFlow(edition), "return_to_drafting", actor=chair, note="Part C is <empty> & late.")
    deliver()
    sent = mails(settings)
    consultant = Membership.objects.get(twg=edition.twg, role="consultant").person
    assert {m["To"] for m in sent} == {secretariat.email, member.email, consultant.email}
    mine = next(m for m in sent if m["To"] == secretariat.email)
    assert str(mine["Subject"]).strip() == f"{edition}: now at “Drafting”"
    assert body(mine).splitlines()[0] == "Hello Ama Mensah,"
    for words in (
        "has moved from “Comment” to “Drafting”.",
        "Whoever drafts takes the draft up again; history keeps the reason.",
        "“Return to drafting” was done by Chair of Ghana, for Ministry of Interior, on ",
        "(Africa/Accra).",
        "Part C is <empty> & late.",
        "- Submit the draft for comment",
        f"{settings.SITE_URL}/editions/{edition.pk}/",
    ):
        assert words in body(mine)
    other = next(m for m in sent if m["To"] == member.email)
    assert "What you can do next" not in body(other)
    assert "\n\n\n" not in body(mine)


def test_each_is_told_in_their_own_language(edition: Edition) -> None:
    reader = f.person(language="fr")
    groups.give_seat(edition.twg, reader, {"role": "secretariat"}, actor=None)
    from django.utils import translation

    seen: list[str | None] = []
    original = notices.letter

    def spy(person: Any, *args: Any, **kwargs: Any) -> outbox.Parcel:
        seen.append(translation.get_language() if person == reader else None)
        return original(person, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notices, "letter", spy)
        f.perform(edition, "return_to_drafting", note="x")
        deliver()
    assert [language for language in seen if language] == ["fr"]
    assert translation.get_language() == "en"


def test_who_lost_the_seat_before_delivery_is_told_nothing(edition: Edition, settings: Any) -> None:
    member = f.seat(edition.twg, "member", institution=f.institution())
    shut_out = f.seat(edition.twg, "member", institution=f.institution())
    f.perform(edition, "return_to_drafting", note="x")
    rows = expand()
    yesterday = (timezone.now() - timedelta(days=1)).date().isoformat()
    groups.end_seat(f.seat_of(member), until=yesterday, actor=None, note="Moved")
    shut_out.is_active = False
    shut_out.save()
    results = {row.payload["person"]: outbox.deliver.func(row.pk) for row in rows}
    assert results[member.pk] == results[shut_out.pk] == "dropped"
    assert not {member.email, shut_out.email} & {m["To"] for m in mails(settings)}


def test_an_excluded_category_is_told_nothing(edition: Edition, settings: Any) -> None:
    terms = f.adopt(edition.twg.terms.get())
    CategoryRule.objects.filter(terms=terms, category="private_sector").update(modality="excluded")
    trader = f.seat(edition.twg, "member", institution=f.institution(category="private_sector"))
    f.perform(edition, "return_to_drafting", note="x")
    deliver()
    told = {m["To"] for m in mails(settings)}
    assert told
    assert trader.email not in told


def test_an_observer_is_told_without_the_name_of_who_acted(edition: Edition, settings: Any) -> None:
    f.adopt(edition.twg.terms.get())
    chair = f.seat(edition.twg, "chair", "Kwame Planted", institution=f.institution("Ministry of Interior"))
    observer = f.seat(edition.twg, "observer", institution=f.institution(category="civil_society"))
    f.perform(edition, "return_to_drafting", actor=chair, note="x")
    deliver()
    mine = next(m for m in mails(settings) if m["To"] == observer.email)
    assert "was done by Somebody, for Ministry of Interior" in body(mine)
    assert "Planted" not in mine.as_string()


def test_a_worker_killed_between_sending_and_marking_leaves_one_mail(edition: Edition, settings: Any) -> None:
    member = f.seat(edition.twg, "member", institution=f.institution())
    f.perform(edition, "return_to_drafting", note="x")
    row = next(row for row in expand() if row.payload["person"] == member.pk)
    held = outbox._claim(row.pk)
    assert held is not None
    notices.tell(held).send()  # the mail is out; here the worker is killed
    assert outbox.deliver.func(row.pk) == "not mine"
    OutboxRow.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert outbox.rescue() >= 1
    assert outbox.deliver.func(row.pk) == "done"
    assert [m["To"] for m in mails(settings)] == [member.email]


def test_a_notice_expanded_twice_makes_each_mail_once(edition: Edition) -> None:
    f.seat(edition.twg, "member", institution=f.institution())
    f.perform(edition, "return_to_drafting", note="x")
    [row] = OutboxRow.objects.filter(kind="notice", status="waiting")
    notices.expand(row)
    before = OutboxRow.objects.filter(kind="mail").count()
    notices.expand(row)
    assert OutboxRow.objects.filter(kind="mail").count() == before > 0


def test_a_change_that_moves_no_stage_and_a_quiet_replay_tell_nobody(edition: Edition) -> None:
    with services.change(edition, "changed", actor=None) as changing:
        changing.subject.source = "p. 12"
    assert deliver() == []
    quiet = services.Telling(quiet=True)
    services.perform(EditionFlow(edition), "return_to_drafting", actor=None, note="x", telling=quiet)
    assert deliver() == []
    assert Event.objects.filter(subject_kind="edition", name="return_to_drafting").exists()
