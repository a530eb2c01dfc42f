"""A program that calls the API for somebody: a token in a header, JSON out, JSON in."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from workflow.groups.models import ApiToken, Person

_number = itertools.count(1)


def token(person: Person, scope: str = "write", *, days: int = 30, revoked: bool = False) -> str:
    """The secret of a token that its person has made."""
    secret = f"palabre-test-token-{next(_number):04d}-0123456789abcdef"
    ApiToken.objects.create(
        person=person,
        label="a program",
        prefix=secret[:8],
        hash=ApiToken.hash_of(secret),
        scope=scope,
        expires_at=timezone.now() + timedelta(days=days),
        revoked_at=timezone.now() if revoked else None,
    )
    return secret


class Caller:
    """Calls `/api/v1/…` with a person's token, or without one."""

    def __init__(self, person: Person | None = None, scope: str = "write", *, secret: str = "") -> None:
        self.client = Client(raise_request_exception=False)
        secret = secret or (token(person, scope) if person else "")
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers | headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("post", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("patch", path, body, headers)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        call = getattr(self.client, method)
        headers = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return call(f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers)

    def upload(self, path: str, fields: dict[str, Any]) -> Any:
        """As multipart, with files."""
        return self.client.post(f"/api/v1/{path}", fields, headers=self.headers)

    def act(self, path: str, name: str, **answers: Any) -> Any:
        """Press a button with the version that the subject's address has just shown."""
        version = self.get(f"{path}/").json()["version"]
        return self.post(f"{path}/actions/{name}/", {"version": version, **answers})


def problem(answer: Any, status: int, name: str) -> dict[str, Any]:
    """The answer's problem document, after a look at its frame."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["type"] == f"/api/v1/docs/#{name}"
    assert body["title"]
    assert body["detail"]
    assert body["instance"].startswith("/api/v1/")
    return body
