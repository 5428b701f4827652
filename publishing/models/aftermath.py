"""What was proved gone is looked at again: somebody, or the platform, may bring it back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from publishing import evidence
from publishing.models.removing import Removing
from publishing.models.stages import Stage
from publishing.platforms.base import Absence, Call, Kind, PlatformError, Sight
from sophia.transitions import saved_transition

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LATER = timedelta(minutes=10)
"""Until the next try, when a look cannot tell."""
SLOWER = 4
"""Such a look is tried again after a quarter of the time that the post has been gone: less and less often."""


class Aftermath(Removing):
    """The part of Recovery that looks again. `look_again_at` moves with each look, and so it is the claim."""

    look_again_at = models.DateTimeField(
        null=True, blank=True, help_text="When Sophia looks next whether it has come back. Empty: not any more."
    )
    returned_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was seen public again, after it had been proved gone."
    )

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        executed_by: User | None

    def follow_up(self, now: datetime) -> datetime | None:
        """The first of the times to look that is still to come."""
        since = self.finished_at or now
        steps = settings.SOPHIA_LOOK_AFTER_GONE if self.publication.post_id else []
        return next((since + after for after in steps if since + after > now), None)

    def look_again(self) -> None:
        """Once, if it is time to. A doubled job looks once."""
        turn = self.take_turn_to_look()
        if turn is None:
            return
        try:
            with self.publication.account.reaching(self.publication) as platform:
                seen = platform.prove_gone(self.publication.post_id, self.publication.controls())
        except PlatformError as error:
            if error.kind is Kind.AUTH:
                self.publication.account.hold(str(error))
            self.keep_look_again(turn, Absence(Sight.UNCLEAR), [])
        else:
            self.keep_look_again(turn, seen, platform.calls)

    def take_turn_to_look(self) -> datetime | None:
        with transaction.atomic():
            self.lock()
            now = timezone.now()
            if self.state != Stage.COMPLETED or self.look_again_at is None or self.look_again_at > now:
                return None
            self.look_again_at = now + settings.SOPHIA_LEASE
            self.save(update_fields=["look_again_at"])
            return self.look_again_at

    def keep_look_again(self, turn: datetime, seen: Absence, calls: Sequence[Call]) -> None:
        """Nothing, if another worker has looked meanwhile."""
        with transaction.atomic():
            self.publication.lock()
            self.lock()
            if self.state != Stage.COMPLETED or self.look_again_at != turn:
                return
            now = timezone.now()
            self.evidence = evidence.bounded([*self.evidence, *(call.as_json() for call in calls)])
            self.look_again_at = self.next_look_again(seen, now)
            self.save(update_fields=["evidence", "look_again_at"])
            if seen.sight is Sight.LIVE:
                self.reopen()
                self.publication.reappear()

    def next_look_again(self, seen: Absence, now: datetime) -> datetime | None:
        """What cannot be told is asked again. Where only a control is missing, that ends with the last of the times."""
        step = self.follow_up(now)
        if seen.is_controlled or (step is None and seen.sight is Sight.GONE):
            return step
        later = now + max(LATER, (now - (self.finished_at or now)) / SLOWER)
        return min(later, step) if step else later

    @saved_transition("state", Stage.COMPLETED, Stage.PENDING)
    def reopen(self) -> None:
        """It is public again. Whether it must come down again, for the same reason, is for a person to say."""
        now = timezone.now()
        self.testify(
            f"It is public again. It was started by {self.executed_by}, and proved gone at {self.finished_at}."
        )
        self.returned_at = self.began_at = self.last_live_at = self.reminded_at = now
        self.executed_by = self.finished_at = self.seen_gone_at = self.deleted_at = self.look_again_at = None
        self.reminders = self.tries = self.looks = self.gone_looks = 0
        self.note, self.unproved, self.photos_left = "It was gone, and is public again.", "", []
        said = f"It is public again: {self.publication}, which had been taken down and proved gone. {self.meanwhile()}"
        self.publication.say("recovery.returned", said, urgent=True)
