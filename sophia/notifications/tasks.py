"""What django-q2 calls for notices, in a queue of its own: a channel that hangs keeps no post and no chore waiting."""

from django.utils import timezone

from sophia.notifications.models import Delivery, Subscription


def wake(notice_id: int) -> None:
    """An alarm for each that is to be told. Set here, so that the fact waits for none of it."""
    waiting = Delivery.objects.waiting().filter(notice=notice_id).select_related("subscription")
    for delivery in waiting.defer("subscription__url"):
        delivery.subscription.wake_for(delivery)


def deliver(subscription_id: int) -> None:
    subscription = Subscription.objects.active().filter(pk=subscription_id).first()
    if subscription:
        subscription.deliver()


def sweep() -> None:
    """Every minute: alarms for what is due soon or was missed, and an end for what could not be sent for a day."""
    Delivery.objects.give_up_old(timezone.now())
    Delivery.objects.for_those_who_left().skip("Its person is no longer active.")
    for subscription in Subscription.objects.with_something_waiting():
        subscription.set_alarm()
