"""The translation check finds what a reader would stumble over."""

from __future__ import annotations

from typing import Any

import pytest
from babel.messages.catalog import Catalog

from .catalogue import missing


def catalogue(*messages: tuple[Any, Any], fuzzy: bool = False, language: str = "fr") -> Catalog:
    made = Catalog(locale=language)
    for source, translated in messages:
        made.add(source, translated, flags={"fuzzy"} if fuzzy else set())
    return made


WANTED = catalogue(("Sign in", ""), (("%(n)s day", "%(n)s days"), ("", "")), ("Dear %(name)s", ""))
WHOLE = [
    ("Sign in", "Entrer"),
    (("%(n)s day", "%(n)s days"), ("%(n)s jour", "%(n)s jours")),
    ("Dear %(name)s", "Cher·e %(name)s"),
]


def test_a_whole_catalogue_is_fine() -> None:
    assert list(missing(WANTED, catalogue(*WHOLE))) == []


@pytest.mark.parametrize(
    ("place", "translated", "complaint"),
    [
        (0, "", "no translation: 'Sign in'"),
        (1, ("%(n)s jour", ""), "no translation: '%(n)s day'"),
        (2, "Cher·e", "other placeholders"),
        (2, "Cher·e %(nom)s", "other placeholders"),
    ],
)
def test_each_fault_is_named(place: int, translated: Any, complaint: str) -> None:
    messages = list(WHOLE)
    messages[place] = (messages[place][0], translated)
    (found,) = missing(WANTED, catalogue(*messages))
    assert found.startswith(complaint)


def test_a_text_that_the_catalogue_does_not_know_is_missing() -> None:
    assert list(missing(WANTED, catalogue(*WHOLE[1:]))) == ["no translation: 'Sign in'"]


def test_a_fuzzy_translation_is_a_guess_and_not_a_translation() -> None:
    assert "fuzzy: 'Sign in'" in list(missing(WANTED, catalogue(*WHOLE, fuzzy=True)))


def test_a_plural_in_one_form_only_is_told() -> None:
    messages = [WHOLE[0], (("%(n)s day", "%(n)s days"), ("%(n)s jour",)), WHOLE[2]]
    assert list(missing(WANTED, catalogue(*messages))) == ["1 of 2 plural forms: '%(n)s day'"]
