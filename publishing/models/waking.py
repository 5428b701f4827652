"""The facts of a publication, and the alarms that wake a worker for it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django_fsm import FSMField

from publishing.models import pace
from publishing.models.post import Post
from publishing.models.states import Mode, State
from sophia.alarms import ALARM_WINDOW, PUBLISH, set_alarm
from sophia.notifications.announce import announce
from sophia.transitions import Stateful

TOO_SOON = timedelta(seconds=10)
"""Whatever is due so soon is prepared when it is published: an approval that may be undone yet has sent nothing."""


class Waking(Post, Stateful):
    state = FSMField(max_length=20, default=State.QUEUED, choices=State.choices, protected=True)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.AUTO)
    slot_at = models.DateTimeField(help_text="The time a person chose. Lateness is counted from here.")
    publish_at = models.DateTimeField(help_text="When it is due: its slot, or the next try.")
    scheduled_at = models.DateTimeField(help_text="When a person last set it going. Tries are counted from here.")
    published_at = models.DateTimeField(null=True, blank=True)
    post_id = models.CharField(max_length=100, blank=True)
    permalink = models.URLField(max_length=500, blank=True)
    reference = models.JSONField(null=True, blank=True, help_text="What was prepared on the platform, still invisible.")
    reference_seal = models.CharField(max_length=100, blank=True)
    prepared_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty: nothing is prepared that would have to be cleared away."
    )
    clear_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="It is not cleared away before: the platform did not tell."
    )
    cadence_override = models.TextField(blank=True, help_text="Who let it break the account's cadence, and why.")
    reason = models.TextField(blank=True, help_text="Why it is where it is.")
    claim_token = models.UUIDField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    unconfirmed_at = models.DateTimeField(null=True, blank=True)
    reconcile_at = models.DateTimeField(null=True, blank=True)
    looks = models.PositiveSmallIntegerField(default=0, help_text="How often the platform was asked since then.")
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text="When a person was asked, while Sophia may not ask the platform yet."
    )

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        def get_absolute_url(self) -> str: ...

    def tell(self, fact: str, because: str, urgent: bool = False) -> None:
        self.reason = because
        sentence = f"{self} is {fact}." if not because else f"{self} is {fact}: {because}"
        self.say(f"publication.{fact}", sentence, urgent=urgent)

    def say(self, kind: str, sentence: str, *, urgent: bool = False) -> None:
        """A notice about this publication."""
        announce(kind, sentence, link=self.get_absolute_url(), urgent=urgent, client=self.account.client_id)

    def set_alarm(self) -> None:
        """Wakes a worker at its time, and before that to prepare it."""
        self.wake_at(self.publish_at)
        self.set_prepare_alarm()

    def set_prepare_alarm(self) -> None:
        """What is far ahead is left to the sweep, and how fast its line is not asked."""
        now = timezone.now()
        if self.publish_at > now + ALARM_WINDOW + pace.longest():
            return
        begin = max(self.prepare_from(), now)
        if self.can_be_prepared(now) and begin <= now + ALARM_WINDOW:
            set_alarm("publishing.tasks.prepare", self.pk, at=begin, queue=PUBLISH)

    def prepare_from(self) -> datetime:
        """As early as its images, and what this account's line was worth lately, make it necessary."""
        return self.publish_at - pace.of(self.account_id).lead(self.weight)

    @property
    def weight(self) -> int:
        """Bytes of its images."""
        return sum(picture.image.size for picture in self.framed())

    def can_be_prepared(self, now: datetime) -> bool:
        """Whether it is worth preparing before its time, at `now` or later."""
        waiting = self.state == State.QUEUED and self.mode == Mode.AUTO and self.reference is None
        return waiting and self.publish_at - now > TOO_SOON

    def wake_at(self, moment: datetime) -> None:
        if moment <= timezone.now() + ALARM_WINDOW:
            set_alarm("publishing.tasks.publish", self.pk, at=moment, queue=PUBLISH)

    def set_reconcile_alarm(self) -> None:
        if self.reconcile_at and self.reconcile_at <= timezone.now() + ALARM_WINDOW:
            set_alarm("publishing.tasks.reconcile", self.pk, at=self.reconcile_at)
