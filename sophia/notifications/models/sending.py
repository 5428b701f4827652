"""How a subscription sends what waits for it: one job at a time, in order, with patience for a channel that is ill."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from traceback import format_tb
from types import ModuleType
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from sophia import keys
from sophia.alarms import ALARM_WINDOW, NOTICES, set_alarm
from sophia.notifications import wording
from sophia.notifications.models.delivery import MANY, Delivery, DeliveryQuerySet, ids
from sophia.notifications.models.timing import Timing

log = logging.getLogger(__name__)

ENOUGH = timedelta(seconds=8)
"""After so long a job begins no further message: it ends before the 60 s of a job, and the next one goes on."""
BROKEN_AFTER = 10
AILING_AT_ONCE = 2
"""Workers, of the four, that may wait for channels that failed the last time. The others are for those that work."""
LOCKED_AWAY = (
    "Its address cannot be decrypted: FIELD_ENCRYPTION_KEY lacks its key. Put the key back, or type the address again."
)


def channels() -> ModuleType:
    """Loaded when it is needed: the workers that publish need not hold it in memory."""
    return import_module("sophia.notifications.channels")


class Sending(Timing):
    failures = models.PositiveSmallIntegerField(default=0, editable=False, help_text="In a row.")
    next_try_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_ok_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_problem = models.TextField(blank=True, editable=False)
    broken_since = models.DateTimeField(null=True, blank=True, editable=False)
    off_since = models.DateTimeField(null=True, blank=True, editable=False)
    claim_token = models.UUIDField(null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        url: str

        def tell_broken(self) -> None: ...
        def skip_foreign(self) -> None: ...

    def deliver(self) -> None:
        """Send what is due, until nothing is, the channel refuses, or it has been enough for one job."""
        now = timezone.now()
        if not self.claim(now):
            return
        enough_at = now + ENOUGH
        while self.send_next() and timezone.now() < enough_at:
            pass
        self.release()

    def claim(self, now: datetime) -> bool:
        """Of two workers, one. A claim that ran out belonged to a worker that died."""
        if self.failures and self.others_ailing(now) >= AILING_AT_ONCE:
            return False
        self.claim_token = uuid4()
        free = Q(claimed_until=None) | Q(claimed_until__lte=now)
        return bool(
            self.ready(now).filter(free).update(claim_token=self.claim_token, claimed_until=now + settings.SOPHIA_LEASE)
        )

    def others_ailing(self, now: datetime) -> int:
        rows = type(self)._base_manager.filter(failures__gt=0, claimed_until__gt=now)
        return rows.exclude(pk=self.pk).count()

    def keep_claim(self, now: datetime) -> bool:
        """For one message more. False when it was switched off, broken, edited or taken over in the meantime."""
        mine = self.ready(now).filter(claim_token=self.claim_token)
        return bool(mine.update(claimed_until=now + settings.SOPHIA_LEASE))

    def ready(self, now: datetime) -> models.QuerySet["Sending"]:
        rows = type(self)._base_manager.filter(pk=self.pk, off_since=None, broken_since=None)
        return rows.filter(Q(next_try_at=None) | Q(next_try_at__lte=now))

    def release(self) -> None:
        """What came between the last look and now found the claim taken: it is looked for once more."""
        mine = type(self)._base_manager.filter(pk=self.pk, claim_token=self.claim_token)
        if mine.update(claim_token=None, claimed_until=None):
            self.refresh_from_db()
            self.set_alarm()

    def send_next(self) -> bool:
        """One message. Whether it is worth going on."""
        now = timezone.now()
        self.put_off(now)
        batch = self.next_batch(now)
        if not batch or not self.keep_claim(now):
            return False
        try:
            self.reach(partial(self.message, batch))
        except self.refusals() as problem:
            self.note_failure(batch, str(problem))
            return False
        self.note_sent(batch)
        return True

    def put_off(self, now: datetime) -> None:
        self.of_mine().give_up_old(now)
        self.skip_foreign()
        if end := self.quiet_end(now) or self.of_mine().busy_until(now):
            self.of_mine().postpone(end)

    def next_batch(self, now: datetime) -> list[Delivery]:
        """The first that is due; all that are due when they are many, as after an outage, or when they are a digest.
        But what is urgent comes first then, and each by itself: nobody looks for it in a list."""
        due = list(self.of_mine().due(now).select_related("notice__client")[: wording.LISTED * 100])
        if len(due) <= MANY and not self.digest_at:
            return due[:1]
        urgent = [delivery for delivery in due if delivery.notice.urgent]
        return urgent[:1] or due

    def message(self, batch: list[Delivery]) -> wording.Message:
        if len(batch) == 1:
            return wording.of_one(batch[0].notice)
        because = "Since the last digest:" if self.digest_at else "These waited, so they come in one message:"
        return wording.of_many([delivery.notice for delivery in batch], because, self.zone)

    def reach(self, message: Callable[[], wording.Message]) -> None:
        """Outside of any transaction. ChannelError with a sentence, also for a bug: it would come again each minute."""
        if self.is_locked_away:
            raise channels().ChannelError(LOCKED_AWAY)
        try:
            channels().send(self.url, message())
        except self.refusals():
            raise
        except Exception as bug:  # noqa: BLE001 - it reaches the log, and counts
            # What it says may hold the address: the log gets the places alone.
            name, places = type(bug).__name__, "".join(format_tb(bug.__traceback__))
            log.error("Sending to subscription %s met a %s:\n%s", self.pk, name, places)
            raise channels().ChannelError(f"Sophia met an error of its own, {name}: its log says where.") from None

    @property
    def is_locked_away(self) -> bool:
        """With a wrong key the field gives the ciphertext, without an error (stack.md, section 4)."""
        return self.url.startswith(keys.CIPHERTEXT)

    @staticmethod
    def refusals() -> type[Exception]:
        error: type[Exception] = channels().ChannelError
        return error

    def note_sent(self, batch: list[Delivery]) -> None:
        now = timezone.now()
        with transaction.atomic():
            Delivery.objects.filter(pk__in=ids(batch)).note_sent(now)
            mine = type(self)._base_manager.filter(pk=self.pk, claim_token=self.claim_token)
            mine.update(failures=0, next_try_at=None, last_problem="", last_ok_at=now)

    def note_failure(self, batch: list[Delivery], problem: str) -> None:
        """An answer about an address that was replaced meanwhile says nothing about the new one."""
        now = timezone.now()
        with transaction.atomic():
            Delivery.objects.filter(pk__in=ids(batch)).note_refused(problem)
            mine = type(self)._base_manager.filter(pk=self.pk, claim_token=self.claim_token)
            held = mine.select_for_update(no_key=True).first()
            if held is None:
                return
            self.failures, self.last_problem = held.failures + 1, problem
            waits = settings.SOPHIA_NOTICE_BACKOFF
            self.next_try_at = now + waits[min(self.failures, len(waits)) - 1]
            self.save(update_fields=["failures", "last_problem", "next_try_at"])
            if self.failures >= BROKEN_AFTER or self.is_locked_away:
                self.break_off(now)

    def break_off(self, now: datetime) -> None:
        self.broken_since, self.next_try_at = now, None
        self.save(update_fields=["broken_since", "next_try_at"])
        self.tell_broken()

    def mend(self, now: datetime) -> None:
        """It works. What is not too old goes on."""
        self.broken_since = self.next_try_at = None
        self.failures, self.last_problem, self.last_ok_at = 0, "", now
        self.save(update_fields=["broken_since", "next_try_at", "failures", "last_problem", "last_ok_at"])
        self.of_mine().give_up_old(now)
        self.set_alarm()

    def wake_for(self, delivery: Delivery) -> None:
        if self.broken_since is None:
            self.wake_at(max(delivery.due_at, self.next_try_at or delivery.due_at))

    def set_alarm(self) -> None:
        """Wakes a worker for the first that waits, if that is soon."""
        first = self.of_mine().waiting().order_by("due_at").values_list("due_at", flat=True).first()
        if first is None or self.broken_since:
            return
        now = timezone.now()
        self.wake_at(max(first, self.next_try_at or now, now))

    def wake_at(self, moment: datetime) -> None:
        if moment <= timezone.now() + ALARM_WINDOW:
            set_alarm("sophia.notifications.tasks.deliver", self.pk, at=moment, queue=NOTICES)

    def of_mine(self) -> DeliveryQuerySet:
        return Delivery.objects.filter(subscription=self.pk)
