"""Looking again at what is published: is it there, and does it read as it was approved? Each look is a dated row."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from publishing import budget
from publishing.models.preflight import Preflighted
from publishing.models.recovery import Recovery
from publishing.models.sighting import Sighting, SightingQuerySet
from publishing.models.states import State
from publishing.platforms.base import Absence, Call, Kind, PlatformError, Seen

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    class SightingManager(RelatedManager[Sighting], SightingQuerySet): ...  # type: ignore[misc]


SURE_AFTER = timedelta(minutes=1)
"""One odd answer alarms nobody: what seems gone is looked at again before it is told."""
LATER = timedelta(minutes=10)
"""Until the next try when a look failed, or the account has no calls to spare."""
CONTROLS = 3
"""Other posts of ours that may show that this one would be seen."""
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
        def sightings(self) -> "SightingManager": ...

    def begin_watch(self) -> None:
        """It has just become public. Without the platform's id of it nobody can look. A take-down that waited for this
        begins, once it is saved. The caller saves."""
        self.watch_at = self.next_step(timezone.now()) if self.post_id else None
        Recovery.objects.filter(publication=self.pk).begin_now()

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
                absence = None if seen else platform.prove_gone(self.post_id, self.controls())
        except PlatformError as error:
            self.look_later(turn, error)
        else:
            self.keep_look(turn, seen, platform.calls, absence)

    def controls(self) -> list[str]:
        """Ids of other posts of ours on the account: where they can be read, this one could be too. First those that
        nobody takes down. Not those that are gone by now, in the same emergency perhaps."""
        coming_down = Recovery.objects.open().filter(publication=OuterRef("pk"))
        gone = coming_down.filter(Q(deleted_at__isnull=False) | Q(gone_looks__gt=0))
        others = type(self)._base_manager.filter(account=self.account_id, state=State.PUBLISHED).exclude(post_id="")
        others = others.exclude(Exists(gone)).exclude(pk=self.pk).annotate(coming_down=Exists(coming_down))
        return list(others.order_by("coming_down", "-published_at").values_list("post_id", flat=True)[:CONTROLS])

    def was_seen_since(self, moment: datetime) -> bool:
        """It was read back by its id after that: when it was published, or by a later look."""
        at_birth = self.published_at is not None and self.published_at >= moment and bool(self.permalink)
        return at_birth or self.sightings.there().filter(at__gte=moment).exists()

    @property
    def takedown(self) -> Recovery | None:
        """Somebody wants it down, and it is not."""
        return Recovery.objects.open().filter(publication=self.pk).select_related("requested_by").first()

    def takedown_wish(self) -> str:
        wish = self.takedown
        return f"{wish.requested_by} asked to take it down: {wish.reason}" if wish else ""

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

    def keep_look(
        self, turn: datetime, seen: Seen | None, calls: Sequence[Call], absence: Absence | None = None
    ) -> None:
        with transaction.atomic():
            self.lock()
            if self.watch_at != turn or not self.is_watched:
                return
            now = timezone.now()
            sighting = self.sighted(now, seen, calls, absence)
            self.permalink = self.permalink or (seen.receipt.permalink if seen else "")
            self.watch_at = self.next_step(now)
            if sighting.is_gone:
                self.take_gone(now)
            elif sighting.differs:
                self.take_difference(sighting)
            sighting.save()
            self.save(update_fields=["permalink", "watch_at"])

    def sighted(
        self, now: datetime, seen: Seen | None, calls: Sequence[Call], absence: Absence | None = None
    ) -> Sighting:
        """What cannot be read is called gone only where it would have been seen (platforms/absence.py)."""
        made = [call.as_json() for call in calls]
        row = Sighting(publication_id=self.pk, at=now, verdict=Sighting.Verdict.UNCLEAR, calls=made)
        if (seen and not seen.public) or (absence and absence.is_controlled):
            row.verdict = Sighting.Verdict.GONE
        elif seen and seen.reads_like(self.outline()):
            row.verdict = Sighting.Verdict.LIVE
        elif seen:
            row.verdict, row.message = Sighting.Verdict.DIFFERS, seen.message
        return row

    def take_gone(self, now: datetime) -> None:
        """Told once, at the second look that does not find it."""
        gone_before = [earlier.is_gone for earlier in self.sightings.telling().order_by("-at", "-pk")[:2]]
        if gone_before[:1] != [True]:
            self.watch_at = now + SURE_AFTER
        elif gone_before != [True, True]:
            where = self.account.get_platform_display()
            said = f"{self} is no longer to be seen on {where}, and nobody took it down with Sophia."
            self.say("post.vanished", said, urgent=True)

    def take_difference(self, sighting: Sighting) -> None:
        there = self.sightings.there().last()
        if sighting.tells_more_than(there):
            where = self.account.get_platform_display()
            self.say("post.differs", f"The text of {self} on {where} is not the one that was approved.")
