import pytest

from tests import factories as f
from workflow.engine import history

pytestmark = pytest.mark.django_db


def test_an_edition_goes_from_template_to_publication_and_its_history_holds() -> None:
    ghana = f.twg("GH")
    edition = f.edition(ghana, stage="published")
    assert [e.name for e in history.events_of(edition)][-1] == "publish"
    assert history.verify().broken is None
