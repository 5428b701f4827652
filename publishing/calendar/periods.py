"""The weeks and months that the calendar shows, in a zone. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sophia.moments import EARLIEST, LATEST

QUARTER = timedelta(minutes=15)
"""The calendar moves posts in steps of this."""
WEEK_NAME = re.compile(r"([0-9]{4})-W([0-9]{2})")
MONTH_NAME = re.compile(r"([0-9]{4})-([0-9]{2})")
DAY_NAME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Period:
    """`first` is its Monday, or the first of its month."""

    first: date
    zone: ZoneInfo

    if TYPE_CHECKING:

        @property
        def days(self) -> list[date]: ...
        @property
        def query(self) -> dict[str, str]: ...

    @cached_property
    def start(self) -> datetime:
        return midnight(self.days[0], self.zone)

    @cached_property
    def end(self) -> datetime:
        return midnight(self.days[-1] + timedelta(days=1), self.zone)

    def of(self, day: date) -> "Shown":
        """The one of its kind in which `day` is."""
        if isinstance(self, OneDay):
            return OneDay(day, self.zone)
        return month_of(day, self.zone) if isinstance(self, Month) else week_of(day, self.zone)

    @property
    def kind(self) -> str:
        return next(iter(self.query))

    @property
    def is_month(self) -> bool:
        return isinstance(self, Month)

    @property
    def within_reach(self) -> bool:
        return EARLIEST.date() <= self.first < LATEST.date()


class Week(Period):
    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(7)]

    @property
    def name(self) -> str:
        year, week, _ = self.first.isocalendar()
        return f"{year}-W{week:02}"

    @property
    def title(self) -> str:
        first, last = self.days[0], self.days[-1]
        started = f"{first.day}"
        if first.month != last.month:
            started += f" {first:%B}" + (f" {first.year}" if first.year != last.year else "")
        return f"Week {first.isocalendar().week}: {started} – {last.day} {last:%B %Y}"

    @property
    def query(self) -> dict[str, str]:
        return {"week": self.name}

    def step(self, number: int) -> "Week":
        return Week(self.first + timedelta(weeks=number), self.zone)


class OneDay(Period):
    @property
    def days(self) -> list[date]:
        return [self.first]

    @property
    def name(self) -> str:
        return self.first.isoformat()

    @property
    def title(self) -> str:
        return f"{self.first:%A} {self.first.day} {self.first:%B %Y}"

    @property
    def query(self) -> dict[str, str]:
        return {"day": self.name}

    def step(self, number: int) -> "OneDay":
        return OneDay(self.first + timedelta(days=number), self.zone)


class Month(Period):
    @property
    def days(self) -> list[date]:
        """Its whole weeks, with the days of its neighbours in them."""
        monday = week_of(self.first, self.zone).first
        following = self.step(1).first
        count = -(-(following - monday).days // 7) * 7
        return [monday + timedelta(days=number) for number in range(count)]

    @property
    def name(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def title(self) -> str:
        return f"{self.first:%B %Y}"

    @property
    def query(self) -> dict[str, str]:
        return {"month": self.name}

    def step(self, number: int) -> "Month":
        months = self.first.year * 12 + self.first.month - 1 + number
        return Month(date(months // 12, months % 12 + 1, 1), self.zone)


Shown = Week | Month | OneDay


def week_of(day: date, zone: ZoneInfo) -> Week:
    return Week(day - timedelta(days=day.weekday()), zone)


def month_of(day: date, zone: ZoneInfo) -> Month:
    return Month(day.replace(day=1), zone)


def asked_for(asked: Mapping[str, str], zone: ZoneInfo, today: date) -> Shown:
    """What ?day=2026-11-25, ?month=2026-11 or ?week=2026-W48 names, or else the week of today."""
    month, week = month_named(asked.get("month", ""), zone), week_named(asked.get("week", ""), zone)
    named = day_named(asked.get("day", ""), zone) or month or week
    return named if named and named.within_reach else week_of(today, zone)


def day_named(name: str, zone: ZoneInfo) -> OneDay | None:
    try:
        return OneDay(date.fromisoformat(name), zone) if DAY_NAME.fullmatch(name) else None
    except ValueError:
        return None


def week_named(name: str, zone: ZoneInfo) -> Week | None:
    found = WEEK_NAME.fullmatch(name)
    try:
        return Week(date.fromisocalendar(int(found[1]), int(found[2]), 1), zone) if found else None
    except ValueError:
        return None


def month_named(name: str, zone: ZoneInfo) -> Month | None:
    found = MONTH_NAME.fullmatch(name)
    try:
        return Month(date(int(found[1]), int(found[2]), 1), zone) if found else None
    except ValueError:
        return None


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins. On a clock that skips midnight: when it is changed."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def quarters(day: date, zone: ZoneInfo) -> Iterator[datetime]:
    """Every quarter of an hour of the day, of which there are 92 or 100 when the clock is changed."""
    moment, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    while moment < end:
        yield moment
        moment += QUARTER
