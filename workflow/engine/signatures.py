"""Signatures of documents that must be provable without this server: Ed25519 (RFC 8032) over canonical JSON.

The private key follows from SECRET_KEY (HKDF, RFC 5869), so that a restored server signs as before; the public one is
on every signed document and at `/record-key/`. Whoever keeps that key verifies offline.
"""

from __future__ import annotations

import base64
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from .digests import canonical


def _private() -> Ed25519PrivateKey:
    seed = HKDF(hashes.SHA256(), 32, salt=None, info=b"palabre.records").derive(settings.SECRET_KEY.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_key() -> str:
    """The server's public key, in base64."""
    raw = _private().public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def sign(content: Any) -> str:
    """The signature over a document, in base64."""
    return base64.b64encode(_private().sign(canonical(content))).decode()


def holds(content: Any, signature: str, key: str) -> bool:
    """Whether the signature over the document is the key's; False for anything malformed."""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signature, validate=True), canonical(content))
    except (InvalidSignature, ValueError):
        return False
    return True
