"""How long a draft has waited for its review, and who was told. Counted from its submission, never from an edit."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from publishing.models import SocialAccount
from sophia import durations
from sophia.notifications.announce import announce

if TYPE_CHECKING:
    from approval.models import Draft, DraftQuerySet, DraftState


class Waiting(models.Model):
    """The part of Draft that waits for a decision."""

    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    reminders = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="How many of SOPHIA_STALE_AFTER have passed and been told of."
    )

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        State: type[DraftState]
        account: SocialAccount
        state: str

        def get_absolute_url(self) -> str: ...

    def start_waiting(self) -> None:
        """From now on. The caller saves."""
        self.submitted_at, self.reminders = timezone.now(), 0

    @property
    def is_stale(self) -> bool:
        return self.state == self.State.IN_REVIEW and self.passed(timezone.now()) > 0

    def passed(self, now: datetime) -> int:
        """How many of the reminders are due, told or not."""
        return (
            sum(now - self.submitted_at >= after for after in settings.SOPHIA_STALE_AFTER) if self.submitted_at else 0
        )

    def remind(self, now: datetime) -> None:
        """Tell that it still waits: once for each of SOPHIA_STALE_AFTER, and once for those that passed unseen. Of two
        workers one tells."""
        passed = self.passed(now)
        rows: models.QuerySet[Any] = type(self)._base_manager.filter(pk=self.pk, reminders=self.reminders)
        same = rows.filter(state=self.State.IN_REVIEW, submitted_at=self.submitted_at)
        with transaction.atomic():
            if passed > self.reminders and same.update(reminders=passed):
                self.tell_stale(passed)

    def tell_stale(self, passed: int) -> None:
        assert self.submitted_at is not None
        client, since = self.account.client, self.account.clock(self.submitted_at)
        limit = durations.say(settings.SOPHIA_STALE_AFTER[passed - 1])
        said = f"{self} for {client} has waited for its review for more than {limit}, since {since}."
        announce("review.stale", said, link=self.get_absolute_url(), urgent=passed > 1, client=client.pk)


def to_remind(in_review: "DraftQuerySet", now: datetime, most: int) -> Iterator["Draft"]:
    """Those whose next reminder is due, the longest waiting first, by index: one look for each reminder."""
    for told, after in enumerate(settings.SOPHIA_STALE_AFTER):
        due = in_review.filter(reminders=told, submitted_at__lte=now - after)
        yield from due.select_related("account__client").order_by("submitted_at")[:most]
