"""Gates: a lower floor asks a question by name, a higher floor registers the answer from its `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Part:
    """One of several things that a gate asks for: what must be, whether it is, and the page on which it can be done."""

    name: str
    label: str | Promise
    met: bool
    told: str | Promise = ""  # what is known of it, in a line
    where: str = ""


@dataclass(frozen=True)
class Answer:
    """Whether the gate is open, and why not; `where` is the page on which it can be opened.

    Of a gate with `parts`, each that is not met can be given a reason with the transition, which opens it too.
    """

    open: bool
    reason: str | Promise = ""
    where: str = ""
    parts: tuple[Part, ...] = field(default=(), kw_only=True)

    @property
    def missing(self) -> list[Part]:
        return [part for part in self.parts if not part.met]

    def __bool__(self) -> bool:
        return self.open

    def told_to(self, person: Any) -> Answer:
        """The answer as one person may read it: a reason that names what they may not know of is another for them."""
        return self


Question = Callable[[Any], Answer]
Hold = Callable[[Any], Any]
_answers: dict[str, Question] = {}
_holds: dict[str, Hold] = {}
_questions: dict[str, str | Promise] = {}


def declare(name: str, question: str | Promise) -> str:
    """A lower floor says that it will ask `name`, with the sentence to show while nobody has answered."""
    _questions[name] = question
    return name


def answer(name: str, question: Question, *, hold: Hold | None = None) -> None:
    """A higher floor answers. One gate has one answerer.

    `hold` locks what the answer rests on, so that it stays true until the transition that asks for it is through.
    """
    if name not in _questions:
        raise ValueError(f"no floor asks the gate {name!r}")
    if name in _answers and _answers[name] is not question:
        raise ValueError(f"the gate {name!r} is answered twice")
    _answers[name] = question
    if hold is not None:
        _holds[name] = hold


def withdraw_answer(name: str) -> None:
    """Take an answer back (tests lend gates their own answers)."""
    _answers.pop(name, None)
    _holds.pop(name, None)


def hold(name: str, subject: Any) -> None:
    """Lock what the gate's answer rests on until the transaction ends."""
    if name in _holds:
        _holds[name](subject)


def ask(name: str, subject: Any) -> Answer:
    """The gate's answer for a subject; closed, with the declared sentence, while no floor answers it."""
    if name in _answers:
        return _answers[name](subject)
    return Answer(False, _questions.get(name, _("Nothing has been recorded yet.")))
