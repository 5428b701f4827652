from datetime import timedelta

import pytest
from django.utils import timezone

from approval.models import Draft
from approval.tasks import remind_of_reviews
from sophia.notifications.models import Delivery, Notice, Subscription
from tests import make

pytestmark = pytest.mark.django_db


def told():
    return list(Notice.objects.filter(kind="review.stale").order_by("pk"))


@pytest.fixture
def waiting(clock, draft):
    """In review since now, where time stands still."""
    return draft


def after(clock, **wait):
    clock.tick(timedelta(**wait))
    remind_of_reviews()
    return len(told())


def test_it_is_told_once_after_four_hours_and_again_after_a_day(waiting, clock):
    assert after(clock, hours=3, minutes=59) == 0
    assert after(clock, minutes=1) == 1
    assert after(clock, hours=19) == 1
    assert after(clock, hours=1) == 2
    assert after(clock, days=9) == 2
    assert [notice.urgent for notice in told()] == [False, True]


def test_the_sentence_names_draft_client_and_time_where_the_client_is(waiting, clock):
    after(clock, hours=4)
    [notice] = told()
    since = waiting.account.clock(waiting.submitted_at)
    assert notice.sentence == f"{waiting} for Café Lua has waited for its review for more than 4h, since {since}."
    assert (notice.link, notice.client) == (waiting.get_absolute_url(), waiting.account.client)


def test_the_first_reminder_waits_for_the_morning_and_the_second_does_not(waiting, clock, operator, settings):
    settings.SOPHIA_NOTICE_HOSTS = ["hooks.lan"]
    now = timezone.now()
    night = {"quiet_from": (now + timedelta(hours=3)).time(), "quiet_until": (now + timedelta(hours=2)).time()}
    Subscription.objects.subscribe(by=operator, name="Olga", url="json://hooks.lan", **night)
    after(clock, hours=4)
    after(clock, hours=20)
    dues = Delivery.objects.order_by("notice_id").values_list("due_at", flat=True)
    assert list(dues) == [now + timedelta(hours=26), now + timedelta(hours=24)]


def test_an_edit_does_not_start_the_count_anew(waiting, clock, author):
    clock.tick(timedelta(hours=3))
    waiting.edit(by=author, text="Rye bread at eight.", link="", pictures=[], digest=waiting.digest())
    assert after(clock, hours=1) == 1


def test_reopening_starts_the_count_anew(waiting, clock, operator):
    assert after(clock, hours=4) == 1
    waiting.skip(by=operator)
    waiting.reopen(by=operator)
    assert after(clock, hours=3) == 1
    assert after(clock, hours=1) == 2


def test_what_is_decided_is_never_stale(waiting, clock, operator):
    waiting.reject(by=operator)
    assert after(clock, days=2) == 0


def test_after_an_outage_each_is_told_once(waiting, clock, page, author):
    make.draft(page, author, text="Another.")
    assert after(clock, hours=30) == 2
    assert after(clock, minutes=5) == 2


def test_two_workers_tell_it_once(waiting, clock):
    clock.tick(timedelta(hours=4))
    first, second = Draft.objects.get(), Draft.objects.get()
    first.remind(timezone.now())
    second.remind(timezone.now())
    assert len(told()) == 1


def test_a_draft_that_was_decided_in_between_is_not_told(waiting, clock, operator):
    clock.tick(timedelta(hours=4))
    loaded = Draft.objects.get()
    waiting.skip(by=operator)
    loaded.remind(timezone.now())
    assert not told()


def test_one_value_means_one_reminder(waiting, clock, settings):
    settings.SOPHIA_STALE_AFTER = [timedelta(hours=2)]
    assert after(clock, hours=2) == 1
    assert after(clock, days=3) == 1


def test_nothing_is_read_of_those_that_were_told(waiting, clock, django_assert_num_queries):
    after(clock, hours=24)
    with django_assert_num_queries(2):
        remind_of_reviews()
