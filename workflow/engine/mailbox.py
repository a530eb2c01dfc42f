"""Mail as files, the default without an SMTP server: one `.eml` per message, which the demo shows on a page."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class FileMailbox(BaseEmailBackend):
    """Writes each message to MAIL_DIR under a name made of its Message-ID.

    The same message delivered twice is the same file, so a worker killed between sending and marking the row
    done leaves one mail.
    """

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            parsed = message.message()
            name = re.sub(r"[^A-Za-z0-9._-]", "_", str(parsed["Message-ID"]).strip("<>"))[:150]
            partial = folder / f".{name}.{os.getpid()}"
            partial.write_bytes(parsed.as_bytes())
            # A rename is atomic: a reader never sees half a mail.
            partial.replace(folder / f"{name}.eml")
        return len(email_messages)
