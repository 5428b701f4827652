from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Pause, Publication
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError, Receipt, SecondStepRefused
from publishing.tasks import sweep
from sophia.notifications.models import Notice
from tests import make
from tests.draining import drain


def test_an_approved_draft_goes_out_as_it_was_approved(publication, outbox):
    publication.publish()
    publication.refresh_from_db()
    assert publication.is_live
    assert [posted.content.text for posted in outbox] == ["Fresh bread at seven."]
    assert (publication.post_id, publication.permalink) == (outbox[0].post_id, outbox[0].receipt.permalink)


def test_approval_sets_the_alarm_that_publishes(publication, outbox):
    assert drain() == 1
    assert len(outbox) == 1


def test_a_doubled_alarm_publishes_once(publication, outbox):
    publication.publish()
    Publication.objects.get(pk=publication.pk).publish()
    assert len(outbox) == 1


def test_an_early_alarm_does_nothing(draft, operator, outbox):
    later = make.approved(draft, operator, at=timezone.now() + timedelta(hours=1))
    later.publish()
    assert not outbox
    assert not later.attempts.exists()


def test_the_attempt_is_written_before_the_platform_is_called(publication):
    memory.fail_next("prepare", PlatformError(Kind.REJECTED, "No."))
    publication.publish()
    attempt = publication.attempts.get()
    assert (attempt.outcome, attempt.sentence, attempt.committing_at) == ("rejected", "No.", None)


@pytest.mark.parametrize(("tries", "minutes"), [(1, 2), (2, 4), (3, 8)])
def test_a_safe_failure_is_tried_again_later_and_later(publication, tries, minutes, clock):
    for _ in range(tries):
        memory.fail_next("prepare", PlatformError(Kind.RETRY, "Busy."))
        publication.publish()
        publication.refresh_from_db()
        wait = publication.publish_at - timezone.now()
        clock.move_to(publication.publish_at)
    assert wait == timedelta(minutes=minutes)
    publication.publish()
    publication.refresh_from_db()
    assert publication.is_live


def test_after_the_last_retry_it_fails_and_says_why(publication, clock):
    for _ in range(4):
        memory.fail_next("prepare", PlatformError(Kind.RETRY, "Busy."))
        publication.publish()
        publication.refresh_from_db()
        clock.move_to(publication.publish_at)
    assert publication.state == Publication.State.FAILED
    assert publication.reason == "Tried 4 times. Busy."


def test_being_told_to_wait_uses_up_no_try(publication):
    memory.fail_next("prepare", PlatformError(Kind.WAIT, "Slow down.", wait=timedelta(hours=1)))
    publication.publish()
    publication.refresh_from_db()
    assert publication.publish_at - timezone.now() > timedelta(minutes=59)
    assert publication.tries() == 0


def test_a_dead_token_holds_the_account_and_not_the_post(publication, outbox):
    memory.fail_next("commit", PlatformError(Kind.AUTH, "The token has expired."))
    publication.publish()
    publication.publish()
    publication.refresh_from_db()
    assert publication.state == Publication.State.QUEUED
    assert not publication.account.is_healthy
    assert publication.attempts.count() == 1


def test_a_reconnected_account_goes_on(publication, outbox):
    memory.fail_next("commit", PlatformError(Kind.AUTH, "The token has expired."))
    publication.publish()
    publication.refresh_from_db()
    publication.account.connect(token="new")
    publication.publish()
    assert len(outbox) == 1


def test_a_refused_second_step_is_remembered_and_the_direct_way_used(publication, outbox):
    memory.fail_next("commit", SecondStepRefused(Kind.RETRY, "This Page does not publish what was prepared."))
    publication.publish()
    drain()
    publication.refresh_from_db()
    assert publication.is_live
    assert [posted.reference["way"] for posted in outbox] == ["direct"]
    assert publication.account.direct_since


def test_a_bug_in_the_middle_never_sends_twice(publication, outbox, settings, clock):
    memory.fail_next("commit", RuntimeError("a bug"), after=True)
    with pytest.raises(RuntimeError):
        publication.publish()
    clock.tick(settings.SOPHIA_LEASE + timedelta(seconds=1))
    sweep()
    drain()
    publication.refresh_from_db()
    assert publication.is_live
    assert len(outbox) == 1


def test_a_manual_one_is_handed_to_a_person_at_its_time(draft, operator, outbox):
    publication = make.approved(draft, operator, mode=Publication.Mode.MANUAL)
    publication.publish()
    publication.refresh_from_db()
    assert publication.state == Publication.State.HANDOFF
    assert not outbox


def test_a_person_confirms_what_they_posted_by_hand(draft, operator):
    publication = make.approved(draft, operator, mode=Publication.Mode.MANUAL)
    publication.publish()
    publication.confirm_by_hand(by=operator, link="https://facebook.example/1")
    assert publication.is_live
    assert publication.permalink == "https://facebook.example/1"


def test_what_is_too_late_is_missed_and_not_sent(publication, outbox, clock):
    clock.tick(timedelta(minutes=31))
    publication.publish()
    publication.refresh_from_db()
    assert publication.state == Publication.State.MISSED
    assert not outbox


def test_lateness_is_counted_from_the_time_that_was_chosen(publication, outbox, clock):
    memory.fail_next("prepare", PlatformError(Kind.WAIT, "Slow down.", wait=timedelta(hours=1)))
    publication.publish()
    assert "reschedule it, or it will be missed" in Notice.objects.get(kind="publication.delayed", urgent=True).sentence
    clock.tick(timedelta(hours=1, seconds=1))
    publication.publish()
    publication.refresh_from_db()
    assert publication.state == Publication.State.MISSED
    assert not outbox


def test_a_pause_while_it_is_prepared_stops_it_before_it_is_public(publication, operator, outbox):
    attempt = publication.claim()
    Pause.objects.start(by=operator, reason="Bad news day")
    attempt.run()
    publication.refresh_from_db()
    assert not outbox
    assert publication.state == Publication.State.QUEUED
    assert [each.outcome for each in publication.attempts.all()] == ["held"]


def test_what_was_prepared_before_a_pause_goes_out_after_it(publication, operator, outbox):
    attempt = publication.claim()
    pause = Pause.objects.start(by=operator, reason="Bad news day")
    attempt.run()
    pause.lift(by=operator)
    drain()
    assert len(outbox) == 1


def test_an_id_that_belongs_to_another_publication_is_never_taken(page, operator, outbox):
    first = make.published(make.draft(page, operator, text="One"), operator)
    second = make.approved(make.draft(page, operator, text="Two"), operator)
    attempt = second.claim()
    attempt.succeed(Receipt(first.post_id))
    second.refresh_from_db()
    assert second.state == Publication.State.UNCONFIRMED
    assert "belongs to another publication" in second.reason


def refused_for_good(publication, clock):
    memory.fail_next("prepare", PlatformError(Kind.REJECTED, "Not like this."))
    publication.publish()


def out_of_tries(publication, clock):
    for _ in range(4):
        memory.fail_next("prepare", PlatformError(Kind.RETRY, "Busy."))
        Publication.objects.get().publish()
        clock.tick(timedelta(minutes=8, seconds=1))


def changed_since(publication, clock):
    make.behind_the_back(publication, text="Something else.")
    publication.publish()


@pytest.mark.parametrize("ends", [refused_for_good, out_of_tries, changed_since])
def test_a_final_failure_is_told_urgently_and_once(publication, clock, ends):
    ends(publication, clock)
    assert Publication.objects.get().state == Publication.State.FAILED
    assert [notice.urgent for notice in Notice.objects.filter(kind="publication.failed")] == [True]
