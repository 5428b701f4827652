"""Times of day on somebody's clock, as moments. Pure, and right over midnight and when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(moment: datetime, zone: ZoneInfo, start: time, end: time) -> datetime | None:
    """When the quiet that `moment` falls into is over; None outside of it. `start` belongs to it, `end` does not."""
    local = moment.astimezone(zone)
    shown = local.time()
    over_midnight = start > end
    if not (shown >= start or shown < end if over_midnight else start <= shown < end):
        return None
    ends_on = local.date() + timedelta(days=1) if over_midnight and shown >= start else local.date()
    first = on_the_clock(ends_on, end, zone)
    # In autumn the clock shows one hour twice: seen from the second, the first end has passed.
    return first if first > moment else on_the_clock(ends_on, end, zone, fold=1)


def next_time(moment: datetime, zone: ZoneInfo, at: time) -> datetime:
    """The first moment after `moment` at which the clock shows `at`."""
    today = moment.astimezone(zone).date()
    days = (on_the_clock(today + timedelta(days=later), at, zone) for later in range(3))
    return next(day for day in days if day > moment)


def on_the_clock(day: date, at: time, zone: ZoneInfo, fold: int = 0) -> datetime:
    """In UTC: two times of one zone are compared by what their clocks show. A skipped hour is an hour later."""
    return datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC)
