# ruff: noqa: F401, F811
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from publishing.invariants import orphaned_emergencies
from publishing.models import Emergency, Pause, Publication, Recovery
from publishing.models.emergency import Scope
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from sophia.alarms import CHORES
from sophia.broker import waiting_jobs
from sophia.notifications.models import Notice
from sophia.refusals import NotAllowed, Refused
from tests import make
from tests.draining import drain
from tests.settling import settle
from tests.shared import author, clock, laid_out, once, operator, page

DAY = timedelta(hours=24)


@pytest.fixture(scope="module", autouse=True)
def five(once):
    """Posts that are out, ten minutes apart."""
    with once.making() as clock:
        once.staff()
        for number in range(5):
            make.published(make.draft(once.page, once.author, text=f"Post {number}"), once.operator)
            clock.tick(timedelta(minutes=10))


@pytest.fixture
def posts(five, clock):
    return list(Publication.objects.order_by("pk"))


@pytest.fixture
def begin(page, operator):
    def begin_one(by=operator, since=None, **details):
        details = {"client": page.client, "reason": "Wrong prices everywhere"} | details
        return Emergency.objects.start(by=by, since=since or timezone.now() - DAY, **details)

    return begin_one


def live(outbox):
    return [posted.content.text for posted in outbox if posted.live]


def finished():
    return list(Notice.objects.filter(kind="emergency.finished").values_list("sentence", flat=True))


def test_everything_comes_down_and_the_end_is_told_once(posts, begin, outbox, clock):
    emergency = begin()
    settle(clock)
    emergency.refresh_from_db()
    assert live(outbox) == []
    assert emergency.finished_at
    [sentence] = finished()
    assert "5 of 5 are proved gone." in sentence


def test_only_this_client_and_only_since_then(posts, begin, outbox, author, operator, clock):
    other = make.account("facebook", "2002", client="Other")
    make.published(make.draft(other, author, text="Of somebody else"), operator)
    begin(since=timezone.now() - timedelta(minutes=25))
    settle(clock)
    assert live(outbox) == ["Post 0", "Post 1", "Post 2", "Of somebody else"]


def test_the_client_is_paused_by_default(posts, begin, page, operator, outbox):
    emergency = begin()
    assert (emergency.pause.client, emergency.pause.started_by) == (page.client, operator)
    assert "Wrong prices everywhere" in emergency.pause.reason


def test_the_pause_can_be_left_out(posts, begin):
    assert begin(pause=False).pause is None
    assert not Pause.objects.exists()


def test_each_recovery_says_who_why_and_by_which_emergency(posts, begin, operator):
    emergency = begin(via="cli")
    rows = Recovery.objects.filter(emergency=emergency, requested_by=operator, via="cli")
    assert rows.filter(reason="Wrong prices everywhere", urgency="immediate").count() == 5


def test_it_has_not_ended_while_something_of_it_is_public(posts, begin, outbox, clock):
    memory.by_hand.add(posts[0].post_id)
    emergency = begin()
    failed = emergency.recoveries.get(publication=posts[1])
    failed.claim()
    make.behind_the_back(failed, state=Recovery.State.FAILED, claimed_until=None)
    settle(clock)
    assert f"1 must be removed by a person: publication {posts[0].pk}" in emergency.tally().sentence
    assert finished() == []


def test_what_failed_is_tried_again_together(posts, begin, operator, outbox, clock):
    memory.by_hand.update(post.post_id for post in posts[:2])
    emergency = begin()
    settle(clock)
    memory.by_hand.clear()
    assert emergency.try_again(by=operator) == 2
    settle(clock)
    assert live(outbox) == []
    assert len(finished()) == 1


def test_one_press_asks_for_the_latest_and_a_worker_at_once_for_the_others(posts, begin, outbox, clock, monkeypatch):
    monkeypatch.setattr("publishing.models.emergency.AT_ONE_PRESS", 2)
    emergency = begin()
    assert set(emergency.recoveries.values_list("publication", flat=True)) == {posts[3].pk, posts[4].pk}
    assert [job["args"] for at, job in waiting_jobs(CHORES, upto=9) if at <= timezone.now()] == [[emergency.pk]]
    settle(clock)
    assert live(outbox) == []
    assert len(finished()) == 1


def test_what_is_tried_again_is_so_much_at_one_press(posts, begin, operator, outbox, clock, monkeypatch):
    memory.by_hand.update(post.post_id for post in posts[:3])
    emergency = begin()
    settle(clock)
    memory.by_hand.clear()
    monkeypatch.setattr("publishing.models.emergency.AT_ONE_PRESS", 2)
    assert [emergency.try_again(by=operator) for _ in range(2)] == [2, 1]
    settle(clock)
    assert live(outbox) == []


def test_a_crash_in_the_middle_is_continued_by_the_sweep(posts, page, operator, outbox, clock):
    scope = Scope(page.client, timezone.now() - DAY)
    emergency = Emergency.objects.declare(scope, operator, "Wrong prices", True, "web", uuid.uuid4())
    for publication in emergency.unasked[:3]:
        emergency.take_down(publication)
    settle(clock)
    assert live(outbox) == []
    assert (emergency.recoveries.count(), len(finished())) == (5, 1)


def test_following_again_asks_for_nothing_twice(posts, begin, outbox):
    emergency = begin()
    drain()
    emergency.follow()
    emergency.follow()
    assert Notice.objects.filter(kind="recovery.requested").count() == 5


def test_one_confirmation_is_one_emergency(posts, begin):
    key = uuid.uuid4()
    assert begin(key=key) == begin(key=key)
    assert (Emergency.objects.count(), Pause.objects.count()) == (1, 1)


def test_what_nobody_knows_comes_down_when_a_person_says_that_it_is_live(posts, begin, page, author, operator, clock):
    doubtful = make.approved(make.draft(page, author, text="Doubtful"), operator)
    memory.fail_next("commit", PlatformError(Kind.UNKNOWN, "The line went dead."))
    doubtful.publish()
    make.behind_the_back(doubtful, reconcile_at=None)
    emergency = begin()
    settle(clock)
    assert finished() == []
    assert "of 1 nobody knows yet whether" in emergency.tally().sentence
    doubtful.refresh_from_db()
    doubtful.confirm_by_hand(by=operator, link="https://facebook.example/1")
    settle(clock, 2)
    assert emergency.tally().manual == [doubtful.pk]


def test_what_goes_out_afterwards_by_a_fresh_decision_stays_up(posts, begin, page, author, operator, outbox, clock):
    emergency = begin()
    settle(clock)
    emergency.pause.lift(by=operator)
    make.published(make.draft(page, author, text="An apology"), operator)
    settle(clock)
    assert live(outbox) == ["An apology"]


def test_what_is_let_stay_up_is_not_asked_for_again(posts, begin, operator, outbox, clock):
    memory.by_hand.add(posts[0].post_id)
    emergency = begin()
    settle(clock)
    emergency.recoveries.get(publication=posts[0]).dismiss(by=operator, note="This one is right.")
    settle(clock, 2)
    assert live(outbox) == ["Post 0"]


def test_a_wider_one_takes_up_what_an_earlier_one_left(posts, begin, outbox, clock):
    memory.by_hand.add(posts[4].post_id)
    first = begin(since=timezone.now() - timedelta(minutes=25))
    settle(clock)
    second = begin(since=timezone.now() - DAY)
    settle(clock)
    assert second.recoveries.filter(publication=posts[4]).exists()
    assert first.recoveries.count() == 1
    assert "3 of 4 are proved gone" in second.tally().sentence
    assert len(finished()) == 1


@pytest.mark.parametrize("name", ["author", "viewer", "stranger"])
def test_only_who_may_takes_everything_down(posts, begin, name, request):
    with pytest.raises(NotAllowed):
        begin(by=request.getfixturevalue(name))
    assert not Emergency.objects.exists()
    assert not Pause.objects.exists()


def test_one_whose_author_may_no_longer_do_it_is_found(posts, page, begin, operator, second_operator, outbox, clock):
    scope = Scope(page.client, timezone.now() - DAY)
    emergency = Emergency.objects.declare(scope, operator, "Wrong prices", False, "web", uuid.uuid4())
    assert list(orphaned_emergencies(timezone.now())) == []
    operator.groups.clear()
    [finding] = orphaned_emergencies(timezone.now())
    assert finding.link == emergency.get_absolute_url()
    begin(by=second_operator)
    settle(clock)
    assert (live(outbox), list(orphaned_emergencies(timezone.now()))) == ([], [])


def test_who_may_not_pause_may_take_down_without_a_pause(posts, begin, author):
    author.user_permissions.add(Permission.objects.get(codename="recover_publication"))
    author = type(author).objects.get(pk=author.pk)
    with pytest.raises(NotAllowed, match="pause or resume"):
        begin(by=author)
    assert begin(by=author, pause=False).recoveries.count() == 5


def test_a_reason_a_past_time_and_something_to_take_down_are_needed(posts, begin):
    with pytest.raises(Refused, match="Say why"):
        begin(reason=" ")
    with pytest.raises(Refused, match="lies ahead"):
        begin(since=timezone.now() + timedelta(minutes=1))
    with pytest.raises(Refused, match="Nothing of Café Lua since"):
        begin(since=timezone.now() - timedelta(minutes=1))
    assert not Pause.objects.exists()
