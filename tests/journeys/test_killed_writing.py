"""Kill -9 while a text is saved, frozen and commented on: what was said to be kept is there, and nothing by halves."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .test_killed import Site, kill, until

KILLS = 4
HANDS = "import django; django.setup(); from tests.journeys.test_killed_writing import work; work({section}, {round_})"


def fill() -> None:
    """In a process of its own: an edition with an open round, and a consultant who goes on writing."""
    from tests import factories as f
    from tests.comments import making as m

    twg = f.twg("GH")
    m.ministry(twg)
    round_ = m.opened(twg)
    print(json.dumps({"section": m.first(round_).pk, "round": round_.pk}))  # noqa: T201


def work(section: int, round_: int) -> None:
    """Save, take a draft and comment without pause, and say what is kept once it is."""
    from workflow.comments import remarks
    from workflow.comments.models import Round
    from workflow.groups.models import Membership, Role
    from workflow.writing import services
    from workflow.writing.models import TextSection

    member = Membership.objects.active().filter(role=Role.MEMBER)[0].person
    held = Round.objects.get(pk=round_)
    while True:
        written = TextSection.objects.select_related("text").get(pk=section)
        number = written.number + 1
        services.save(written, f"As revision {number} has it.", actor=None, base=written.number)
        print(f"KEPT revision {number}", flush=True)  # noqa: T201
        draft = services.take_draft(written.text, f"with revision {number}", actor=None)
        print(f"KEPT draft {draft.number}", flush=True)  # noqa: T201
        remark = remarks.remark(held, f"On revision {number}.", actor=member, section=written)
        print(f"KEPT remark {remark.pk}", flush=True)  # noqa: T201


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path, "tests.journeys.test_killed_writing")
    yield site
    for process in site.processes:
        if process.poll() is None:
            kill(process)


def kept(site: Site) -> list[tuple[str, int]]:
    """What was said to be kept, in the order in which it was said."""
    lines = [line.split() for line in (site.var / "log").read_text().splitlines() if line.startswith("KEPT ")]
    return [(line[1], int(line[2])) for line in lines if len(line) == 3]


def test_killed_in_the_middle_of_a_save_every_text_is_whole_and_none_is_lost(site: Site) -> None:
    for _kill in range(KILLS):
        before = len(kept(site)) if site.processes else 0
        process = site.start("-c", HANDS.format(section=site.told["section"], round_=site.told["round"]))
        until(lambda process=process, before=before: process.poll() is not None or len(kept(site)) > before + 5)
        assert process.poll() is None, (site.var / "log").read_text()[-2000:]
        time.sleep(random.random() / 20)
        kill(process)
    said = kept(site)
    assert len(said) > KILLS * 5

    where = f"section_id = {site.told['section']}"
    revisions = site.ask(f"SELECT number, body FROM workflow_revision WHERE {where} ORDER BY number")
    numbers = [number for number, _body in revisions]
    assert numbers == list(range(1, len(numbers) + 1)), "each once, without a gap"
    assert {number for what, number in said if what == "revision"} <= set(numbers)
    [(number, body)] = site.ask(f"SELECT number, body FROM workflow_textsection WHERE id = {site.told['section']}")
    assert (number, body) == revisions[-1], "the section stands as its last revision"

    drafts = dict(site.ask("SELECT number, id FROM workflow_draft"))
    assert {number for what, number in said if what == "draft"} <= set(drafts)
    sections = site.ask("SELECT draft_id, count(*) FROM workflow_draftsection GROUP BY draft_id")
    assert len(sections) == len(drafts), "no draft without its sections"
    assert len({count for _draft, count in sections}) == 1, "and each with all of them"

    remarks = site.ask(f"SELECT xtdcomment_ptr_id, number FROM workflow_remark WHERE round_id = {site.told['round']}")
    assert {pk for what, pk in said if what == "remark"} <= {pk for pk, _number in remarks}
    assert sorted(number for _pk, number in remarks) == list(range(1, len(remarks) + 1)), "numbered once each"
    assert "Every chain holds." in site.run("manage.py", "verify_history").stdout
