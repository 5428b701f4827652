"""Preparing ahead of time, so that at its second only the commit is left; and clearing away what will not go out."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from publishing.models.attempt import Attempt
from publishing.models.flight import Flight
from publishing.models.queue import PublicationQuerySet
from publishing.models.states import State
from publishing.platforms.base import Fate, Kind, PlatformError, Reference


class Preparation(Flight):
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
            soon = now >= self.publish_at - settings.SOPHIA_PREPARE_AHEAD
            if not soon or not self.can_be_prepared(now) or not self.passes_gates(now):
                return None
            return self.attempts.create(token=self.claim_quietly(now), started_at=now, ahead=True)

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

    def take_early_failure(self, token: uuid.UUID, error: PlatformError) -> None:
        """Only what is final is known before its time. Everything else may have passed by then."""
        if not self.give_back(token) or self.state != State.QUEUED:
            return
        if error.kind == Kind.REJECTED:
            self.stop(str(error))
        elif error.kind == Kind.AUTH:
            self.account.hold(str(error))

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
            cleared = self.clear_away()
        except PlatformError:
            cleared = None  # The sweep comes by again.
        with transaction.atomic():
            self.lock()
            if not self.give_back(token):
                return
            if cleared:
                self.drop_reference()
            elif cleared is False:
                self.prepared_at = None
                self.save(update_fields=["prepared_at"])

    def claim_discard(self) -> uuid.UUID | None:
        with transaction.atomic():
            self.lock()
            now = timezone.now()
            unwanted = PublicationQuerySet(type(self)).filter(pk=self.pk).to_clear_away(now).exists()
            return self.claim_quietly(now) if unwanted else None

    def clear_away(self) -> bool:
        """False when it may be public: then it is no longer ours to remove."""
        assert self.reference is not None
        committed = self.attempts.exclude(committing_at=None).order_by("committing_at").last()
        with self.account.reaching(self) as platform:
            if committed and committed.committing_at:
                finding = platform.find(self.outline(), self.reference, committed.committing_at, frozenset())
                if finding.fate not in {Fate.NOT_LIVE, Fate.ABSENT}:
                    return False
            platform.discard(self.reference)
        return True
