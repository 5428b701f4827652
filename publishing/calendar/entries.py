"""What stands in the calendar: publications, and whatever else has a time and an account."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from publishing import gates
from publishing.calendar.between import Between
from publishing.calendar.periods import Period, midnight
from publishing.models import Post, Publication, SocialAccount
from publishing.models.states import State
from sophia.membership import Person

MOVABLE = {State.QUEUED, State.MISSED, State.FAILED}
"""From these `Publication.reschedule` goes on."""
AT = Coalesce("published_at", "publish_at")
WORDS = 80
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Entry:
    at: datetime
    account: SocialAccount
    words: str
    state: str
    label: str
    address: str
    pk: int = 0
    held: str = ""
    prepared: bool = False
    movable: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return self.account.client.zone


@dataclass(frozen=True)
class Found:
    """The first entries of each day, and how many each day has."""

    entries: list[Entry]
    counts: dict[date, int]


def words_of(post: Post) -> str:
    lines = (post.text or post.link).strip().splitlines()
    return cut(lines[0], WORDS) if lines else "(images only)"


def cut(words: str, most: int) -> str:
    """Django's own way heeds accents that are letters of their own, and takes ten times as long."""
    return words if len(words) <= most else f"{words[: most - 1]}…"


def dated(person: Person) -> QuerySet[Publication]:
    """Of their clients. Each with the time `at` which it went out, or is due."""
    return Publication.objects.visible_to(person).annotate(at=AT)


def between(rows: QuerySet[Publication], start: datetime, end: datetime) -> QuerySet[Publication]:
    out = Q(published_at__gte=start, published_at__lt=end)
    return rows.filter(out | Q(published_at=None, publish_at__gte=start, publish_at__lt=end))


def publications(person: Person, period: Period, client: int | None, most: int, *, may_move: bool) -> Found:
    """`most` of each day. What was cancelled is nobody's plan any more."""
    rows = between(dated(person).exclude(state=State.CANCELLED), period.start, period.end)
    if client is not None:
        rows = rows.filter(account__client=client)
    shown, counts = foremost(rows.prefetch_related("account__client"), period, most)
    held = gates.holding(shown, timezone.now())
    return Found([entry_of(row, held.get(row.pk, ""), may_move) for row in shown], counts)


def entry_of(row: Any, held: str, may_move: bool) -> Entry:
    return Entry(
        at=row.at,
        account=row.account,
        words=words_of(row),
        state=row.state,
        label=row.get_state_display(),
        address=row.get_absolute_url(),
        pk=row.pk,
        held=held,
        prepared=row.state == State.QUEUED and row.prepared_at is not None,
        movable=may_move and row.state in MOVABLE,
    )


def foremost(rows: QuerySet[Row], period: Period, most: int) -> tuple[list[Row], dict[date, int]]:
    """The first of each day of rows that have a time `at` within it, and how many there are: two queries for any
    number. The database tells the days: to read the time of each row takes four times as long."""
    named = period.days
    starts = [midnight(day, period.zone) for day in named]
    days = rows.annotate(day=Between(F("at"), starts)).order_by("at", "pk").values_list("day", "pk")
    shown: list[int] = []
    counts = Counter[date]()
    for number, pk in days:
        day = named[number]
        counts[day] += 1
        if counts[day] <= most:
            shown.append(pk)
    return list(rows.filter(pk__in=shown).order_by("at", "pk")), counts


def together(found: Iterable[Found]) -> Found:
    entries: list[Entry] = []
    counts = Counter[date]()
    for each in found:
        entries += each.entries
        counts.update(each.counts)
    return Found(sorted(entries, key=lambda entry: entry.at), counts)
