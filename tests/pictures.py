"""`make pictures`: the pictures of the documents, taken in a real Chromium from what `make demo` serves."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.serving import ROOT, served

FOLDER = ROOT / "docs" / "pictures"
MOST = 150_000  # bytes of one picture
SCREEN, PHONE = (1120, 700), (390, 760)


@dataclass(frozen=True)
class Picture:
    """A page as one person sees it; `taller` shows more of a page that is worth it."""

    name: str
    who: str
    path: str
    size: tuple[int, int] = SCREEN


def pictures(edition: int) -> list[Picture]:
    return [
        Picture("edition", "Secretariat, Ghana", f"/editions/{edition}/", (1120, 860)),
        Picture("home", "Secretariat, Ghana", "/"),
        Picture("step", "Secretariat, Ghana", f"/do/edition/{edition}/request_endorsement/", (1120, 860)),
        Picture("overview", "IOM monitor", "/overview/", (1120, 860)),
        Picture("meetings", "Secretariat, Ghana", "/twgs/ghana/meetings/", (1120, 860)),
        Picture("member", "A ministry's member, Ghana", f"/editions/{edition}/", PHONE),
    ]


def fill() -> None:
    """The demonstration, and a new edition of Ghana's profile on its way; prints who may come in, and the edition."""
    from django.core.management import call_command
    from django.test import Client

    from tests import factories as f
    from workflow.groups import demo
    from workflow.profiles import services
    from workflow.profiles.models import Edition, Profile, TemplateVersion

    with contextlib.redirect_stdout(sys.stderr):
        call_command("demo", "--prepare")
        ghana = Profile.objects.get(twg__country="GH")
        f.perform(Edition.objects.get(profile=ghana), "withdraw", note="Ghana starts a new edition.")
        fields = {"label": "2026", "template": TemplateVersion.objects.get()}
        edition = services.open_edition(ghana, fields, actor=None)
        secretariat = {str(label): person for label, person in demo.people()}["Secretariat, Ghana"]
        f.perform(edition, "start_drafting", actor=secretariat)
        f.perform(edition, "submit_draft", actor=secretariat, note="Parts A to F, for the TWG's meeting.")
        known = {}
        for label, person in demo.people():
            client = Client()
            client.force_login(person)
            known[str(label)] = client.cookies["sessionid"].value
    json.dump({"sessions": known, "edition": edition.pk}, sys.stdout)


def take(browser: Any, url: str, session: str, picture: Picture) -> bytes:
    width, height = picture.size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    page = context.new_page()
    page.goto(url + picture.path, wait_until="networkidle")
    taken: bytes = page.screenshot()
    context.close()
    return taken


def main() -> None:
    from playwright.sync_api import sync_playwright

    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not executable:
        sys.exit("Chromium is not installed: install it, or set CHROMIUM to its path.")
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as var,
        served(Path(var), "tests.pictures:fill") as site,
        sync_playwright() as playwright,
    ):
        known = json.loads(site.filled)
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for picture in pictures(known["edition"]):
            taken = take(browser, site.url, known["sessions"][picture.who], picture)
            if len(taken) > MOST:
                sys.exit(f"{picture.name}.png would have {len(taken)} bytes: show less of the page.")
            (FOLDER / f"{picture.name}.png").write_bytes(taken)
            print(f"docs/pictures/{picture.name}.png: {len(taken)} bytes")  # noqa: T201
        browser.close()


if __name__ == "__main__":
    main()
