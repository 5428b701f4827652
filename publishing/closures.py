"""When an account may not post, as ranges for a calendar. Pure: `cadence.broken` decides, here is only where to ask."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from publishing.cadence import WEEK, Rule, broken, change

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Closure:
    """No whole minute from `start` until before `until` is a slot."""

    start: datetime
    until: datetime
    because: str


def closures(since: datetime, until: datetime, taken: Iterable[datetime], rule: Rule) -> list[Closure]:
    """In order, what `rule` closes between two whole minutes, beside the posts at `taken`."""
    others = sorted(taken)
    edges = {whole(edge) for edge in changes(since, until, others, rule)}
    asked = sorted({since, until, *(edge for edge in edges if since < edge < until)})
    found: list[Closure] = []
    for start, end in pairwise(asked):
        because = broken(start, others, rule)
        if because and found and (found[-1].until, found[-1].because) == (start, because):
            found[-1] = Closure(found[-1].start, end, because)
        elif because:
            found.append(Closure(start, end, because))
    return found


def whole(edge: datetime) -> datetime:
    """The first whole minute at it or later."""
    early = edge.replace(second=0, microsecond=0)
    return early if early == edge else early + MINUTE


def changes(since: datetime, until: datetime, others: Iterable[datetime], rule: Rule) -> Iterator[datetime]:
    """Every minute at which the answer may become another. More than those do no harm."""
    spans = [span for span in (rule.min_gap, WEEK if rule.most_per_week else None) if span]
    for other in others:
        for span in spans:
            before = (other - span).replace(second=0, microsecond=0)
            yield from (before, before + MINUTE, other + span)
    if rule.has_hours:
        yield from clock_changes(since, until, rule)


def clock_changes(since: datetime, until: datetime, rule: Rule) -> Iterator[datetime]:
    """When hours begin and end, on clocks that show those times once, twice or never, and when the clock is changed."""
    times = {rule.opens or time.min, rule.closes or time.min, time.min}
    first, last = since.astimezone(rule.zone).date(), until.astimezone(rule.zone).date()
    for day in days(first - timedelta(days=1), last + timedelta(days=1)):
        for at in times:
            local = datetime.combine(day, at, rule.zone)
            yield from (local.astimezone(UTC), local.replace(fold=1).astimezone(UTC))
        noon, next_noon = (datetime.combine(each, time(12), UTC) for each in (day, day + timedelta(days=1)))
        if noon.astimezone(rule.zone).utcoffset() != next_noon.astimezone(rule.zone).utcoffset():
            yield change(noon, next_noon, rule.zone)


def days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
