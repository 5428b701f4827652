from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from publishing.models import Pause
from tests import make

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def wednesday(clock):
    clock.move_to(NOON)


@pytest.fixture
def planned(page, author, operator):
    """On Friday at ten in Lisbon."""
    return make.approved(make.draft(page, author), operator, at=NOON + timedelta(days=1, hours=22))


def test_the_week_shows_what_is_planned_on_the_clients_clock(desk, planned):
    shown = desk.get("/calendar/").text
    assert "Week 48: 23 – 29 November 2026" in shown
    assert '<time datetime="2026-11-27T10:00:00+00:00">10:00' in shown
    assert "Fresh bread at seven." in shown
