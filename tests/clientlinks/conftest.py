import pytest
from django.test import Client

from tests import make
from tests.pages.conftest import queries_of  # noqa: F401


@pytest.fixture
def link(page, operator):
    """Marta may look and comment."""
    return make.client_link(page.client, operator)


@pytest.fixture
def trusted(page, operator):
    """Marta may approve, and olga answers for it."""
    return make.client_link(page.client, operator, approving=True)


@pytest.fixture
def phone(db):
    """A browser that nobody is signed in on, and that checks as browsers do."""
    return Client(enforce_csrf_checks=True, headers={"origin": "null"})
