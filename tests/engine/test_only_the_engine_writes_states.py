"""No code but the engine writes a state column: read from the source, so that a new room is held to it at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from workflow.engine import kinds

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "workflow" / "engine"
WRITERS = {"create", "update", "get_or_create", "update_or_create", "bulk_update", "setattr"}


def state_columns() -> set[str]:
    return {kind.flow.column() for kind in kinds.all_kinds() if kind.flow}


def sources() -> Iterator[Path]:
    for app in ("config", "workflow", "recommendations", "meetings"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts and ENGINE not in path.parents:
                yield path


def writes(tree: ast.AST, columns: set[str]) -> Iterator[tuple[int, str]]:
    """Assignments to `something.state`, and `update(state=…)`, `create(state=…)`, `setattr(x, "state", …)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr in columns and not _is_self(target):
                    yield node.lineno, ast.unparse(node)
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in WRITERS and any(k.arg in columns for k in node.keywords):
                yield node.lineno, ast.unparse(node)
            if name == "setattr" and len(node.args) > 1 and getattr(node.args[1], "value", None) in columns:
                yield node.lineno, ast.unparse(node)


def _is_self(target: ast.Attribute) -> bool:
    """`self.state = …` in a class that is no model (a form, a consumer) is its own business."""
    return isinstance(target.value, ast.Name) and target.value.id == "self"


def test_every_life_cycle_keeps_its_state_in_a_column_that_is_not_editable() -> None:
    assert state_columns() >= {"stage", "state"}
    for kind in kinds.all_kinds():
        if kind.flow:
            assert not kind.model._meta.get_field(kind.flow.column()).editable, kind.name


@pytest.mark.parametrize("path", list(sources()), ids=lambda p: str(p.relative_to(ROOT)))
def test_no_other_code_writes_a_state(path: Path) -> None:
    found = list(writes(ast.parse(path.read_text()), state_columns()))
    assert not found, "\n".join(f"{path}:{line}: {text}" for line, text in found)


@pytest.mark.parametrize(
    "culprit",
    [
        "edition.stage = 'published'",
        "self.subject.stage = 'published'",
        "Edition.objects.filter(pk=1).update(stage='published')",
        "Edition.objects.create(stage='published')",
        "setattr(edition, 'stage', 'published')",
    ],
)
def test_the_check_itself_finds_culprits(culprit: str) -> None:
    assert list(writes(ast.parse(culprit), {"stage"}))


def test_every_model_with_a_version_is_a_registered_kind() -> None:
    from workflow.engine.models import Subject

    registered = {kind.model for kind in kinds.all_kinds()}
    assert {model for model in apps.get_models() if issubclass(model, Subject)} == registered
