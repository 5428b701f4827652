"""Everything that Sophia does by rhythm. Nothing else repeats."""

import logging
from dataclasses import dataclass

from django.db import transaction
from django_q.models import Schedule

from sophia.alarms import CHORES, PUBLISH

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rhythm:
    name: str
    path: str
    minutes: int
    queue: str = CHORES
    """Whose workers do it. PUBLISH for what wakes all others: it waits behind no chore that hangs."""


RHYTHMS = (
    Rhythm("sweep", "publishing.tasks.sweep", minutes=1, queue=PUBLISH),
    Rhythm("deliveries", "sophia.notifications.tasks.sweep", minutes=1, queue=PUBLISH),
    Rhythm("doctor", "sophia.health.examination.watch", minutes=5, queue=PUBLISH),
    Rhythm("stale reviews", "approval.tasks.remind_of_reviews", minutes=5),
    Rhythm("imports", "approval.tasks.resume_imports", minutes=1),
    Rhythm("looking around", "publishing.tasks.look_around", minutes=1),
    Rhythm("heads of histories", "publishing.tasks.tell_heads", minutes=1440),
    Rhythm("ending tokens", "sophia.tokens.tasks.remind", minutes=60),
    Rhythm("prune", "sophia.retention.prune", minutes=1440),
)


def sync() -> None:
    """Make the schedule table say what `RHYTHMS` says, and no more.

    django-q2 fires all schedules in one transaction: one row that it cannot read stops the others too.
    So whatever is not declared here is removed, and every column of what is declared is written afresh.
    """
    with transaction.atomic():
        wanted = [declare(rhythm).pk for rhythm in RHYTHMS]
        for stray in Schedule.objects.exclude(pk__in=wanted):
            log.warning("Removed the schedule “%s” (%s): sophia/schedules.py does not declare it.", stray, stray.func)
            stray.delete()


def declare(rhythm: Rhythm) -> Schedule:
    row = Schedule.objects.filter(name=rhythm.name).order_by("pk").first() or Schedule(name=rhythm.name)
    fresh = Schedule(
        pk=row.pk,
        name=rhythm.name,
        func=rhythm.path,
        schedule_type=Schedule.MINUTES,
        minutes=rhythm.minutes,
        repeats=-1,
        task=row.task,
        cluster=None if rhythm.queue == CHORES else rhythm.queue,
    )
    if row.next_run and row.next_run < fresh.next_run:
        fresh.next_run = row.next_run
    fresh.save()
    return fresh
