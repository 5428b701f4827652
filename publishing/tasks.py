"""What django-q2 calls. An alarm only wakes: the publication decides."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from publishing import preflight as checks
from publishing.models import (
    Emergency,
    Identification,
    Miss,
    Preparation,
    Publication,
    Recovery,
    Relook,
    SocialAccount,
    Witness,
    heads,
)
from sophia.alarms import ALARM_WINDOW, PUBLISH, Waiting, set_alarm
from sophia.models import Heartbeat
from sophia.refusals import WrongState

CLEARED_AT_ONCE = 20
"""Prepared posts that one sweep has removed: clearing away may wait, publishing may not."""
ROUND = timedelta(seconds=55)
"""After so long no look wakes the next: the rhythm does."""


def publish(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).publish()


def prepare(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).prepare()


def discard(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).discard()


def clear(preparation_id: int) -> None:
    Preparation.objects.select_related("publication__account__client").get(pk=preparation_id).clear()


def reconcile(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).reconcile()


def resettle(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).resettle()


def execute_recovery(recovery_id: int) -> None:
    Recovery.objects.get(pk=recovery_id).execute()


def tell_missed() -> None:
    Miss.objects.tell()


def tell_heads() -> None:
    Witness.objects.tell_heads()


def follow_emergency(emergency_id: int) -> None:
    emergency = Emergency.objects.get(pk=emergency_id)
    emergency.follow()
    emergency.set_alarm()


def look_after_restoring(relook_id: int) -> None:
    Relook.objects.select_related("point", "account__client").get(pk=relook_id).look()


def look_around(until: str = "") -> None:
    """What may wait, the longest due first, one after the other: a platform that hangs takes one worker, and leaves the
    other to what settles doubts. The rhythm begins anew every minute; in between each look wakes the next."""
    now = timezone.now()
    due = [(getattr(row, column), look, row) for column, look, rows in looks(now) for row in rows[:1]]
    if not due:
        return
    _, look, row = min(due, key=itemgetter(0))
    look(row)
    until = until or (now + ROUND).isoformat()
    if timezone.now() < datetime.fromisoformat(until):
        set_alarm("publishing.tasks.look_around", until, at=timezone.now())


def looks(now: datetime) -> list[tuple[str, Callable[[Any], None], QuerySet[Any]]]:
    """The column that says when, the verb, and what is due for it. Each verb moves its column before it looks."""
    return [
        ("preflight_at", lambda row: preflight(row.account_id), Publication.objects.to_preflight(now)),
        ("examine_at", SocialAccount.take_turn, SocialAccount.objects.to_examine(now).select_related("client")),
        ("watch_at", Publication.watch, Publication.objects.to_watch(now)),
        ("look_again_at", Recovery.look_again, Recovery.objects.to_look_again(now)),
        ("next_at", Identification.look, Identification.objects.due(now)),
    ]


def preflight(account_id: int) -> None:
    checks.run(SocialAccount.objects.select_related("client").get(pk=account_id))


def sweep() -> None:
    """Every minute: alarms for what is due soon or was missed, and the truth about what a dead worker left behind."""
    now = timezone.now()
    for publication in Publication.objects.abandoned(now):
        publication.abandon()
    for publication in Publication.objects.left_behind(now):
        publication.leave_behind()
    for publication in Publication.objects.to_give_way():
        with suppress(WrongState):  # A worker was quicker, and has asked the same gate.
            publication.give_way(publication.takedown_wish())
    waiting = Waiting(PUBLISH)
    for publication in Publication.objects.worth_waking(now):
        if not waiting.has("publishing.tasks.publish", publication.pk, at=publication.publish_at):
            publication.wake_at(publication.publish_at)
    for publication in Publication.objects.to_prepare_before(now + ALARM_WINDOW):
        if not waiting.has("publishing.tasks.prepare", publication.pk, at=publication.prepare_from()):
            publication.set_prepare_alarm()
    for publication in Publication.objects.to_clear_away(now)[:CLEARED_AT_ONCE]:
        set_alarm("publishing.tasks.discard", publication.pk, at=now)
    for preparation in Preparation.objects.to_close():
        preparation.publication.preparations.end("used")
    for preparation in Preparation.objects.to_clear(now)[:CLEARED_AT_ONCE]:
        set_alarm("publishing.tasks.clear", preparation.pk, at=now)
    for publication in Publication.objects.to_reconcile_before(now + ALARM_WINDOW):
        publication.set_reconcile_alarm()
    Recovery.objects.waiting_in_vain().begin_now()
    for recovery in Recovery.objects.to_execute_before(now + ALARM_WINDOW):
        recovery.set_alarm()
    for recovery in Recovery.objects.to_remind(now):
        recovery.remind()
    for emergency in Emergency.objects.to_follow(now):
        emergency.follow()
    if Miss.objects.to_tell(now).exists():
        Miss.objects.tell()
    for relook in Relook.objects.due(now):
        relook.set_alarm()
    Witness.objects.gather()
    heads.keep()
    Heartbeat.note("sweep", at_most_every=timedelta())
