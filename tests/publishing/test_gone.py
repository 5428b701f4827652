"""Gone is proved, or it is not said: what one token cannot read may be there all the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Publication, Recovery
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from publishing.tasks import look_around
from sophia.notifications.models import Notice
from sophia.refusals import WrongState
from tests import make
from tests.draining import carry_out, drain

State = Recovery.State
DENIED = PlatformError(Kind.RETRY, "Facebook had an unknown error.", code=1)


@pytest.fixture
def live(draft, operator, clock):
    return make.published(draft, operator)


@pytest.fixture
def other(page, author, operator, live):
    return make.published(make.draft(page, author, text="Rolls, too."), operator)


def take_down(publication, by):
    recovery = publication.recover(by=by, reason="Wrong price")
    carry_out(recovery)
    return recovery


def look_at(recovery):
    for _ in range(8):
        make.behind_the_back(recovery, next_at=timezone.now())
        recovery.execute()
        recovery.refresh_from_db()


@pytest.fixture
def alone(live, operator):
    """Its post cannot be read any more, and no other post can."""
    memory.without_controls.add("1001")
    memory.hidden.add(live.post_id)
    memory.undeleted.add(live.post_id)
    return take_down(live, operator)


def test_a_post_that_is_hidden_from_this_token_is_not_called_gone(alone, live):
    assert (alone.state, live.state) == (State.MANUAL, Publication.State.PUBLISHED)
    assert "hidden from Sophia" in alone.note
    assert live.permalink in alone.note
    notice = Notice.objects.get(kind="recovery.manual_needed")
    assert (notice.urgent, live.permalink in notice.sentence) == (True, True)


def test_another_post_of_the_account_that_can_be_read_is_the_control(live, other, operator):
    memory.without_controls.add("1001")
    recovery = take_down(live, operator)
    assert recovery.is_proved
    assert other.post_id in recovery.evidence[-1]["note"]


def test_a_post_hidden_like_all_others_is_no_control(live, other, operator):
    memory.without_controls.add("1001")
    memory.hidden.add(other.post_id)
    assert take_down(live, operator).state == State.MANUAL


def test_posts_of_ours_that_stay_up_are_the_first_controls(live, other, page, author, operator):
    third = make.published(make.draft(page, author, text="And cake."), operator)
    third.recover(by=operator, reason="Stale cake", urgency="review")
    assert live.controls() == [other.post_id, third.post_id]


def test_what_nobody_deleted_and_this_token_never_saw_is_not_gone(live, other, operator):
    memory.hidden.add(live.post_id)
    memory.fail_next("remove", PlatformError(Kind.RETRY, "No."))
    make.behind_the_back(live.account, token_since=timezone.now() + timedelta(seconds=1))
    recovery = take_down(live, operator)
    make.behind_the_back(recovery, state=State.EXECUTING, looks=1, next_at=timezone.now())
    look_at(recovery)
    assert (recovery.state, recovery.deleted_at) == (State.MANUAL, None)
    assert "has not seen it" in recovery.unproved


def test_what_another_token_saw_is_not_what_this_one_would_see(live, other, operator):
    make.behind_the_back(live.account, token_since=timezone.now() + timedelta(seconds=1))
    recovery = live.recover(by=operator, reason="Wrong price")
    make.behind_the_back(recovery, last_live_at=timezone.now())
    recovery.refresh_from_db()
    assert "has not seen it" in recovery.doubt(memory_reads(live))


def memory_reads(live):
    memory.hidden.add(live.post_id)
    return live.account.reach().prove_gone(live.post_id)


def test_a_sighting_with_the_present_token_counts_as_seen(live, clock):
    since = timezone.now() + timedelta(minutes=1)
    assert not live.was_seen_since(since)
    clock.tick(timedelta(minutes=5))
    look_around()
    assert live.was_seen_since(since)


def test_another_token_has_seen_nothing_yet(page, clock):
    clock.tick(timedelta(hours=1))
    page.connect(token=page.token)
    assert page.token_since < timezone.now()
    page.connect(token="another")
    assert page.token_since == timezone.now()


def test_it_is_closed_by_proof_when_a_control_appears(alone, live, clock):
    memory.outbox[0].live = False
    memory.without_controls.clear()
    clock.tick(timedelta(minutes=1))
    alone.execute()
    alone.refresh_from_db()
    assert (alone.is_proved, alone.unproved) == (True, "")


def test_what_turns_out_to_be_there_is_removed_once_more(alone, live, clock):
    for trouble in (memory.hidden, memory.undeleted, memory.without_controls):
        trouble.clear()
    clock.tick(timedelta(minutes=1))
    alone.execute()
    carry_out(alone)
    assert (alone.is_proved, memory.outbox[0].live) == (True, False)


def test_a_person_may_say_what_they_saw_where_sophia_cannot_prove_it(alone, live, operator):
    live.witness_gone(by=operator, note="Signed in and looked.")
    alone.refresh_from_db()
    assert (alone.is_proved, alone.next_at) == (True, None)
    assert alone.look_again_at


def test_nobody_may_say_so_where_sophia_sees_it(live, operator):
    memory.by_hand.add(live.post_id)
    take_down(live, operator)
    with pytest.raises(WrongState, match="looks itself"):
        live.witness_gone(by=operator, note="I think so.")


def test_a_person_is_told_once_that_it_cannot_be_proved(alone, clock):
    for _ in range(3):
        clock.tick(timedelta(minutes=15))
        alone.execute()
        alone.refresh_from_db()
    assert alone.looks == 3
    assert Notice.objects.filter(kind="recovery.manual_needed").count() == 1


def test_a_look_without_a_control_does_not_say_that_a_post_vanished(live, clock):
    memory.without_controls.add("1001")
    memory.hidden.add(live.post_id)
    for minutes in (5, 60, 24 * 60):
        clock.tick(timedelta(minutes=minutes))
        look_around()
        drain()
    assert set(live.sightings.values_list("verdict", flat=True)) == {"unclear"}
    assert not Notice.objects.filter(kind="post.vanished").exists()


def test_a_look_that_could_not_tell_does_not_break_what_the_others_say(live, other, clock, outbox):
    outbox[0].live = False
    memory.without_controls.add("1001")
    for minutes, also in ((5, False), (1, True), (54, False)):
        memory.hidden.clear()
        memory.hidden.update([other.post_id] if also else [])
        clock.tick(timedelta(minutes=minutes))
        live.watch()
        live.refresh_from_db()
    assert list(live.sightings.values_list("verdict", flat=True)) == ["gone", "unclear", "gone"]
    assert Notice.objects.filter(kind="post.vanished").count() == 1


def test_the_only_post_of_an_account_is_its_own_control_where_it_was_read_right_before(live, operator):
    memory.without_controls.add("1001")
    recovery = take_down(live, operator)
    assert recovery.is_proved
    assert "right before it was deleted" in recovery.evidence[-1]["note"]


def test_the_only_post_of_an_account_is_no_control_where_it_was_read_long_before(live, operator, clock):
    memory.without_controls.add("1001")
    memory.hidden.add(live.post_id)
    make.behind_the_back(live.recover(by=operator, reason="Wrong price"), last_live_at=timezone.now())
    clock.tick(timedelta(hours=1))
    recovery = Recovery.objects.get()
    carry_out(recovery)
    assert recovery.state == State.MANUAL


def test_what_comes_down_together_needs_no_person_for_lack_of_a_control(live, other, operator, clock):
    memory.without_controls.add("1001")
    both = [each.recover(by=operator, reason="Wrong prices") for each in (live, other)]
    for _ in range(12):
        clock.tick(timedelta(seconds=10))
        drain()
    for recovery in both:
        recovery.refresh_from_db()
    assert [recovery.is_proved for recovery in both] == [True, True]
    assert not Notice.objects.filter(kind="recovery.manual_needed").exists()
