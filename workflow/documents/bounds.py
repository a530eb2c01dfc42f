"""How much one text may be: a heap of brackets costs a reader's page seconds of the server, and is no text (S10).

Everything that reads Markdown takes time in proportion to its length; what differs, some hundredfold, is what a sign
costs. These bounds are far beyond what anybody writes, and keep the worst of heaps as cheap as an honest long text.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

MOST_CHARACTERS = 200_000
MOST_LINES = 10_000
MOST_BRACKETS = 5_000  # of those that open: each may begin a link, a note or a picture
MOST_MARKS = 25_000
MARKS = re.compile(r"[\[\]!*_`<>|#\\&]")


def excess(body: str) -> str:
    """What a text has too much of, as a sentence; "" when it may be kept."""
    told = {
        _("This section has %(count)d characters; %(limit)d is the most."): (len(body), MOST_CHARACTERS),
        _("This section has %(count)d lines; %(limit)d is the most: add a long table as a file."): (
            body.count("\n") + 1, MOST_LINES,
        ),
        _("This section has %(count)d opening brackets; %(limit)d is the most."): (body.count("["), MOST_BRACKETS),
        _("This section has %(count)d signs of Markdown; %(limit)d is the most: add a long table as a file."): (
            len(MARKS.findall(body)), MOST_MARKS,
        ),
    }  # fmt: skip
    return next((text % {"count": count, "limit": most} for text, (count, most) in told.items() if count > most), "")
