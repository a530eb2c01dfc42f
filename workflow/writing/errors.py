"""What can go wrong when two people write."""

from __future__ import annotations

from typing import Any


class Diverged(Exception):
    """Somebody else has kept a revision of the section since this one was begun. Nothing was written.

    `section` is as it stands now, `mine` what would have been kept, `base` the revision that it was begun on.
    """

    def __init__(self, section: Any, *, mine: str, base: int) -> None:
        super().__init__(f"section {section.pk} is at revision {section.number}, not {base}")
        self.section, self.mine, self.base = section, mine, base
