"""What Sophia does by itself with a take-down: it looks, repeats, waits, watches and reminds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Publication, Recovery
from publishing.platforms import memory
from publishing.platforms.base import Kind, MustGoByHand, PlatformError
from publishing.tasks import sweep
from sophia.notifications.models import Notice
from sophia.refusals import WrongState
from tests import make
from tests.draining import carry_out, drain

State = Recovery.State
DOWN = PlatformError(Kind.RETRY, "Facebook does not answer.")
REVOKED = PlatformError(Kind.AUTH, "The token has expired.")
FATAL = MustGoByHand(Kind.RETRY, "Instagram gave no reason.")
DENIED = MustGoByHand(Kind.REJECTED, "Another app made it.", code=100, subcode=33)


@pytest.fixture
def live(draft, operator, clock):
    return make.published(draft, operator)


@pytest.fixture
def recovery(live, operator):
    return live.recover(by=operator, reason="Wrong price")


def pass_time(clock, recovery, seconds=0, **time):
    clock.tick(timedelta(seconds=seconds, **time))
    sweep()
    drain()
    recovery.refresh_from_db()


def told(kind):
    return list(Notice.objects.filter(kind=kind).values_list("urgent", flat=True))


def test_three_looks_over_seconds_prove_it(recovery, clock):
    states = []
    for seconds in (0, 1, 1, 4, 1):
        pass_time(clock, recovery, seconds)
        states.append((recovery.state, recovery.gone_looks))
    executing = State.EXECUTING
    assert states == [(executing, 1), (executing, 1), (executing, 2), (executing, 2), (State.COMPLETED, 3)]


def test_a_post_that_is_shown_again_starts_the_proof_anew(recovery, live, clock):
    pass_time(clock, recovery)
    memory.lag[live.post_id] = 1
    pass_time(clock, recovery, 2)
    assert (recovery.gone_looks, recovery.seen_gone_at, recovery.last_live_at) == (0, None, timezone.now())
    carry_out(recovery)
    assert recovery.is_proved


def test_reading_may_lag_behind_the_delete(recovery, live, clock):
    memory.lag[live.post_id] = 3
    carry_out(recovery)
    assert (recovery.state, recovery.tries, recovery.looks) == (State.COMPLETED, 0, 6)


def test_deleted_but_shown_for_long_is_a_failure_and_is_repeated(recovery, live, clock):
    memory.lag[live.post_id] = 6
    carry_out(recovery)
    assert (recovery.state, recovery.tries) == (State.FAILED, 1)
    assert "still there" in recovery.note
    pass_time(clock, recovery, 5)
    carry_out(recovery)
    assert recovery.is_proved


def test_a_lagging_post_is_not_taken_for_one_of_another_app(recovery, live, clock):
    memory.lag[live.post_id] = 5
    carry_out(recovery)
    memory.fail_next("remove", DENIED)
    pass_time(clock, recovery, 5)
    assert (recovery.state, recovery.tries) == (State.FAILED, 2)


def test_looks_that_fail_are_no_looks(recovery, clock):
    pass_time(clock, recovery)
    memory.fail_next("is_readable", DOWN)
    pass_time(clock, recovery, 2)
    assert (recovery.state, recovery.gone_looks) == (State.EXECUTING, 1)
    memory.fail_next("prove_gone", DOWN)
    carry_out(recovery)
    assert recovery.is_proved


def test_a_failure_is_repeated_by_itself_and_told_once_until_a_person_is_asked(recovery, live, clock, outbox):
    for _ in range(5):
        memory.fail_next("remove", DOWN)
    told_so_far = []
    for seconds in (0, 5, 30, 120, 600):
        pass_time(clock, recovery, seconds)
        told_so_far.append(told("recovery.failed"))
    assert told_so_far == [[False]] * 4 + [[True, False]]
    assert (recovery.state, recovery.tries) == (State.FAILED, 5)
    assert recovery.next_at == timezone.now() + timedelta(minutes=15)
    assert outbox[0].live
    assert recovery.needs_a_person


def test_what_goes_on_by_itself_needs_nobody(recovery, clock):
    memory.fail_next("remove", DOWN)
    pass_time(clock, recovery)
    assert not Recovery.objects.needing_a_person().exists()
    assert not recovery.needs_a_person
    pass_time(clock, recovery, 5)
    assert recovery.is_executing


def test_a_person_who_tries_again_gives_it_a_fresh_count(recovery, live, operator, clock):
    for _ in range(5):
        memory.fail_next("remove", DOWN)
    for seconds in (0, 5, 30, 120, 600):
        pass_time(clock, recovery, seconds)
    live.recover(by=operator, reason="Again")
    recovery.refresh_from_db()
    assert (recovery.tries, recovery.began_at) == (0, timezone.now())


def test_who_starts_it_while_it_is_under_way_is_told(recovery, operator, clock):
    recovery.execute()
    with pytest.raises(WrongState, match="is being taken down already"):
        recovery.start(by=operator)


def test_a_throttle_between_two_looks_only_delays_them(recovery, clock):
    pass_time(clock, recovery)
    wait = timedelta(minutes=20)
    memory.fail_next("is_readable", PlatformError(Kind.WAIT, "Too many calls.", wait=wait, throttles=True))
    pass_time(clock, recovery, 5)
    assert (recovery.state, recovery.looks, recovery.next_at) == (State.PENDING, 1, timezone.now() + wait)
    pass_time(clock, recovery, minutes=20)
    carry_out(recovery)
    assert recovery.is_proved
    assert [entry["verb"] for entry in recovery.evidence].count("remove") == 1


@pytest.mark.parametrize("step", [0, 2])
def test_a_dead_token_is_waited_for_and_then_it_goes_on_by_itself(recovery, live, clock, step):
    for _ in range(step):
        pass_time(clock, recovery, 2)
    memory.fail_next("prove_gone" if step else "remove", REVOKED)
    pass_time(clock, recovery, 5)
    assert (recovery.state, recovery.next_at) == (State.FAILED, timezone.now() + timedelta(minutes=15))
    assert (told("account.needs_reconnect"), told("recovery.failed")) == ([True], [True])
    account = Publication.objects.get(pk=live.pk).account
    account.connect(token="new")
    drain()
    carry_out(recovery)
    assert recovery.is_proved


def test_an_account_that_is_known_to_be_ill_does_not_hold_the_recovery_back(live, operator, clock, outbox):
    live.account.hold("It may not publish.")
    carry_out(live.recover(by=operator, reason="Wrong price"))
    assert not outbox[0].live


def test_a_whim_becomes_a_case_for_a_person_when_it_stays(recovery, clock):
    for _ in range(3):
        memory.fail_next("remove", FATAL)
    states = []
    for _ in range(3):
        pass_time(clock, recovery, 5)
        states.append(recovery.state)
    assert states == [State.FAILED, State.FAILED, State.MANUAL]


@pytest.fixture
def by_hand(recovery, live, clock):
    memory.by_hand.add(live.post_id)
    pass_time(clock, recovery)
    return recovery


def test_what_a_person_must_remove_is_looked_at_in_a_rhythm(by_hand, live, clock):
    began, looked = timezone.now(), []
    for _ in range(190):
        pass_time(clock, by_hand, minutes=1)
        if by_hand.last_live_at == timezone.now():
            looked.append((timezone.now() - began) // timedelta(minutes=1))
    assert looked == [1, 5, 15, 60, 120, 180]
    assert by_hand.state == State.MANUAL


def test_it_completes_by_itself_when_a_person_has_removed_it(by_hand, live, clock, outbox):
    outbox[0].live = False
    pass_time(clock, by_hand, minutes=1)
    assert (by_hand.state, by_hand.gone_looks) == (State.MANUAL, 1)
    for seconds in (2, 5):
        pass_time(clock, by_hand, seconds)
    assert by_hand.is_proved
    live.refresh_from_db()
    assert live.state == Publication.State.RECOVERED
    assert told("recovery.completed") == [False]


def test_a_person_is_reminded_after_an_hour_four_hours_and_then_daily(by_hand, clock):
    hours = []
    for hour in range(1, 60):
        pass_time(clock, by_hand, hours=1)
        if by_hand.reminded_at == timezone.now():
            hours.append(hour)
    assert hours == [1, 4, 28, 52]
    reminders = Notice.objects.filter(kind="recovery.manual_needed", urgent=True, sentence__startswith="Reminder")
    assert len(reminders) == 4
    assert "It was asked for 2 days ago." in reminders.first().sentence


def test_a_dismissed_one_is_neither_looked_at_nor_reminded_of(by_hand, operator, clock):
    by_hand.dismiss(by=operator, note="It may stay.")
    calls = len(by_hand.evidence)
    pass_time(clock, by_hand, hours=5)
    assert (by_hand.state, by_hand.reminders, len(by_hand.evidence)) == (State.DISMISSED, 0, calls)


def test_a_look_that_ends_after_it_was_dismissed_changes_nothing(by_hand, operator, clock, outbox):
    clock.tick(timedelta(minutes=1))
    worker = Recovery.objects.get(pk=by_hand.pk)
    assert worker.claim()
    by_hand.dismiss(by=operator, note="It may stay.")
    with worker.publication.account.reaching() as platform:
        platform.is_readable(worker.publication.post_id)
    worker.finish(platform, worker.take_look, "gone")
    by_hand.refresh_from_db()
    assert (by_hand.state, by_hand.evidence[-1]["verb"]) == (State.DISMISSED, "is_readable")


@pytest.mark.parametrize("trouble", [DOWN, REVOKED, PlatformError(Kind.WAIT, "Busy.", wait=timedelta(minutes=9))])
def test_trouble_only_delays_the_looks(by_hand, clock, outbox, trouble):
    memory.fail_next("is_readable", trouble)
    pass_time(clock, by_hand, minutes=1)
    assert by_hand.state == State.MANUAL
    outbox[0].live = False
    pass_time(clock, by_hand, hours=2)
    for seconds in (2, 5):
        pass_time(clock, by_hand, seconds)
    assert by_hand.is_proved


def test_another_token_may_be_allowed_to_delete_it(by_hand, live, clock, outbox):
    memory.by_hand.clear()
    live.account.connect(token="with the permission")
    drain()
    carry_out(by_hand)
    assert by_hand.is_proved
    assert not outbox[0].live


def test_of_a_post_without_an_id_a_person_is_reminded_too(draft, operator, clock):
    publication = make.approved(draft, operator, mode=Publication.Mode.MANUAL)
    publication.publish()
    publication.confirm_by_hand(by=operator, link="https://facebook.example/1")
    recovery = publication.recover(by=operator, reason="Wrong price")
    pass_time(clock, recovery)
    assert (recovery.state, recovery.next_at) == (State.MANUAL, None)
    pass_time(clock, recovery, hours=1)
    assert recovery.reminders == 1


def test_months_of_looks_leave_evidence_that_can_be_read(by_hand, clock, outbox):
    for _ in range(150):
        make.behind_the_back(by_hand, next_at=timezone.now())
        by_hand.execute()
    outbox[0].live = False
    for _ in range(3):
        make.behind_the_back(by_hand, next_at=timezone.now())
        by_hand.execute()
    assert by_hand.is_proved
    verbs = [entry["verb"] for entry in by_hand.evidence]
    assert (len(verbs), verbs[0], verbs[60]) == (121, "remove", "left out")
    assert verbs[-4:] == ["is_readable", "is_readable", "prove_gone", "verdict"]
    assert by_hand.evidence[60]["left_out"] == 156 - 120
