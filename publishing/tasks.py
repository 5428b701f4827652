"""What django-q2 calls. An alarm only wakes: the publication decides."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from publishing.models import Call, Publication, Recovery
from publishing.models.queue import ALARM_WINDOW
from sophia.alarms import set_alarm
from sophia.models import Heartbeat

CLEARED_AT_ONCE = 20
"""Prepared posts that one sweep has removed: clearing away may wait, publishing may not."""


def publish(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).publish()


def prepare(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).prepare()


def discard(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).discard()


def reconcile(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).reconcile()


def execute_recovery(recovery_id: int) -> None:
    Recovery.objects.get(pk=recovery_id).execute()


def prune() -> None:
    """Every day: the ledger of calls does not grow for ever."""
    Call.objects.prune(timezone.now())


def sweep() -> None:
    """Every minute: alarms for what is due soon or was missed, and the truth about what a dead worker left behind."""
    now = timezone.now()
    for publication in Publication.objects.abandoned(now):
        publication.abandon()
    for publication in Publication.objects.left_behind(now):
        publication.leave_behind()
    for publication in Publication.objects.worth_waking(now):
        publication.wake_at(publication.publish_at)
    for publication in Publication.objects.to_prepare_before(now + ALARM_WINDOW + settings.SOPHIA_PREPARE_AHEAD):
        publication.set_prepare_alarm()
    for publication in Publication.objects.to_clear_away(now)[:CLEARED_AT_ONCE]:
        set_alarm("publishing.tasks.discard", publication.pk, at=now)
    for publication in Publication.objects.to_reconcile_before(now + ALARM_WINDOW):
        publication.set_reconcile_alarm()
    for recovery in Recovery.objects.to_execute_before(now + ALARM_WINDOW):
        recovery.set_alarm()
    for recovery in Recovery.objects.to_remind(now):
        recovery.remind()
    Heartbeat.note("sweep", at_most_every=timedelta())
