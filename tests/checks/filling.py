"""What the documents' commands find: the shipped project, and a token of Ghana's secretariat, printed."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from workflow.groups.models import Membership
from workflow.groups.tokens import make_token


def main() -> None:
    with contextlib.redirect_stdout(sys.stderr):
        call_command("load_project", Path(settings.BASE_DIR) / "workflow" / "projects" / "wca.yaml")
        seat = Membership.objects.active().get(role="secretariat", twg__country="GH", twg__kind="twg")
        _token, secret = make_token(seat.person, label="The documents' commands", scope="write", days=1)
    print(secret)
