"""The examples of docs/project-format.md: the complete one, to which a test adds the sections that it is about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workflow.engine.models import Event
from workflow.projects import loading, reading

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "project-format.md"
WHOLE, MEETINGS, RECOMMENDED = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)


def altered(text: str, old: str, new: str) -> str:
    """The text with other words in one place, which must be there."""
    assert old in text, old
    return text.replace(old, new, 1)


def load(text: str) -> loading.Report:
    return loading.load(reading.read(text))


def mistakes(text: str) -> dict[str, str]:
    """What is wrong where, of a file that is refused; then nothing was changed."""
    with pytest.raises(reading.ProjectFileError) as refusal:
        load(text)
    assert not Event.objects.exists(), "nothing was changed"
    return {problem.path: problem.message for problem in refusal.value.problems}
