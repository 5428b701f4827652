"""That publications missed their time. Those of one outage are told together: one notice, however many they are."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils import timezone

from publishing.models.states import State
from sophia.alarms import set_alarm
from sophia.notifications.announce import announce

if TYPE_CHECKING:
    from publishing.models.publication import Publication

TOGETHER = timedelta(seconds=15)
"""So long the first of an outage waits for the others before it is told."""
NAMED = 10
THE_MISSED = "/queue/?needs=missed"


class MissQuerySet(models.QuerySet["Miss"]):
    def note(self, publication: models.Model) -> None:
        """In the transaction of the fact: an alarm that is lost is made good by the sweep."""
        missed = self.create(publication=publication)
        set_alarm("publishing.tasks.tell_missed", at=missed.at + TOGETHER)

    def to_tell(self, now: datetime) -> "MissQuerySet":
        return self.filter(told_at=None, at__lte=now - TOGETHER)

    def tell(self) -> None:
        """Of all that nobody was told of. Of two workers one tells."""
        now = timezone.now()
        with transaction.atomic():
            if self.filter(told_at=None).update(told_at=now):
                told = self.filter(told_at=now, publication__state=State.MISSED)
                say([one.publication for one in told.select_related("publication__account__client")])


class Miss(models.Model):
    """A publication missed its time. One row for each time."""

    publication = models.ForeignKey("publishing.Publication", models.CASCADE, related_name="misses")
    at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = MissQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["at"], condition=models.Q(told_at=None), name="miss_to_tell")]

    def __str__(self) -> str:
        return f"{self.publication} missed its time"


def say(missed: "Sequence[Publication]") -> None:
    clients = {publication.account.client for publication in missed}
    if len(missed) == 1:
        missed[0].say("publication.missed", f"{missed[0]} is missed: {missed[0].reason}", urgent=True)
    elif len(clients) == 1:
        [client] = clients
        said = f"{len(missed)} posts of {client} missed their time: {named(missed)}. Choose what happens to each."
        link = f"{THE_MISSED}&client={client.pk}"
        announce("publication.missed", said, link=link, urgent=True, client=client.pk)
    elif clients:
        # Whoever works for some clients hears of it too, and finds only theirs behind the link.
        said = f"{len(missed)} posts of {len(clients)} clients missed their time. Choose what happens to each."
        announce("publication.missed", said, link=THE_MISSED, urgent=True)


def named(missed: "Sequence[Publication]") -> str:
    names = [f"{publication} {publication.account.clock(publication.slot_at)}" for publication in missed[:NAMED]]
    more = [f"and {len(missed) - NAMED} more"] if len(missed) > NAMED else []
    return ", ".join([*names, *more])
