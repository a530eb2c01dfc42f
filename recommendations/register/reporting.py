"""Progress reports: kept in the transition that brings them, with the files that show what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow.engine import actors
from workflow.engine.storing import put_file, store
from workflow.writing.figures import PAPERS, TYPES

from . import rules
from .models import ProgressReport, Recommendation, ReportFile

if TYPE_CHECKING:
    from .flow import RecommendationFlow

KINDS = PAPERS  # what shows progress; told by a file's content, never by its name


def keep(flow: RecommendationFlow, *, done: bool = False) -> None:
    """One more report, under the recommendation's lock; the event carries its number and the hashes of its files."""
    mine: Recommendation = flow.subject
    told, actor = flow.act.data, flow.act.actor
    report = ProgressReport(
        recommendation=mine,
        number=ProgressReport.objects.filter(recommendation=mine).count() + 1,
        on=told.get("on") or mine.today,
        percent=100 if done else told["percent"],
        words=flow.act.note.strip(),
        by=actor,
        by_name=str(actor) if actor else "Palabre",
        institution=actors.standing(actor, mine).institution,
        way=flow.way,
    )
    store(report)
    files = [_keep_file(report, upload, checked, flow) for upload, checked in told.get("evidence", ())]
    flow.act.recorded.update(number=report.number, percent=report.percent, files=files)
    mine.percent, mine.reported_on = report.percent, report.on
    mine.report_due = None if done else rules.next_report(mine.today, mine.rhythm)


def _keep_file(report: ProgressReport, upload: Any, checked: Any, flow: RecommendationFlow) -> dict[str, str]:
    upload.seek(0)
    kept = ReportFile(
        report=report, name=checked.name, size=checked.size, sha256=checked.sha256, content_type=TYPES[checked.kind]
    )
    # On disk it has a name of ours, not of who sent it.
    put_file(kept.file, f"{checked.sha256[:16]}.{checked.kind}", upload, flow.act.wrote)
    store(kept)
    return {"name": kept.name, "sha256": kept.sha256}
