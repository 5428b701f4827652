"""Settling what nobody knows by reading the platform, never by sending again and hoping."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from publishing.models.preparation import Preparation
from publishing.models.states import State
from publishing.platforms.base import Fate, Finding, Kind, PlatformError, Receipt


class Reconciliation(Preparation):
    """The part of Publication that finds out."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        @property
        def is_suspected(self) -> bool: ...

    def abandon(self) -> None:
        """Its worker stopped in the middle and the lease ran out: ask the platform at once."""
        with transaction.atomic():
            self.lock()
            now = timezone.now()
            if self.state != State.PUBLISHING or not self.claimed_until or self.claimed_until >= now:
                return
            self.close_lost()
            self.doubt(self.claim_token, "The worker stopped in the middle.", ask_at=now)

    def reconcile(self) -> None:
        """Ask once, if it is time to."""
        token = self.take_turn()
        if token is None:
            return
        try:
            finding = self.look()
        except PlatformError as error:
            if error.throttles:
                self.look_after_throttle(token)
                return
            if error.kind == Kind.AUTH:
                self.account.hold(str(error))
            finding = Finding(Fate.UNSURE)
        try:
            with transaction.atomic():
                self.settle(finding, token)
        except IntegrityError:  # What was found belongs to another publication.
            with transaction.atomic():
                self.settle(Finding(Fate.UNSURE), token)

    def take_turn(self) -> uuid.UUID | None:
        """Keep the others away for one lease. A worker that dies while it looks is followed by another."""
        with transaction.atomic():
            self.lock()
            now = timezone.now()
            if self.state != State.UNCONFIRMED or self.reconcile_at is None or self.reconcile_at > now:
                return None
            if throttled_until := self.account.throttled_after(now):
                self.look_at(throttled_until)
                return None
            if self.looks >= len(settings.SOPHIA_RECONCILE_AFTER) + 2:  # Every look ended in the middle.
                self.ask_a_person()
                return None
            self.looks += 1
            self.reconcile_at = now + settings.SOPHIA_LEASE
            self.save(update_fields=["reconcile_at", "looks"])
            return self.claim_token

    def look_after_throttle(self, token: uuid.UUID) -> None:
        """The platform will not be asked now. It is no look."""
        with transaction.atomic():
            self.lock()
            now = timezone.now()
            if self.state != State.UNCONFIRMED or self.claim_token != token:
                return
            self.looks = max(self.looks - 1, 0)
            self.save(update_fields=["looks"])
            self.look_at(self.account.throttled_after(now) or now + settings.SOPHIA_RECONCILE_AFTER[0])

    def next_look(self, now: datetime) -> datetime | None:
        steps = settings.SOPHIA_RECONCILE_AFTER
        if self.looks >= len(steps):
            return None
        return max((self.unconfirmed_at or now) + steps[self.looks], now + steps[0])

    def look(self) -> Finding:
        attempt = self.attempts.filter(ahead=False).last()
        if self.reference is None:
            return Finding(Fate.ABSENT)
        if self.damage():
            return Finding(Fate.UNSURE)
        if attempt is None or attempt.committing_at is None:
            return Finding(Fate.NOT_LIVE)
        taken = self.account.known_post_ids()
        with self.account.reaching(self) as platform:
            return platform.find(self.outline(), self.reference, attempt.committing_at, taken)

    def settle(self, finding: Finding, token: uuid.UUID) -> None:
        """What was found is about the claim with this token. Nothing, if it has been claimed again since."""
        self.lock()
        if self.state != State.UNCONFIRMED or self.claim_token != token:
            return
        next_look = self.next_look(timezone.now())
        if finding.fate == Fate.LIVE and (finding.receipt or not next_look):
            self.confirm(self.claim_token, finding.receipt or Receipt(""))
        elif finding.fate in {Fate.NOT_LIVE, Fate.ABSENT} and not self.is_suspected:
            self.send_again(finding.fate)
        elif next_look:
            self.look_at(next_look)
        else:
            self.ask_a_person()

    def look_at(self, moment: datetime) -> None:
        self.reconcile_at = moment
        self.save(update_fields=["reconcile_at"])
        self.set_reconcile_alarm()

    def send_again(self, fate: Fate) -> None:
        """It is proved not to be public."""
        if fate == Fate.ABSENT:
            self.drop_reference()
        if self.tries() > len(settings.SOPHIA_RETRY_BACKOFF):
            self.fail(self.claim_token, f"Tried {self.tries()} times, and it never became public.")
        else:
            self.queue_again(self.claim_token, timezone.now(), "It is proved not to be live: trying again.")

    def ask_a_person(self) -> None:
        self.reconcile_at = None
        self.save(update_fields=["reconcile_at"])
        sentence = f"{self} may or may not be live. Look at {self.account} and tell Sophia: it is live, or it is not."
        self.say("publication.unconfirmed", sentence, urgent=True)
