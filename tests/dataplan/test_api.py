"""Data plans through the API: what pages can do programs can do, under the same rules."""

from __future__ import annotations

from typing import Any

import pytest

from recommendations.dataplan.models import Commitment, DataAction, DataPlan, Output
from tests import factories as f
from tests.api.calls import Caller, caller

from . import making as m

pytestmark = pytest.mark.django_db
