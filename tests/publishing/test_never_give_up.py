"""A take-down goes on until the post is gone, or a person ends it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from publishing.invariants import against_will
from publishing.models import Emergency, Publication, Recovery, SocialAccount
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from publishing.tasks import sweep
from sophia.notifications.models import Notice
from tests import make
from tests.draining import carry_out, drain

State = Recovery.State
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DOWN = PlatformError(Kind.RETRY, "Facebook does not answer.")
REVOKED = PlatformError(Kind.AUTH, "The token has expired.")
BLOCKED = PlatformError(Kind.WAIT, "Facebook blocked the account.", code=368, wait=DAY, throttles=True)


@pytest.fixture
def live(draft, operator, clock):
    return make.published(draft, operator)


@pytest.fixture
def recovery(live, operator):
    return live.recover(by=operator, reason="Wrong price")


@pytest.fixture
def later(clock, recovery):
    def go(**time):
        clock.tick(timedelta(**time))
        sweep()
        drain()
        recovery.refresh_from_db()
        return recovery

    return go


def urgent(kind):
    return list(Notice.objects.filter(kind=kind, urgent=True).order_by("pk").values_list("sentence", flat=True))


def test_it_goes_on_more_and_more_slowly_for_ever(recovery, later, clock):
    memory.outages["remove"] = DOWN
    gaps = [later().next_at - timezone.now()]
    for _ in range(9):
        gaps.append(later(seconds=(recovery.next_at - timezone.now()).total_seconds()).next_at - timezone.now())
    seconds = [gap.total_seconds() for gap in gaps]
    assert seconds == [5, 30, 120, 600, 900, 1800, 3600, 3600, 3600, 3600]
    memory.outages.clear()
    later(hours=1)
    carry_out(recovery)
    assert recovery.is_proved


def fail_quickly(later):
    for seconds in (0, 5, 30, 120, 600):
        later(seconds=seconds)


def test_after_the_quick_tries_a_person_is_told_urgently_with_the_link_and_reminded(recovery, live, later):
    memory.outages["remove"] = DOWN
    fail_quickly(later)
    [said] = urgent("recovery.failed")
    assert live.permalink in said
    assert Recovery.objects.needing_a_person().get() == recovery
    reminded = [hour for hour in range(1, 30) if later(hours=1).reminded_at == timezone.now()]
    assert reminded == [1, 4, 28]
    assert all(live.permalink in said for said in urgent("recovery.failed"))


@pytest.mark.parametrize("lie", ["says that it is deleted", "fails"])
def test_a_delete_that_has_no_effect_is_repeated_until_it_has(recovery, live, later, lie):
    memory.undeleted.add(live.post_id)
    if lie == "fails":
        memory.outages["remove"] = DOWN
    for _ in range(40):
        later(minutes=20)
    assert recovery.is_open
    assert recovery.needs_a_person or recovery.is_executing
    memory.undeleted.clear()
    memory.outages.clear()
    for _ in range(12):
        later(hours=1)
    assert recovery.is_proved


def test_an_account_that_must_be_reconnected_is_told_reminded_and_still_tried(recovery, live, later, outbox):
    memory.outages["remove"] = REVOKED
    later()
    assert (recovery.state, recovery.next_at) == (State.FAILED, timezone.now() + 15 * MINUTE)
    [said] = urgent("recovery.failed")
    assert "Connect its account again" in said
    assert later(hours=1).reminders == 1
    memory.outages.clear()
    later(hours=1)
    assert not outbox[0].live


def test_a_person_who_ends_it_ends_it(recovery, later, operator):
    memory.outages["remove"] = DOWN
    fail_quickly(later)
    recovery.dismiss(by=operator, note="It may stay.")
    later(days=2)
    assert (recovery.state, recovery.next_at, recovery.reminders) == (State.DISMISSED, None, 0)


def test_a_throttle_on_publishing_does_not_hold_a_removal(recovery, live, later, outbox):
    live.account.throttle(timezone.now() + DAY, "Facebook blocked the account.")
    later()
    assert not outbox[0].live
    carry_out(recovery)
    assert recovery.is_proved


def test_a_removal_that_is_told_to_wait_waits_an_hour_at_most(recovery, live, later, outbox):
    memory.fail_next("remove", BLOCKED)
    later()
    assert (recovery.state, recovery.next_at) == (State.PENDING, timezone.now() + HOUR)
    assert live.permalink in urgent("recovery.waiting")[0]
    later(hours=1)
    assert not outbox[0].live


def test_whoever_asks_again_while_it_waits_has_it_tried_at_once(recovery, live, later, operator, outbox):
    memory.fail_next("remove", BLOCKED)
    later()
    live.recover(by=operator, reason="Wrong price")
    later()
    assert not outbox[0].live


@pytest.mark.parametrize(("error", "says"), [(BLOCKED, "Try now"), (DOWN, "Try now"), (REVOKED, "is connected again")])
def test_the_page_shows_the_steps_by_hand_whatever_it_waits_for(desk, recovery, live, later, error, says):
    memory.outages["remove"] = error
    later()
    page = desk.get(live.get_absolute_url()).content.decode()
    assert "To remove it by hand meanwhile" in page
    assert page.count(live.permalink) > 1
    assert says in page


def test_connecting_an_account_starts_nothing_that_nobody_has_decided(live, operator, outbox):
    filed = live.recover(by=operator, reason="Wrong price", urgency="review")
    SocialAccount.objects.get(pk=live.account_id).connect(token="new")
    drain()
    filed.refresh_from_db()
    assert (filed.state, filed.next_at, outbox[0].live) == (State.PENDING, None, True)


def test_a_worker_that_comes_back_after_its_lease_writes_nothing(recovery, live, clock, outbox):
    recovery.execute()
    clock.tick(2 * timedelta(seconds=1))
    slow = Recovery.objects.get(pk=recovery.pk)
    assert slow.claim()
    clock.tick(timedelta(seconds=91))
    with slow.publication.account.reaching() as platform:
        seen = platform.prove_gone(live.post_id)
    slow.finish(platform, slow.take_look, seen)
    recovery.refresh_from_db()
    assert (recovery.looks, recovery.gone_looks) == (1, 1)


def test_a_worker_whose_step_another_has_taken_over_writes_nothing(recovery, live, clock):
    slow = Recovery.objects.get(pk=recovery.pk)
    assert slow.claim()
    clock.tick(timedelta(seconds=91))
    assert Recovery.objects.get(pk=recovery.pk).claim()
    with slow.publication.account.reaching() as platform:
        sight = platform.prove_gone(live.post_id)
    slow.finish(platform, slow.take_look, sight)
    recovery.refresh_from_db()
    assert (recovery.looks, recovery.is_executing) == (0, True)


def test_doctor_says_how_many_are_live_against_a_persons_will(recovery, live, later):
    memory.outages["remove"] = DOWN
    assert list(against_will(timezone.now())) == []
    began = live.account.clock(timezone.now())
    later(minutes=10)
    [finding] = against_will(timezone.now())
    assert f"Live against a person's will: 1, the longest since {began}." in finding.sentence
    recovery.dismiss(by=recovery.requested_by, note="It may stay.")
    assert list(against_will(timezone.now())) == []


def test_it_is_counted_from_when_somebody_decided(live, operator, second_operator, clock):
    live.recover(by=operator, reason="Wrong price", urgency="review")
    clock.tick(3 * DAY)
    live.recover(by=second_operator, reason="Wrong price")
    assert list(against_will(timezone.now())) == []
    decided = live.account.clock(timezone.now())
    clock.tick(10 * MINUTE)
    [finding] = against_will(timezone.now())
    assert (decided in finding.sentence, finding.link) == (True, "/queue/?needs=recovery")


def test_an_emergency_of_many_posts_outlasts_a_platform_that_is_down_for_hours(live, author, operator, clock, settings):
    settings.SOPHIA_REMOVE_AGAIN = []
    copies(live, 99)
    emergency = Emergency.objects.start(
        by=operator, client=live.account.client, since=timezone.now() - DAY, reason="Recalled"
    )
    memory.outages["remove"] = DOWN
    pass_by(clock, 0, 3 * 3600)
    assert len(emergency.tally().failed) == 100
    assert not Notice.objects.filter(kind="emergency.finished").exists()
    memory.outages.clear()
    pass_by(clock, 3600, 2, 5)
    emergency.refresh_from_db()
    assert (len(emergency.tally().gone), any(posted.live for posted in memory.outbox)) == (100, False)
    assert "100 of 100 are proved gone." in Notice.objects.get(kind="emergency.finished").sentence


def pass_by(clock, *seconds):
    for each in seconds:
        clock.tick(timedelta(seconds=each))
        sweep()
        drain()
    sweep()


def copies(live, count):
    """Other posts, as if each had gone out like this one."""
    posted = memory.outbox[0]
    for number in range(count):
        post_id = f"1001_copy{number}"
        memory.outbox.append(memory.Posted(post_id, "1001", posted.content, {"key": post_id}, posted.at))
        row = Publication.objects.get(pk=live.pk)
        row.pk, row.approval_id, row.post_id = None, uuid4(), post_id
        row._state.adding = True
        row.save()
