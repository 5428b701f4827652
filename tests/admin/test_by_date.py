"""The way through a list by year, month and day."""

from datetime import UTC, datetime

import pytest
from django.db.models import QuerySet

from approval.models import Draft
from tests import make

MOMENTS = ["2025-12-31T23:59:59.999999", "2026-01-01T00:00", "2026-01-31T12:30", "2026-03-01T05:00", "2026-03-01T06:00"]


@pytest.fixture
def dated(page, author):
    for at in MOMENTS:
        draft = make.draft(page, author, text=at)
        make.behind_the_back(draft, submitted_at=datetime.fromisoformat(at).replace(tzinfo=UTC))
    make.draft(page, author, submit=False)


@pytest.mark.parametrize("kind", ["year", "month", "day"])
@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_the_periods_are_those_that_django_finds(dated, kind, order):
    rows = Draft.objects.order_by("pk")
    ours, its = (of(rows, "submitted_at", kind, order) for of in (type(rows).datetimes, QuerySet.datetimes))
    assert list(ours) == list(its)


def test_a_month_leads_to_its_days_and_its_rows(dated, desk):
    years = desk.get("/admin/approval/draft/").text
    assert "submitted_at__year=2025" in years
    days = desk.get("/admin/approval/draft/?submitted_at__year=2026&submitted_at__month=3").text
    assert "submitted_at__day=1" in days
    assert "2 drafts" in days


@pytest.mark.parametrize("typed", ["submitted_at__year=x", "submitted_at__year=2026&submitted_at__month=13"])
def test_a_date_that_is_none_is_answered_as_any_wrong_filter(dated, desk, typed):
    assert desk.get(f"/admin/approval/draft/?{typed}").status_code in {302, 400}
