"""A desk that has been in use for long: what has gone out, as rows written in bulk, with seals that fit nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from approval.models import Decision, Draft
from publishing.models import Attempt, Call, Publication, SocialAccount
from sophia.notifications.models import Notice

EVERY = timedelta(minutes=10)
"""Between two publications: 100,000 are almost two years, 1,000 a week. So both desks are equally busy."""
LEDGER = timedelta(days=2)
AHEAD = timedelta(minutes=10)
BATCH = 2000


def write(publications: int, owners: list[SocialAccount], person: User) -> None:
    now = timezone.now()
    for numbers in batches(range(1, publications + 1)):
        rows = Publication.objects.bulk_create(gone_out(n, owners, person, now - EVERY * n) for n in numbers)
        drafts = Draft.objects.bulk_create(approved(row) for row in rows)
        pairs = list(zip(drafts, rows, strict=True))
        Decision.objects.bulk_create(decision for draft, row in pairs for decision in decided(draft, row, person))
        Attempt.objects.bulk_create(attempt(row) for row in rows)
        Call.objects.bulk_create(call for row in rows if now - row.publish_at < LEDGER for call in called(row))
        Notice.objects.bulk_create(notice for row in rows for notice in told(row))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def batches(numbers: range) -> Iterator[range]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]


def gone_out(number: int, owners: list[SocialAccount], person: User, at: datetime) -> Publication:
    """One in fifty was cancelled instead."""
    cancelled = number % 50 == 0
    return Publication(
        account=owners[number % len(owners)],
        text=f"What was posted, number {number}. " * 4,
        state=Publication.State.CANCELLED if cancelled else Publication.State.PUBLISHED,
        slot_at=at,
        publish_at=at,
        scheduled_at=at - AHEAD,
        approved_by=person,
        approved_at=at - AHEAD,
        seal="of long ago",
        published_at=None if cancelled else at,
        post_id="" if cancelled else f"{number % len(owners)}_{number}",
        permalink="" if cancelled else f"https://standin.example/{number}",
        reason=f"{person} cancelled it." if cancelled else "",
    )


def approved(row: Publication) -> Draft:
    return Draft(
        account_id=row.account_id,
        text=row.text,
        state=Draft.State.APPROVED,
        author_id=row.approved_by_id,
        created_at=row.scheduled_at,
        submitted_at=row.scheduled_at,
        publication=row,
    )


def decided(draft: Draft, row: Publication, person: User) -> list[Decision]:
    about: dict[str, Any] = {"draft": draft, "by": person, "at": row.approved_at, "via": "web", "digest": "0" * 64}
    verbs = [(verb, None) for verb in ("written", "submitted")] + [("approved", row)]
    return [Decision(verb=verb, publication=publication, **about) for verb, publication in verbs]


def attempt(row: Publication) -> Attempt:
    end = row.publish_at + timedelta(seconds=2)
    return Attempt(
        publication=row, started_at=row.publish_at, committing_at=end, ended_at=end, outcome="published", way="two_step"
    )


def called(row: Publication) -> list[Call]:
    about: dict[str, Any] = {"account_id": row.account_id, "publication": row, "status": 200, "milliseconds": 300}
    return [
        Call(at=row.publish_at, verb=verb, method="GET", path="…", **about) for verb in ("create", "publish", "read")
    ]


def told(row: Publication) -> list[Notice]:
    kinds = ("publication.publishing", "publication.published")
    return [Notice(kind=kind, sentence=f"{row}.", link=row.get_absolute_url()) for kind in kinds]
