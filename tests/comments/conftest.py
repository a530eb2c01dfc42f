"""Who meets in most stories of comments: Ghana's TWG, its secretariat, and a ministry with its member."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories as f
from workflow.comments.models import Remark
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


@pytest.fixture
def consultant(ghana: Twg) -> Person:
    return f.seat(ghana, "consultant", "The consultant")


@pytest.fixture
def remark(ghana: Twg, interior: tuple[Institution, Person]) -> Remark:
    return m.comment(m.opened(ghana), interior[1])


@pytest.fixture
def accra(time_machine_at: Any) -> Any:
    """The clock, which stands on the first of March 2009."""
    time_machine_at("2009-03-01 09:00:00Z")
    return time_machine_at


@pytest.fixture
def mali() -> Twg:
    return f.twg("ML", time_zone="Africa/Bamako")
