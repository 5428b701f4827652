from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Publication, Recovery
from publishing.platforms import base, memory
from publishing.platforms.base import Kind, PlatformError, Quota
from publishing.tasks import sweep
from sophia.notifications.models import Notice
from tests import make
from tests.draining import carry_out, drain

pytestmark = pytest.mark.django_db
MINUTES = timedelta(minutes=1)
BUSY = PlatformError(Kind.WAIT, "Facebook says that it is too much.", wait=20 * MINUTES, throttles=True, code=32)
LOST = PlatformError(Kind.UNKNOWN, "The line went dead.")


def pass_time(clock, **time):
    clock.tick(timedelta(**time))
    sweep()
    drain()


def throttle(account, minutes=20):
    account.throttle(timezone.now() + minutes * MINUTES, "Facebook says that it is too much.")
    account.calls.all().delete()


def notices(kind):
    return Notice.objects.filter(kind=kind).count()


def test_a_refusal_about_the_account_throttles_it(publication, page, clock):
    memory.fail_next("prepare", BUSY)
    publication.publish()
    page.refresh_from_db()
    assert page.throttled_until == timezone.now() + 20 * MINUTES
    assert page.throttled_because == str(BUSY)


def test_a_refusal_about_one_post_throttles_nothing(publication, page):
    memory.fail_next("commit", PlatformError(Kind.WAIT, "It is still processing.", wait=MINUTES))
    publication.publish()
    page.refresh_from_db()
    assert page.throttled_until is None


def test_a_refusal_that_was_swallowed_throttles_too(page, clock):
    with page.reaching() as platform:
        throttled = base.Throttle(5 * MINUTES, "Facebook says that the calls are used up.")
        platform.calls.append(base.Call(timezone.now(), "read", "GET", "1", 0, 200, throttles=(throttled,)))
    page.refresh_from_db()
    assert page.throttled_until == timezone.now() + 5 * MINUTES


def test_a_throttled_account_is_not_called_at_all(page, clock):
    throttle(page)
    with pytest.raises(PlatformError) as refused, page.reaching():
        pytest.fail("It was reached.")
    assert (refused.value.kind, refused.value.wait, refused.value.throttles) == (Kind.WAIT, 20 * MINUTES, True)
    assert f"{page.local(page.throttled_until):%H:%M} Europe/Lisbon" in str(refused.value)
    assert not page.calls.exists()


def test_it_is_called_again_at_that_time(page, clock):
    throttle(page)
    clock.tick(20 * MINUTES)
    with page.reaching() as platform:
        assert platform.check()


def test_what_another_worker_was_told_counts(page, clock):
    stale = type(page).objects.get(pk=page.pk)
    throttle(page)
    with pytest.raises(PlatformError):
        stale.reach()


def test_a_throttle_only_lengthens_and_is_told_once(page, clock):
    throttle(page, minutes=20)
    page.throttle(timezone.now() + 10 * MINUTES, "Shorter.")
    assert page.throttled_until == timezone.now() + 20 * MINUTES
    page.throttle(timezone.now() + 30 * MINUTES, "Longer.")
    page.refresh_from_db()
    assert (page.throttled_until, page.throttled_because) == (timezone.now() + 30 * MINUTES, "Longer.")
    assert notices("account.throttled") == 1
    assert Notice.objects.get(kind="account.throttled").link == f"/queue/?client={page.client_id}"
    clock.tick(31 * MINUTES)
    page.throttle(timezone.now() + MINUTES, "Again.")
    assert (page.throttled_because, notices("account.throttled")) == ("Again.", 2)


def test_its_publications_wait_and_then_go_out(publication, page, operator, clock, outbox):
    others = [make.approved(make.draft(page, operator, text=f"Post {n}."), operator) for n in range(3)]
    memory.fail_next("prepare", BUSY)
    drain()
    assert not outbox
    assert {row.state for row in [publication, *others]} == {Publication.State.QUEUED}
    assert (page.calls.filter(verb="prepare").count(), notices("account.throttled")) == (1, 1)
    pass_time(clock, minutes=20)
    assert len(outbox) == 4
    assert publication.attempts.filter(outcome="wait").count() <= 1


def test_a_doubt_is_not_looked_at_while_throttled_and_no_look_is_used_up(publication, page, clock, outbox):
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    throttle(page)
    pass_time(clock, minutes=15)
    publication.refresh_from_db()
    assert (publication.state, publication.looks) == (Publication.State.UNCONFIRMED, 0)
    assert publication.reconcile_at == page.throttled_until
    assert not page.calls.exists()
    pass_time(clock, minutes=5)
    publication.refresh_from_db()
    assert publication.is_live
    assert len(outbox) == 1


def test_a_throttle_in_the_middle_of_a_look_moves_it(publication, page, clock):
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    memory.fail_next("find", BUSY)
    pass_time(clock, seconds=31)
    publication.refresh_from_db()
    page.refresh_from_db()
    assert (publication.looks, publication.reconcile_at) == (0, page.throttled_until)
    pass_time(clock, minutes=20)
    publication.refresh_from_db()
    assert publication.is_live


def test_a_recovery_does_not_wait_for_it(draft, page, operator, clock, outbox):
    live = make.published(draft, operator)
    throttle(page)
    recovery = live.recover(by=operator, reason="Wrong price")
    pass_time(clock, minutes=1)
    assert not outbox[0].live
    carry_out(recovery)
    assert recovery.state == Recovery.State.COMPLETED
    assert notices("recovery.waiting") == 0


def test_a_throttle_in_the_middle_of_a_recovery_makes_it_wait(draft, operator, clock, outbox):
    live = make.published(draft, operator)
    memory.fail_next("remove", BUSY)
    recovery = live.recover(by=operator, reason="Wrong price")
    recovery.execute()
    recovery.refresh_from_db()
    assert (recovery.is_started, recovery.evidence[0]["verb"]) == (True, "remove")
    pass_time(clock, minutes=20)
    assert not outbox[0].live


def test_steps_by_hand_are_told_while_throttled(page, clock):
    throttle(page)
    assert "https://f/1" in page.removal_steps("https://f/1")[0]


def test_connecting_asks_also_while_throttled_and_the_throttle_stays(page, clock):
    throttle(page)
    [said] = page.connect(token="new")
    page.refresh_from_db()
    assert page.throttled_until == timezone.now() + 20 * MINUTES
    assert "may not be called before" in said


def test_connecting_ends_the_throttle_where_the_platform_shows_room(page, clock):
    throttle(page)
    memory.shown["usage"] = 40
    page.connect(token="new")
    page.refresh_from_db()
    assert (page.throttled_until, page.throttled_because) == (None, "")


@pytest.mark.parametrize("code", [368, 9])
def test_a_block_is_not_ended_by_a_usage_figure(page, clock, code):
    throttle(page)
    page.calls.record(page, None, [base.Call(timezone.now(), "publish", "POST", "1", 1, 400, code)])
    memory.shown["usage"] = 40
    page.connect(token="new")
    page.refresh_from_db()
    assert page.throttled_until


def test_nor_by_one_while_the_posts_are_used_up(instagram, clock):
    throttle(instagram)
    memory.shown.update(usage=40, quota=Quota(25, 25))
    instagram.connect(token="new")
    instagram.refresh_from_db()
    assert instagram.throttled_until


def test_connecting_does_not_write_over_what_a_worker_was_told(page, clock):
    stale = type(page).objects.select_related("client").get(pk=page.pk)
    throttle(page)
    stale.connect(token="new")
    page.refresh_from_db()
    assert page.throttled_until


def test_the_quota_of_the_platform_is_remembered(instagram):
    memory.shown["quota"] = Quota(50, 3)
    instagram.examine()
    instagram.refresh_from_db()
    assert instagram.quota_total == 50
    memory.shown["quota"] = Quota(30, 3)
    instagram.connect()
    instagram.refresh_from_db()
    assert instagram.quota_total == 30
