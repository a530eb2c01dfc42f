"""QR codes drawn on the server, as part of a page: dark on white whatever the reader's colours, as scanners want it."""

from __future__ import annotations

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage


class Drawing(SvgPathImage):
    background = "#ffffff"


def svg(text: str, title: str) -> SafeString:
    """The code as a drawing with a name; nothing of `text` is in it but black and white."""
    made = qrcode.make(text, image_factory=Drawing, error_correction=ERROR_CORRECT_M, box_size=16, border=4)
    drawing = made.to_string(encoding="unicode")
    return format_html('<figure class="qr" role="img" aria-label="{}">{}</figure>', title, mark_safe(drawing))  # noqa: S308
