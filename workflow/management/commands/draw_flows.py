"""Write docs/flows.md: every life cycle as a table and a graph, drawn from its state machine."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from viewflow.fsm import Transition
from viewflow.fsm.chart import chart

from workflow.engine import kinds
from workflow.engine.flow import Flow, Gate
from workflow.engine.kinds import SubjectKind

PLACE = Path(settings.BASE_DIR) / "docs" / "flows.md"
HEAD = """# Life cycles

Drawn by `manage.py draw_flows` from each room's `flow.py`; don't edit it by hand. A test holds it to the code.
A gate is a condition that another room answers, or a decision taken outside Palabre and recorded with the transition.
"""


class Command(BaseCommand):
    help = "Draw every life cycle into docs/flows.md (Markdown tables and Graphviz DOT)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether the file is up to date")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        text = drawn()
        if not check:
            PLACE.write_text(text, encoding="utf-8")
            return
        if not PLACE.exists() or PLACE.read_text(encoding="utf-8") != text:
            raise CommandError("docs/flows.md is not what the flows are: run manage.py draw_flows.")


def drawn() -> str:
    """The whole document, in the source's language."""
    with translation.override("en"):
        living = sorted(((k, k.flow) for k in kinds.all_kinds() if k.flow), key=lambda pair: pair[0].name)
        return "\n".join([HEAD, *(_section(kind, flow) for kind, flow in living)])


def _section(kind: SubjectKind, flow: type[Flow]) -> str:
    lines = [
        f"## {kind.label}",
        "",
        "| from | action | to | who | asks | needs |",
        "|---|---|---|---|---|---|",
        *(_row(flow, transition) for transition in flow.transitions()),
        "",
        "```dot",
        chart(flow.state),
        "```",
        "",
    ]
    return "\n".join(lines)


def _row(flow: type[Flow], transition: Transition) -> str:
    choices = flow.states()
    needs = [f"gate `{c.name}`" if isinstance(c, Gate) else f"`{c.__name__}`" for c in transition.conditions]
    cells = (
        choices(transition.source).label,
        f"{transition.label} (`{transition.slug}`)",
        choices(transition.target).label,
        getattr(transition.permission, "label", ""),
        ", ".join(transition.custom.get("asks", ())),
        ", ".join(needs),
    )
    return f"| {' | '.join(str(cell) for cell in cells)} |"
