"""Weeks in which the clock is changed. Not under `clock`: freezegun forgets which of two equal hours it is."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import make

FIRST = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
"""01:30 in Lisbon, which comes once more an hour later."""


@pytest.fixture
def adelaide(db):
    return make.account("facebook", "2002", client="Olive & Oak", zone="Australia/Adelaide")


@pytest.mark.parametrize(
    ("query", "hours", "skipped"),
    [
        ("week=2026-W43&zone=Europe/Lisbon", 25, 0),
        ("week=2026-W13&zone=Europe/Lisbon", 24, 1),
        ("week=2026-W14&zone=Australia/Adelaide", 25, 0),
        ("week=2026-W40&zone=Australia/Adelaide", 24, 1),
        ("week=2026-W48&zone=Europe/Lisbon", 24, 0),
    ],
)
def test_every_hour_that_a_clock_of_the_week_shows_has_a_row(desk, page, adelaide, query, hours, skipped):
    shown = desk.get(f"/calendar/?{query}").text
    assert shown.count('<div class="hour ') + shown.count('<div class="hour"') == 7 * hours
    assert shown.count("skipped: the clock is changed") == skipped
    assert shown.count("<small>again</small>") == hours - 24


def test_an_hour_that_comes_twice_has_two_places(desk, page, author, operator):
    for number in range(2):
        planned = make.approved(make.draft(page, author), operator)
        make.behind_the_back(planned, publish_at=FIRST + timedelta(hours=number))
    shown = desk.get("/calendar/?week=2026-W43").text
    cells = [cell for cell in shown.split("data-at=")[1:] if 'id="pub-' in cell]
    assert [cell[1:26] for cell in cells] == ["2026-10-25T00:00:00+00:00", "2026-10-25T01:00:00+00:00"]


@pytest.mark.parametrize("hour", [0, 1])
def test_a_post_can_be_moved_to_either_of_two_equal_hours(desk, page, author, operator, hour):
    planned = make.approved(make.draft(page, author), operator)
    wanted = datetime(2099, 10, 25, hour, 30, tzinfo=UTC)
    told = desk.get(f"/calendar/move/{planned.pk}/slot", {"at": wanted.isoformat()}).json()
    desk.post(f"/calendar/move/{planned.pk}/", {"at": told["at"], "although": "A test."})
    planned.refresh_from_db()
    assert (planned.publish_at, told["typed"]) == (wanted, "2099-10-25T01:30")
