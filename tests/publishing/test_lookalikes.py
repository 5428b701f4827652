import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.utils import timezone

from publishing import lookalikes
from publishing.lifting import plan
from publishing.models import Lookalike, Pause, Publication
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from publishing.tasks import sweep
from sophia.health.examination import examine
from sophia.notifications.models import Notice
from sophia.refusals import NotAllowed, WrongState
from tests import make
from tests.draining import drain

State = Publication.State


@pytest.fixture
def live(draft, operator):
    return make.published(draft, operator)


@pytest.fixture
def approve(author, operator):
    def approve_one(account, text="Fresh bread at seven.", hours=1.0, **details):
        draft = make.draft(account, author, text=text, **details)
        return make.approved(draft, operator, at=timezone.now() + timedelta(hours=hours))

    return approve_one


def take_down(publication, by):
    return publication.recover(by=by, reason="Wrong price")


def held(publication):
    return Lookalike.objects.holding().filter(publication=publication).exists()


def test_what_says_the_same_is_held_on_every_account_of_the_client(live, page, instagram, approve, operator):
    on_page = approve(page, "  FRESH bread\nat seven. ")
    on_instagram = approve(instagram, pictures=[(make.image(), "Teal")])
    take_down(live, operator)
    assert held(on_page)
    assert held(on_instagram)


def test_what_shows_a_same_image_is_held(page, author, operator, approve):
    picture = make.image()
    live = make.published(make.draft(page, author, text="A", pictures=[(picture, "Teal")]), operator)
    same = approve(page, "B", pictures=[(make.image("navy"), ""), (picture, "Other words")])
    take_down(live, operator)
    assert same.lookalikes.get().because == Lookalike.Because.IMAGE


def test_nothing_else_is_held(page, author, operator, approve):
    live = make.published(make.draft(page, author, text="", pictures=[(make.image(), "")]), operator)
    others = [
        approve(page, "", pictures=[(make.image("navy"), "")]),
        approve(page, "Something else."),
        approve(make.account("facebook", "2002", "Other"), "", pictures=[(make.image(), "")]),
    ]
    take_down(live, operator)
    assert not [other for other in others if held(other)]


def test_what_is_held_does_not_go_out_and_says_why(live, page, approve, operator, outbox, clock):
    twin = approve(page)
    take_down(live, operator)
    clock.tick(timedelta(hours=1))
    twin.publish()
    twin.refresh_from_db()
    assert (len(outbox), twin.state) == (1, State.QUEUED)
    assert [notice.urgent for notice in Notice.objects.filter(kind="publication.held")] == [True]


def test_what_is_being_published_is_noted_and_held_when_it_comes_back(live, page, approve, operator, outbox):
    twin = approve(page, hours=0)
    attempt = twin.claim()
    row = take_down(live, operator).lookalikes.get()
    assert "It is not stopped" in row.sentence
    memory.fail_next("prepare", PlatformError(Kind.RETRY, "Try again."))
    attempt.run()
    make.behind_the_back(twin, publish_at=timezone.now())
    twin.publish()
    twin.refresh_from_db()
    assert (twin.state, len(outbox)) == (State.QUEUED, 1)


def test_a_claim_that_is_not_yet_committed_is_stopped_before_the_commit(live, page, approve, operator, outbox):
    attempt = approve(page, hours=0).claim()
    take_down(live, operator)
    attempt.run()
    assert len(outbox) == 1


def test_a_released_one_goes_out_at_its_time(live, page, approve, operator, outbox, clock):
    twin = approve(page)
    take_down(live, operator)
    twin.release(by=operator, note="The price is right here.")
    clock.tick(timedelta(hours=1))
    sweep()
    drain()
    assert len([posted for posted in outbox if posted.live]) == 1
    row = twin.lookalikes.get()
    assert (row.released_by, row.note) == (operator, "The price is right here.")


def test_several_released_ones_do_not_burst_out(live, page, approve, operator, outbox, clock):
    page.min_gap = timedelta(minutes=10)
    page.save()
    twins = [approve(page, hours=1 + number / 6) for number in range(3)]
    take_down(live, operator)
    clock.tick(timedelta(minutes=85))
    for twin in twins:
        twin.release(by=operator)
    drain()
    twins = [Publication.objects.get(pk=twin.pk) for twin in twins]
    assert [twin.state for twin in twins].count(State.PUBLISHED) == 1
    times = sorted(twin.publish_at for twin in twins)
    assert all(later - earlier >= timedelta(minutes=10) for earlier, later in pairwise(times))


def test_one_that_is_released_too_late_is_missed(live, page, approve, operator, clock):
    twin = approve(page)
    take_down(live, operator)
    clock.tick(timedelta(hours=2))
    twin.release(by=operator)
    drain()
    twin.refresh_from_db()
    assert twin.state == State.MISSED


def test_one_that_looks_like_two_is_released_from_both(page, approve, author, operator):
    lives = [make.published(make.draft(page, author), operator) for _ in range(2)]
    twin = approve(page)
    for live in lives:
        take_down(live, operator)
    assert Notice.objects.filter(kind="publication.held").count() == 1
    twin.release(by=operator)
    assert not held(twin)


@pytest.mark.parametrize("name", ["author", "viewer", "stranger"])
def test_only_who_may_operates_releases(live, page, approve, operator, name, request):
    twin = approve(page)
    take_down(live, operator)
    with pytest.raises(NotAllowed):
        twin.release(by=request.getfixturevalue(name))
    assert held(twin)


def test_what_is_not_held_is_not_released(publication, operator):
    with pytest.raises(WrongState, match="not held"):
        publication.release(by=operator)


def test_a_request_for_review_holds_nothing_until_somebody_starts_it(live, page, approve, operator):
    twin = approve(page)
    recovery = live.recover(by=operator, reason="Wrong price", urgency="review")
    assert not held(twin)
    recovery.start(by=operator)
    assert held(twin)


def test_what_is_approved_after_the_take_down_began_is_not_held_by_trying_again(live, page, approve, operator):
    memory.fail_next("remove", PlatformError(Kind.REJECTED, "No."))
    take_down(live, operator).execute()
    later = approve(page)
    take_down(live, operator)
    assert not held(later)


def test_a_dismissed_take_down_lets_go_of_what_it_held(live, page, approve, operator, clock):
    twin = approve(page)
    memory.by_hand.add(live.post_id)
    recovery = take_down(live, operator)
    recovery.execute()
    recovery.dismiss(by=operator, note="The price is right.")
    row = twin.lookalikes.get()
    assert (row.released_by, "was dismissed: The price is right." in row.note) == (operator, True)
    clock.tick(timedelta(hours=1))
    sweep()
    drain()
    twin.refresh_from_db()
    assert twin.is_live


def test_a_dismissed_take_down_tells_only_of_what_is_free_now(live, page, approve, author, operator):
    second = make.published(make.draft(page, author), operator)
    held_twice, cancelled = approve(page), approve(page)
    take_down(live, operator)
    recovery = second.recover(by=operator, reason="Wrong price")
    cancelled.cancel(by=operator)
    recovery.dismiss(by=operator, note="The price is right.")
    assert held(held_twice)
    assert not Notice.objects.filter(kind="publication.released").exists()


def test_what_is_held_is_cancelled_and_moved_like_any_other(live, page, approve, operator):
    first, second = approve(page), approve(page, hours=2)
    take_down(live, operator)
    first.cancel(by=operator)
    second.reschedule(by=operator, at=timezone.now() + timedelta(hours=5))
    assert first.is_cancelled
    assert held(second)


def test_what_is_held_is_neither_woken_nor_overdue(live, page, approve, operator, clock):
    twin = approve(page)
    take_down(live, operator)
    drain()
    clock.tick(timedelta(hours=2))
    assert not Publication.objects.worth_waking(timezone.now()).contains(twin)
    assert not [finding for finding in examine(timezone.now()) if str(twin) in finding.sentence]


def test_lifting_a_pause_leaves_it_held(live, page, approve, operator):
    twin = approve(page)
    pause = Pause.objects.start(by=operator, reason="Wait")
    take_down(live, operator)
    [step] = plan([pause], timezone.now())
    assert (step.publication, step.verdict) == (twin, "hold")


@pytest.mark.django_db(transaction=True)
def test_no_claim_of_a_twin_is_made_after_the_take_down_began(author, operator, outbox):
    """Claims and take-downs at the same moment, again and again. What was claimed was claimed before, and is told."""
    page = make.account("facebook", "1001")
    for number in range(6):
        live = make.published(make.draft(page, author, text=f"Post {number}"), operator)
        twin = make.approved(make.draft(page, author, text=f"Post {number}"), operator)
        start, late = threading.Barrier(2), []

        def claim(pk=twin.pk, start=start):
            start.wait(30)
            Publication.objects.get(pk=pk).claim()
            connection.close()

        def recover(live=live, start=start, late=late):
            start.wait(30)
            late.extend(lookalikes.document(live.recover(by=operator, reason="Wrong price"))["too_late_for"])
            connection.close()

        threads = [threading.Thread(target=claim), threading.Thread(target=recover)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert late == ([twin.pk] if twin.attempts.exists() else [])
