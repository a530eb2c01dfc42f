"""By which SHA-256 words and documents are known, wherever something must be provable: one way of writing them out."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(content: Any) -> bytes:
    """The one way in which a document's bytes are written before they are hashed or signed."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def of(content: Any) -> str:
    """Of a document: numbers, texts, lists and what is told under names."""
    return hashlib.sha256(canonical(content)).hexdigest()


def of_text(text: str) -> str:
    """Of words; of a secret that is long and random, too, which is kept as nothing else."""
    return hashlib.sha256(text.encode()).hexdigest()
