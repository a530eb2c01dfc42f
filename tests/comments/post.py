"""The mail of rounds and comments, as it lands in boxes."""

from __future__ import annotations

from typing import Any

from . import making as m


def mails(box: list[Any]) -> dict[str, Any]:
    """What was sent of rounds and comments since the last look, by address."""
    m.deliver()
    ours = [mail for mail in box if "now at “" not in mail.subject]
    found = {mail.to[0]: mail for mail in ours}
    assert len(found) == len(ours), "nobody gets two mails at once"
    box.clear()
    return found


def settle(box: list[Any]) -> None:
    """What came before the story does not matter to it."""
    m.deliver()
    box.clear()
