from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

from sophia.alarms import NOTICES
from sophia.notifications.announce import announce
from sophia.notifications.models import Delivery, Notice, Subscription
from sophia.refusals import NotAcceptable, NotAllowed
from tests import make
from tests.draining import drain

pytestmark = pytest.mark.django_db


def told(*kinds, **details):
    """Announces each kind; returns the kinds that got a delivery."""
    for kind in kinds:
        announce(kind, f"Told: {kind}", **details)
    return list(Delivery.objects.order_by("pk").values_list("notice__kind", flat=True))


def test_a_notice_and_its_deliveries_are_written_together(subscribe):
    subscribe()
    announce("publication.failed", "It failed.")
    delivery = Delivery.objects.get()
    assert (delivery.notice, delivery.state) == (Notice.objects.get(), Delivery.State.WAITING)
    assert OrmQ.objects.get().key == NOTICES


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_delivered(subscribe):
    subscribe()
    OrmQ.objects.all().delete()
    with transaction.atomic():
        announce("publication.failed", "It never happened.")
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()
    assert not OrmQ.objects.exists()


def test_without_subscriptions_a_notice_costs_one_query_more(db, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(2):
        announce("publication.failed", "It failed.")


def test_the_url_is_not_decrypted_to_plan_deliveries(subscribe, django_assert_num_queries):
    subscribe()
    assert "url" in Subscription.objects.wanting(Notice(kind="publication.failed"))[0].get_deferred_fields()


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("worth", ["publication.failed"]),
        ("everything", ["publication.failed", "draft.edited"]),
        ("urgent", []),
    ],
)
def test_a_preset_takes_what_it_says(subscribe, preset, expected):
    subscribe(preset=preset)
    assert told("publication.failed", "draft.edited") == expected


@pytest.mark.parametrize("preset", ["worth", "everything", "urgent"])
def test_whatever_is_urgent_is_in_every_preset(subscribe, preset):
    subscribe(preset=preset)
    assert told("draft.edited", urgent=True) == ["draft.edited"]


def test_chosen_kinds_are_exactly_these(subscribe):
    subscribe(preset="chosen", kinds=["draft.edited"])
    assert told("publication.failed", "draft.edited") == ["draft.edited"]


def test_chosen_clients_are_exactly_these_and_what_is_about_all(subscribe, page):
    other = make.account("facebook", "2002", "Other").client
    subscribe(clients=[page.client])
    Delivery.objects.all().delete()
    told("publication.failed", client=other.pk)
    told("publication.missed", client=page.client_id)
    assert told("health.finding") == ["publication.missed", "health.finding"]


def test_a_person_who_left_is_told_nothing(subscribe, author):
    subscribe(person=author)
    author.is_active = False
    author.save()
    assert told("publication.failed") == []


def test_two_subscriptions_get_one_delivery_each(subscribe):
    subscribe("One")
    subscribe("Two")
    assert told("publication.failed") == ["publication.failed"] * 2


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        ({"preset": "chosen"}, "at least one kind"),
        ({"preset": "chosen", "kinds": ["x.y"]}, "no kind of notice called “x.y”"),
        ({"quiet_from": timezone.now().time()}, "Quiet hours need"),
        ({"timezone": "Mars/Base"}, "“Mars/Base” is not a timezone"),
    ],
)
def test_choices_that_make_no_sense_are_refused(subscribe, details, sentence):
    with pytest.raises(NotAcceptable, match=sentence):
        subscribe(**details)
    assert not Subscription.objects.exists()


def test_an_author_may_not_subscribe(author, hook):
    with pytest.raises(NotAllowed, match="anna may not say where notices go"):
        Subscription.objects.subscribe(by=author, name="Mine", url=hook.url)


def test_an_alarm_is_set_only_for_what_is_due_soon(subscribe):
    later = (timezone.now() + timedelta(hours=2)).time()
    subscribe(digest_at=later)
    announce("publication.failed", "It failed.")
    assert not OrmQ.objects.exists()


def test_twenty_subscriptions_cost_a_fact_four_queries(subscribe, hook, django_assert_num_queries):
    for number in range(20):
        subscribe(f"Team {number}")
    with transaction.atomic(), django_assert_num_queries(5):
        announce("publication.failed", "It failed.")
    drain()
    assert hook.messages == ["It failed.\n\nhttp://testserver/notices/"] * 20
