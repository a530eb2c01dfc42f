"""What is sent with a transition, in words, as a file, or both: an answer to a request, the evidence of a step."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from workflow.documents import uploads
from workflow.engine import asks
from workflow.engine.flow import Act

from .figures import PAPERS, TYPES
from .storing import put_upload


class WordsOrFileForm(asks.AskForm):
    """Words travel as the act's note, so that history holds them under its hash. A subclass has the two fields, `note`
    and the one that `file_field` names; the file is told by its content, never by its name.
    """

    file_field: ClassVar[str]
    nothing_sent: Any = _("Write an answer, send a file, or both.")
    checked: uploads.Checked | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload = cleaned.get(self.file_field)
        if upload:
            try:
                self.checked = uploads.check(upload, PAPERS)
            except ValidationError as error:
                self.add_error(self.file_field, error)
        if not self.errors and not self.words and not upload:
            self.add_error("note", self.nothing_sent)
        return cleaned

    @property
    def words(self) -> str:
        return str(self.cleaned_data.get("note", "")).strip()

    def put_file(self, row: Any, act: Act) -> None:
        """Give the row the file that was sent, if one was."""
        if self.checked is not None:
            put_upload(row, self.cleaned_data[self.file_field], self.checked, TYPES[self.checked.kind], act.wrote)
