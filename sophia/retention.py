"""What is forgotten after a while, so that nothing grows for ever. Once a day, in batches that keep nobody waiting.

Nothing here is evidence: attempts, looks and recoveries keep their own copy of the calls they made, decisions say who
decided, and what a client was shown of a draft stays. What an approval, a dossier or a limit needs is not in this list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_eventstream.models import Event, EventCounter
from django_q.models import Task

from approval.batches.models import KEPT as UNCONFIRMED
from approval.batches.models import Batch
from approval.clientlinks.models import Visit
from publishing.models import Call, Image
from sophia.alarms import set_alarm
from sophia.models import Heartbeat
from sophia.notifications.models import Delivery, Notice
from sophia.signin.models.tries import KEPT_FOR as TRIES_KEPT
from sophia.signin.models.tries import SignInTry
from sophia.tokens.models import KEPT_FOR as ANSWERS_KEPT
from sophia.tokens.models import Answer

BATCH = 1000
ENOUGH = 40.0
"""Seconds. A job has sixty; the next one goes on."""


@dataclass(frozen=True)
class Forgotten:
    """Rows of `rows` are deleted when the moment in their `column` is longer ago than `after`."""

    name: str
    column: str
    after: timedelta
    rows: Callable[[], "QuerySet[Any]"]

    def old(self, now: datetime) -> "QuerySet[Any]":
        return self.rows().filter(**{f"{self.column}__lt": now - self.after}).order_by(self.column)


def told() -> "QuerySet[Notice]":
    """But for those that a channel still waits to be told."""
    return Notice.objects.exclude(pk__in=Delivery.objects.waiting().values("notice"))


def passed() -> "QuerySet[Event]":
    """But for the newest, from which open pages go on."""
    return Event.objects.filter(eid__gt=0).exclude(eid__in=EventCounter.objects.values("value"))


FORGOTTEN = (
    Forgotten("calls", "at", settings.SOPHIA_KEEP_CALLS, Call.objects.all),
    Forgotten("notices", "created_at", settings.SOPHIA_KEEP_NOTICES, told),
    Forgotten("jobs that failed", "stopped", settings.SOPHIA_KEEP_JOBS, Task.objects.all),
    Forgotten("live events", "created", settings.SOPHIA_KEEP_EVENTS, passed),
    Forgotten("visits to lists", "at", settings.SOPHIA_KEEP_VISITS, lambda: Visit.objects.filter(draft=None)),
    Forgotten("uploads", "made_at", UNCONFIRMED, lambda: Batch.objects.filter(confirmed_at=None)),
    Forgotten("answers", "at", ANSWERS_KEPT, Answer.objects.all),
    Forgotten("tries to sign in", "at", TRIES_KEPT, SignInTry.objects.all),
    Forgotten("sessions", "expire_date", timedelta(), Session.objects.all),
    Forgotten("heartbeats", "seen_at", Heartbeat.KEPT_FOR, Heartbeat.objects.all),
)
"""One line for each. What belongs to an approval, an attempt or a take-down has none."""


def prune() -> dict[str, int]:
    """Returns how many rows of each went. What is left when the time is up is the next job's, a minute later."""
    now, until = timezone.now(), monotonic() + ENOUGH
    gone = {kind.name: forget(kind, now, until) for kind in FORGOTTEN}
    gone["loose images"] = let_go_of_images(now, until)
    if monotonic() > until:
        set_alarm("sophia.retention.prune", at=now + timedelta(minutes=1))
    return gone


def let_go_of_images(now: datetime, until: float) -> int:
    """One by one: each is a row and a file."""
    gone = 0
    for image in Image.objects.left(now).order_by("brought_at")[:BATCH]:
        if monotonic() > until:
            break
        gone += image.let_go(now)
    return gone


def forget(kind: Forgotten, now: datetime, until: float) -> int:
    gone = 0
    while monotonic() <= until:
        keys = list(kind.old(now).values_list("pk", flat=True)[:BATCH])
        with transaction.atomic():
            kind.rows().model._base_manager.filter(pk__in=keys).delete()
        gone += len(keys)
        if len(keys) < BATCH:
            break
    return gone
