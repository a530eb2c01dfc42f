"""What every template must keep, whether or not a test visits its page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template.loader import get_template

OURS = [Path(app.path) / "templates" for app in apps.get_app_configs() if settings.BASE_DIR in Path(app.path).parents]
FILES = sorted(
    path
    for folder in OURS
    if settings.BASE_DIR / ".venv" not in folder.parents
    for path in folder.rglob("*")
    if path.is_file()
)
PAGES = [path for path in FILES if path.suffix == ".html"]

# Tags of the template language, which may stand within an element's own brackets.
TEMPLATE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
ELEMENT = re.compile(r"<([a-z][a-z0-9-]*)((?:\s+[^<>]*?)?)\s*/?>", re.IGNORECASE | re.DOTALL)
HANDLER = re.compile(r"\son[a-z]+\s*=", re.IGNORECASE)


def named(path: Path) -> str:
    return str(next(path.relative_to(folder) for folder in OURS if folder in path.parents))


def faults(text: str) -> list[str]:
    """What the content security policy would refuse, and pictures without words."""
    found = []
    for match in ELEMENT.finditer(TEMPLATE.sub("", text)):
        name, attributes = match[1].lower(), match[2]
        if re.search(r"\sstyle\s*=", attributes):
            found.append(f"inline style: {match[0]}")
        if HANDLER.search(attributes):
            found.append(f"inline handler: {match[0]}")
        if name == "script" and not re.search(r"\ssrc\s*=", attributes):
            found.append(f"inline script: {match[0]}")
        if name == "style":
            found.append(f"style element: {match[0]}")
        if name == "img" and not re.search(r"\salt\s*=", attributes):
            found.append(f"picture without words: {match[0]}")
        if re.search(r"(href|src)\s*=\s*[\"']?(https?:)?//", attributes) and name in ("script", "link", "img"):
            found.append(f"from elsewhere: {match[0]}")
    return found


def test_there_are_templates() -> None:
    assert len(PAGES) > 40


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_template_compiles(path: Path) -> None:
    assert get_template(named(path))


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_page_keeps_to_the_content_security_policy(path: Path) -> None:
    assert faults(path.read_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">',
        '<a href=x onclick="go({{ n }})">',
        "<script>go()</script>",
        "<style>p{}</style>",
        "<img src=x>",
        '<script src="https://cdn.example/x.js"></script>',
    ],
)
def test_each_fault_is_found(text: str) -> None:
    assert len(faults(text)) == 1
