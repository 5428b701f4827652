from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from publishing.calendar.periods import asked_for, quarters, week_named, week_of

LISBON, ADELAIDE = ZoneInfo("Europe/Lisbon"), ZoneInfo("Australia/Adelaide")
TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (LISBON, date(2026, 3, 29), 23),
        (LISBON, date(2026, 10, 25), 25),
        (ADELAIDE, date(2026, 4, 5), 25),
        (ADELAIDE, date(2026, 10, 4), 23),
        (LISBON, TODAY, 24),
    ],
)
def test_a_day_has_the_hours_that_its_clock_shows(zone, day, hours):
    assert len(list(quarters(day, zone))) == hours * 4


@pytest.mark.parametrize(("zone", "day"), [(LISBON, date(2026, 3, 25)), (ADELAIDE, date(2026, 4, 1))])
def test_a_week_begins_and_ends_at_midnight_though_the_clock_is_changed_in_it(zone, day):
    week = week_of(day, zone)
    starts, ends = week.start.astimezone(zone), week.end.astimezone(zone)
    assert (starts.hour, ends.hour) == (0, 0)
    assert (starts.weekday(), ends.date()) == (0, starts.date() + timedelta(days=7))
    assert week.end - week.start != timedelta(days=7)


def test_a_day_whose_midnight_is_skipped_begins_when_the_clock_is_changed():
    beirut = ZoneInfo("Asia/Beirut")
    first = next(quarters(date(2026, 3, 29), beirut)).astimezone(beirut)
    assert first == datetime(2026, 3, 29, 1, tzinfo=beirut)


def test_the_year_2026_ends_in_week_53():
    week = week_named("2026-W53", LISBON)
    assert week.title == "Week 53: 28 December 2026 – 3 January 2027"
    assert (week.step(1).name, week.step(-1).name) == ("2027-W01", "2026-W52")


def test_a_month_shows_its_whole_weeks():
    month = asked_for({"month": "2026-11"}, LISBON, TODAY)
    assert (month.days[0], month.days[-1], len(month.days)) == (date(2026, 10, 26), date(2026, 12, 6), 42)
    assert (month.step(2).name, month.step(-11).name) == ("2027-01", "2025-12")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"week": "2025-W53"},
        {"week": "2026-W00"},
        {"week": "2026-48"},
        {"week": "0000-W01"},
        {"week": "9999-W52"},
        {"week": "١٢٣٤-W01"},
        {"month": "2026-13"},
        {"month": "1999-12"},
        {"month": "2100-01"},
        {"month": "2026-11\n"},
    ],
)
def test_what_names_no_week_or_month_is_this_week(asked):
    assert asked_for(asked, LISBON, TODAY).name == "2026-W48"
