"""What every page is built from: tags, components, forms and error pages."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace as Row
from typing import Any
from xml.etree import ElementTree

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import path
from django.utils import timezone, translation

from workflow.engine import context
from workflow.engine.forms import FuzzyDateField, StyledForm

NAMES = [
    "overview",
    "directory",
    "twgs",
    "search",
    "account_login",
    "account_logout",
    "me",
    "api-docs",
    "failed-outbox",
    "mailbox",
    "all-meetings",
    "calendar-links",
    "public-calendar",
]


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


# The frame needs these names and no page behind them.
urlpatterns = [path("", _nothing, name="home"), path("language/", _nothing, name="set_language")]
urlpatterns += [path(f"{name}/", _nothing, name=name) for name in NAMES]

SECRETARIAT = Row(is_authenticated=True, is_administrator=False, email="ghana@example.org")
ANYBODY = Row(is_authenticated=False)
NOON = datetime(2009, 6, 15, 12, 0, tzinfo=UTC)


def render(source: str, **values: Any) -> str:
    return engines["django"].from_string(source).render(values)


def words(html: str) -> str:
    """What is read aloud or seen: the text without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def asking(person: Any = ANYBODY, address: str = "/overview/", method: str = "get") -> HttpRequest:
    made = getattr(RequestFactory(), method)(address)
    made.user = person
    return made


def page(template: str, person: Any = ANYBODY, address: str = "/overview/", **values: Any) -> str:
    return render_to_string(template, values, asking(person, address))


# -- tags ---------------------------------------------------------------------------------------------


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = Path(str(finders.find("palabre/icons.svg")))
    drawn = {symbol.get("id") for symbol in ElementTree.parse(sprite).getroot()}
    root = Path(context.__file__).resolve().parents[2]
    named = set()
    for template in root.glob("*/templates/**/*.html"):
        named |= set(re.findall(r'{%\s*icon "([^"]+)"', template.read_text(encoding="utf-8")))
    assert {"check", "alert", "lock"} <= named
    assert named <= drawn
    assert {f"dot-{code}" for code in ("stated", "general", "probable", "open", "decided")} <= drawn


def test_an_icon_is_silent_for_screen_readers() -> None:
    assert 'aria-hidden="true"' in render('{% icon "check" %}')


@pytest.mark.parametrize("code", ["stated", "general", "probable", "open", "decided"])
def test_confidence_is_said_in_words_and_by_a_shape(code: str) -> None:
    html = render("{% confidence code %}", code=code)
    assert words(html).lower() == code
    assert f"#dot-{code}" in html


def test_an_unknown_confidence_claims_nothing() -> None:
    assert render('{% confidence "" %}{% confidence "sure" %}') == ""


def test_a_badge_escapes_what_people_have_written() -> None:
    assert "&lt;b&gt;" in render('{% state_badge label "done" %}', label="<b>")


def test_a_category_that_no_drawing_knows_still_has_its_label() -> None:
    html = render('{% category_badge "parliament" "Parliament" %}{% category_badge "law_enforcement" "Police" %}')
    assert words(html) == "Parliament Police"
    assert "#shield" in html


def test_an_instant_is_shown_where_the_reader_is() -> None:
    with timezone.override("Africa/Lagos"):
        html = render("{% moment at %}", at=NOON)
    assert html == '<time datetime="2009-06-15T13:00+01:00">15 Jun 2009, 13:00 WAT</time>'


def test_the_zone_of_the_meeting_stands_beside_the_readers_where_the_two_differ() -> None:
    with timezone.override("Africa/Lagos"):
        said = words(render('{% moment at zone="Africa/Accra" %}', at=NOON))
        assert said == "15 Jun 2009, 13:00 WAT (12:00 GMT in Accra)"
        assert "in Kinshasa" not in render('{% moment at zone="Africa/Kinshasa" %}', at=NOON)


def test_the_other_zone_says_its_day_when_it_is_another_one() -> None:
    late_evening = datetime(2009, 6, 15, 23, 30, tzinfo=UTC)
    with timezone.override("Africa/Lagos"):
        html = render('{% moment at zone="Atlantic/Cape_Verde" %}', at=late_evening)
    assert words(html) == "16 Jun 2009, 00:30 WAT (15 Jun 2009, 22:30 UTC−1 in Cape Verde)"


def test_a_day_has_no_hour_and_an_unknown_one_is_open() -> None:
    assert words(render("{% moment day %}", day=date(2009, 6, 5))) == "5 Jun 2009"
    assert words(render("{% moment none %}", none=None)) == "date open"


def test_a_date_known_to_the_month_stays_known_to_the_month() -> None:
    assert words(render('{% fuzzy "2009-06" %}')) == "June 2009"
    assert words(render('{% fuzzy "" %}')) == "date open"


def test_mail_says_days_in_full_as_each_language_spells_them() -> None:
    told = {"en": "15 June 2009, 12:00", "fr": "15 juin 2009 à 12:00", "pt": "15 de junho de 2009, 12:00"}
    for language, expected in told.items():
        with translation.override(language):
            assert render("{{ at|in_full }}", at=NOON).replace("\xa0", " ") == expected.replace("\xa0", " ")
    with timezone.override("Asia/Tokyo"):
        assert render("{{ at|in_full }}", at=NOON) == "15 June 2009, 21:00"
    assert render("{{ at|in_full }}", at=NOON.date()) == "15 June 2009"


def test_days_know_their_plural_and_lateness_shows_only_when_there_is_some() -> None:
    assert render("{% days 1 %}, {% days 2 %}, {% days none %}", none=None) == "1 day, 2 days, "
    assert words(render("{% late 4 %}")) == "4 days late"
    assert render("{% late 0 %}{% late early %}{% late none %}", early=-3, none=None) == ""


def test_a_long_time_is_told_in_months_and_years_and_its_days_are_kept_in_the_title() -> None:
    def spoken(count: int) -> str:
        return words(render("{% span count %}", count=count)).replace("\xa0", " ")

    told = [spoken(n) for n in (0, 1, 99, 100, 364, 730, 6446)]
    assert told == ["0 days", "1 day", "99 days", "3 months", "11 months", "1 year", "17 years"]
    assert 'title="6446 days"' in render("{% span 6446 %}")
    assert render("{% span none %}", none=None) == ""
    assert words(render("{% late 6266 %}")).replace("\xa0", " ") == "17 years late"
    assert 'title="6266 days"' in render("{% late 6266 %}")
    with translation.override("fr"):
        assert spoken(6446) == "17 ans"


# -- tracks, drawings, charts --------------------------------------------------------------------------------


def track() -> list[Row]:
    return [
        Row(value="drafting", label="Drafting", status="done", since=NOON, days=81, note="returned once"),
        Row(value="comment", label="Comment", status="current", since=NOON, days=0, note=""),
        Row(value="published", label="Published", status="todo", since=None, days=None, note=""),
    ]


def test_the_track_is_an_ordered_list_that_says_where_one_is() -> None:
    html = render("{% stage_track track %}", track=track())
    assert html.strip().startswith("<ol")
    assert html.count("<li") == 3
    assert re.findall(r'<li class="(\w+)" aria-current="step">', html) == ["current"]
    said = words(html)
    assert "Drafting , done 15 Jun 2009 81 days returned once" in said
    assert "Comment , now 15 Jun 2009 0 days" in said
    assert said.endswith("Published , to come")


def test_the_small_track_has_a_sentence_for_those_who_do_not_see_it() -> None:
    assert 'aria-label="Stage 2 of 3: Comment"' in render("{% mini_track track %}", track=track())
    assert 'aria-label="No stage under way"' in render("{% mini_track track %}", track=track()[2:])


def test_the_drawing_of_a_state_machine_is_well_formed_and_described() -> None:
    node = Row(value="comment", label="Comment & reply", x=10, y=20, w=120, h=41, status="current")
    edges = [
        Row(path="M0 0H9", label="Send", kind="forward", x=None, y=None),
        Row(path="M9 0H0", label="Return", kind="back", x=4.5, y=8),
    ]
    drawing = Row(
        name="life", title="An edition's life", desc="Two ways.", width=300, height=90, nodes=[node], edges=edges
    )
    with translation.override("fr"):
        svg = ElementTree.fromstring(render("{% machine_svg drawing %}", drawing=drawing)).find(".//svg")
    assert svg is not None
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "life-title life-desc"
    assert svg.findtext("desc") == "Two ways."
    # A comma, as French would have it, is no number in SVG.
    assert [text.get("y") for text in svg.iter("text")] == ["8", "40.5"]
    assert "back" in str([g.get("class") for g in svg.iter("g")])


def test_a_label_that_is_wider_than_its_box_takes_two_lines() -> None:
    def drawn(label: str) -> list[tuple[str | None, str | None]]:
        node = Row(value="workshop", label=label, x=10, y=20, w=112, h=38, status="todo")
        drawing = Row(name="life", title="Life", desc="", width=300, height=90, nodes=[node], edges=[])
        svg = ElementTree.fromstring(render("{% machine_svg drawing %}", drawing=drawing)).find(".//svg")
        assert svg is not None
        return [(text.text, text.get("y")) for text in svg.iter("text")]

    assert drawn("Policy workshop") == [("Policy workshop", "39.0")]
    assert drawn("Atelier de políticas") == [("Atelier de", "31.5"), ("políticas", "46.5")]
    assert drawn("Donaudampfschifffahrtsgesellschaft") == [("Donaudampfschifffahrtsgesellschaft", "39.0")]


def test_a_chart_draws_in_proportion_and_repeats_itself_as_a_table() -> None:
    rows = [
        {"label": "Ghana", "value": 50},
        {"label": "Mali", "value": 100, "late": True},
        {"label": "Niger", "value": None},
    ]
    html = render('{% bar_chart "Days in stage" rows "days" %}', rows=rows)
    assert re.findall(r'<rect class="(?:fill|late)"[^>]*width="([\d.]+)%"', html) == ["42.0", "84.0", "0.0"]
    assert "Ghana 50 Mali 100 late Niger not known" in words(html[html.index("<tbody>") :])


def test_a_chart_of_nothing_divides_by_nothing() -> None:
    assert "<rect class=" in render('{% bar_chart "Votes" rows %}', rows=[{"label": "Ghana", "value": 0}])


# -- components -------------------------------------------------------------------------------------------


def act(label: str, allowed: bool, **more: Any) -> Row:
    usual = {"url": "/act/", "reason": "", "foremost": False, "asks": (), "kind": ""}
    return Row(label=label, allowed=allowed, **(usual | more))


def test_what_can_be_done_is_a_link_and_what_cannot_says_why() -> None:
    actions = [
        act("Publish", False, reason="Only the chair may do this."),
        act("Return to drafting", True, asks=("reason",)),
        act("Withdraw", True, kind="out"),
    ]
    html = render('{% include "workflow/components/actions.html" %}', actions=actions)
    assert re.findall(r'<a class="([\w-]+)" href="/act/">([^<]+)', html) == [
        ("button-quiet", "Return to drafting"),
        ("button-danger", "Withdraw"),
    ]
    assert "You will be asked for a reason." in html
    assert words(html).endswith("Publish Only the chair may do this.")


def test_what_is_refused_for_one_reason_says_it_once_and_the_foremost_step_stands_out() -> None:
    only = {"reason": "Only the chair may do this."}
    actions = [
        act("Open", True, foremost=True), act("It was held", True), act("Postpone", False, **only),
        act("Cancel", False, **only), act("Approve", False, reason="Not yet."),
    ]  # fmt: skip
    html = render('{% include "workflow/components/actions.html" %}', actions=actions)
    assert re.findall(r'<a class="([\w-]+)"', html) == ["button", "button-quiet"]
    assert words(html).endswith("Postpone Cancel Only the chair may do this. Approve Not yet.")


def event(**more: Any) -> Row:
    base = {
        "sequence": 4,
        "label": "Sent for endorsement",
        "actor_name": "Secretariat, Ghana TWG",
        "institution": "Ministry of Interior",
        "at": NOON,
        "occurred": "2009-04",
        "from_label": "Comment",
        "to_label": "Endorsement",
        "note": "<All> answered.",
        "hash": "a94f33c1d0e2",
    }
    return Row(**(base | more))


def test_history_says_who_for_whom_when_what_and_why() -> None:
    html = render('{% include "workflow/components/history.html" %}', events=[event()])
    assert words(html) == (
        "Sent for endorsement Comment to Endorsement Secretariat, Ghana TWG, for Ministry of Interior · April 2009 "
        "· recorded 15 Jun 2009, 12:00 UTC · a94f33c1 &lt;All&gt; answered."
    )


@pytest.mark.urls(__name__)
def test_a_pager_keeps_the_question_that_was_asked() -> None:
    page_obj = Paginator(range(45), 20).page(2)
    html = page("workflow/components/pager.html", address="/search/?q=ghana&page=2", page_obj=page_obj)
    assert "21 to 40 of 45" in html
    assert 'href="?q=ghana&amp;page=1"' in html
    assert 'href="?q=ghana&amp;page=3"' in html
    assert "<nav" not in page("workflow/components/pager.html", page_obj=Paginator(range(3), 20).page(1))


def test_a_table_cell_carries_its_column_for_the_phone() -> None:
    html = render(
        '{% include "workflow/components/table.html" %}',
        caption="Seats",
        columns=["Country", "Seats"],
        rows=[["Ghana", 20]],
    )
    assert '<th scope="row">Ghana</th><td data-label="Seats">20</td>' in html


def test_a_fact_that_is_not_known_is_shown_as_open() -> None:
    facts = [("Owner", "Ministry of Interior", "probable"), ("Update institution", "", "")]
    assert words(render('{% include "workflow/components/dl.html" %}', facts=facts)) == (
        "Owner Ministry of Interior Probable Update institution open"
    )


# -- forms --------------------------------------------------------------------------------------------------


class DecisionForm(StyledForm):
    reason = forms.CharField(label="Reason", widget=forms.Textarea, help_text="The history keeps it.")
    decided = FuzzyDateField(label="Date", required=False)
    day = forms.DateField(label="Day", required=False)
    start = forms.DateTimeField(label="Start", required=False)
    how = forms.ChoiceField(label="How", choices=[("vote", "By vote")], widget=forms.RadioSelect)
    tell = forms.BooleanField(label="Tell the members", required=False)

    def clean(self) -> None:
        self.add_error(None, "The round is closed.")


def test_a_field_is_tied_to_its_help_and_to_its_error() -> None:
    html = str(DecisionForm({"decided": "June"}))
    assert 'aria-describedby="id_reason_helptext id_reason_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_reason_helptext"' in html
    assert 'id="id_reason_error"' in html
    assert re.search(r'<fieldset class="field wrong" aria-describedby="id_how_error"><legend>How', html)


def test_the_summary_on_top_leads_to_each_wrong_field() -> None:
    html = str(DecisionForm({"decided": "June"}))
    summary = html[: html.index('<div class="field')]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets == ["id_reason", "id_decided", "id_how_0"]
    assert all(f'id="{target}"' in html for target in targets)
    assert "The round is closed." in summary


def test_a_form_that_has_not_been_sent_complains_of_nothing() -> None:
    html = str(DecisionForm())
    assert "error" not in html
    assert words(html).count("(optional)") == 3  # a box to tick is optional by its nature


def test_dates_speak_iso_to_the_browser_whatever_the_language() -> None:
    with translation.override("fr"):
        html = str(DecisionForm(initial={"day": date(2009, 6, 5), "start": datetime(2009, 6, 5, 14, 30)}))  # noqa: DTZ001
        sent = DecisionForm({"day": "2009-06-05", "start": "2009-06-05T14:30"})
        sent.is_valid()
    assert 'type="date"' in html
    assert 'value="2009-06-05"' in html
    assert 'type="datetime-local"' in html
    assert 'value="2009-06-05T14:30"' in html
    assert sent.cleaned_data["day"] == date(2009, 6, 5)
    assert "start" not in sent.errors


def test_a_fuzzy_date_takes_what_is_known_and_refuses_guesses() -> None:
    field = FuzzyDateField(required=False)
    for text in ("2009", "2009-06", "2009-06-15", "2009-04/2009-05", ""):
        assert field.clean(text) == text
    with pytest.raises(forms.ValidationError, match="not a date"):
        field.clean("spring 2009")


# -- the frame and the pages for errors ------------------------------------------------------------------------


@pytest.mark.urls(__name__)
def test_the_frame_speaks_the_readers_language_and_marks_where_one_is() -> None:
    with translation.override("pt"), timezone.override("Africa/Luanda"):
        html = page("workflow/base.html", SECRETARIAT)
    assert '<html lang="pt" dir="ltr">' in html
    assert html.count('href="/overview/" aria-current="page"') == 2  # once for each width
    assert "Africa/Luanda" in html
    assert 'href="/twgs/"' in html
    assert re.findall(r'value="(\w\w)" lang="\w\w" aria-current="true"', html) == ["pt", "pt"]


@pytest.mark.urls(__name__)
def test_a_stranger_is_not_sent_to_rooms_that_ask_them_to_sign_in() -> None:
    html = page("workflow/base.html", ANYBODY)
    assert 'href="/overview/"' not in html
    assert 'href="/twgs/"' not in html
    assert 'href="/account_login/"' in html


@pytest.mark.urls(__name__)
def test_an_arabic_reader_would_read_from_the_right() -> None:
    with translation.override("ar"):
        assert 'dir="rtl"' in page("workflow/base.html")


@pytest.mark.urls(__name__)
def test_only_the_signed_in_have_a_menu_and_only_administrators_see_what_failed() -> None:
    administrator = Row(**(vars(SECRETARIAT) | {"is_administrator": True}))
    anonymous, member, admin = (page("workflow/base.html", who) for who in (ANYBODY, SECRETARIAT, administrator))
    assert "/account_login/" in anonymous
    assert "/account_logout/" not in anonymous
    assert "/account_logout/" in member
    assert "/failed-outbox/" not in member
    assert "/failed-outbox/" in admin


@pytest.mark.urls(__name__)
def test_the_mail_box_is_there_in_a_demonstration_alone(settings: Any) -> None:
    settings.DEMO = False
    assert "/mailbox/" not in page("workflow/base.html", SECRETARIAT)
    settings.DEMO = True
    assert "/mailbox/" in page("workflow/base.html", SECRETARIAT)


@pytest.mark.urls(__name__)
def test_changing_the_language_on_an_answer_to_a_form_leads_to_a_page_that_can_be_read_again() -> None:
    assert context.page(asking(address="/search/?q=mali"))["here"] == "/search/?q=mali"
    assert context.page(asking(method="post"))["here"] == "/"


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "409", "410", "413", "422", "429"])
def test_an_error_page_says_what_happened_and_leads_on(code: str) -> None:
    html = page(f"workflow/errors/{code}.html")
    main = html[html.index("<main") : html.index("</main>")]
    assert main.count("<h1>") == 1
    assert re.search(r'<a class="button[\w-]*" href="/', main)
    assert "data-refused" in main  # what was typed is not dropped from the browser
    assert code[:3] not in words(main)


@pytest.mark.urls(__name__)
def test_who_came_second_reads_who_was_first_and_keeps_what_was_typed() -> None:
    conflict = Row(
        events=[event()], subject_label="Ghana, 2009", subject_url="/e/1/", kept=[("Reason", "Part C lacks <figures>.")]
    )
    said = words(page("workflow/errors/409.html", SECRETARIAT, conflict=conflict))
    assert "Somebody was faster" in said
    assert "Secretariat, Ghana TWG, for Ministry of Interior" in said
    assert "Open Ghana, 2009 as it is now" in said
    assert "Reason Part C lacks &lt;figures&gt;." in said


@pytest.mark.urls(__name__)
def test_a_condition_that_does_not_hold_is_nobody_elses_fault() -> None:
    said = words(page("workflow/errors/409.html", reason="The quorum is 12 and 9 have voted."))
    assert "Not possible yet" in said
    assert "The quorum is 12" in said
    assert "faster" not in said


@pytest.mark.parametrize("code", ["400", "500"])
def test_the_last_pages_need_no_request_and_speak_three_languages(code: str) -> None:
    html = render_to_string(f"{code}.html")
    assert re.findall(r'<section class="stack" lang="(\w+)"', html) == ["en", "fr", "pt"]
    assert "data-refused" in html


def test_no_template_needs_what_the_content_security_policy_forbids() -> None:
    root = Path(context.__file__).resolve().parents[1] / "templates"
    templates = list(root.glob("*.html")) + list((root / "workflow").glob("base.html"))
    for folder in ("components", "errors", "forms"):
        templates += (root / "workflow" / folder).glob("*.html")
    assert len(templates) > 30
    for template in templates:
        source = template.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\bsrc=)", source), template


@pytest.mark.parametrize(
    ("name", "limit"), [("palabre.css", 26 * 1024), ("palabre.js", 6 * 1024), ("icons.svg", 8 * 1024)]
)
def test_style_script_and_drawings_stay_light(name: str, limit: int) -> None:
    assert Path(str(finders.find(f"palabre/{name}"))).stat().st_size < limit
