"""Who meets in most stories of comments: Ghana's TWG, its secretariat, and a ministry with its member."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories as f
from workflow.engine.models import Pulse
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


@pytest.fixture
def pulses(settings: Any) -> Any:
    """What is told live and leaves no event, kept where it can be counted, as without Redis."""
    settings.REDIS_URL = ""
    return Pulse.objects
