"""The document of the life cycles is what the state machines are."""

from __future__ import annotations

from django.core.management import call_command

from workflow.engine import kinds
from workflow.management.commands.draw_flows import PLACE, drawn


def test_the_drawing_is_up_to_date() -> None:
    call_command("draw_flows", check=True)


def test_every_transition_of_every_kind_is_in_it() -> None:
    text = drawn()
    assert PLACE.read_text(encoding="utf-8") == text
    flows = [kind.flow for kind in kinds.all_kinds() if kind.flow]
    assert len(flows) >= 4
    for flow in flows:
        for transition in flow.transitions():
            assert f"(`{transition.slug}`)" in text
