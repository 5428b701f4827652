from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from publishing.models import Publication
from publishing.platforms import memory
from publishing.platforms.base import Fate, Finding, Kind, PlatformError
from publishing.tasks import sweep
from sophia.notifications.models import Notice
from sophia.refusals import WrongState
from tests import make
from tests.draining import drain

LOST = PlatformError(Kind.UNKNOWN, "The line went dead.")
DOWN = PlatformError(Kind.RETRY, "Facebook does not answer.")


@pytest.fixture
def doubtful(publication, clock):
    """Live, but the answer was lost."""
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    publication.refresh_from_db()
    return publication


@pytest.fixture
def direct(page):
    page.use_direct_way()


def pass_time(clock, **time):
    clock.tick(timedelta(**time))
    sweep()
    drain()


def test_a_lost_answer_is_never_sent_again_blindly(doubtful, outbox):
    assert doubtful.state == Publication.State.UNCONFIRMED
    doubtful.publish()
    assert len(outbox) == 1


def test_a_post_that_is_live_is_found_after_30_seconds(doubtful, outbox, clock):
    pass_time(clock, seconds=29)
    doubtful.refresh_from_db()
    assert not doubtful.is_live
    pass_time(clock, seconds=1)
    doubtful.refresh_from_db()
    assert doubtful.is_live
    assert doubtful.post_id == outbox[0].post_id


def test_what_is_proved_not_to_be_live_goes_out_again(publication, outbox, clock):
    memory.fail_next("commit", LOST)
    publication.publish()
    pass_time(clock, seconds=31)
    publication.refresh_from_db()
    assert publication.is_live
    assert len(outbox) == 1


def test_a_platform_that_is_down_is_asked_again_until_it_answers(doubtful, clock):
    for _ in range(3):
        memory.fail_next("find", DOWN)
    for seconds in (30, 90, 180):
        pass_time(clock, seconds=seconds)
    doubtful.refresh_from_db()
    assert not doubtful.is_live
    pass_time(clock, minutes=10)
    doubtful.refresh_from_db()
    assert doubtful.is_live


def test_after_the_last_look_a_person_is_asked(doubtful, clock, operator):
    for _ in range(4):
        memory.fail_next("find", DOWN)
        pass_time(clock, minutes=15)
    doubtful.refresh_from_db()
    assert doubtful.needs_a_person
    doubtful.confirm_by_hand(by=operator, link="https://facebook.example/1")
    assert doubtful.is_live


def test_a_person_says_it_is_not_live(direct, publication, clock, operator, outbox):
    memory.fail_next("commit", LOST)
    publication.publish()
    for _ in range(5):
        pass_time(clock, minutes=5)
    publication.refresh_from_db()
    assert publication.needs_a_person
    publication.deny_by_hand(by=operator)
    drain()
    assert len(outbox) == 1


def test_what_went_out_directly_is_offered_to_a_person_and_never_taken_by_its_words(
    direct, publication, clock, outbox, operator
):
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    for _ in range(5):
        pass_time(clock, minutes=5)
    publication.refresh_from_db()
    assert (publication.needs_a_person, publication.post_id) == (True, "")
    [candidate] = publication.offered()
    publication.identify(candidate, by=operator)
    assert (publication.is_live, publication.post_id) == (True, outbox[0].post_id)
    assert publication.known_how == "named by olga, who saw it"
    assert len(outbox) == 1


def test_a_look_that_outlived_its_lease_does_not_count(doubtful, clock):
    clock.tick(timedelta(seconds=31))
    slow = Publication.objects.get(pk=doubtful.pk)
    token, turn = slow.take_turn(), slow.reconcile_at
    clock.tick(timedelta(seconds=91))
    assert Publication.objects.get(pk=doubtful.pk).take_turn()
    with transaction.atomic():
        slow.settle(Finding(Fate.NOT_LIVE), token, turn)
    doubtful.refresh_from_db()
    assert doubtful.state == Publication.State.UNCONFIRMED


def test_a_changed_row_settles_no_doubtful_post(doubtful, clock):
    make.behind_the_back(doubtful, text="Stale bread at eight.")
    pass_time(clock, seconds=31)
    doubtful.refresh_from_db()
    assert (doubtful.state, doubtful.post_id) == (Publication.State.UNCONFIRMED, "")


def test_another_posts_id_is_not_taken_for_ones_own(direct, page, operator, clock, outbox):
    first = make.published(make.draft(page, operator), operator)
    second = make.approved(make.draft(page, operator), operator)
    memory.fail_next("commit", LOST)
    second.publish()
    pass_time(clock, seconds=31)
    second.refresh_from_db()
    assert not second.is_live
    assert second.post_id != first.post_id


def test_a_worker_that_died_before_anything_was_public_costs_nothing(publication, outbox, clock):
    publication.claim()
    pass_time(clock, seconds=91)
    publication.refresh_from_db()
    assert publication.is_live
    assert [attempt.outcome for attempt in publication.attempts.all()] == ["lost", "published"]


def test_a_lease_that_still_runs_is_left_alone(publication, clock):
    publication.claim()
    pass_time(clock, seconds=89)
    publication.refresh_from_db()
    assert publication.state == Publication.State.PUBLISHING


def test_a_worker_that_comes_back_after_its_lease_does_not_publish(publication, outbox, clock):
    attempt = publication.claim()
    clock.tick(timedelta(seconds=91))
    attempt.run()
    assert not outbox


def test_a_worker_that_lost_its_claim_cannot_write_over_the_new_one(publication, clock):
    slow = publication.claim()
    clock.tick(timedelta(seconds=91))
    sweep()
    publication.refresh_from_db()
    publication.reconcile()
    publication.claim()
    with pytest.raises(WrongState, match="claimed by another worker"):
        publication.fail(slow.token, "I was slow.")


def test_workers_that_keep_dying_do_not_try_for_ever(publication, clock, outbox):
    for _ in range(8):
        Publication.objects.get(pk=publication.pk).claim()
        clock.tick(timedelta(seconds=91))
        sweep()
        Publication.objects.get(pk=publication.pk).reconcile()
    publication.refresh_from_db()
    assert publication.state == Publication.State.FAILED
    assert publication.attempts.count() == 4


def test_a_worker_that_dies_in_its_last_look_is_followed_by_another(doubtful, clock):
    for _ in range(3):
        memory.fail_next("find", DOWN)
        pass_time(clock, minutes=15)
    clock.tick(timedelta(minutes=15))
    assert Publication.objects.get(pk=doubtful.pk).take_turn()
    pass_time(clock, minutes=2)
    doubtful.refresh_from_db()
    assert doubtful.is_live


def test_looks_that_always_end_in_the_middle_end_with_a_person(doubtful, clock):
    for _ in range(7):
        clock.tick(timedelta(minutes=15))
        Publication.objects.get(pk=doubtful.pk).take_turn()
    doubtful.refresh_from_db()
    assert doubtful.needs_a_person
    assert Notice.objects.filter(kind="publication.unconfirmed", urgent=True).exists()


def test_a_reconnected_account_is_asked_again(doubtful, clock):
    for _ in range(4):
        memory.fail_next("find", PlatformError(Kind.AUTH, "The token has expired."))
        pass_time(clock, minutes=15)
    doubtful.refresh_from_db()
    assert doubtful.needs_a_person
    doubtful.account.connect(token="new")
    pass_time(clock, seconds=1)
    doubtful.refresh_from_db()
    assert doubtful.is_live


def test_two_workers_do_not_look_at_the_same_moment(doubtful, clock):
    clock.tick(timedelta(seconds=31))
    other = Publication.objects.get(pk=doubtful.pk)
    assert doubtful.take_turn()
    assert not other.take_turn()
    assert other.reconcile_at > timezone.now()


def test_what_a_slow_look_found_says_nothing_about_a_later_try(doubtful, clock, operator, outbox):
    clock.tick(timedelta(seconds=31))
    slow = Publication.objects.get(pk=doubtful.pk)
    token, turn = slow.take_turn(), slow.reconcile_at
    Publication.objects.get(pk=doubtful.pk).deny_by_hand(by=operator)
    memory.fail_next("commit", LOST, after=True)
    Publication.objects.get(pk=doubtful.pk).publish()
    with transaction.atomic():
        slow.settle(Finding(Fate.ABSENT), token, turn)
    drain()
    assert slow.state == Publication.State.UNCONFIRMED
    assert len(outbox) == 1
