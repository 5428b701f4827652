"""What stands in the calendar: publications, and whatever else has a time and an account."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import Truncator

from publishing import gates
from publishing.calendar.periods import Period
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
    return Truncator(lines[0]).chars(WORDS) if lines else "(images only)"


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
    shown, counts = foremost(rows.select_related("account__client"), period.zone, most)
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


def foremost(rows: QuerySet[Row], zone: ZoneInfo, most: int) -> tuple[list[Row], dict[date, int]]:
    """The first of each day of rows that have a time `at`, and how many there are: two queries for any number."""
    shown: list[int] = []
    counts = Counter[date]()
    for pk, at in rows.order_by("at", "pk").values_list("pk", "at"):
        day = at.astimezone(zone).date()
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
