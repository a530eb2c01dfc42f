"""An edition through every stage and back once: in one browser it is moved, another follows, two more may not."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Enter, Site, click
from .test_acting import submit
from .test_live import stage

DECIDED = {"decision_body": "The TWG's meeting", "decision_date": "2009-04"}
# What Palabre has not seen of the workshop gets its reason (S21).
UNTOLD = {f"missing_{part}": "On paper." for part in ("presented", "policy", "data")}
UNTOLD |= {"no_update_institution": "The ministry decides next month."}
WAY: list[tuple[str, str, dict[str, str]]] = [
    ("start_drafting", "Drafting", DECIDED),
    ("submit_draft", "Comment", {}),
    ("return_to_drafting", "Drafting", {"note": "Part C lacks the census."}),
    ("submit_draft", "Comment", {}),
    ("request_endorsement", "Endorsement", DECIDED),
    ("endorse", "Policy workshop", DECIDED),
    ("close_workshop", "Hand-over", DECIDED | UNTOLD),
    ("publish", "Published", DECIDED | {"published_on": "2009-12"}),
]


def test_the_secretariat_moves_an_edition_through_every_stage_and_the_chair_follows(site: Site, enter: Enter) -> None:
    secretariat, chair, public = enter("secretariat"), enter("chair"), enter("anonymous")
    name_an_owner(secretariat, site)
    chair.goto(site.edition("whole life"), wait_until="networkidle")
    chair.evaluate("window.stayed = true")
    for step, reached, answers in WAY:
        assert public.goto(site.edition("whole life")).status == 404
        secretariat.goto(site.act("whole life", step))
        for name, text in answers.items():
            secretariat.locator(f"[name={name}]").fill(text)
        submit(secretariat).click()
        secretariat.wait_for_url(site.edition("whole life"))
        chair.locator("header.head .badge", has_text=reached).wait_for()
        assert chair.locator(".track [aria-current=step] b").count() == (reached != "Published")
    assert chair.evaluate("window.stayed") is True
    assert public.goto(site.edition("whole life")).status == 200
    assert "Published" in stage(public)


def name_an_owner(page: Any, site: Site) -> None:
    """Nothing is published of which nobody says whose it is: the edition's page leads there."""
    page.goto(site.edition("whole life"))
    page.get_by_role("link", name="Change the profile").click()
    page.locator("[name=owner]").select_option(index=1)
    click(page, submit(page))


@pytest.mark.parametrize(("who", "refused"), [("observer", 403), ("member", 403), ("other secretariat", 404)])
def test_others_are_refused_or_do_not_find_it(site: Site, enter: Enter, who: str, refused: int) -> None:
    page = enter(who)
    assert page.goto(site.act("draft", "return_to_drafting")).status == refused
    page.goto(f"{site.url}/me/")
    token = page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value")
    form = {"csrfmiddlewaretoken": str(token), "version": "3", "note": "Mine now."}
    answer = page.request.post(site.act("draft", "return_to_drafting"), form=form, headers={"Referer": site.url})
    assert answer.status == refused
    assert page.goto(site.edition("draft")).status == (404 if refused == 404 else 200)
    if refused == 403:
        assert "Comment" in stage(page)
