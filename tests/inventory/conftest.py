"""Where the stories of the data inventory play: Ghana's TWG in a project."""

from __future__ import annotations

import pytest

from tests import factories as f
from workflow.groups.models import Project, Twg


@pytest.fixture
def project() -> Project:
    return f.project()


@pytest.fixture
def ghana(project: Project) -> Twg:
    return f.twg("GH", of=project, names={"en": "TWG of Ghana"})
