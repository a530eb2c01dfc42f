"""The API of the writing room."""

from __future__ import annotations

from workflow.engine.api_views import PalabreView

resources: list[tuple[str, type[PalabreView], str]] = []
