"""What was proved gone is looked at again, and its return is an emergency."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Publication, Recovery, SocialAccount
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from publishing.tasks import look_around, sweep
from sophia.notifications.models import Notice
from tests import make
from tests.draining import carry_out, drain

State = Recovery.State
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def gone(draft, operator, clock):
    live = make.published(draft, operator)
    recovery = live.recover(by=operator, reason="Wrong price")
    carry_out(recovery)
    assert recovery.is_proved
    return recovery


@pytest.fixture
def after(gone, clock):
    def go(later):
        clock.tick(later)
        look_around()
        drain()
        gone.refresh_from_db()
        return gone

    return go


def looks(recovery):
    return [entry["verb"] for entry in recovery.evidence].count("prove_gone") - 1


def test_it_is_looked_at_after_an_hour_a_day_and_a_week(gone, after):
    done = gone.finished_at
    assert gone.look_again_at == done + HOUR
    assert after(HOUR).look_again_at == done + DAY
    assert after(23 * HOUR).look_again_at == done + 7 * DAY
    assert after(6 * DAY).look_again_at is None
    assert (looks(gone), gone.is_proved) == (3, True)


def test_a_post_that_comes_back_is_an_emergency(gone, after, outbox, operator):
    outbox[0].live = True
    after(HOUR)
    publication = Publication.objects.get()
    assert (publication.is_live, gone.state, gone.executed_by) == (True, State.PENDING, None)
    assert gone.returned_at == timezone.now()
    notice = Notice.objects.get(kind="recovery.returned")
    assert (notice.urgent, "It is public again" in notice.sentence) == (True, True)
    assert Recovery.objects.needing_a_person().get() == Recovery.objects.against_will().get() == gone


def test_one_press_takes_it_down_again_for_the_same_reason(desk, gone, after, outbox):
    outbox[0].live = True
    after(HOUR)
    publication = Publication.objects.get()
    page = desk.get(publication.get_absolute_url()).content.decode()
    assert "It is public again." in page
    assert "Take it down now" in page
    desk.post(f"/queue/{publication.pk}/recover", {"reason": gone.reason, "urgency": "immediate", "sure": "on"})
    carry_out(gone)
    assert (gone.is_proved, gone.reason, outbox[0].live) == (True, "Wrong price", False)
    assert gone.look_again_at == gone.finished_at + HOUR


def test_a_person_is_reminded_of_what_came_back(after, outbox, clock, gone):
    outbox[0].live = True
    after(HOUR)
    clock.tick(HOUR)
    sweep()
    assert Notice.objects.filter(kind="recovery.returned", sentence__startswith="Reminder").count() == 1


def test_what_could_not_be_proved_before_is_no_doubt_about_what_came_back(gone, after, outbox, clock):
    make.behind_the_back(gone, unproved="No other post could be read.")
    outbox[0].live = True
    after(HOUR)
    assert (gone.unproved, gone.began_at) == ("", timezone.now())
    clock.tick(HOUR)
    sweep()
    reminder = Notice.objects.get(kind="recovery.returned", sentence__startswith="Reminder")
    assert "is public again: take it down again" in reminder.sentence
    assert "asked for 1 hour ago" in reminder.sentence


def test_connecting_the_account_takes_nothing_down_that_came_back(after, outbox):
    outbox[0].live = True
    after(HOUR)
    SocialAccount.objects.get().connect(token="new")
    drain()
    assert outbox[0].live


def test_a_look_that_cannot_tell_is_tried_later(gone, after, clock):
    memory.fail_next("prove_gone", PlatformError(Kind.RETRY, "Facebook does not answer."))
    assert after(HOUR).look_again_at == timezone.now() + 15 * MINUTE
    memory.without_controls.add("1001")
    assert after(15 * MINUTE).look_again_at == timezone.now() + 18 * MINUTE + timedelta(seconds=45)
    memory.without_controls.clear()
    assert after(20 * MINUTE).look_again_at == gone.finished_at + DAY


def test_without_a_control_it_is_not_looked_at_for_ever(gone, after):
    memory.without_controls.add("1001")
    after(8 * DAY)
    assert (gone.look_again_at, gone.is_proved) == (None, True)


def test_a_doubled_look_looks_once(gone, clock):
    clock.tick(HOUR)
    assert gone.take_turn_to_look()
    assert Recovery.objects.get(pk=gone.pk).take_turn_to_look() is None


def test_a_look_that_comes_back_too_late_writes_nothing(gone, clock, outbox):
    clock.tick(HOUR)
    slow = Recovery.objects.get(pk=gone.pk)
    turn = slow.take_turn_to_look()
    clock.tick(2 * MINUTE)
    Recovery.objects.get(pk=gone.pk).look_again()
    outbox[0].live = True
    with slow.publication.account.reaching() as platform:
        seen = platform.prove_gone(slow.publication.post_id)
    slow.keep_look_again(turn, seen, platform.calls)
    gone.refresh_from_db()
    assert (gone.is_proved, looks(gone)) == (True, 1)


def test_what_came_back_is_unwanted_since_it_came_back(gone, after, outbox):
    outbox[0].live = True
    after(HOUR)
    assert Recovery.objects.against_will().get().wanted_since == gone.returned_at
