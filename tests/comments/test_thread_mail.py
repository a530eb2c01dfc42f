"""Mail about threads, and the comments library's own pages, which answer nobody (S13)."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse

from tests.groups.reading import browser
from workflow.comments import threads
from workflow.comments.models import Muted, Remark
from workflow.groups.models import Institution, Person, Twg

from . import making as m

pytestmark = pytest.mark.django_db


def told(mailoutbox: list[Any]) -> list[str]:
    return sorted(mail.to[0] for mail in mailoutbox)


def test_a_reply_is_mailed_to_those_who_take_part_and_want_it(
    ghana: Twg, interior: tuple[Institution, Person], consultant: Person, remark: Remark, mailoutbox: list[Any]
) -> None:
    m.deliver()
    mailoutbox.clear()
    reply = threads.reply(remark, "Which <source> & year?", actor=consultant)
    m.deliver()
    [mail] = mailoutbox
    assert mail.to == [interior[1].email]
    assert mail.subject == "Reply to comment 1, March round"
    for words in ("The consultant has replied:", "Which <source> & year?", f"/comments/{remark.pk}/#remark-{reply.pk}"):
        assert words in mail.body
    mailoutbox.clear()
    threads.reply(reply, "The register of 2007.", actor=interior[1], followup=False)
    m.deliver()
    assert told(mailoutbox) == [consultant.email]
    assert "Member of Ministry of Interior, for Ministry of Interior, has replied:" in mailoutbox[0].body


def test_who_mutes_the_thread_or_wants_no_mail_gets_none(
    interior: tuple[Institution, Person], consultant: Person, remark: Remark, mailoutbox: list[Any]
) -> None:
    m.deliver()
    mailoutbox.clear()
    threads.mute(remark, interior[1])
    threads.reply(remark, "One.", actor=consultant)
    m.deliver()
    assert mailoutbox == []
    threads.mute(remark, interior[1], on=False)
    threads.reply(remark, "Two.", actor=consultant)
    m.deliver()
    assert told(mailoutbox) == [interior[1].email]


def test_who_mutes_it_before_the_mail_has_left_gets_none(
    interior: tuple[Institution, Person], consultant: Person, remark: Remark, mailoutbox: list[Any]
) -> None:
    from workflow.engine import outbox
    from workflow.engine.models import OutboxRow

    m.deliver()
    mailoutbox.clear()
    threads.reply(remark, "One.", actor=consultant)
    outbox.deliver.func(OutboxRow.objects.get(kind="notice", status="waiting").pk)
    threads.mute(remark, interior[1])
    m.deliver()
    assert mailoutbox == []
    assert OutboxRow.objects.filter(kind="mail").last().status == "dropped"  # type: ignore[union-attr]


def test_a_reply_between_colleagues_is_mailed_to_colleagues_alone(
    ghana: Twg, interior: tuple[Institution, Person], consultant: Person, mailoutbox: list[Any]
) -> None:
    expert = m.colleague(ghana, interior[0])
    remark = m.comment(m.opened(ghana), expert, inside=True)
    m.deliver()
    mailoutbox.clear()
    threads.reply(remark, "Say it more softly.", actor=interior[1])
    m.deliver()
    assert told(mailoutbox) == [expert.email]
    assert mailoutbox[0].subject == "Reply inside your institution, March round"


def test_one_press_from_the_mail_mutes_and_looking_does_not(
    interior: tuple[Institution, Person], consultant: Person, remark: Remark, mailoutbox: list[Any], settings: Any
) -> None:
    m.deliver()
    mailoutbox.clear()
    threads.reply(remark, "Which source?", actor=consultant)
    m.deliver()
    url = next(line for line in mailoutbox[0].body.splitlines() if "/threads/" in line)
    path = url.removeprefix(settings.SITE_URL)
    nobody = browser(None)
    page = nobody.get(path)
    assert page.status_code == 200
    assert "figure is wrong" not in page.content.decode(), "a link may be forwarded: it shows nothing of the thread"
    assert not Muted.objects.exists()
    assert "You get no more mail" in nobody.post(path).content.decode()
    assert Muted.objects.get().person == interior[1]
    nobody.post(path, {"on": "no"})
    assert not Muted.objects.exists()


@pytest.mark.parametrize("token", ["forged", "WzEsMV0:1abc:xyz"])
def test_a_forged_link_mutes_nobody(token: str) -> None:
    assert browser(None).get(reverse("thread-mute", args=[token])).status_code == 404
    assert browser(None).post(reverse("thread-mute", args=[token])).status_code == 404


# -- the comments library's own pages -------------------------------------------------------------------


LIBRARY = (
    "comments-xtd-sent", "comments-xtd-confirm", "comments-xtd-reply", "comments-xtd-mute", "comments-flag",
    "comments-xtd-dislike", "comments-xtd-like", "comments-xtd-api-create", "comments-xtd-api-list",
    "comments-xtd-api-count", "comments-xtd-api-feedback", "comments-xtd-api-flag", "comments-post-comment",
    "comments-comment-done", "comments-delete", "comments-approve", "comments-url-redirect",
)  # fmt: skip


@pytest.mark.parametrize("name", LIBRARY)
def test_no_address_of_the_comments_library_resolves(name: str) -> None:
    for args in ([], [1], [1, 1], ["workflow-draft", "1"]):
        with pytest.raises(NoReverseMatch):
            reverse(name, args=args)


def test_no_view_of_the_comments_library_is_mounted_anywhere() -> None:
    from tests.sweeps.addresses import patterns

    modules = {pattern.callback.__module__ for _route, pattern in patterns() if pattern.callback}
    assert modules
    assert not [name for name in modules if name.startswith(("django_comments", "django_contrib_comments"))]


@pytest.mark.parametrize("path", ["/comments/post/", "/comments/posted/", "/comments/feed/", "/comments/api/comment/"])
def test_the_library_answers_nobody(path: str, interior: tuple[Institution, Person], remark: Remark) -> None:
    client = browser(interior[1])
    assert client.post(path, {"comment": "x", "object_pk": "1", "content_type": "workflow.draft"}).status_code == 404
    assert client.get(path).status_code == 404
    assert Remark.objects.count() == 1


def test_the_library_sends_no_mail_and_sends_no_signal(
    interior: tuple[Institution, Person], consultant: Person, remark: Remark, mailoutbox: list[Any]
) -> None:
    from django.apps import apps
    from django.db.models.signals import post_save, pre_save
    from django_comments.signals import comment_was_flagged, comment_was_posted, comment_will_be_posted

    heard: list[Any] = []

    def hear(**told: Any) -> None:
        heard.append(told)

    for signal in (comment_will_be_posted, comment_was_posted, comment_was_flagged):
        signal.connect(hear, weak=False)
    try:
        threads.reply(remark, "Which source?", actor=consultant)
        threads.flag(remark, actor=interior[1])
        m.comment(remark.round, interior[1])
    finally:
        for signal in (comment_will_be_posted, comment_was_posted, comment_was_flagged):
            signal.disconnect(hear)
    assert (heard, mailoutbox) == ([], []), "mail leaves through the outbox alone"
    for saved in (pre_save, post_save):
        assert not saved._live_receivers(Remark)[0]
    assert not apps.is_installed("django.contrib.admin")
