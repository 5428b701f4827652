"""The cadence of an account where it matters: when approving, moving and trying again, and once more in the claim."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from approval.models import Decision
from publishing import slots
from publishing.models import Publication
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from tests import make
from tests.draining import drain

State = Publication.State
HOUR = timedelta(hours=1)


@pytest.fixture
def spaced(page):
    """The Page of the client, with four hours between two posts."""
    page.min_gap = 4 * HOUR
    page.save()
    return page


@pytest.fixture
def noon(clock):
    return timezone.now() + timedelta(days=1)


@pytest.fixture
def first(spaced, author, operator, noon):
    return make.approved(make.draft(spaced, author, text="First."), operator, at=noon)


@pytest.fixture
def second(first, spaced, author):
    return make.draft(spaced, author, text="Second.")


def test_approval_takes_the_next_free_slot(second, operator, noon):
    assert make.approved(second, operator, at=noon + HOUR).publish_at == noon + 4 * HOUR


def test_a_slot_before_the_neighbour_is_kept_free_too(second, operator, noon):
    assert make.approved(second, operator, at=noon - HOUR).publish_at == noon + 4 * HOUR


def test_an_exact_time_is_refused_and_the_next_free_one_is_named(second, operator, noon):
    with pytest.raises(slots.NotThisSlot, match="at least 4 hours") as refused:
        make.approved(second, operator, at=noon + HOUR, exact=True)
    assert refused.value.slot == noon + 4 * HOUR
    assert second.account.clock(noon + 4 * HOUR) in str(refused.value)
    assert Publication.objects.count() == 1


def test_a_reason_overrides_and_is_kept(second, operator, noon):
    publication = make.approved(second, operator, at=noon + HOUR, override="The fair moved.")
    assert publication.publish_at == noon + HOUR
    assert publication.cadence_override == "olga: The fair moved."
    assert Decision.objects.get(publication=publication).note == "Out of cadence: The fair moved."


def test_an_overridden_one_goes_out_at_its_time(first, second, operator, noon, clock, outbox):
    publication = make.approved(second, operator, at=noon + HOUR, override="The fair moved.")
    for each in (first, publication):
        clock.move_to(each.publish_at)
        each.publish()
    assert len(outbox) == 2


def test_what_went_out_late_pushes_the_next_one_back(first, second, operator, noon, clock, outbox):
    later = make.approved(second, operator, at=noon + 4 * HOUR)
    clock.move_to(noon + timedelta(minutes=20))
    first.publish()
    clock.move_to(later.publish_at)
    later.publish()
    later.refresh_from_db()
    assert (later.state, len(outbox)) == (State.QUEUED, 1)
    clock.tick(timedelta(minutes=20))
    drain()
    later.publish()
    assert len(outbox) == 2


def test_the_claim_lets_one_of_two_neighbours_out(spaced, author, operator, clock, outbox):
    now = timezone.now()
    both = [make.approved(make.draft(spaced, author), operator, at=now, override="Both.") for _ in range(2)]
    make.behind_the_back(both[0], cadence_override="")
    make.behind_the_back(both[1], cadence_override="")
    for each in both:
        each.publish()
    assert len(outbox) == 1


def test_at_most_so_many_in_any_seven_days(page, author, operator, noon):
    page.max_per_week = 2
    page.save()
    times = [make.approved(make.draft(page, author), operator, at=noon).publish_at for _ in range(4)]
    assert times == [noon, noon, noon + timedelta(days=7), noon + timedelta(days=7)]


def test_a_queue_that_is_full_for_weeks_is_looked_through(page, author, operator, noon):
    page.min_gap = timedelta(days=10)
    page.save()
    for _ in range(6):
        make.approved(make.draft(page, author), operator, at=noon)
    assert slots.next_free(page, noon) == noon + timedelta(days=60)


def test_cancelled_and_failed_ones_free_their_slot(first, second, operator, noon):
    first.cancel(by=operator)
    assert make.approved(second, operator, at=noon + HOUR).publish_at == noon + HOUR


def test_moving_it_does_not_stumble_over_itself(first, operator, noon):
    first.reschedule(by=operator, at=noon + HOUR, exact=True)
    assert first.publish_at == noon + HOUR


def test_moving_it_beside_another_is_refused(first, second, operator, noon):
    other = make.approved(second, operator, at=noon + 8 * HOUR)
    with pytest.raises(slots.NotThisSlot):
        other.reschedule(by=operator, at=noon + HOUR, exact=True)
    other.refresh_from_db()
    assert other.publish_at == noon + 8 * HOUR
    other.reschedule(by=operator, at=noon + HOUR, exact=True, override="Urgent.")
    assert (other.publish_at, other.cadence_override) == (noon + HOUR, "olga: Urgent.")
    other.reschedule(by=operator, at=noon + 9 * HOUR)
    assert other.cadence_override == ""


def test_trying_again_keeps_the_distance(first, second, operator, noon, clock):
    other = make.approved(second, operator, at=noon + 4 * HOUR)
    clock.move_to(noon)
    memory.fail_next("prepare", PlatformError(Kind.REJECTED, "No."))
    first.publish()
    first.refresh_from_db()
    clock.move_to(noon + 2 * HOUR)
    first.retry(by=operator)
    assert first.publish_at == other.publish_at + 4 * HOUR


def test_an_account_without_rules_asks_the_database_nothing(page, django_assert_num_queries):
    rule = page.rule
    with django_assert_num_queries(0):
        assert rule.is_free
        slots.next_free(page, timezone.now())
        slots.why_not(page, timezone.now())


def test_a_longer_history_is_not_read(first, spaced, django_assert_max_num_queries, noon):
    """However many there are: those that are too far away to matter stay where they are."""
    old = [
        Publication(
            account=spaced,
            text="x",
            slot_at=noon - timedelta(days=100 + day),
            publish_at=noon - timedelta(days=100 + day),
            scheduled_at=noon,
            approved_by=first.approved_by,
            approved_at=noon,
            seal="x",
        )
        for day in range(300)
    ]
    Publication.objects.bulk_create(old)
    with django_assert_max_num_queries(2):
        assert len(slots.near(spaced, noon - 4 * HOUR, noon + 4 * HOUR)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_gets_the_slot(operator, author):
    page = make.account("facebook", "1001")
    page.min_gap = 4 * HOUR
    page.save()
    noon = timezone.now() + timedelta(days=1)
    drafts = [make.draft(page, author, text=f"Post {number}") for number in range(4)]
    start, wrong = threading.Barrier(len(drafts)), []

    def approve(draft):
        try:
            start.wait(30)
            draft.approve(by=operator, digest=draft.digest(), at=noon)
        except Exception as problem:  # noqa: BLE001
            wrong.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=[draft]) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong
    times = sorted(Publication.objects.values_list("publish_at", flat=True))
    assert times == [noon + number * 4 * HOUR for number in range(4)]


@pytest.mark.parametrize("days", ["monday", "mon,mon", "mon,,tue", "mon tue"])
def test_weekdays_are_checked(page, days):
    page.weekdays = days
    with pytest.raises(Exception, match="no list of weekdays"):
        page.full_clean()
