"""One English word, several meanings: what a French or a Portuguese reader sees is the one that is meant there."""

from __future__ import annotations

import pytest
from django.utils import translation

from recommendations.inventory.choices import Access, GapState
from tests import factories as f
from tests.comments import making as m
from tests.groups.reading import browser
from workflow.ballots.models import BallotState, ThemeState
from workflow.comments.matrix import COLUMNS
from workflow.comments.models import RemarkState, RoundState
from workflow.datarequests.flow import RequestFlow
from workflow.datarequests.models import RequestState
from workflow.engine import kinds
from workflow.frameworks.models import EntryState
from workflow.profiles.models import Stage

SAID = {
    "fr": [
        (RoundState.OPEN, "Ouvert"), (RemarkState.WITHDRAWN, "Retiré"), (RequestState.WITHDRAWN, "Retirée"),
        (EntryState.WITHDRAWN, "Retiré"), (Stage.WITHDRAWN, "Retirée"), (Stage.COMMENT, "Commentaires"),
        (BallotState.DRAFT, "En préparation"), (BallotState.OPEN, "Ouvert"), (BallotState.CLOSED, "Clos"),
        (ThemeState.WITHDRAWN, "Retiré"), (Access.PUBLIC, "Publiées"), (GapState.CLOSED, "Comblée"),
    ],
    "pt": [
        (RoundState.OPEN, "Aberta"), (RoundState.ANSWERED, "Respondida"), (RemarkState.WITHDRAWN, "Retirado"),
        (RequestState.WITHDRAWN, "Retirado"), (Stage.WITHDRAWN, "Retirada"), (Stage.COMMENT, "Comentários"),
        (BallotState.DRAFT, "Em preparação"), (BallotState.OPEN, "Aberta"), (BallotState.CLOSED, "Encerrada"),
        (ThemeState.WITHDRAWN, "Retirado"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "pt"])
def test_a_state_is_said_of_what_is_in_it(language: str) -> None:
    with translation.override(language):
        assert [(state, str(state.label)) for state, _word in SAID[language]] == SAID[language]


@pytest.mark.parametrize(
    ("language", "comment", "draft", "answer"),
    [("fr", "Commentaire", "Version", "Répondre"), ("pt", "Comentário", "Versão", "Responder")],
)
def test_a_comment_is_one_and_an_answer_is_given(language: str, comment: str, draft: str, answer: str) -> None:
    labels = {kind.name: kind.label for kind in kinds.all_kinds()}
    with translation.override(language):
        assert str(labels["remark"]) == comment
        assert str(labels["draft"]) == draft
        assert str(next(column.label for column in COLUMNS if column.name == "comment")) == comment
        assert str(RequestFlow.label_of("answer")) == answer


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "verbs", "colon"),
    [("fr", ("Commenter", "Répondre"), "Suivant\u00a0:"), ("pt", ("Comentar", "Responder"), "Seguinte:")],
)
def test_buttons_say_what_they_do(language: str, verbs: tuple[str, str], colon: str) -> None:
    ghana = f.twg("GH")
    interior = m.ministry(ghana)[1]
    round_ = m.opened(ghana)
    m.comment(round_, interior)
    reader = browser(interior)
    reader.cookies["django_language"] = language
    section = reader.get(f"/rounds/{round_.pk}/sections/{m.first(round_).pk}/").content.decode()
    for word in verbs:
        assert f">{word}<" in section
    assert colon in section
