"""Entries laid out as the days of a week, hour by hour, or of a month. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from publishing.calendar.entries import Entry, Found
from publishing.calendar.periods import QUARTER, Month, Period, midnight, quarters

MOST_IN_A_CELL = 4


@dataclass
class Hour:
    """One hour of one day as its clock shows it. Without a start it does not exist on that day."""

    hour: int
    again: bool
    """The clock is put back and shows this hour for the second time."""
    starts: list[datetime] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    now: int | None = None
    """The quarter in which it is now."""
    is_past: bool = False

    @property
    def start(self) -> datetime | None:
        return self.starts[0] if self.starts else None

    @property
    def is_skipped(self) -> bool:
        return not self.starts and not self.again


@dataclass
class Day:
    date: date
    start: datetime
    is_today: bool
    is_past: bool
    count: int
    entries: list[Entry]
    hours: list[Hour] = field(default_factory=list)
    is_outside: bool = False
    """Of the month before or after."""

    @property
    def more(self) -> int:
        return self.count - len(self.entries)


Clock = tuple[int, int]
"""An hour, and whether the clock shows it for the second time."""


def days(period: Period, found: Found, now: datetime, most: int) -> list[Day]:
    today = now.astimezone(period.zone).date()
    by_day = {
        day: list(entries)
        for day, entries in groupby(found.entries, key=lambda entry: entry.at.astimezone(period.zone).date())
    }
    return [
        Day(
            date=day,
            start=midnight(day, period.zone),
            is_today=day == today,
            is_past=day < today,
            count=found.counts.get(day, 0),
            entries=by_day.get(day, [])[:most],
        )
        for day in period.days
    ]


def month(period: Month, found: Found, now: datetime) -> list[list[Day]]:
    """By week. A day shows its first entries; the rest is counted."""
    shown = days(period, found, now, MOST_IN_A_CELL)
    for day in shown:
        day.is_outside = day.date.month != period.first.month
    return [shown[start : start + 7] for start in range(0, len(shown), 7)]


def hourly(period: Period, found: Found, now: datetime, most: int) -> list[Day]:
    """Each day with the same hours, so that they stand beside each other."""
    shown = days(period, found, now, most)
    clocks = {day.date: clock_of(day.date, period) for day in shown}
    rows = sorted({clock for day in clocks.values() for clock in day})
    for day in shown:
        day.hours = [hour_of(clock, clocks[day.date].get(clock, []), now) for clock in rows]
        places = {(hour.hour, int(hour.again)): hour for hour in day.hours}
        for entry in day.entries:
            places[shown_by(entry.at, period)].entries.append(entry)
    return shown


def clock_of(day: date, period: Period) -> dict[Clock, list[datetime]]:
    hours: dict[Clock, list[datetime]] = {}
    for moment in quarters(day, period.zone):
        hours.setdefault(shown_by(moment, period), []).append(moment)
    return hours


def shown_by(moment: datetime, period: Period) -> Clock:
    local = moment.astimezone(period.zone)
    return local.hour, local.fold


def hour_of(clock: Clock, starts: list[datetime], now: datetime) -> Hour:
    quarter = next((number for number, start in enumerate(starts) if start <= now < start + QUARTER), None)
    return Hour(clock[0], bool(clock[1]), starts, now=quarter, is_past=bool(starts) and starts[-1] + QUARTER <= now)
