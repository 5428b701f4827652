"""Error pages are rendered where Django gives no database connection back, so they must not open one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.mark.parametrize(("address", "status"), [("/nowhere/", 404), ("/review/", 403)])
def test_an_error_page_asks_the_database_nothing_of_its_own(client, stranger, address, status):
    client.force_login(stranger)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(address)
    assert answer.status_code == status
    assert "Back to the desk" in answer.text
    assert not [query for query in queries if "publishing_" in query["sql"] or "approval_" in query["sql"]]


def test_every_browser_finds_an_icon(client):
    assert client.get("/favicon.ico").url.endswith("mark.svg")
