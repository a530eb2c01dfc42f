"""Who meets in most stories of comments: Ghana's TWG, its secretariat, and a ministry with its member."""

from __future__ import annotations

import pytest

from tests import factories as f
from workflow.groups.models import Institution, Person, Project, Twg

from . import making as m


@pytest.fixture
def project() -> Project:
    return f.project()


@pytest.fixture
def ghana(project: Project) -> Twg:
    return f.twg("GH", of=project, names={"en": "TWG of Ghana"}, time_zone="Africa/Accra")


@pytest.fixture
def secretariat(ghana: Twg) -> Person:
    return f.seat(ghana, "secretariat", "Kofi Secretariat")


@pytest.fixture
def interior(ghana: Twg) -> tuple[Institution, Person]:
    return m.ministry(ghana)
