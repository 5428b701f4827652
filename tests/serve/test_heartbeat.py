from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_q.models import OrmQ
from django_q.signals import post_execute
from freezegun import freeze_time

from sophia.alarms import CHORES, PUBLISH
from sophia.heartbeat import Watch, beat, cluster_name
from sophia.models import Heartbeat
from tests.draining import drain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def name(monkeypatch):
    monkeypatch.setenv("SOPHIA_CLUSTER", "desk-1")


@pytest.fixture
def steady(monkeypatch):
    """The supervisor's steady clock, moved by hand."""
    clock = [1000.0]
    monkeypatch.setattr("sophia.heartbeat.monotonic", lambda: clock[0])
    return clock


@pytest.fixture
def watch(steady):
    return Watch("desk-1", CHORES, timedelta(seconds=75))


def finish_a_job():
    post_execute.send(sender="django_q", task={})


def after(steady, watch, seconds, step=4):
    """Whether the watch has seen a frozen cluster at any time until then."""
    end = steady[0] + seconds
    frozen = False
    while steady[0] < end:
        steady[0] += step
        frozen = watch.sees_frozen() or frozen
    return frozen


def test_any_finished_job_is_a_sign_of_life():
    finish_a_job()
    assert Heartbeat.objects.get().name == cluster_name() == "desk-1"


def test_a_busy_cluster_is_noted_now_and_then():
    with freeze_time("2026-05-01 09:00:00") as now:
        finish_a_job()
        first = Heartbeat.objects.get().seen_at
        now.tick(4)
        finish_a_job()
        assert Heartbeat.objects.get().seen_at == first
        now.tick(2)
        finish_a_job()
        assert Heartbeat.objects.get().seen_at == first + timedelta(seconds=6)


def test_a_clock_that_was_set_back_does_not_hide_life():
    with freeze_time("2026-05-01 09:00:00"):
        finish_a_job()
    with freeze_time("2026-05-01 08:00:00"):
        finish_a_job()
        assert Heartbeat.objects.get().seen_at == timezone.now()


def test_a_cluster_that_finishes_jobs_is_alive(steady, watch):
    for _ in range(10):
        assert not after(steady, watch, 60)
        Heartbeat.objects.update_or_create(name="desk-1", defaults={"seen_at": timezone.now()})


def test_silence_for_75_seconds_is_frozen(steady, watch):
    assert not after(steady, watch, 72)
    assert after(steady, watch, 8)


def test_a_cluster_that_was_just_started_has_time(steady, watch):
    after(steady, watch, 200)
    watch.reset()
    assert not after(steady, watch, 72)


def test_a_cluster_that_has_not_begun_yet_is_not_killed_at_five_seconds(steady):
    quick = Watch("desk-1", CHORES, timedelta(seconds=5))
    assert not after(steady, quick, 28)
    assert after(steady, quick, 8)


def test_a_machine_too_slow_to_start_in_time_gets_twice_the_time(steady, watch):
    for seconds in (75, 150, 240, 240):
        assert not after(steady, watch, seconds - 4)
        assert after(steady, watch, 8)
        watch.give_up()
        watch.reset()


def test_one_that_worked_before_is_given_no_more_time_for_being_frozen(steady, watch):
    finish_a_job()
    watch.sees_frozen()
    assert after(steady, watch, 80)
    watch.give_up()
    assert watch.patience == 75


def test_the_life_of_another_machine_does_not_count(steady, watch):
    Heartbeat.objects.create(name="desk-2", seen_at=timezone.now())
    assert after(steady, watch, 80)


def test_silence_of_the_database_is_not_silence_of_the_cluster(steady, watch, monkeypatch):
    def away(self):
        raise OperationalError("connection refused")

    monkeypatch.setattr(Watch, "look", away)
    assert not after(steady, watch, 500)


def test_a_database_that_is_away_is_not_asked_all_the_time(steady, watch, monkeypatch):
    looks = []

    def away(self):
        looks.append(steady[0])
        raise OperationalError("connection refused")

    monkeypatch.setattr(Watch, "look", away)
    after(steady, watch, 30, step=0.2)
    assert len(looks) <= 30 / watch.look_every + 1


def test_a_cluster_that_was_just_started_is_asked_at_once(steady, watch):
    watch.sees_frozen()
    assert (OrmQ.objects.get().func(), watch.is_ready()) == ("sophia.heartbeat.beat", False)
    finish_a_job()
    watch.sees_frozen()
    assert watch.is_ready()


def test_a_silent_cluster_is_asked_with_one_question_at_a_time(steady, watch):
    Heartbeat.objects.create(name="desk-1", seen_at=timezone.now())
    after(steady, watch, 15)
    assert not OrmQ.objects.exists()
    after(steady, watch, 60)
    assert OrmQ.objects.get().func() == "sophia.heartbeat.beat"


def test_each_queue_is_asked_in_its_own(steady, watch):
    Watch("desk-1 publish", PUBLISH, timedelta(seconds=75)).sees_frozen()
    watch.sees_frozen()
    assert sorted(OrmQ.objects.values_list("key", flat=True)) == [PUBLISH, CHORES]


def test_a_stop_takes_back_the_note_and_the_question(steady, watch):
    Heartbeat.objects.create(name="desk-1", seen_at=timezone.now())
    after(steady, watch, 40)
    watch.close()
    assert not Heartbeat.objects.exists()
    assert not OrmQ.objects.exists()


def test_a_question_for_another_cluster_is_passed_on():
    beat("desk-2", (timezone.now() + timedelta(seconds=15)).isoformat())
    assert OrmQ.objects.get().args()[0] == "desk-2"


def test_a_question_that_is_too_old_is_dropped():
    beat("desk-2", (timezone.now() - timedelta(seconds=1)).isoformat())
    beat("desk-1", (timezone.now() + timedelta(seconds=15)).isoformat())
    assert drain() == 0


def test_old_rows_are_forgotten():
    Heartbeat.objects.create(name="gone", seen_at=timezone.now() - timedelta(hours=25))
    Heartbeat.objects.create(name="desk-1", seen_at=timezone.now())
    Heartbeat.forget_old()
    assert Heartbeat.objects.get().name == "desk-1"
