import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.pages.browsing import browser, open_tab  # noqa: F401
from tests.pages.everywhere import client_pages, everywhere  # noqa: F401


@pytest.fixture
def queries_of():
    def count(visitor, address):
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(address, follow=True).status_code == 200
        return len(queries)

    return count
