"""What workers do with a publication: claim it, try, write down what happened, and ask when nobody knows."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django_fsm import FSMField

from publishing import gates, seal
from publishing.models.attempt import NOT_A_TRY, Attempt
from publishing.models.post import Post
from publishing.models.queue import ALARM_WINDOW
from publishing.models.states import Mode, State
from publishing.platforms.base import Content, Kind, PlatformError, Receipt, Reference
from sophia.alarms import set_alarm
from sophia.notifications.announce import announce
from sophia.refusals import WrongState
from sophia.transitions import Stateful, saved_transition

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


TOO_LATE = "That is later than its client's limit: reschedule it, or it will be missed."


class Flight(Post, Stateful):
    """The part of Publication that moves by itself. No verb here takes `by`: workers decide nothing."""

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
    prepared_at = models.DateTimeField(null=True, blank=True)
    cadence_override = models.TextField(blank=True, help_text="Who let it break the account's cadence, and why.")
    reason = models.TextField(blank=True, help_text="Why it is where it is.")
    claim_token = models.UUIDField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    unconfirmed_at = models.DateTimeField(null=True, blank=True)
    reconcile_at = models.DateTimeField(null=True, blank=True)
    looks = models.PositiveSmallIntegerField(default=0, help_text="How often the platform was asked since then.")

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        @property
        def attempts(self) -> "RelatedManager[Attempt]": ...
        def damage(self) -> str: ...
        def reference_statement(self) -> str: ...
        def sealed_content(self) -> Content: ...
        def get_absolute_url(self) -> str: ...

    def publish(self) -> None:
        """One try, if it is due, free and nothing holds it. Alarms may be late, early or doubled: the claim decides."""
        attempt = self.claim()
        if attempt:
            attempt.run()

    def claim(self) -> Attempt | None:
        with transaction.atomic():
            self.lock()
            now = timezone.now()
            if self.state != State.QUEUED or self.publish_at > now:
                return None
            closed = gates.first_closed(self, now)
            if isinstance(closed, gates.Stop):
                getattr(self, closed.how)(closed.because)
            if closed:
                return None
            if self.mode == Mode.MANUAL:
                self.hand_off()
                return None
            return self.take(now)

    @saved_transition("state", State.QUEUED, State.PUBLISHING)
    def take(self, now: datetime) -> Attempt:
        self.claim_token = uuid.uuid4()
        self.claimed_until = now + settings.SOPHIA_LEASE
        announce("publication.publishing", f"{self} is being published.", link=self.get_absolute_url())
        return self.attempts.create(token=self.claim_token, started_at=now)

    @saved_transition("state", State.QUEUED, State.FAILED)
    def stop(self, because: str) -> None:
        self.tell("failed", because, urgent=True)

    @saved_transition("state", State.QUEUED, State.MISSED)
    def miss(self, because: str) -> None:
        self.tell("missed", because, urgent=True)

    @saved_transition("state", State.QUEUED, State.HANDOFF)
    def hand_off(self) -> None:
        self.tell("handoff", "It is time to post it by hand.", urgent=True)

    @saved_transition("state", [State.PUBLISHING, State.UNCONFIRMED], State.PUBLISHED)
    def confirm(self, token: uuid.UUID | None, receipt: Receipt) -> None:
        self.require_claim(token)
        self.post_id, self.permalink = receipt.post_id, receipt.permalink
        self.published_at = timezone.now()
        self.reconcile_at = None
        self.tell("published", "")

    @saved_transition("state", [State.PUBLISHING, State.UNCONFIRMED], State.QUEUED)
    def queue_again(self, token: uuid.UUID | None, at: datetime, because: str) -> None:
        self.require_claim(token)
        self.publish_at = at
        self.reconcile_at = None
        self.set_alarm()
        if because == self.reason:
            return  # Told already.
        late = at - self.slot_at > self.account.client.lateness_limit
        self.tell("delayed", f"{because} {TOO_LATE}" if late else because, urgent=late)

    @saved_transition("state", [State.PUBLISHING, State.UNCONFIRMED], State.FAILED)
    def fail(self, token: uuid.UUID | None, because: str) -> None:
        self.require_claim(token)
        self.reconcile_at = None
        self.tell("failed", because, urgent=True)

    def take_failure(self, token: uuid.UUID, error: PlatformError) -> None:
        """What follows from each class of failure (platforms.md, C3)."""
        now = timezone.now()
        if error.start_over:
            self.drop_reference()
        if error.kind == Kind.REJECTED:
            self.fail(token, str(error))
        elif error.kind == Kind.UNKNOWN:
            self.doubt(token, str(error), ask_at=now + settings.SOPHIA_RECONCILE_AFTER[0])
        elif error.kind == Kind.RETRY:
            self.try_later(token, now, str(error))
        elif error.kind == Kind.WAIT:
            self.queue_again(token, now + (error.wait or settings.SOPHIA_RETRY_BACKOFF[0]), str(error))
        else:
            self.account.hold(str(error))
            self.queue_again(token, self.publish_at, str(error))

    def try_later(self, token: uuid.UUID | None, now: datetime, because: str) -> None:
        tries, backoff = self.tries(), settings.SOPHIA_RETRY_BACKOFF
        if tries > len(backoff):
            self.fail(token, f"Tried {tries} times. {because}")
        else:
            self.queue_again(token, now + backoff[tries - 1], because)

    def tries(self) -> int:
        """Ended tries since a person last set it going. Being told to wait is not a try."""
        tried = self.attempts.filter(started_at__gte=self.scheduled_at)
        return tried.exclude(outcome__in=NOT_A_TRY).count()

    def go_direct(self, token: uuid.UUID, refused: PlatformError) -> None:
        self.account.use_direct_way()
        self.drop_reference()
        self.queue_again(token, timezone.now(), str(refused))

    def wait_for_a_gate(self, token: uuid.UUID, because: str) -> None:
        """A gate closed while it was being prepared. Back to the queue, where the claim says why it does not go."""
        self.queue_again(token, self.publish_at, because)

    @property
    def has_been_out(self) -> bool:
        if self.published_at:
            return True
        return self.attempts.filter(outcome=Attempt.Outcome.PUBLISHED).exists()

    def drop_reference(self) -> None:
        type(self)._base_manager.filter(pk=self.pk).update(reference=None, reference_seal="")
        self.reference, self.reference_seal = None, ""

    @saved_transition("state", State.PUBLISHING, State.UNCONFIRMED)
    def doubt(self, token: uuid.UUID | None, because: str, ask_at: datetime) -> None:
        """Nobody knows whether it is live. It is never sent again before the platform, or a person, has told."""
        self.require_claim(token)
        self.unconfirmed_at = timezone.now()
        self.reconcile_at, self.looks = ask_at, 0
        self.set_reconcile_alarm()
        self.tell("unconfirmed", because)

    def require_claim(self, token: uuid.UUID | None) -> None:
        """A worker that lost its claim may not write over the one that has it now."""
        if token != self.claim_token:
            raise WrongState(f"{self} was claimed by another worker since.")

    def renew_claim(self, token: uuid.UUID, now: datetime) -> None:
        """WrongState unless this worker still holds it, with time left on its lease. In the caller's transaction."""
        self.lock()
        self.require_claim(token)
        if self.state != State.PUBLISHING or not self.claimed_until or self.claimed_until <= now:
            raise WrongState(f"The lease on {self} ran out.")
        self.claimed_until = now + settings.SOPHIA_LEASE
        self.save(update_fields=["claimed_until"])

    def keep_reference(self, token: uuid.UUID, reference: Reference) -> None:
        """What was prepared, committed to the database before it is made public."""
        with transaction.atomic():
            self.renew_claim(token, timezone.now())
            self.reference = reference
            self.reference_seal = seal.make(self.reference_statement())
            self.save(update_fields=["reference", "reference_seal"])

    def tell(self, fact: str, because: str, urgent: bool = False) -> None:
        self.reason = because
        sentence = f"{self} is {fact}." if not because else f"{self} is {fact}: {because}"
        announce(f"publication.{fact}", sentence, link=self.get_absolute_url(), urgent=urgent)

    def set_alarm(self) -> None:
        if self.publish_at <= timezone.now() + ALARM_WINDOW:
            set_alarm("publishing.tasks.publish", self.pk, at=self.publish_at)

    def set_reconcile_alarm(self) -> None:
        if self.reconcile_at and self.reconcile_at <= timezone.now() + ALARM_WINDOW:
            set_alarm("publishing.tasks.reconcile", self.pk, at=self.reconcile_at)
