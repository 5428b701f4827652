from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from publishing.models import Sighting
from publishing.platforms import base, memory
from publishing.platforms.base import Kind, PlatformError
from publishing.tasks import look_around
from sophia.notifications.models import Notice
from tests import make
from tests.draining import drain

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def live(draft, operator):
    return make.published(draft, operator)


@pytest.fixture
def after(clock, live):
    """So long later: the rhythm has come by, and the workers have looked."""

    def go(later):
        clock.tick(later)
        look_around()
        drain()
        live.refresh_from_db()
        return list(live.sightings.values_list("verdict", flat=True))

    return go


def told(kind):
    return Notice.objects.filter(kind=kind).count()


def looks():
    return Sighting.objects.count()


def test_a_post_is_looked_at_after_minutes_an_hour_a_day_and_a_week(live, after):
    assert live.watch_at == live.published_at + 5 * MINUTE
    assert after(4 * MINUTE) == []
    for step in (MINUTE, 55 * MINUTE, 23 * HOUR, 6 * DAY):
        after(step)
    assert after(30 * DAY) == ["live"] * 4
    assert live.watch_at is None


def test_each_look_keeps_the_calls_that_it_made(live, after):
    after(5 * MINUTE)
    sighting = live.sightings.get()
    assert [call["verb"] for call in sighting.calls] == ["show"]
    assert sighting.at == timezone.now()
    assert live.calls.filter(verb="show").count() == 1


def test_what_is_gone_is_looked_at_twice_and_told_once(live, after, outbox):
    outbox[0].live = False
    assert after(5 * MINUTE) == ["gone"]
    assert told("post.vanished") == 0
    assert after(MINUTE) == ["gone", "gone"]
    assert Notice.objects.get(kind="post.vanished").urgent
    assert after(HOUR) == ["gone"] * 3
    assert (told("post.vanished"), live.is_live) == (1, True)


def test_one_odd_answer_alarms_nobody(live, after, outbox):
    outbox[0].live = False
    after(5 * MINUTE)
    outbox[0].live = True
    assert after(MINUTE) == ["gone", "live"]
    assert told("post.vanished") == 0


def test_what_vanishes_again_is_told_again(live, after, outbox):
    for there, step in ((False, 5), (False, 1), (True, 60), (False, 23 * 60), (False, 1)):
        outbox[0].live = there
        after(step * MINUTE)
    assert told("post.vanished") == 2


def test_another_text_is_told_once_and_again_when_it_changes_again(live, after, outbox):
    outbox[0].edited = "Fresh bread at eight."
    assert after(5 * MINUTE) == ["differs"]
    assert live.sightings.get().message == "Fresh bread at eight."
    after(HOUR)
    assert told("post.differs") == 1
    outbox[0].edited = "No bread today."
    after(DAY)
    assert told("post.differs") == 2


def test_other_spaces_are_the_same_text(live, after, outbox):
    outbox[0].edited = " Fresh  bread\r\nat seven.\n"
    assert after(5 * MINUTE) == ["live"]


def test_a_step_whose_time_the_next_one_has_overtaken_is_skipped(live, after):
    assert after(2 * HOUR) == ["live"]
    assert live.watch_at == live.published_at + DAY


def test_a_link_that_was_not_known_is_kept(live, after):
    make.behind_the_back(live, permalink="")
    after(5 * MINUTE)
    assert live.permalink == memory.outbox[0].receipt.permalink


def test_a_doubled_job_looks_once(live, after, clock):
    clock.tick(5 * MINUTE)
    look_around()
    look_around()
    drain()
    live.watch()
    assert looks() == 1


def test_a_worker_that_dies_in_the_middle_is_followed_by_another(live, after, clock):
    clock.tick(5 * MINUTE)
    assert live.take_look()
    assert after(MINUTE) == []
    assert after(MINUTE) == ["live"]


def test_a_worker_that_comes_back_too_late_writes_nothing(live, after, clock):
    clock.tick(5 * MINUTE)
    slow = live.take_look()
    after(2 * MINUTE)
    live.keep_look(slow, None, [])
    live.look_later(slow, PlatformError(Kind.RETRY, "Facebook does not answer."))
    assert looks() == 1
    live.refresh_from_db()
    assert live.watch_at == live.published_at + HOUR


def test_a_look_that_fails_is_tried_again_ten_minutes_later(live, after):
    memory.fail_next("show", PlatformError(Kind.RETRY, "Facebook does not answer."))
    assert after(5 * MINUTE) == []
    assert live.watch_at == timezone.now() + 10 * MINUTE
    assert after(10 * MINUTE) == ["live"]


def test_an_old_post_that_cannot_be_read_is_asked_for_ever_less(live, after):
    after(8 * DAY - HOUR)
    make.behind_the_back(live, watch_at=timezone.now())
    memory.fail_next("show", PlatformError(Kind.REJECTED, "No."))
    after(HOUR)
    assert live.watch_at == timezone.now() + 8 * DAY / 10


def test_a_throttled_account_is_not_asked(live, after, page):
    page.throttle(timezone.now() + 30 * MINUTE, "Facebook asks for quiet.")
    assert after(5 * MINUTE) == []
    live.watch()
    assert live.watch_at == live.published_at + 30 * MINUTE
    assert after(26 * MINUTE) == ["live"]


def test_a_throttle_that_the_look_meets_is_waited_for(live, after):
    busy = PlatformError(Kind.WAIT, "Too many calls.", code=4, wait=HOUR, throttles=True)
    memory.fail_next("show", busy)
    assert after(5 * MINUTE) == []
    live.account.refresh_from_db()
    assert live.watch_at == live.account.throttled_until


def test_an_account_to_reconnect_is_held_and_its_posts_wait(live, after, page):
    memory.fail_next("show", PlatformError(Kind.AUTH, "The token is revoked."))
    after(5 * MINUTE)
    assert told("account.needs_reconnect") == 1
    assert after(3 * DAY) == []
    page.connect(token="another-token")
    assert after(MINUTE) == ["live"]


def test_the_last_fifth_of_the_calls_of_an_hour_is_not_for_looking(live, after, page):
    make.behind_the_back(page, calls_per_hour=10)
    made = [base.Call(timezone.now(), "read", "GET", "1001", 5, 200)] * 9
    page.calls.all().delete()
    page.calls.record(page, None, made)
    assert after(5 * MINUTE) == []
    assert live.watch_at == timezone.now() + 10 * MINUTE
    assert after(HOUR) == ["live"]


def test_nobody_looks_while_it_is_taken_down_or_after(live, after, operator, outbox):
    recovery = live.recover(by=operator, reason="Wrong price", urgency="review")
    assert after(5 * MINUTE) == []
    recovery.dismiss(by=operator, note="The price is right.")
    assert after(MINUTE) == ["live"]
    live.recover(by=operator, reason="Wrong price").execute()
    assert after(DAY) == ["live"]
    assert (told("post.vanished"), outbox[0].live) == (0, False)


def test_a_take_down_that_begins_during_the_look_is_no_vanishing(live, operator, clock):
    clock.tick(5 * MINUTE)
    turn = live.take_look()
    live.recover(by=operator, reason="Wrong price")
    live.keep_look(turn, None, [])
    assert looks() == 0


def test_of_all_that_is_due_one_job_looks_at_a_time_the_longest_due_first(live, clock, author, operator, page):
    clock.tick(MINUTE)
    second = make.published(make.draft(page, author, text="Second."), operator)
    OrmQ.objects.all().delete()
    clock.tick(5 * MINUTE)
    look_around()
    assert (live.sightings.count(), second.sightings.count(), OrmQ.objects.count()) == (1, 0, 1)
    drain()
    assert (second.sightings.count(), OrmQ.objects.count()) == (1, 0)


def test_a_look_that_took_its_minute_wakes_no_other(live, clock):
    OrmQ.objects.all().delete()
    clock.tick(5 * MINUTE)
    look_around((timezone.now() - MINUTE).isoformat())
    assert (looks(), OrmQ.objects.count()) == (1, 0)


def test_a_post_by_hand_is_watched_where_its_id_is_known(draft, operator, clock):
    by_hand = make.approved(draft, operator, mode="manual")
    by_hand.publish()
    by_hand.confirm_by_hand(by=operator, receipt=base.Receipt("1001_77", "https://facebook.com/77"))
    assert by_hand.watch_at == by_hand.published_at + 5 * MINUTE


def test_a_post_by_hand_without_an_id_is_not_watched(draft, operator, clock):
    by_hand = make.approved(draft, operator, mode="manual")
    by_hand.publish()
    by_hand.confirm_by_hand(by=operator, link="https://facebook.com/77")
    assert by_hand.watch_at is None
