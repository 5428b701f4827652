"""When an account may post. Pure: moments in, moments out. All of them aware; answers in UTC."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)
LONGEST_CLOSURE = 16
"""Days in which every rule opens at least once: a week, and a day that a zone skipped, twice over."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Rule:
    """`weekdays` are 0 (Monday) to 6; none means all. A day's hours begin at `opens` and end before `closes`, on the
    client's clock; when `closes` is not later than `opens` they end on the next day."""

    min_gap: timedelta | None = None
    most_per_week: int | None = None
    weekdays: frozenset[int] = frozenset()
    opens: time | None = None
    closes: time | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def __post_init__(self) -> None:
        if self.most_per_week is not None and self.most_per_week < 1:
            raise ValueError("An account that may post no times a week never posts: pause it instead.")

    @property
    def is_free(self) -> bool:
        return not (self.min_gap or self.most_per_week or self.has_hours)

    @property
    def has_hours(self) -> bool:
        return bool(self.weekdays or self.opens or self.closes)

    @property
    def reach(self) -> timedelta:
        """No post that is further away matters."""
        return max(self.min_gap or timedelta(), WEEK if self.most_per_week else timedelta())


def next_slot(wanted: datetime, taken: Iterable[datetime], rule: Rule) -> datetime:
    """The earliest moment, at `wanted` or later, at which `rule` allows a post beside those at `taken`."""
    others = sorted(taken)
    moment = wanted.astimezone(UTC)
    while True:
        later = max(after_gap(moment, others, rule), after_week(moment, others, rule), opening(moment, rule))
        if later == moment:
            return moment
        moment = later


def broken(moment: datetime, taken: Iterable[datetime], rule: Rule) -> str:
    """Why `rule` does not allow a post at `moment` beside those at `taken`, as a sentence. Empty when it does."""
    others = sorted(taken)
    moment = moment.astimezone(UTC)
    if opening(moment, rule) != moment:
        return f"The account posts {hours_in_words(rule)}."
    if rule.min_gap and after_gap(moment, others, rule) != moment:
        return f"Between two posts of the account lie at least {in_words(rule.min_gap)}."
    if after_week(moment, others, rule) != moment:
        return f"The account has at most {rule.most_per_week} posts in any seven days."
    return ""


def after_gap(moment: datetime, others: list[datetime], rule: Rule) -> datetime:
    if not rule.min_gap:
        return moment
    last = bisect_left(others, moment + rule.min_gap) - 1
    if last >= 0 and moment - others[last] < rule.min_gap:
        return (others[last] + rule.min_gap).astimezone(UTC)
    return moment


def after_week(moment: datetime, others: list[datetime], rule: Rule) -> datetime:
    """Every run of `most_per_week` others that lies within seven days together with `moment` must be left behind."""
    most = rule.most_per_week
    if most is None:
        return moment
    near = others[bisect_left(others, moment - WEEK) : bisect_left(others, moment + WEEK)]
    later = moment
    for first, last in zip(near, near[most - 1 :], strict=False):
        if max(last, moment) - min(first, moment) < WEEK:
            later = max(later, first + WEEK)
    return later.astimezone(UTC)


def opening(moment: datetime, rule: Rule) -> datetime:
    """`moment` when the account is open then, else the next moment at which it opens."""
    if is_open(moment, rule):
        return moment
    return next(start for start in starts(moment, rule) if start > moment and is_open(start, rule))


def is_open(moment: datetime, rule: Rule) -> bool:
    """By the clock on the client's wall, whatever the clock was changed to."""
    if not rule.has_hours:
        return True
    local = moment.astimezone(rule.zone)
    opens, closes = rule.opens or time.min, rule.closes or time.min
    clock, day = local.time(), local.date()
    if closes <= opens:
        if opens <= clock:
            return allowed(day.weekday(), rule)
        return clock < closes and allowed((day - timedelta(days=1)).weekday(), rule)
    return opens <= clock < closes and allowed(day.weekday(), rule)


def allowed(weekday: int, rule: Rule) -> bool:
    return not rule.weekdays or weekday in rule.weekdays


def starts(moment: datetime, rule: Rule) -> Iterator[datetime]:
    """In order, every moment at which a closed account can become open: when the hours begin, on a clock that shows
    that time once, twice or never, and when the clock is changed."""
    first = moment.astimezone(rule.zone).date() - timedelta(days=1)
    found: list[datetime] = []
    for number in range(LONGEST_CLOSURE):
        begins = datetime.combine(first + timedelta(days=number), rule.opens or time.min, rule.zone)
        for fold in (0, 1):
            insort(found, begins.replace(fold=fold).astimezone(UTC))
    for before, after in list(pairwise(found)):
        if rule.zone.utcoffset(before.astimezone(rule.zone)) != rule.zone.utcoffset(after.astimezone(rule.zone)):
            insort(found, change(before, after, rule.zone))
    yield from found


def change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the clock was changed, between two moments of which it was changed once."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def hours_in_words(rule: Rule) -> str:
    days = ", ".join(DAYS[day].capitalize() for day in sorted(rule.weekdays)) or "every day"
    opens, closes = rule.opens or time.min, rule.closes or time.min
    if opens == closes:
        return f"on {days}" if rule.weekdays else days
    return f"{'on ' if rule.weekdays else ''}{days} from {opens:%H:%M} until {closes:%H:%M}, {rule.zone.key}"


def in_words(gap: timedelta) -> str:
    hours, rest = divmod(round(gap.total_seconds() / 60), 60)
    parts = [f"{hours} hour{'s' if hours != 1 else ''}"] * bool(hours)
    return " ".join([*parts, *[f"{rest} minute{'s' if rest != 1 else ''}"] * bool(rest or not hours)])
