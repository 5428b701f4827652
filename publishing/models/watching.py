"""Looking again at what is published: is it there, and does it read as it was approved? Each look is a dated row."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from publishing import budget
from publishing.models.preflight import Preflighted
from publishing.models.recovery import Recovery
from publishing.models.sighting import Sighting
from publishing.models.states import State
from publishing.platforms.base import Call, Kind, PlatformError, Seen

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

SURE_AFTER = timedelta(minutes=1)
"""One odd answer alarms nobody: what seems gone is looked at again before it is told."""
LATER = timedelta(minutes=10)
"""Until the next try when a look failed, or the account has no calls to spare."""
SLOWER = 10
"""A look that fails is tried again after a tenth of the post's age, so that an old one does not knock for ever."""


class Watching(Preflighted):
    """The part of Publication that is looked at afterwards. `watch_at` moves with each look, and so it is the claim."""

    watch_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it is read back next. Empty: not any more."
    )

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        @property
        def sightings(self) -> "RelatedManager[Sighting]": ...

    def begin_watch(self) -> None:
        """It has just become public. Without the platform's id of it nobody can look. The caller saves."""
        self.watch_at = self.next_step(timezone.now()) if self.post_id else None

    def next_step(self, now: datetime) -> datetime | None:
        """The first of the times to look that is still to come: what was postponed beyond the next one is skipped."""
        since = self.published_at or now
        return next((since + after for after in settings.SOPHIA_WATCH_AFTER if since + after > now), None)

    def watch(self) -> None:
        """Look once, if it is time to and the account has calls to spare. A doubled job looks once."""
        turn = self.take_look()
        if turn is None:
            return
        try:
            with self.account.reaching(self) as platform:
                seen = platform.show(self.post_id)
        except PlatformError as error:
            self.look_later(turn, error)
        else:
            self.keep_look(turn, seen, platform.calls)

    def take_look(self) -> datetime | None:
        """Keep the others away for one lease. A worker that dies in the middle is followed by another."""
        with transaction.atomic():
            self.lock()
            now = timezone.now()
            if not self.is_watched or self.watch_at is None or self.watch_at > now:
                return None
            later = self.not_before(now)
            self.watch_at = later or now + settings.SOPHIA_LEASE
            self.save(update_fields=["watch_at"])
            return None if later else self.watch_at

    @property
    def is_watched(self) -> bool:
        """Nobody is taking it down, and nobody has."""
        return self.state == State.PUBLISHED and not Recovery.objects.open().filter(publication=self.pk).exists()

    def not_before(self, now: datetime) -> datetime | None:
        """Looking may wait: publishing and taking down have the calls first."""
        if throttled_until := self.account.throttled_after(now):
            return throttled_until
        if not self.account.is_healthy or not budget.can_spare(self.account, now):
            return now + LATER
        return None

    def look_later(self, turn: datetime, error: PlatformError) -> None:
        if error.kind == Kind.AUTH:
            self.account.hold(str(error))
        with transaction.atomic():
            self.lock()
            if self.watch_at != turn:
                return
            now = timezone.now()
            slowly = now + max(LATER, (now - (self.published_at or now)) / SLOWER)
            self.watch_at = self.account.throttled_after(now) or slowly
            self.save(update_fields=["watch_at"])

    def keep_look(self, turn: datetime, seen: Seen | None, calls: Sequence[Call]) -> None:
        with transaction.atomic():
            self.lock()
            if self.watch_at != turn or not self.is_watched:
                return
            now = timezone.now()
            sighting = self.sighted(now, seen, calls)
            self.permalink = self.permalink or (seen.receipt.permalink if seen else "")
            self.watch_at = self.next_step(now)
            if sighting.is_gone:
                self.take_gone(now)
            elif sighting.differs:
                self.take_difference(sighting)
            sighting.save()
            self.save(update_fields=["permalink", "watch_at"])

    def sighted(self, now: datetime, seen: Seen | None, calls: Sequence[Call]) -> Sighting:
        made = [call.as_json() for call in calls]
        row = Sighting(publication_id=self.pk, at=now, verdict=Sighting.Verdict.GONE, calls=made)
        if seen and seen.reads_like(self.outline()):
            row.verdict = Sighting.Verdict.LIVE
        elif seen:
            row.verdict, row.message = Sighting.Verdict.DIFFERS, seen.message
        return row

    def take_gone(self, now: datetime) -> None:
        """Told once, at the second look that does not find it."""
        gone_before = [earlier.is_gone for earlier in self.sightings.order_by("-at", "-pk")[:2]]
        if gone_before[:1] != [True]:
            self.watch_at = now + SURE_AFTER
        elif gone_before != [True, True]:
            where = self.account.get_platform_display()
            said = f"{self} is no longer to be seen on {where}, and nobody took it down with Sophia."
            self.say("post.vanished", said, urgent=True)

    def take_difference(self, sighting: Sighting) -> None:
        there = self.sightings.exclude(verdict=Sighting.Verdict.GONE).last()
        if sighting.tells_more_than(there):
            where = self.account.get_platform_display()
            self.say("post.differs", f"The text of {self} on {where} is not the one that was approved.")
