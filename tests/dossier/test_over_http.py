"""The dossier of a post that really went over the wire: what the platform said is in it, and no token is."""

import pytest

from publishing.dossier.packet import Dossier
from publishing.sandbox.models import Fault
from tests.draining import carry_out
from tests.publishing.test_watch_over_http import live, look  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def whole_life(live, operator):  # noqa: F811
    """Read back, refused once with the token in the platform's words, and taken down."""
    look(live)
    Fault.objects.arm("DELETE *", "error", code=190, message=f"Malformed access token {live.account.token}")
    for _ in range(2):
        live.account.connect()
        carry_out(live.recover(by=operator, reason="Wrong price"))
        live.refresh_from_db()
    return live


def test_every_call_is_in_it_with_its_answer_and_no_token(whole_life):
    dossier = Dossier.of(whole_life)
    document, both = dossier.document, dossier.json() + dossier.html()
    assert whole_life.account.token
    assert whole_life.account.token not in both
    calls = [call for row in document["attempts"] for call in row["calls"]]
    calls += [call for row in document["sightings"] for call in row["calls"]]
    calls += [call for row in document["recoveries"] for call in row["evidence"] if "method" in call]
    assert {call["method"] for call in calls} == {"GET", "POST", "DELETE"}
    assert all(call["path"] in dossier.html() and call["status"] for call in calls)
    assert str(calls[0]["at"].tzinfo) == "Europe/Lisbon"
