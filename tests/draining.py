"""Plays the worker in tests that freeze time: runs what is due now, and nothing else."""

from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from tests import make


def drain() -> int:
    """Runs every queued job whose time has come, also those that such jobs queue. Returns how many."""
    count = 0
    while row := OrmQ.objects.filter(lock__lte=timezone.now()).order_by("lock", "pk").first():
        task = SignedPackage.loads(row.payload)
        row.delete()
        import_string(task["func"])(*task["args"], **task["kwargs"])
        count += 1
    return count


def carry_out(recovery) -> None:
    """The steps of a recovery one after the other, without the moments between them."""
    recovery.refresh_from_db()
    for _ in range(20):
        if recovery.is_under_way:
            make.behind_the_back(recovery, next_at=timezone.now())
            recovery.execute()
            recovery.refresh_from_db()
