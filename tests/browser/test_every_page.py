"""Every kind of page, as the people who read most of them, on a phone and on a screen."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import PHONE, Complaints, Enter, Site
from .looking import Wire, axe_complaints, faults, kind, overflow, pages, skeleton

FIRST_VISIT = 60_000  # bytes over the wire, with all that the page needs
# Between them they reach every page; the sweep in tests/sweeps goes through all kinds of people.
READERS = ["anonymous", "secretariat", "observer", "monitor", "administrator"]
NIGHT = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

_judged: set[frozenset[object]] = set()


def not_yet_judged(contents: dict[str, str]) -> list[str]:
    """Pages that differ in nothing but words need one judgement; the frame around them is judged with the first."""
    fresh = []
    for address, content in contents.items():
        if (bones := skeleton(content)) not in _judged:
            _judged.add(bones)
            fresh.append(address)
    return fresh or list(contents)[:1]


@pytest.mark.parametrize("who", READERS)
def test_every_page_is_accessible_light_and_quiet(site: Site, enter: Enter, who: str) -> None:
    page = enter(who)
    contents = pages(site, page, who, site.addresses)
    assert len(contents) > 5
    fresh = not_yet_judged(contents)
    wrong = faults(site, page, fresh, fresh)
    assert not wrong, "\n".join(wrong)


def test_the_shipped_project_s_pages_are_accessible_light_and_quiet(site: Site, enter: Enter) -> None:
    """All are visited, since real names are longer than made ones; judged are those unlike the others."""
    page = enter("shipped IOM monitor")
    contents = pages(site, page, "shipped IOM monitor", site.shipped, most=len(site.shipped))
    assert len(contents) > 25
    wrong = faults(site, page, list(contents), not_yet_judged(contents))
    assert not wrong, "\n".join(wrong)


def test_at_night_the_colours_still_stand_out(site: Site, enter: Enter) -> None:
    page = enter("shipped Secretariat, Ghana", color_scheme="dark")
    wrong = []
    shown = {kind(address): address for address in site.shipped}
    assert len(shown) > 5
    for address in shown.values():
        page.goto(site.url + address)
        wrong += [f"{address}: {fault}" for fault in axe_complaints(page, NIGHT)]
    assert not wrong, "\n".join(wrong)
    page.evaluate("document.querySelector('h1').style.color = '#222'")
    assert [fault for fault in axe_complaints(page, NIGHT) if fault.startswith("color-contrast")]


@pytest.mark.parametrize(
    "address", ["/", "/overview/", "/institutions/", "/twgs/", "/accounts/login/"], ids=lambda a: str(a)
)
@pytest.mark.parametrize("who", ["anonymous", "shipped IOM monitor", "shipped Secretariat, Ghana"])
def test_a_first_visit_stays_under_60_kb(site: Site, enter: Enter, who: str, address: str) -> None:
    page = enter(who)
    cost = Wire(page).of(page, site.url + address)
    assert 1_000 < cost < FIRST_VISIT


def test_pages_that_differ_in_words_alone_are_alike() -> None:
    row = '<li class="row"><a href="/twgs/GH/">Ghana</a></li>'
    shown = skeleton(f'<main><ul class="list">{row * 2}</ul></main>')
    assert shown == skeleton(f'<main><ul class="list">{row.replace("Ghana", "Mali") * 5}</ul></main>')
    for other in (
        row.replace("row", "row late"),
        row.replace("<a", "<a aria-current='page'"),
        row.replace("Ghana", "W" * 60),
        row.replace("<a", "<b></b><a"),
        row.replace("Ghana", "وزارة"),
    ):
        assert skeleton(f'<main><ul class="list">{other * 2}</ul></main>') != shown


def test_the_measures_see_what_they_measure(site: Site, enter: Enter) -> None:
    """None of the tests above can pass by being blind."""
    page: Any = enter("anonymous", viewport=PHONE)
    wire, console = Wire(page), Complaints()
    console.listen(page)
    first, later = (wire.of(page, site.url + "/accounts/login/") for _ in range(2))
    assert first > later + 5_000 > 5_500
    assert not overflow(page)
    page.evaluate("document.querySelector('h1').style.minWidth = '3000px'")
    assert "<h1" in overflow(page)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=/nothing-here.png>')")
    page.wait_for_load_state("networkidle")
    assert any(fault.startswith("image-alt") for fault in axe_complaints(page))
    assert any("404" in said for said in console.found)
