"""What django-q2 calls."""

from django.utils import timezone

from approval.batches import bringing
from approval.batches.models import Batch
from approval.models import Draft, LinkCheck
from approval.staleness import to_remind
from sophia.alarms import set_alarm

AT_ONCE = 500
"""Drafts of which one run reminds, for each reminder. The next run goes on."""


def remind_of_reviews() -> None:
    now = timezone.now()
    for draft in to_remind(Draft.objects.in_review(), now, AT_ONCE):
        draft.remind(now)


def check_link(check_id: int) -> None:
    if check := LinkCheck.objects.filter(pk=check_id).first():
        check.look()


def bring(batch_id: int) -> None:
    """A file that somebody has confirmed, for one turn."""
    batch = Batch.objects.unfinished().filter(pk=batch_id).first()
    if batch:
        bringing.go_on(batch, until=timezone.now() + bringing.TURN)
        if not batch.is_over:
            set_alarm("approval.tasks.bring", batch_id, at=timezone.now())


def resume_imports() -> None:
    """Those whose worker died, or whose alarm was lost."""
    for batch in Batch.objects.left().only("pk"):
        set_alarm("approval.tasks.bring", batch.pk, at=timezone.now())
