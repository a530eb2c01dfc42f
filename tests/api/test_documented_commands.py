"""The commands of docs/api.md do what it says, run as they stand by a shell against a server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests import factories as f
from tests.api.calls import token

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "api.md"


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="needs bash and curl")
@pytest.mark.django_db(transaction=True)
def test_the_documented_commands_work(live_server: Any, tmp_path: Path) -> None:
    ghana = f.twg("GH", code="ghana")
    f.institution("Ministry of the Interior")
    f.edition(ghana, stage="comment")
    keeper = f.seat(ghana, "secretariat", institution=f.institution())
    commands = re.findall(r"^```sh\n(.*?)^```", DOCUMENT.read_text("utf-8"), re.S | re.M)
    assert len(commands) >= 8
    done = subprocess.run(
        ["bash", "-e", "-u", "-o", "pipefail", "-c", "\n".join(commands)],
        cwd=tmp_path,
        env={**os.environ, "SITE": live_server.url, "TOKEN": token(keeper), "NO_PROXY": "*"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    keeper.refresh_from_db()
    assert keeper.time_zone == "Africa/Accra"
    assert "Ministry of the Interior" in (tmp_path / "institutions.csv").read_text("utf-8")


def test_every_type_of_problem_is_in_the_table() -> None:
    from workflow.engine.problems import TYPES

    rows = re.findall(r"^\| (\d{3}) \| `([a-z-]+)` \|", DOCUMENT.read_text("utf-8"), re.M)
    assert {(int(status), name) for status, name in rows} == {(t.status, t.name) for t in TYPES.values()}
