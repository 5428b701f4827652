import pytest

from tests import make
from tests.admin.conftest import act  # noqa: F401
from tests.commands.conftest import command  # noqa: F401


@pytest.fixture
def bakery(db):
    """Another client's account."""
    return make.account("facebook", "2002", "Padaria Sol")


@pytest.fixture
def member(bakery):
    """An operator of the other client alone."""
    return make.member(make.person("mia", "operator", is_staff=True), bakery.client)
