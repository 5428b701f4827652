"""Settling what nobody knows by reading the platform, never by sending again and hoping."""

import uuid
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from publishing.models.preparing import Preparing
from publishing.models.reach import Held
from publishing.models.states import KnownBy, State
from publishing.platforms.base import Fate, Finding, PlatformError, Receipt, Scope
from publishing.platforms.errors import settled

AT_REST = 2 * settings.SOPHIA_RECONCILE_AFTER[0]
"""After so long a platform that reads late shows what has become of a commit."""


class Reconciliation(Preparing):
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
        turn = self.reconcile_at
        if token is None or turn is None:
            return
        try:
            finding = self.look()
        except PlatformError as error:
            if error.throttles and error.scope != Scope.POSTS:
                self.look_after_throttle(token)
                return
            self.heed(error)
            finding = Finding(Fate.UNSURE)
        try:
            with transaction.atomic():
                self.settle(finding, token, turn)
        except IntegrityError:  # What was found belongs to another publication.
            with transaction.atomic():
                self.settle(Finding(Fate.UNSURE), token, turn)

    def take_turn(self) -> uuid.UUID | None:
        """Keep the others away for one lease. A worker that dies while it looks is followed by another."""
        with transaction.atomic():
            self.lock()
            now = timezone.now()
            if self.state != State.UNCONFIRMED or self.reconcile_at is None or self.reconcile_at > now:
                return None
            if held := self.account.calls_held(now):
                self.look_once_it_may(held, now)
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
            if held := self.account.calls_held(now):
                self.look_once_it_may(held, now)
            else:
                self.look_at(now + settings.SOPHIA_RECONCILE_AFTER[0])

    def look_once_it_may(self, held: Held, now: datetime) -> None:
        """The platform will not be asked before. Where that is later than a person would be asked, one is asked now."""
        self.look_at(held.until)
        asked_by = (self.unconfirmed_at or now) + settings.SOPHIA_RECONCILE_AFTER[-1]
        if self.asked_at or held.until <= asked_by:
            return
        self.asked_at = now
        self.save(update_fields=["asked_at"])
        said = f"{self} may be live, and Sophia may not ask yet. {held.because}"
        to_do = "Look yourself and tell Sophia: it is live, or it is not. Else Sophia looks by itself then."
        self.say("publication.unconfirmed", f"{said} {to_do}", urgent=True)

    def next_look(self, now: datetime) -> datetime | None:
        steps = settings.SOPHIA_RECONCILE_AFTER
        if self.looks >= len(steps):
            return None
        return max((self.unconfirmed_at or now) + steps[self.looks], now + steps[0])

    def look(self) -> Finding:
        """What its history tells outweighs what its rows forget."""
        attempt = self.attempts.filter(ahead=False).last()
        forgotten = self.reference is None or attempt is None or attempt.committing_at is None
        if self.told_fault() or (forgotten and self.told_commit()):
            return Finding(Fate.UNSURE)
        if self.reference is None:
            return Finding(Fate.ABSENT)
        if self.damage():
            return Finding(Fate.UNSURE)
        if attempt is None or attempt.committing_at is None:
            return Finding(Fate.NOT_LIVE)
        taken = self.account.known_post_ids()
        with self.account.reaching(self) as platform:
            found = platform.find(self.outline(), self.reference, self.commit_began() or attempt.committing_at, taken)
        if platform.reads_late and found.fate == Fate.NOT_LIVE and not self.is_at_rest:
            return replace(found, fate=Fate.UNSURE)
        return found

    @property
    def is_at_rest(self) -> bool:
        """Its last commit is so long ago that reading shows what has become of it."""
        last = self.attempts.exclude(committing_at=None).last()
        moments = [moment for moment in (last and last.committing_at, self.told_commit()) if moment]
        return not moments or timezone.now() - max(moments) >= AT_REST

    def settle(self, finding: Finding, token: uuid.UUID, turn: datetime) -> None:
        """What was found is about the claim with this token, within the `turn` to look. Nothing, if it has been
        claimed again since, or if the look outlived its turn: another worker may be looking."""
        self.lock()
        now = timezone.now()
        if self.state != State.UNCONFIRMED or self.claim_token != token or now > turn:
            return
        next_look = self.next_look(now)
        self.candidates.keep(self.pk, finding.candidates)
        if finding.fate == Fate.LIVE:
            self.confirm(self.claim_token, finding.receipt or Receipt(""), KnownBy.REFERENCE)
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
        if fate == Fate.ABSENT and self.reference is not None:  # Else it was still being prepared, and goes on.
            self.drop_reference()
        now = timezone.now()
        if self.tries() > len(settings.SOPHIA_RETRY_BACKOFF):
            said = f"Tried {self.tries()} times, and it never became public"
            self.fail(self.claim_token, f"{said}: {words}" if (words := self.last_words()) else f"{said}.")
        elif held := self.account.posts_held(now):
            self.queue_again(self.claim_token, now, f"It is proved not to be live. {held.because}", expected=held.until)
        else:
            self.queue_again(self.claim_token, now, "It is proved not to be live: trying again.")

    def last_words(self) -> str:
        """What the platform said when it was tried last, without the doubt that is over."""
        attempt = self.attempts.filter(ahead=False).last()
        return settled(attempt.sentence) if attempt else ""

    def ask_a_person(self) -> None:
        self.reconcile_at = None
        self.save(update_fields=["reconcile_at"])
        sentence = f"{self} may or may not be live. Look at {self.account} and tell Sophia: it is live, or it is not."
        self.say("publication.unconfirmed", sentence, urgent=True)
