"""After a pause, and after an outage: shown first, spaced out, and never a burst."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publishing import lifting
from publishing.models import Pause, Publication, SocialAccount
from publishing.models.attempt import Attempt
from publishing.tasks import sweep
from sophia.refusals import ChangedUnderneath, NotAllowed, WrongState
from tests import make
from tests.draining import drain

State = Publication.State
HOUR = timedelta(hours=1)


@pytest.fixture
def spaced(page, clock):
    page.min_gap = 4 * HOUR
    page.save()
    page.client.lateness_limit = 10 * HOUR
    page.client.save()
    return page


@pytest.fixture
def waiting(spaced, author, operator):
    """Three that go out every four hours from now on."""
    now = timezone.now()
    drafts = [make.draft(spaced, author, text=f"Post {number}") for number in range(3)]
    return [make.approved(each, operator, at=now + number * 4 * HOUR) for number, each in enumerate(drafts)]


def fresh(rows):
    return [Publication.objects.get(pk=row.pk) for row in rows]


def test_lifting_moves_what_would_crowd(waiting, operator, clock, outbox):
    pause = Pause.objects.start(by=operator, reason="Storm")
    clock.tick(3 * HOUR)
    lifted_at = timezone.now()
    steps = lifting.plan([pause], lifted_at)
    assert [step.verdict for step in steps] == ["go", "respace", "respace"]
    assert "at least 4 hours" in steps[1].because
    lifting.lift([pause], by=operator, seen=lifting.digest(steps))
    drain()
    assert [row.publish_at for row in fresh(waiting)][1:] == [lifted_at + 4 * HOUR, lifted_at + 8 * HOUR]
    assert len(outbox) == 1
    clock.tick(4 * HOUR)
    sweep()
    drain()
    assert len(outbox) == 2


def test_a_longer_plan_takes_no_more_queries(waiting, spaced, author, operator):
    pause = Pause.objects.start(by=operator, reason="x")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            lifting.plan([pause], timezone.now())
        return len(queries)

    before = asked()
    for number in range(5):
        at = timezone.now() + (number + 4) * 4 * HOUR
        make.approved(make.draft(spaced, author, text=f"Later {number}"), operator, at=at)
    assert asked() == before


def test_the_plan_keeps_its_distance_from_what_the_pause_does_not_hold(waiting, spaced, author, operator, clock):
    """One is held, moves, and finds the next slot taken by a post that goes out meanwhile."""
    pause = Pause.objects.start(by=operator, reason="x")
    make.behind_the_back(waiting[1], state=State.HANDOFF, mode="manual")
    clock.tick(HOUR)
    steps = {each.publication.pk: each for each in lifting.plan([pause], timezone.now())}
    assert waiting[1].pk not in steps
    assert steps[waiting[0].pk].at == waiting[1].slot_at + 4 * HOUR


def test_what_is_too_late_is_missed_and_takes_no_slot(waiting, spaced, operator, clock, outbox):
    spaced.client.lateness_limit = HOUR
    spaced.client.save()
    pause = Pause.objects.start(by=operator, reason="Storm")
    clock.tick(3 * HOUR)
    assert [step.verdict for step in lifting.plan([pause], timezone.now())] == ["stop", "go", "go"]
    lifting.lift([pause], by=operator)
    drain()
    assert [row.state for row in fresh(waiting)] == [State.MISSED, State.QUEUED, State.QUEUED]
    assert not outbox


def test_what_another_pause_holds_stays_where_it_is(waiting, operator, clock):
    pause = Pause.objects.start(by=operator, reason="Storm")
    Pause.objects.start(by=operator, reason="Flood", platform="facebook")
    clock.tick(3 * HOUR)
    steps = lifting.lift([pause], by=operator)
    assert {step.verdict for step in steps} == {"hold"}
    assert [row.publish_at for row in fresh(waiting)] == [row.publish_at for row in waiting]


def test_a_plan_that_has_changed_is_shown_again(waiting, operator, clock):
    pause = Pause.objects.start(by=operator, reason="Storm")
    seen = lifting.digest(lifting.plan([pause], timezone.now()))
    waiting[2].cancel(by=operator)
    with pytest.raises(ChangedUnderneath, match="has changed since you looked"):
        lifting.lift([pause], by=operator, seen=seen)
    pause.refresh_from_db()
    assert pause.in_force


def test_only_who_may_lifts_and_only_once(waiting, operator, author, clock):
    pause = Pause.objects.start(by=operator, reason="Storm")
    clock.tick(3 * HOUR)
    with pytest.raises(NotAllowed):
        lifting.lift([pause], by=author)
    assert [row.publish_at for row in fresh(waiting)] == [row.publish_at for row in waiting]
    lifting.lift([pause], by=operator)
    with pytest.raises(WrongState, match="already lifted"):
        lifting.lift([pause], by=operator)


def test_an_overridden_one_keeps_its_time(waiting, operator, clock):
    make.behind_the_back(waiting[1], cadence_override="olga: fair")
    pause = Pause.objects.start(by=operator, reason="Storm")
    clock.tick(3 * HOUR)
    assert [step.verdict for step in lifting.plan([pause], timezone.now())] == ["go", "go", "go"]


def test_after_an_hour_without_workers_nothing_bursts(page, author, operator, clock, outbox):
    start = timezone.now()
    rows = [
        make.approved(make.draft(page, author, text=f"Post {number}"), operator, at=start + number * HOUR / 6)
        for number in range(1, 7)
    ]
    page.min_gap = HOUR / 6
    page.save()
    clock.move_to(start + HOUR + timedelta(seconds=1))
    sweep()
    drain()
    states = [row.state for row in fresh(rows)]
    assert states[:3] == [State.MISSED] * 3
    assert len(outbox) == 1
    assert set(states[3:]) == {State.PUBLISHED, State.QUEUED}


@pytest.mark.parametrize("held", ["paused", "client paused", "ill", "throttled"])
def test_what_is_held_is_not_woken(publication, operator, clock, held):
    now = timezone.now()
    account = SocialAccount.objects.get(pk=publication.account_id)
    if held == "paused":
        Pause.objects.start(by=operator, reason="Storm")
    elif held == "client paused":
        Pause.objects.start(by=operator, reason="Storm", client=account.client)
    elif held == "ill":
        account.hold("The token has expired.")
    else:
        account.throttle(now + HOUR, "Too many calls.")
    assert not Publication.objects.worth_waking(now + timedelta(minutes=31)).exists()
    Pause.objects.update(lifted_at=now)
    SocialAccount.objects.update(needs_reconnect_since=None, throttled_until=None)
    assert Publication.objects.worth_waking(now).exists()


def test_a_pause_of_others_keeps_nothing_from_being_woken(publication, operator, clock):
    Pause.objects.start(by=operator, reason="Storm", platform="instagram")
    assert Publication.objects.worth_waking(timezone.now()).exists()


def test_what_is_with_the_platform_already_is_said_not_to_be_stopped(publication, operator):
    publication.claim()
    pause = Pause.objects.start(by=operator, reason="Storm")
    assert list(pause.too_late_for()) == [publication]


@pytest.mark.django_db(transaction=True)
def test_no_claim_is_made_after_a_pause(author, operator):
    """Claims and pauses at the same moment, again and again. What was claimed was claimed before the pause."""
    page = make.account("facebook", "1001")
    for number in range(8):
        publication = make.approved(make.draft(page, author, text=f"Post {number}"), operator)
        start, pauses = threading.Barrier(2), []

        def claim(pk=publication.pk, start=start):
            start.wait(30)
            Publication.objects.get(pk=pk).claim()
            connection.close()

        def pause(start=start, pauses=pauses):
            start.wait(30)
            begun = Pause.objects.start(by=operator, reason="Storm")
            pauses.append([row.pk for row in begun.too_late_for()])
            connection.close()

        threads = [threading.Thread(target=claim), threading.Thread(target=pause)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        claimed = Attempt.objects.filter(publication=publication).exists()
        assert (publication.pk in pauses[0]) == claimed
        Pause.objects.all().delete()
