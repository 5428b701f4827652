"""What django-q2 calls. An alarm only wakes: the publication decides."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from publishing import preflight as checks
from publishing.models import Call, Emergency, Publication, Recovery, SocialAccount
from sophia.alarms import ALARM_WINDOW, set_alarm
from sophia.models import Heartbeat

CLEARED_AT_ONCE = 20
"""Prepared posts that one sweep has removed: clearing away may wait, publishing may not."""
WATCHED_AT_ONCE = 20
"""Published posts that are looked at for one sweep, the longest due first."""
EXAMINED_AT_ONCE = CHECKED_AT_ONCE = 5
"""Accounts that are looked at ahead of time, so that take-downs, in the same queue, never wait behind many of them."""


def publish(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).publish()


def prepare(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).prepare()


def discard(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).discard()


def reconcile(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).reconcile()


def resettle(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).resettle()


def execute_recovery(recovery_id: int) -> None:
    Recovery.objects.get(pk=recovery_id).execute()


def watch(publication_id: int) -> None:
    Publication.objects.get(pk=publication_id).watch()


def follow_emergency(emergency_id: int) -> None:
    emergency = Emergency.objects.get(pk=emergency_id)
    emergency.follow()
    emergency.set_alarm()


def examine_accounts() -> None:
    """Every few minutes: a job for each account whose daily examination is due. One that hangs stops no other."""
    now = timezone.now()
    for pk in SocialAccount.objects.to_examine(now).values_list("pk", flat=True)[:EXAMINED_AT_ONCE]:
        set_alarm("publishing.tasks.examine_account", pk, at=now)


def examine_account(account_id: int) -> None:
    SocialAccount.objects.select_related("client").get(pk=account_id).take_turn()


def preflights() -> None:
    """Every minute: a job for each account that has something to check ahead of its time."""
    now = timezone.now()
    due = Publication.objects.to_preflight(now).order_by().values_list("account", flat=True).distinct()
    for account_id in due[:CHECKED_AT_ONCE]:
        set_alarm("publishing.tasks.preflight", account_id, at=now)


def preflight(account_id: int) -> None:
    checks.run(SocialAccount.objects.select_related("client").get(pk=account_id))


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
    for publication in Publication.objects.to_watch(now)[:WATCHED_AT_ONCE]:
        set_alarm("publishing.tasks.watch", publication.pk, at=now)
    for recovery in Recovery.objects.to_execute_before(now + ALARM_WINDOW):
        recovery.set_alarm()
    for recovery in Recovery.objects.to_remind(now):
        recovery.remind()
    for emergency in Emergency.objects.to_follow(now):
        emergency.follow()
    Heartbeat.note("sweep", at_most_every=timedelta())
