import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from publishing import budget
from publishing.models import Publication, SocialAccount
from publishing.platforms import base, memory
from publishing.platforms.base import Kind, PlatformError
from sophia.retention import prune
from tests import make
from tests.draining import drain

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
pytestmark = pytest.mark.django_db


def wrote(account, *ago, verb="read", publication=None, code=None):
    """Calls in the ledger, so long ago. All before now, as `clock` has it."""
    made = [base.Call(timezone.now() - age, verb, "GET", "1001", 5, 200, code) for age in ago]
    account.calls.record(account, publication, made)


def approved(account, by, text="Fresh bread.", images=0) -> Publication:
    colours = ("teal", "navy", "olive")[:images]
    pictures = [(make.image(colour), "") for colour in colours]
    return make.approved(make.draft(account, by, text=text, pictures=pictures), by)


def limit(account, **limits):
    make.behind_the_back(account, **limits)
    account.refresh_from_db()


def room(publication):
    publication.refresh_from_db()
    account = SocialAccount.objects.select_related("client").get(pk=publication.account_id)
    return budget.room(account, timezone.now(), publication)


@pytest.fixture
def page(page):
    """Connecting it made a call."""
    page.calls.all().delete()
    return page


@pytest.fixture
def instagram(instagram):
    instagram.calls.all().delete()
    return instagram


@pytest.fixture
def photo(instagram, author, operator, clock):
    """Approved for Instagram, and due now."""
    return approved(instagram, operator, images=1)


def test_an_account_that_made_no_calls_is_free(publication):
    assert room(publication) == budget.Room(True)


def test_the_last_two_calls_are_enough_for_a_post_of_two_calls(publication, page, clock):
    limit(page, calls_per_hour=10)
    wrote(page, *[10 * MINUTE] * 8)
    assert room(publication).free


def test_there_is_room_again_when_enough_calls_have_left_the_hour(publication, page, clock):
    limit(page, calls_per_hour=10)
    wrote(page, 59 * MINUTE, 50 * MINUTE, *[10 * MINUTE] * 8)
    held = room(publication)
    assert (held.free, held.until) == (False, timezone.now() + 10 * MINUTE)
    assert "10 calls in an hour" in held.because
    clock.move_to(held.until - timedelta(seconds=1))
    assert not room(publication).free
    clock.move_to(held.until)
    assert room(publication).free


def test_the_limit_for_all_applies_where_the_account_has_none(publication, page, clock, settings):
    settings.SOPHIA_FACEBOOK_CALLS_PER_HOUR = 3
    wrote(page, MINUTE, MINUTE)
    assert not room(publication).free
    limit(page, calls_per_hour=4)
    assert room(publication).free


def test_calls_of_another_account_do_not_count(publication, instagram, page, clock):
    limit(page, calls_per_hour=2)
    wrote(instagram, *[MINUTE] * 5)
    assert room(publication).free


def test_a_post_that_needs_more_than_the_limit_goes_when_nothing_else_does(publication, page, clock):
    limit(page, calls_per_hour=1)
    assert room(publication).free
    wrote(page, 20 * MINUTE)
    assert room(publication).until == timezone.now() + 40 * MINUTE


def test_a_worker_at_it_has_taken_its_calls_already(publication, page, author, operator, clock):
    limit(page, calls_per_hour=3)
    other = approved(page, operator, "Rolls.")
    assert room(other).free
    publication.claim()
    assert not room(other).free


def test_what_a_worker_with_its_lease_run_out_had_taken_is_free_again(publication, page, operator, clock, settings):
    limit(page, calls_per_hour=3)
    other = approved(page, operator, "Rolls.")
    publication.claim()
    clock.tick(settings.SOPHIA_LEASE)
    assert room(other).free


def test_one_who_prepares_ahead_takes_what_preparing_needs(page, operator, clock):
    limit(page, calls_per_hour=2)
    soon = make.approved(make.draft(page, operator, text="Soon."), operator, at=timezone.now() + MINUTE)
    due = approved(page, operator, "Now.")
    assert soon.claim_ahead()
    assert not room(due).free


def test_what_is_prepared_needs_only_its_commit(page, operator, clock):
    limit(page, calls_per_hour=2)
    soon = make.approved(make.draft(page, operator, text="Soon."), operator, at=timezone.now() + MINUTE)
    soon.prepare()
    assert page.calls.count() == 1
    assert room(soon).free


def test_images_and_the_way_make_the_cost(page, operator, settings):
    settings.SOPHIA_PLATFORMS = {"facebook": "publishing.platforms.facebook.Facebook"}
    work = budget.Work(1, ahead=False, prepared=False, images=3)
    assert budget.cost(page, work) == 3 + 1 + 3
    page.direct_since = timezone.now()
    assert budget.cost(page, work) == 3 + 1


def test_connecting_is_in_the_ledger_too(db):
    assert make.account().calls.get().verb == "check"


def test_every_call_of_a_post_is_in_the_ledger(publication, page, clock):
    publication.publish()
    assert [(call.verb, call.publication_id) for call in page.calls.order_by("pk")] == [
        ("prepare", publication.pk),
        ("commit", publication.pk),
    ]


def test_a_call_is_in_the_ledger_whatever_came_of_it(publication, page):
    memory.fail_next("prepare", RuntimeError("a bug"))
    with pytest.raises(RuntimeError):
        publication.publish()
    assert page.calls.filter(verb="prepare").exists()


def test_the_ledger_is_not_written_inside_a_transaction_that_may_fail(page, transactional_db):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        with page.reaching() as platform:
            platform.check()


def test_instagram_has_no_limit_of_calls_unless_the_account_has_one(photo, instagram):
    wrote(instagram, *[MINUTE] * 300)
    assert room(photo).free
    limit(instagram, calls_per_hour=10)
    assert not room(photo).free


def test_facebook_has_no_limit_of_posts(publication, page, operator, settings):
    settings.SOPHIA_INSTAGRAM_POSTS_PER_DAY = 1
    wrote(page, MINUTE, verb="publish", publication=approved(page, operator, "Rolls."))
    assert room(publication).free


def test_posts_of_24_hours_are_counted(photo, instagram, operator, clock):
    limit(instagram, posts_per_day=2)
    for text, ago in (("One.", DAY - MINUTE), ("Two.", HOUR)):
        wrote(instagram, ago, verb="publish", publication=approved(instagram, operator, text, images=1))
    held = room(photo)
    assert (held.free, held.until) == (False, timezone.now() + MINUTE)
    assert "2 times in 24 hours" in held.because
    clock.move_to(held.until)
    assert room(photo).free


def test_a_post_is_counted_once_however_often_it_was_tried(photo, instagram, operator, clock):
    limit(instagram, posts_per_day=2)
    other = approved(instagram, operator, "One.", images=1)
    wrote(instagram, 3 * MINUTE, 2 * MINUTE, verb="publish", publication=other)
    other.publish()
    assert room(photo).free


def test_what_was_refused_is_no_post(photo, instagram, operator, clock):
    limit(instagram, posts_per_day=1)
    wrote(instagram, MINUTE, verb="publish", code=9007, publication=approved(instagram, operator, "One.", images=1))
    assert room(photo).free


def test_its_own_lost_try_does_not_stand_in_its_way(photo, instagram, clock):
    limit(instagram, posts_per_day=1)
    wrote(instagram, MINUTE, verb="publish", publication=photo)
    assert room(photo).free


def test_the_platforms_own_total_lowers_it_and_never_raises_it(photo, instagram, operator, clock):
    wrote(instagram, MINUTE, verb="publish", publication=approved(instagram, operator, "One.", images=1))
    limit(instagram, posts_per_day=2, quota_total=1)
    assert not room(photo).free
    limit(instagram, posts_per_day=1, quota_total=50)
    assert not room(photo).free
    limit(instagram, posts_per_day=None, quota_total=0)
    assert not room(photo).free


@pytest.mark.parametrize("fate", ["killed", "abandoned", "found"])
def test_a_post_counts_when_its_worker_was_killed_before_the_ledger(photo, instagram, operator, clock, fate):
    limit(instagram, posts_per_day=1)
    other = approved(instagram, operator, "One.", images=1)
    attempt = other.claim()
    reference = memory.Memory(base.Credentials(instagram.external_id, "t"), base_url="", version="").prepare(
        other.sealed_content()
    )
    other.keep_reference(attempt.token, reference)
    attempt.begin_commit(other, reference)
    memory.Memory(base.Credentials(instagram.external_id, "t"), base_url="", version="").commit(
        other.sealed_content(), reference
    )
    assert not instagram.calls.filter(publication=other).exists()
    if fate != "killed":
        clock.tick(timedelta(seconds=91))
        other.abandon()
    if fate == "found":
        other.reconcile()
        other.refresh_from_db()
        assert other.is_live
    assert not room(photo).free


def test_what_is_proved_not_to_have_been_posted_is_not_counted_for_ever(photo, instagram, operator, clock):
    limit(instagram, posts_per_day=1)
    other = approved(instagram, operator, "One.", images=1)
    other.claim()
    assert not room(photo).free
    clock.tick(timedelta(seconds=91))
    other.abandon()
    other.reconcile()
    other.refresh_from_db()
    other.cancel(by=operator)
    assert room(photo).free


def test_what_a_person_posts_by_hand_needs_no_room(instagram, operator, clock):
    limit(instagram, quota_total=0)
    draft = make.draft(instagram, operator, pictures=[(make.image(), "")])
    by_hand = make.approved(draft, operator, mode=Publication.Mode.MANUAL)
    assert room(by_hand).free


def test_the_claim_asks_and_the_publication_waits(publication, page, clock, outbox):
    limit(page, calls_per_hour=2)
    wrote(page, 20 * MINUTE)
    publication.publish()
    publication.refresh_from_db()
    assert (publication.state, outbox) == (Publication.State.QUEUED, [])
    make.behind_the_back(page.client, lateness_limit=2 * HOUR)
    clock.tick(40 * MINUTE)
    publication.publish()
    assert len(outbox) == 1


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_the_cost_of_asking_does_not_grow(platform, request, operator, clock, django_assert_max_num_queries):
    account = request.getfixturevalue({"facebook": "page"}.get(platform, platform))
    limit(account, calls_per_hour=500)
    publication = approved(account, operator, images=1)
    wrote(account, *[2 * DAY] * 2000, *[MINUTE] * 50)
    for number in range(3):
        approved(account, operator, f"Post {number}.", images=1).claim()
    fresh = SocialAccount.objects.select_related("client").get(pk=account.pk)
    with django_assert_max_num_queries(8):
        assert budget.room(fresh, timezone.now(), publication).free


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("platform", "limits"), [("facebook", {"calls_per_hour": 3}), ("instagram", {"posts_per_day": 1})]
)
def test_of_two_workers_at_once_one_takes_the_last(platform, limits, outbox):
    by = make.person(f"olga-{uuid.uuid4()}", "operator")
    account = make.account(platform)
    limit(account, **limits)
    account.calls.all().delete()
    publications = [approved(account, by, f"Post {number}.", images=1) for number in range(2)]
    start, taken = threading.Barrier(2, timeout=20), []

    def work(pk):
        try:
            start.wait()
            if Publication.objects.get(pk=pk).claim():
                taken.append(pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[publication.pk]) for publication in publications]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 1


def test_the_ledger_is_pruned_in_batches(page, clock, monkeypatch):
    monkeypatch.setattr("sophia.retention.BATCH", 10)
    wrote(page, *[31 * DAY] * 25, 29 * DAY, MINUTE)
    assert prune()["calls"] == 25
    assert page.calls.count() == 2
    assert prune()["calls"] == 0


def test_pruning_keeps_the_evidence(publication, page, clock):
    publication.publish()
    clock.tick(31 * DAY)
    prune()
    assert not page.calls.exists()
    assert publication.attempts.get().calls


def test_an_unexpected_error_of_the_platform_is_recorded_with_its_numbers(page):
    memory.fail_next("check", PlatformError(Kind.AUTH, "The token has expired."))
    with pytest.raises(PlatformError):
        page.examine()
    assert page.calls.first().status is None


@pytest.mark.parametrize(("workers", "share"), [(1, 1), (2, 1), (3, 2), (32, 16)])
def test_half_of_the_workers_are_for_other_accounts(page, author, operator, clock, settings, workers, share):
    settings.SOPHIA_WORKERS = workers
    rows = [approved(page, operator, text=f"Post {number}.") for number in range(share + 1)]
    elsewhere = approved(make.account(external_id="2000", client="Sol"), operator)
    assert [bool(row.claim()) for row in rows] == [True] * share + [False]
    assert f"keeps {share} workers busy" in room(rows[-1]).because
    assert elsewhere.claim()


def test_a_post_that_waited_for_a_worker_goes_out_moments_later(page, author, operator, clock, settings, outbox):
    settings.SOPHIA_WORKERS = 1
    first, _ = approved(page, operator, "One."), approved(page, operator, "Two.")
    attempt = first.claim()
    drain()
    assert not outbox
    attempt.run()
    clock.tick(budget.SOON)
    drain()
    assert [posted.message for posted in outbox] == ["One.", "Two."]
