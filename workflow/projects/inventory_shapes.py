"""The data inventory in a project file: sources, gaps, the publications that support the work on them (S09, S28)."""

from __future__ import annotations

from dataclasses import dataclass

from .shapes import Item, Text


@dataclass(frozen=True, kw_only=True)
class SupportingPublication(Item):
    """A study or manual of the project (S28). `authors` and `link` are "" where there are none."""

    key: str
    title: Text
    authors: str
    when: str | None
    forthcoming: bool
    link: str
    summary: Text
    confidence: str


@dataclass(frozen=True, kw_only=True)
class DataSource(Item):
    """A source of data on migration in a TWG's inventory. What is not known of it is "" or empty.

    `sections` are places of the template (C, C.2), `questions` codes of survey questions, `publications` keys.
    """

    key: str
    twg: str
    kind: str
    name: Text
    custodian: str | None
    users: tuple[str, ...]
    coverage: Text
    periodicity: str
    latest: str | None
    quality: str
    quality_note: Text
    access: str
    access_note: Text
    link: str
    sections: tuple[str, ...]
    questions: tuple[str, ...]
    publications: tuple[str, ...]
    ended: bool
    confidence: str


@dataclass(frozen=True, kw_only=True)
class DataGap(Item):
    """What is missing for a section, in a source or in none (""). `state` identified, agreed, addressed, closed or
    dropped."""

    key: str
    twg: str
    section: str
    data_source: str
    title: Text
    severity: str
    improvement: Text
    state: str
    confidence: str
