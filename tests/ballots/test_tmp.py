import pytest
from tests.ballots import voting as v
from workflow.ballots import services
pytestmark = pytest.mark.django_db
def test_a(time_machine_at):
    h = v.house(5, early_closing=True)
    b = v.opened(h)
    v.everybody(h, b, v.FOR)
    b.refresh_from_db()
    assert b.state=='closed' and b.decided=='endorsed', (b.state,b.decided,b.result)
    b.about.refresh_from_db()
    print(b.about.stage, b.result)
    assert b.about.stage=='workshop'
