from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Attempt, Call, Pause, Publication
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from publishing.tasks import sweep
from sophia.notifications.models import Notice
from tests import make
from tests.draining import drain

State = Publication.State


@pytest.fixture
def soon(draft, operator, clock):
    """Due in three minutes; a worker may prepare it in one."""
    return make.approved(draft, operator, at=timezone.now() + timedelta(minutes=3))


def ahead(publication, clock):
    clock.move_to(publication.publish_at - timedelta(minutes=2))
    drain()
    publication.refresh_from_db()


def at_its_time(publication, clock):
    clock.move_to(publication.publish_at + timedelta(milliseconds=1))
    drain()
    publication.refresh_from_db()


def verbs(publication):
    return [call["verb"] for attempt in publication.attempts.all() for call in attempt.calls]


def test_it_is_prepared_two_minutes_before_its_time(soon, clock, outbox):
    ahead(soon, clock)
    assert (soon.state, soon.claim_token, outbox) == (State.QUEUED, None, [])
    assert soon.reference["key"] in memory.prepared
    assert soon.prepared_at == timezone.now()


def test_at_its_time_only_the_commit_is_left(soon, clock, outbox):
    ahead(soon, clock)
    at_its_time(soon, clock)
    assert soon.is_live
    assert verbs(soon) == ["prepare", "commit"]
    assert [attempt.outcome for attempt in soon.attempts.all()] == ["prepared", "published"]
    assert len(outbox) == 1


def test_the_sweep_has_prepared_what_was_approved_long_before(draft, operator, clock):
    later = make.approved(draft, operator, at=timezone.now() + timedelta(hours=6))
    clock.move_to(later.publish_at - timedelta(minutes=4))
    sweep()
    ahead(later, clock)
    assert later.reference["key"] in memory.prepared


def test_nothing_is_prepared_earlier(soon, clock):
    clock.tick(timedelta(seconds=59))
    soon.prepare()
    assert not memory.prepared


def test_what_is_due_at_once_is_prepared_when_it_is_published(publication):
    drain()
    assert [attempt.ahead for attempt in publication.attempts.all()] == [False]


def test_a_post_for_a_person_is_never_prepared(draft, operator, clock):
    manual = make.approved(draft, operator, at=timezone.now() + timedelta(minutes=1), mode=Publication.Mode.MANUAL)
    drain()
    manual.prepare()
    assert not memory.prepared


def test_two_alarms_prepare_it_once(soon, clock):
    clock.move_to(soon.publish_at - timedelta(minutes=1))
    soon.prepare()
    Publication.objects.get(pk=soon.pk).prepare()
    assert len(memory.prepared) == 1


def test_a_refused_image_is_known_before_its_time(soon, clock):
    memory.fail_next("prepare", PlatformError(Kind.REJECTED, "The image is too large."))
    ahead(soon, clock)
    assert (soon.state, soon.reason) == (State.FAILED, "The image is too large.")
    assert timezone.now() < soon.publish_at


@pytest.mark.parametrize("kind", [Kind.RETRY, Kind.WAIT, Kind.UNKNOWN])
def test_a_passing_failure_ahead_costs_nothing(soon, clock, kind):
    memory.fail_next("prepare", PlatformError(kind, "Not now.", wait=timedelta(seconds=10)))
    ahead(soon, clock)
    at_its_time(soon, clock)
    assert soon.is_live
    assert soon.tries() == 1


@pytest.mark.parametrize("kind", [Kind.RETRY, Kind.WAIT, Kind.UNKNOWN])
def test_what_failed_ahead_rests_before_it_is_prepared_again(soon, clock, kind):
    memory.fail_next("prepare", PlatformError(kind, "Not now."))
    ahead(soon, clock)
    clock.tick(timedelta(minutes=1))
    sweep()
    drain()
    assert verbs(soon) == ["prepare"]


def test_what_failed_at_its_time_is_not_prepared_before_its_next_time(publication, clock):
    memory.fail_next("prepare", PlatformError(Kind.RETRY, "Not now."))
    drain()
    publication.refresh_from_db()
    assert verbs(publication) == ["prepare"]
    make.behind_the_back(publication, publish_at=timezone.now() + timedelta(minutes=8))
    clock.tick(timedelta(minutes=7))
    sweep()
    drain()
    assert verbs(publication) == ["prepare"]
    at_its_time(Publication.objects.get(), clock)
    assert Publication.objects.get().is_live


def test_a_dead_token_is_known_before_its_time(soon, clock):
    memory.fail_next("prepare", PlatformError(Kind.AUTH, "The token has expired."))
    ahead(soon, clock)
    assert soon.state == State.QUEUED
    assert not soon.account.is_healthy


def test_a_closed_gate_keeps_it_from_being_prepared(soon, operator, clock):
    Pause.objects.start(by=operator, reason="Storm")
    ahead(soon, clock)
    assert not memory.prepared


def test_the_gates_are_asked_again_for_the_commit(soon, operator, clock, outbox):
    ahead(soon, clock)
    Pause.objects.start(by=operator, reason="Storm")
    at_its_time(soon, clock)
    assert (soon.state, outbox) == (State.QUEUED, [])


def test_a_change_behind_the_back_after_preparing_stops_it(soon, clock, outbox):
    ahead(soon, clock)
    make.behind_the_back(soon, reference={"way": "two_step", "key": "another"})
    at_its_time(soon, clock)
    assert (soon.state, outbox) == (State.FAILED, [])


def test_one_that_is_being_prepared_at_its_time_goes_out_right_after(soon, clock, outbox):
    clock.move_to(soon.publish_at - timedelta(seconds=20))
    attempt = soon.claim_ahead()
    clock.move_to(soon.publish_at + timedelta(seconds=1))
    Publication.objects.get(pk=soon.pk).publish()
    assert not outbox
    attempt.prepare_ahead()
    drain()
    assert len(outbox) == 1
    assert len(memory.prepared) == 0


def test_a_worker_that_dies_while_preparing_holds_it_up_for_one_lease_only(soon, clock, settings, outbox):
    clock.move_to(soon.publish_at - timedelta(seconds=20))
    soon.claim_ahead()
    clock.tick(settings.SOPHIA_LEASE + timedelta(seconds=1))
    sweep()
    drain()
    soon.refresh_from_db()
    assert soon.is_live
    assert soon.attempts.get(ahead=True).outcome == Attempt.Outcome.LOST


def test_a_dead_preparers_attempt_ends_when_another_worker_takes_over(soon, clock, settings):
    clock.move_to(soon.publish_at - timedelta(seconds=20))
    soon.claim_ahead()
    clock.tick(settings.SOPHIA_LEASE + timedelta(seconds=1))
    Publication.objects.get(pk=soon.pk).publish()
    assert [attempt.outcome for attempt in soon.attempts.all()] == ["lost", "published"]


def test_what_was_cancelled_while_it_was_prepared_is_removed(soon, operator, clock):
    clock.move_to(soon.publish_at - timedelta(minutes=1))
    attempt = soon.claim_ahead()
    Publication.objects.get(pk=soon.pk).cancel(by=operator)
    attempt.prepare_ahead()
    sweep()
    drain()
    soon.refresh_from_db()
    assert (soon.state, soon.reference, memory.prepared) == (State.CANCELLED, None, {})


def test_a_lease_that_ran_out_while_preparing_leaves_nothing_behind(soon, clock, settings):
    settings.SOPHIA_RETRY_BACKOFF = [timedelta(seconds=1)]
    clock.move_to(soon.publish_at - timedelta(minutes=2))
    slow = soon.claim_ahead()
    clock.tick(settings.SOPHIA_LEASE + timedelta(seconds=1))
    other = Publication.objects.get(pk=soon.pk)
    other.leave_behind()
    clock.tick(timedelta(seconds=1))
    other.prepare()
    slow.prepare_ahead()
    soon.refresh_from_db()
    assert list(memory.prepared) == [soon.reference["key"]]


@pytest.mark.parametrize("how", ["cancelled", "missed", "moved", "paused too long"])
def test_what_will_not_go_out_is_cleared_away(soon, operator, clock, how):
    ahead(soon, clock)
    if how == "cancelled":
        soon.cancel(by=operator)
    elif how == "moved":
        soon.reschedule(by=operator, at=timezone.now() + timedelta(days=1))
    else:
        soon.account.client.lateness_limit = timedelta(minutes=30 if how == "missed" else 600)
        soon.account.client.save()
        Pause.objects.start(by=operator, reason="Storm")
        clock.tick(timedelta(hours=2))
        drain()
    sweep()
    drain()
    soon.refresh_from_db()
    assert (soon.reference, soon.prepared_at, memory.prepared) == (None, None, {})


def test_what_is_still_wanted_is_not_cleared_away(soon, clock):
    ahead(soon, clock)
    soon.discard()
    soon.refresh_from_db()
    assert soon.reference["key"] in memory.prepared


def test_clearing_away_is_tried_again_when_the_platform_is_down(soon, operator, clock):
    ahead(soon, clock)
    soon.cancel(by=operator)
    memory.fail_next("discard", PlatformError(Kind.RETRY, "Down."))
    for _ in range(2):
        sweep()
        drain()
        clock.tick(timedelta(minutes=1))
    soon.refresh_from_db()
    assert (soon.reference, memory.prepared) == (None, {})


@pytest.fixture
def refused(soon, operator, clock):
    """At its commit, and cancelled."""
    ahead(soon, clock)
    memory.fail_next("commit", PlatformError(Kind.REJECTED, "Not this."))
    at_its_time(soon, clock)
    soon.cancel(by=operator)
    return soon


def calls_while_clearing(clock, minutes):
    asked = Call.objects.filter(verb="find")
    for _ in range(minutes):
        sweep()
        drain()
        clock.tick(timedelta(minutes=1))
    return asked.count()


def test_a_dead_token_is_asked_once_what_became_of_it(refused, clock):
    memory.outages["find"] = PlatformError(Kind.AUTH, "The token has expired.")
    assert calls_while_clearing(clock, minutes=15) == 1
    refused.account.refresh_from_db()
    assert not refused.account.is_healthy


def test_what_nobody_can_tell_is_put_off_so_that_others_have_their_turn(refused, clock):
    memory.outages["find"] = PlatformError(Kind.RETRY, "Down.")
    assert calls_while_clearing(clock, minutes=15) == 2
    memory.outages.clear()
    calls_while_clearing(clock, minutes=8)
    assert memory.prepared == {}


def test_what_may_be_public_is_never_cleared_away(soon, operator, clock, outbox):
    """A commit was begun, and the platform shows it: the reference is what keeps it from being sent twice."""
    ahead(soon, clock)
    memory.fail_next("commit", PlatformError(Kind.REJECTED, "It lies."), after=True)
    at_its_time(soon, clock)
    assert soon.state == State.FAILED
    sweep()
    drain()
    soon.refresh_from_db()
    assert (soon.reference["way"], soon.prepared_at, outbox[0].live) == ("two_step", None, True)
    soon.retry(by=operator)
    drain()
    assert len(outbox) == 1


def test_a_late_preparation_rings_no_bell_twice(soon, clock):
    ahead(soon, clock)
    at_its_time(soon, clock)
    assert Notice.objects.filter(kind="publication.published").count() == 1
