"""The track and the drawing come from the flow itself: what pages show can't differ from what the engine does."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.utils import translation

from tests import factories as f
from workflow.engine.drawing import Drawing, Node
from workflow.groups.flow import TermsFlow
from workflow.profiles import selectors
from workflow.profiles.durations import standings
from workflow.profiles.flow import EditionFlow
from workflow.profiles.models import TRACK, Edition, Stage

pytestmark = pytest.mark.django_db


def machine(edition: Edition) -> Drawing:
    return selectors.machine(edition, standings([edition])[edition.pk])


def statuses(edition: Edition) -> dict[str, str]:
    return {step.value: step.status for step in selectors.track(edition, standings([edition])[edition.pk])}


@pytest.fixture
def commented() -> Edition:
    return f.edition(f.twg("GH"), stage="comment")


def test_every_state_of_the_flow_is_drawn_once(commented: Edition) -> None:
    assert sorted(node.value for node in machine(commented).nodes) == sorted(EditionFlow.states().values)


def test_every_transition_of_the_flow_is_drawn_once(commented: Edition) -> None:
    drawn = [(str(edge.label), edge.kind) for edge in machine(commented).edges]
    expected = [(str(t.label), t.custom["kind"]) for t in EditionFlow.transitions()]
    assert sorted(drawn) == sorted(expected)


def test_the_drawing_in_words_names_every_transition(commented: Edition) -> None:
    told = machine(commented).desc
    assert "Return to drafting: from Policy workshop to Drafting." in told
    assert told.count(".") == len(list(EditionFlow.transitions()))


def test_stages_stand_in_a_row_and_nothing_lies_upon_another(commented: Edition) -> None:
    drawing = machine(commented)
    row = [node for node in drawing.nodes if node.value in TRACK]
    assert [node.value for node in sorted(row, key=lambda n: n.x)] == list(TRACK)
    assert len({node.y for node in row}) == 1
    for one in drawing.nodes:
        assert 0 <= one.x <= drawing.width - one.w
        assert 0 <= one.y <= drawing.height - one.h
        assert not [other for other in drawing.nodes if other is not one and overlap(one, other)]


def overlap(a: Node, b: Node) -> bool:
    return a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.y + b.h and b.y < a.y + a.h


def test_edges_stay_on_the_paper_and_end_at_their_state(commented: Edition) -> None:
    drawing = machine(commented)
    nodes = {node.value: node for node in drawing.nodes}
    by_label = {(str(t.label), str(t.source)): str(t.target) for t in EditionFlow.transitions()}
    for edge, (key, target) in zip(drawing.edges, by_label.items(), strict=True):
        assert str(edge.label) == key[0]
        x, y = end_of(edge.path)
        goal = nodes[target]
        assert goal.x - 3 <= x <= goal.x + goal.w
        assert goal.y - 3 <= y <= goal.y + goal.h
        assert min(numbers(edge.path)) >= 0


def numbers(path: str) -> list[float]:
    return [float(n) for n in re.findall(r"-?[0-9.]+", path)]


def end_of(path: str) -> tuple[float, float]:
    x = y = 0.0
    for letter, values in re.findall(r"([MHV])([^MHV]+)", path):
        at = numbers(values)
        if letter == "M":
            x, y = at
        elif letter == "H":
            x = at[0]
        else:
            y = at[0]
    return x, y


def test_the_page_draws_it_as_an_image_with_a_name(commented: Edition) -> None:
    html = Template("{% machine_svg drawing %}").render(Context({"drawing": machine(commented)}))
    svg = ElementTree.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])
    assert svg.get("role") == "img"
    assert [t.text for t in svg.findall(".//g/text")] == [str(s.label) for s in (*TRACK, Stage.WITHDRAWN)]


def test_numbers_in_the_drawing_are_numbers_in_every_language(commented: Edition) -> None:
    with translation.override("fr"):
        html = Template("{% machine_svg drawing %}").render(Context({"drawing": machine(commented)}))
    assert "," not in re.sub(
        r"<(title|desc|text)[^>]*>[^<]*", "", "".join(re.findall(r'(?:x|y|width|d)="([^"]*)"', html))
    )


def test_the_stage_of_today_is_marked(commented: Edition) -> None:
    expected = {"template": "done", "drafting": "done", "comment": "current"}
    assert statuses(commented) == {s.value: expected.get(s.value, "todo") for s in TRACK}
    assert {n.value: n.status for n in machine(commented).nodes}["comment"] == "current"


def test_after_a_return_the_stages_beyond_are_to_come_again(commented: Edition) -> None:
    f.perform(commented, "return_to_drafting", note="Part C is thin.")
    assert statuses(commented)["drafting"] == "current"
    assert statuses(commented)["comment"] == "todo"


def test_a_published_edition_has_done_them_all_on_its_own_date() -> None:
    edition = f.edition(f.twg("GH"), stage="published")
    assert set(statuses(edition).values()) == {"done"}
    last = selectors.track(edition, standings([edition])[edition.pk])[-1]
    assert (last.told, last.days) == ("2009-12", None)


def test_a_withdrawn_edition_keeps_how_far_it_came(commented: Edition) -> None:
    f.perform(commented, "withdraw", note="Given up.")
    assert statuses(commented)["comment"] == "done"
    assert statuses(commented)["endorsement"] == "off"
    assert {n.value: n.status for n in machine(commented).nodes}["withdrawn"] == "current"


def test_days_that_rest_on_part_of_a_date_are_about_so_many(commented: Edition) -> None:
    from workflow.engine.models import Event
    from workflow.profiles.durations import standing

    told = [Event(to_state="template", occurred="2009-04"), Event(to_state="drafting", occurred="2009-05-11")]
    first = selectors.track(commented, standing(told))[0]
    assert (first.days, first.note, first.told) == (None, "about 40 days", "2009-04")


def test_another_flow_is_drawn_by_the_same_hand() -> None:
    from workflow.engine.drawing import draw

    states = TermsFlow.states().values
    drawing = draw(TermsFlow, main=states[:2], status=dict.fromkeys(states, "todo"), name="terms", title="Terms")
    assert [node.value for node in drawing.nodes] == list(states)
    assert len(drawing.edges) == len(list(TermsFlow.transitions()))
