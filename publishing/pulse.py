"""How the desk stands: each number of the strip, and exactly the rows that it counts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from publishing.models import Client, Publication, Recovery
from publishing.models.queue import PublicationQuerySet
from sophia.membership import Person

Rows = PublicationQuerySet
RECENTLY = timedelta(days=1)


@dataclass
class Pulse:
    """Counted where a page shows it, and once, however often it is shown. Of the clients of one person."""

    person: Person
    now: datetime = field(default_factory=timezone.now)

    @cached_property
    def _waiting(self) -> dict[str, int]:
        today = Count("pk", filter=is_today(self.now))
        rows = Publication.objects.visible_to(self.person).waiting()
        return rows.order_by().aggregate(waiting=Count("pk"), today=today)

    @property
    def waiting(self) -> int:
        return self._waiting["waiting"]

    @property
    def today(self) -> int:
        return self._waiting["today"]

    @cached_property
    def held(self) -> int:
        return held(self.now).visible_to(self.person).count()

    @cached_property
    def needy(self) -> int:
        return needy(self.person).count()


def is_today(now: datetime) -> Q:
    """Each client has a day of their own."""
    found = Q(pk__in=[])
    for name in Client.objects.order_by().values_list("timezone", flat=True).distinct():
        zone = ZoneInfo(name)
        day = now.astimezone(zone).date()
        first, last = (datetime.combine(day + timedelta(days=days), time.min, zone) for days in (0, 1))
        found |= Q(account__client__timezone=name, publish_at__gte=first, publish_at__lt=last)
    return found


def today(now: datetime) -> Rows:
    return Publication.objects.waiting().filter(is_today(now))


def held(now: datetime) -> Rows:
    """Whatever their time: with their account, or one by one."""
    twins = Publication.objects.lookalikes().order_by().values("pk")
    waiting = Publication.objects.waiting()
    return waiting.held(now) | waiting.filter(pk__in=twins)


def needy(person: Person) -> QuerySet[Publication, tuple[int]]:
    """A union, so that each part is found by its index: the database would read the whole table for an OR."""
    rows, recoveries = Publication.objects.visible_to(person), Recovery.objects.visible_to(person)
    people = rows.needing_a_person().order_by().values_list("pk")
    twins = rows.lookalikes().order_by().values_list("pk")
    return people.union(recoveries.needing_a_person().order_by().values_list("publication"), twins)


def needing(person: Person) -> Rows:
    return Publication.objects.filter(pk__in=[row[0] for row in needy(person)])


def lately(now: datetime) -> Rows:
    """What went out since this time yesterday, also what has come down since."""
    return Publication.objects.filter(published_at__gte=now - RECENTLY, published_at__lte=now).order_by("-published_at")


LISTS: dict[str, tuple[Callable[[Pulse], Rows], str]] = {
    "today": (lambda pulse: today(pulse.now), "Queued for today, where the client is"),
    "held": (lambda pulse: held(pulse.now), "Held: paused, throttled, to reconnect, or like what was taken down"),
    "needs": (lambda pulse: needing(pulse.person), "These need you"),
    "lately": (lambda pulse: lately(pulse.now), "Out since this time yesterday"),
}
