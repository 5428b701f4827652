from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef

from sophia.membership import Person, Visible, works_for
from sophia.notifications.models.notice import Notice

if TYPE_CHECKING:
    from sophia.notifications.models.subscription import Subscription

GIVEN_UP_AFTER = timedelta(days=1)
MANY, MINUTE = 20, timedelta(minutes=1)
"""More than so many in a minute are folded into one message."""


class DeliveryQuerySet(Visible["Delivery"]):
    def visible_to(self, person: Person) -> Self:
        if works_for(person) is None:
            return self
        subscriptions: Any = Delivery._meta.get_field("subscription").related_model
        return self.told_to(person).filter(subscription__in=subscriptions.objects.visible_to(person))

    def told_to(self, person: Person) -> Self:
        """Of notices that this person may see."""
        if works_for(person) is None:
            return self
        return self.filter(Exists(Notice.objects.visible_to(person).filter(pk=OuterRef("notice"))))

    def waiting(self) -> "DeliveryQuerySet":
        return self.filter(state=Delivery.State.WAITING)

    def due(self, now: datetime) -> "DeliveryQuerySet":
        """In the order in which they are to be sent."""
        return self.waiting().filter(due_at__lte=now).order_by("due_at", "pk")

    def note_sent(self, now: datetime) -> int:
        """Also what was skipped or given up while it was on its way."""
        return self.update(state=Delivery.State.SENT, sent_at=now, tries=F("tries") + 1, problem="")

    def note_refused(self, problem: str) -> int:
        return self.waiting().update(tries=F("tries") + 1, problem=problem)

    def skip(self, because: str) -> int:
        return self.waiting().update(state=Delivery.State.SKIPPED, problem=because)

    def for_those_who_left(self) -> "DeliveryQuerySet":
        return self.waiting().filter(subscription__person__is_active=False)

    def give_up_old(self, now: datetime) -> int:
        """What could not be sent for a day is history. It stays in the list, and is counted."""
        return self.waiting().filter(give_up_at__lte=now).update(state=Delivery.State.GIVEN_UP)

    def busy_until(self, now: datetime) -> datetime | None:
        """None unless so many were sent within the last minute that the next ones had better come together. By index:
        they are sent in the order in which they are due."""
        sent = self.filter(state=Delivery.State.SENT).order_by("-due_at")
        latest = sent.values_list("sent_at", flat=True)[MANY - 1 : MANY].first()
        return latest + MINUTE if latest and latest + MINUTE > now else None

    def postpone(self, until: datetime) -> int:
        """But for the urgent."""
        return self.waiting().filter(notice__urgent=False, due_at__lt=until).update(due_at=until)


class Delivery(models.Model):
    """One notice on its way to one subscription. Written in the transaction of the fact, like the notice."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        SENT = "sent", "sent"
        GIVEN_UP = "given_up", "given up"
        SKIPPED = "skipped", "skipped"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    subscription = models.ForeignKey("notifications.Subscription", models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    give_up_at = models.DateTimeField(help_text="A day after it was first due, however often it was put off since.")
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["notice", "subscription"], name="one_delivery_per_subscription")]
        indexes = [
            models.Index(fields=["subscription", "state", "due_at"], name="delivery_waiting"),
            models.Index(fields=["state", "give_up_at"], name="delivery_old"),
            models.Index(fields=["subscription", "-id"], name="delivery_latest"),
        ]

    @classmethod
    def planned(cls, notice: Notice, subscription: "Subscription") -> "Delivery":
        due_at = subscription.due_at(notice.created_at, notice.urgent)
        return cls(notice=notice, subscription=subscription, due_at=due_at, give_up_at=due_at + GIVEN_UP_AFTER)

    def __str__(self) -> str:
        return f"{self.notice} to {self.subscription}: {self.get_state_display()}"


def ids(deliveries: Iterable[Delivery]) -> list[int]:
    return [delivery.pk for delivery in deliveries]
