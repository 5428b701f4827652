"""What django-q2 calls. An alarm only wakes: the publication decides."""

from django.utils import timezone

from publishing.models import Publication, Recovery
from publishing.models.queue import ALARM_WINDOW


def publish(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).publish()


def reconcile(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).reconcile()


def execute_recovery(recovery_id: int) -> None:
    Recovery.objects.get(pk=recovery_id).execute()


def sweep() -> None:
    """Every minute: alarms for what is due soon or was missed, and the truth about what a dead worker left behind."""
    now = timezone.now()
    for publication in Publication.objects.abandoned(now):
        publication.abandon()
    for publication in Publication.objects.due_before(now + ALARM_WINDOW):
        publication.set_alarm()
    for publication in Publication.objects.to_reconcile_before(now + ALARM_WINDOW):
        publication.set_reconcile_alarm()
    for recovery in Recovery.objects.to_execute():
        recovery.set_alarm()
