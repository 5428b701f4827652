"""Preparing ahead of time, so that at its second only the commit is left; and clearing away what will not go out."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from publishing.models.attempt import IN_DOUBT, Attempt
from publishing.models.flight import Flight
from publishing.models.journal import CommittedJournal
from publishing.models.queue import OVER, PublicationQuerySet
from publishing.models.states import State
from publishing.models.waking import TOO_SOON
from publishing.platforms.base import Fate, Finding, Kind, NotYet, PlatformError, Reference
from sophia.alarms import PUBLISH, set_alarm
from sophia.refusals import WrongState
from sophia.transitions import saved_transition

if TYPE_CHECKING:
    from publishing.models.preparation import Preparation

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 1, 1, 2, 2, 3, 5, 8, 15, 30))
"""Until the platform is asked again whether it is done."""
FAILED_FOR_NOW = [Attempt.Outcome.RETRY, Attempt.Outcome.WAIT, Attempt.Outcome.LOST, Attempt.Outcome.UNKNOWN]
CLEAR_AGAIN = timedelta(minutes=10)
"""Until the platform is asked again whether what was prepared is public."""
PATIENCE = timedelta(minutes=30)
"""How long it may be at work without getting on."""


class Preparing(Flight):
    """The part of Publication that the public does not see. Its state stays what it is; a claim keeps others away."""

    class Meta:
        abstract = True

    def prepare(self) -> None:
        """Once, before its time, if nothing holds it. What fails here is tried again at its time."""
        attempt = self.claim_ahead()
        if attempt:
            attempt.prepare_ahead()

    def claim_ahead(self) -> Attempt | None:
        with transaction.atomic():
            self.lock()
            now = timezone.now()
            soon = now >= self.prepare_from()
            if not soon or not self.can_be_prepared(now) or self.rests(now) or not self.passes_gates(now):
                return None
            return self.begin_attempt(self.claim_quietly(now), now, ahead=True)

    def rests(self, now: datetime) -> bool:
        """After a failure. What failed at its time is not prepared before its next time: that wait is meant."""
        last = self.attempts.filter(started_at__gte=self.scheduled_at).last()
        if last is None or last.ended_at is None or last.outcome not in FAILED_FOR_NOW:
            return False
        if not last.ahead and last.outcome == Attempt.Outcome.RETRY:
            return True
        return now - last.ended_at < sum(settings.SOPHIA_RETRY_BACKOFF[:1], timedelta())

    def claim_quietly(self, now: datetime) -> uuid.UUID:
        self.close_lost()
        self.claim_token = uuid.uuid4()
        self.claimed_until = now + settings.SOPHIA_LEASE
        self.save(update_fields=["claim_token", "claimed_until"])
        return self.claim_token

    def give_back(self, token: uuid.UUID) -> bool:
        """End a quiet claim, in the caller's transaction. False when it is no longer ours."""
        if self.claim_token != token:
            return False
        self.let_go()
        self.save(update_fields=["claim_token", "claimed_until"])
        if self.state == State.QUEUED:
            self.wake_at(max(self.publish_at, timezone.now()))
        return True

    def take_prepared(self, token: uuid.UUID, reference: Reference) -> bool:
        """Keep what was prepared ahead, in the caller's transaction. False when it must be removed again at once."""
        if not self.give_back(token) or self.reference is not None:
            return False
        self.store_reference(reference)
        return True

    def come_back_early(self, token: uuid.UUID, error: NotYet, since: datetime) -> None:
        """The platform works on it, and there is time."""
        if not self.give_back(token) or self.state != State.QUEUED:
            return
        at = timezone.now() + self.pause_after(error)
        if self.publish_at - at > TOO_SOON:
            set_alarm("publishing.tasks.prepare", self.pk, at=at, queue=PUBLISH)

    def take_not_yet(self, token: uuid.UUID, error: NotYet, since: datetime) -> None:
        """No try, and no news, as long as it gets on."""
        because = str(error)
        if preparation := self.preparations.open().first():
            since = max(since, preparation.progressed_at)
            because = because if error.working else f"{because} {preparation.uploaded}"
        if timezone.now() - since > PATIENCE:
            self.fail(token, f"{error} That has taken {PATIENCE.total_seconds() / 60:g} minutes.")
        else:
            self.come_back(token, timezone.now() + self.pause_after(error), because)

    @saved_transition("state", State.PUBLISHING, State.QUEUED)
    def come_back(self, token: uuid.UUID, at: datetime, because: str) -> None:
        """Due again in a moment. No worker waits for it meanwhile."""
        self.require_claim(token)
        self.publish_at, self.reason = at, because
        self.let_go()
        self.wake_at(at)

    def pause_after(self, error: NotYet) -> timedelta:
        preparation = self.preparations.open().first()
        if preparation:
            preparation.wait(str(error), working=error.working)
        looks = preparation.looks if preparation else 1
        return PAUSES[min(looks, len(PAUSES)) - 1] if error.working else PAUSES[0]

    def take_early_failure(self, token: uuid.UUID, error: PlatformError) -> None:
        """Only what is final is known before its time. Everything else may have passed by then."""
        if not self.give_back(token) or self.state != State.QUEUED:
            return
        if error.kind == Kind.REJECTED:
            self.stop(str(error))
        elif error.kind == Kind.AUTH:
            self.account.hold(str(error))

    def journal(self, token: uuid.UUID) -> CommittedJournal:
        return CommittedJournal(self, token)

    def hold_on(self, token: uuid.UUID) -> None:
        """WrongState unless this worker still holds it, and it is still wanted. In the caller's transaction."""
        self.lock()
        self.require_claim(token)
        now, wanted = timezone.now(), {State.QUEUED, State.PUBLISHING}
        if self.state not in wanted or not self.claimed_until or self.claimed_until <= now:
            raise WrongState(f"{self} is no longer this worker's to prepare.")
        self.claimed_until = now + settings.SOPHIA_LEASE
        self.save(update_fields=["claimed_until"])

    def leave_behind(self) -> None:
        """A worker stopped in the middle of preparing it, or of clearing it away."""
        with transaction.atomic():
            self.lock()
            if self.claim_token is None or not self.claimed_until or self.claimed_until >= timezone.now():
                return
            if self.state in {State.PUBLISHING, State.UNCONFIRMED}:
                return
            self.close_lost()
            self.give_back(self.claim_token)

    def discard(self) -> None:
        """Remove from the platform what was prepared and will not go out. Nothing when it is wanted after all."""
        token = self.claim_discard()
        if token is None:
            return
        try:
            found = self.find_prepared()
        except PlatformError as error:
            found = None
            if error.kind is Kind.AUTH:
                self.account.hold(str(error))
        with transaction.atomic():
            self.lock()
            if not self.give_back(token):
                return
            if found is None:
                self.clear_later()
            elif found.fate in {Fate.NOT_LIVE, Fate.ABSENT}:
                self.drop_reference()
            else:
                self.leave_reference(found)
        for preparation in self.preparations.to_clear(timezone.now()):
            preparation.clear()

    def clear_later(self) -> None:
        """Until then it is the turn of the others."""
        self.clear_at = timezone.now() + CLEAR_AGAIN
        self.save(update_fields=["clear_at"])

    def leave_reference(self, found: Finding) -> None:
        """It keeps what may be public from going out twice. A person is told: Sophia says that it is not out."""
        self.prepared_at = None
        self.save(update_fields=["prepared_at"])
        self.preparations.adopt(self, self.proved_reference())
        kept = self.preparations.open().first()
        self.preparations.end("kept")
        where = self.account.get_platform_display()
        if found.fate is Fate.LIVE:
            self.tell_public(found, kept)
        elif kept and self.state in OVER:
            kept.refresh_from_db()
            kept.tell(f"Sophia cannot see whether {where} has made it public.")

    def tell_public(self, found: Finding, kept: "Preparation | None") -> None:
        link = found.receipt.permalink if found.receipt else self.account.home
        because = f"It is public, though Sophia has it as {self.get_state_display()}: {link}"
        self.say("publication.left_over", f"{self}: {because} {self.ways_on()}", urgent=True)
        if kept:
            kept.refresh_from_db()
            kept.ask(f"{because} {self.ways_on()}")

    def ways_on(self) -> str:
        by_hand = "If it must not be public, remove it there by hand."
        if self.state == State.CANCELLED:
            return by_hand
        return f"If it may stay, or to take it down with Sophia, try it again: nothing is sent twice. {by_hand}"

    def claim_discard(self) -> uuid.UUID | None:
        with transaction.atomic():
            self.lock()
            now = timezone.now()
            unwanted = PublicationQuerySet(type(self)).filter(pk=self.pk).to_clear_away(now).exists()
            return self.claim_quietly(now) if unwanted else None

    def find_prepared(self) -> Finding:
        """What became of it. Of what is made public in one step, only an unknown end leaves a doubt: no platform shows
        which post it would be."""
        begun = self.attempts.exclude(committing_at=None).order_by("committing_at")
        if self.reference and self.reference.get("way") != "two_step":
            begun = begun.filter(outcome__in=IN_DOUBT)
        last = begun.last()
        if self.reference is None or last is None or last.committing_at is None:
            return Finding(Fate.ABSENT)
        with self.account.reaching(self) as platform:
            return platform.find(self.outline(), self.reference, last.committing_at, frozenset())
