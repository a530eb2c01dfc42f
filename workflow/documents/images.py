"""The kind and the size of a picture, from its first bytes and without decoding it."""

from __future__ import annotations

import struct
from collections.abc import Iterator

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # the segments of a JPEG that tell its size
MOST_SIDE = 20_000  # pixels
MOST_PIXELS = 80_000_000


def size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG or JPEG; None when the header tells none."""
    if data.startswith(PNG):
        return struct.unpack(">II", data[16:24]) if data[12:16] == b"IHDR" and len(data) >= 33 else None
    if data.startswith(JPEG):
        return next(_frames(data), None)
    return None


def _frames(data: bytes) -> Iterator[tuple[int, int]]:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker in FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            yield width, height
            return
        if marker in (0xD9, 0xDA):
            return
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")


def is_sane(data: bytes) -> bool:
    """Whether the picture has a size at all, and one that a machine can be asked to draw."""
    found = size(data)
    return found is not None and min(found) > 0 and max(found) <= MOST_SIDE and found[0] * found[1] <= MOST_PIXELS
