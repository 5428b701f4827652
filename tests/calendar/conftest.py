from datetime import UTC, datetime

import pytest

from tests import make
from tests.pages.conftest import queries_of  # noqa: F401

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 10, tzinfo=UTC)


@pytest.fixture
def wednesday(clock):
    clock.move_to(NOON)


@pytest.fixture
def planned(wednesday, page, author, operator):
    """On Friday at ten in Lisbon."""
    return make.approved(make.draft(page, author), operator, at=FRIDAY)
