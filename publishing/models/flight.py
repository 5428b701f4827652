"""What workers do with a publication: claim it, try, write down what happened, and ask when nobody knows."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from publishing import gates, seal
from publishing.models.account import SocialAccount
from publishing.models.attempt import NOT_A_TRY, Attempt
from publishing.models.identity import Identity
from publishing.models.missing import Miss
from publishing.models.states import Mode, State
from publishing.platforms.base import Content, Kind, PlatformError, Receipt, Reference
from publishing.platforms.errors import settled
from sophia.refusals import WrongState
from sophia.transitions import saved_transition

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from publishing.models.lookalike import Lookalike
    from publishing.models.preparation import Preparation, PreparationQuerySet
    from publishing.models.publication import Publication

    class PreparationManager(RelatedManager[Preparation], PreparationQuerySet): ...  # type: ignore[misc]


TOO_LATE = "That is later than its client's limit: reschedule it, or it will be missed."


class Flight(Identity):
    """The part of Publication that moves by itself. No verb here takes `by`: workers decide nothing."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        @property
        def attempts(self) -> "RelatedManager[Attempt]": ...
        def damage(self, *, bytes_too: bool = True) -> str: ...
        def reference_statement(self) -> str: ...
        def sealed_content(self) -> Content: ...
        def get_absolute_url(self) -> str: ...
        def history_fault(self) -> str: ...
        def lost_history(self) -> str: ...
        def record_commit(self) -> None: ...
        def told_commit(self) -> datetime | None: ...
        def told_fault(self) -> str: ...
        def proved_reference(self) -> Reference: ...
        @property
        def preparations(self) -> "PreparationManager": ...

        suspected_at: datetime | None

        @property
        def is_suspected(self) -> bool: ...
        def give_way(self, because: str) -> None: ...
        @property
        def held_as(self) -> "Lookalike | None": ...

    def publish(self) -> None:
        """One try, if it is due, free and nothing holds it. Alarms may be late, early or doubled: the claim decides."""
        attempt = self.claim()
        if attempt:
            attempt.run()

    def claim(self) -> Attempt | None:
        with transaction.atomic():
            self.lock()
            now = timezone.now()
            if self.state != State.QUEUED or self.publish_at > now or not self.passes_gates(now):
                return None
            if self.mode == Mode.MANUAL:
                self.hand_off()
                return None
            attempt = self.take(now)
            if attempt.committing_at:
                self.record_commit()
            return attempt

    def passes_gates(self, now: datetime) -> bool:
        """Asks every gate under the account's lock, so that of two workers one takes the last slot. Records a stop,
        and has itself woken when a hold ends."""
        self.lock_account()
        closed = gates.first_closed(self, now)
        if isinstance(closed, gates.Stop):
            getattr(self, closed.how)(closed.because)
        elif closed and closed.until:
            self.wake_at(closed.until)
        return closed is None

    def commit_began(self) -> datetime | None:
        """When something of it may have become public for the first time, since a person last set it going."""
        tries = self.attempts.exclude(committing_at=None)
        found = tries.filter(started_at__gte=self.scheduled_at).first() or tries.last()
        return found.committing_at if found else None

    def lock_account(self) -> None:
        """In the caller's transaction, which has locked this publication: always in this order."""
        self.account = SocialAccount.objects.locked(self.account_id)

    @saved_transition("state", State.QUEUED, State.PUBLISHING)
    def take(self, now: datetime) -> Attempt:
        """What is prepared already is about to become public: then there is nothing between this and the commit."""
        self.close_lost()
        self.claim_token = uuid.uuid4()
        self.claimed_until = now + settings.SOPHIA_LEASE
        attempt = self.begin_attempt(self.claim_token, now, ahead=False)
        if attempt.started_at == now:  # Otherwise it was told when it began.
            self.say("publication.publishing", f"{self} is being published.")
        return attempt

    def begin_attempt(self, token: uuid.UUID, now: datetime, *, ahead: bool) -> Attempt:
        """A new one; or the last one goes on, which only came back because the platform was at work."""
        last = self.attempts.filter(ahead=ahead, started_at__gte=self.scheduled_at).last()
        attempt = last if last and last.goes_on else Attempt(ahead=ahead, started_at=now)
        attempt.publication = cast("Publication", self)
        attempt.begin(token, None if ahead else now)
        return attempt

    def close_lost(self) -> None:
        """Whoever claimed it before let its lease run out."""
        if self.claim_token:
            for attempt in self.attempts.filter(ended_at=None):
                attempt.close(Attempt.Outcome.LOST, "The worker stopped in the middle.")

    @saved_transition("state", State.QUEUED, State.FAILED)
    def stop(self, because: str) -> None:
        self.tell("failed", because, urgent=True)

    @saved_transition("state", State.QUEUED, State.MISSED)
    def miss(self, because: str) -> None:
        self.reason = because
        Miss.objects.note(self)

    @saved_transition("state", State.QUEUED, State.HANDOFF)
    def hand_off(self) -> None:
        self.tell("handoff", "It is time to post it by hand.", urgent=True)

    @saved_transition("state", [State.PUBLISHING, State.UNCONFIRMED], State.PUBLISHED)
    def confirm(self, token: uuid.UUID | None, receipt: Receipt, how: str) -> None:
        """`how` it is known which post it is."""
        self.require_claim(token)
        self.name(receipt, how)
        self.published_at = timezone.now()
        self.reconcile_at = None
        self.let_go()
        self.begin_watch()
        self.preparations.end("used")
        self.tell("published", "")

    @saved_transition("state", [State.PUBLISHING, State.UNCONFIRMED], State.QUEUED)
    def queue_again(
        self, token: uuid.UUID | None, at: datetime, because: str, expected: datetime | None = None
    ) -> None:
        """Due again at `at`; `expected` to go out no earlier than that, where the account is what waits."""
        self.require_claim(token)
        self.publish_at = at
        self.reconcile_at = None
        self.let_go()
        self.set_alarm()
        if because == self.reason:
            return  # Told already.
        late = (expected or at) - self.slot_at > self.account.client.lateness_limit
        self.tell("delayed", f"{because} {TOO_LATE}" if late else because, urgent=late)

    @saved_transition("state", [State.PUBLISHING, State.UNCONFIRMED], State.FAILED)
    def fail(self, token: uuid.UUID | None, because: str) -> None:
        self.require_claim(token)
        self.reconcile_at = None
        self.let_go()
        self.tell("failed", because, urgent=True)

    def take_failure(self, token: uuid.UUID, error: PlatformError) -> None:
        """What follows from each class of failure (platforms.md, C3)."""
        now = timezone.now()
        if error.start_over and self.reference is not None:  # While it is prepared, each step starts over alone.
            self.drop_reference()
        if error.kind == Kind.REJECTED:
            self.fail(token, str(error))
        elif error.kind == Kind.UNKNOWN:
            self.doubt(token, str(error), ask_at=now + settings.SOPHIA_RECONCILE_AFTER[0])
            self.heed(error)
        elif error.kind == Kind.RETRY:
            self.try_later(token, now, str(error))
        elif error.kind == Kind.WAIT:
            self.wait(token, now, error)
        else:
            self.account.hold(str(error))
            self.queue_again(token, self.publish_at, str(error))

    def wait(self, token: uuid.UUID | None, now: datetime, error: PlatformError) -> None:
        """What is about the account holds this one by its gate until then, or until that ends early."""
        held = self.account.posts_held(now) if error.throttles else None
        at = held.until if held else now + (error.wait or settings.SOPHIA_RETRY_BACKOFF[0])
        self.queue_again(token, self.publish_at if held else at, str(error), expected=at)

    def heed(self, error: PlatformError) -> None:
        """What the platform said outlives the doubt: who must reconnect the account hears it now."""
        if error.holds:
            self.account.hold(settled(str(error)))

    def try_later(self, token: uuid.UUID | None, now: datetime, because: str) -> None:
        tries, backoff = self.tries(), settings.SOPHIA_RETRY_BACKOFF
        if tries > len(backoff):
            self.fail(token, f"Tried {tries} times. {because}")
        else:
            self.queue_again(token, now + backoff[tries - 1], because)

    def tries(self) -> int:
        """Ended tries since a person last set it going. Being told to wait is not a try, nor is preparing."""
        tried = self.attempts.filter(started_at__gte=self.scheduled_at, ahead=False)
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
        """What was prepared will not be published. Its rows know what there is to remove."""
        self.preparations.adopt(self, self.proved_reference())
        self.preparations.end("dropped")
        type(self)._base_manager.filter(pk=self.pk).update(reference=None, reference_seal="", prepared_at=None)
        self.reference, self.reference_seal, self.prepared_at = None, "", None

    @saved_transition("state", State.PUBLISHING, State.UNCONFIRMED)
    def doubt(self, token: uuid.UUID | None, because: str, ask_at: datetime) -> None:
        """Nobody knows whether it is live. It is never sent again before the platform, or a person, has told."""
        self.require_claim(token)
        self.unconfirmed_at = timezone.now()
        self.reconcile_at, self.looks, self.asked_at = ask_at, 0, None
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
            self.store_reference(reference)

    def store_reference(self, reference: Reference) -> None:
        self.reference, self.prepared_at = reference, timezone.now()
        self.reference_seal = seal.make(self.reference_statement())
        self.save(update_fields=["reference", "reference_seal", "prepared_at"])

    def let_go(self) -> None:
        """No worker has it any more. The caller saves."""
        self.claim_token = self.claimed_until = None
