"""Held, because it looks like what was taken down, until a person releases it. `lookalike.py` holds it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from publishing import slots
from publishing.models.lookalike import LookalikeQuerySet
from publishing.models.states import State
from publishing.models.takedown import Takedown
from sophia import people
from sophia.refusals import WrongState

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from publishing.models.lookalike import Lookalike

    class LookalikeManager(RelatedManager[Lookalike], LookalikeQuerySet): ...  # type: ignore[misc]


class Resemblance(Takedown):
    """The part of Publication that may be a twin of another."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        @property
        def lookalikes(self) -> "LookalikeManager": ...
        def local_time(self) -> str: ...

    @property
    def held_as(self) -> "Lookalike | None":
        """The first that holds it. Reads nothing where a list has prefetched them."""
        return next((row for row in self.lookalikes.all() if row.in_force), None)

    def release(self, *, by: User, note: str = "") -> None:
        """It may go out, or stay out, although it looks like what was taken down."""
        people.require(by, people.OPERATE, of=self.client_id)
        with transaction.atomic():
            self.lock()
            if not self.lookalikes.holding().let_go(by=by, note=note):
                raise WrongState(f"{self} is not held as a lookalike (any more).")
            self.resettle()
            because = f": {note.strip()}" if note.strip() else "."
            self.say("publication.released", f"{by} released {self}{because}")

    def resettle(self) -> None:
        """Nothing holds it as a lookalike any more: to its next free slot, so that several do not burst out. What is
        too late for its client stays where it is, and is missed."""
        with transaction.atomic():
            self.lock()
            if self.state != State.QUEUED or self.held_as:
                return
            self.lock_account()
            now = timezone.now()
            if now - self.slot_at <= self.account.client.lateness_limit and not self.cadence_override:
                self.move_on(max(self.publish_at, now), now)
            self.set_alarm()

    def move_on(self, wanted: datetime, now: datetime) -> None:
        """Those that are held still, and whose time has passed, take no room."""
        waiting = self.account.publications.all().lookalikes().filter(publish_at__lte=now)
        slot = slots.next_free(self.account, wanted, [self.pk, *waiting.values_list("pk", flat=True)])
        if slot > wanted:
            found = self.terms()
            self.slot_at = self.publish_at = slot
            self.reason = f"Released, and set for {self.local_time()}, the next free slot."
            self.save(update_fields=["slot_at", "publish_at", "reason"])
            self.record("move_on", found, None)
            self.say("publication.scheduled", f"{self} is set for {self.local_time()}.")
