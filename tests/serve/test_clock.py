"""The wall clock is put back or forward while Sophia runs."""

import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from freezegun import freeze_time

from sophia import clock, schedules
from sophia.alarms import PUBLISH, pull_in, set_alarm
from sophia.clock import Clock
from sophia.management.commands import serve
from sophia.models import Heartbeat
from sophia.notifications.models import Notice

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def wall():
    """The steady clock goes on as it does."""
    with freeze_time(timezone.now()) as frozen:
        schedules.sync()
        Schedule.objects.update(next_run=timezone.now() + timedelta(minutes=1))
        Heartbeat.note("machine publish", timedelta())
        yield frozen


@pytest.mark.parametrize(("by", "way"), [(-HOUR, "back by 60 minutes"), (HOUR, "forward by 60 minutes")])
def test_a_step_declares_the_rhythms_afresh_and_is_told_urgently(wall, by, way):
    watched = Clock()
    wall.tick(by)
    watched.look()
    assert not Schedule.objects.filter(next_run__gt=timezone.now()).exists()
    assert not Heartbeat.objects.filter(seen_at__gt=timezone.now()).exists()
    notice = Notice.objects.get()
    assert notice.urgent
    assert way in notice.sentence
    watched.look_at = 0
    watched.look()
    assert Notice.objects.count() == 1


def test_a_clock_that_runs_is_no_step(wall):
    watched = Clock()
    for _ in range(10):
        wall.tick(timedelta(seconds=30))
        watched.look()
    assert not Notice.objects.exists()


def test_jobs_that_now_lie_far_ahead_come_now(wall):
    set_alarm("sophia.heartbeat.beat", "x", "y", at=timezone.now(), queue=PUBLISH)
    wall.tick(-HOUR)
    assert OrmQ.objects.get().lock > timezone.now()
    Clock()
    clock.set_right(-HOUR)
    assert OrmQ.objects.get(payload=OrmQ.objects.first().payload).lock <= timezone.now()


def test_alarms_of_the_next_minutes_are_left_alone(wall):
    at = timezone.now() + timedelta(minutes=3)
    set_alarm("sophia.heartbeat.beat", "x", "y", at=at, queue=PUBLISH)
    pull_in()
    assert OrmQ.objects.get().lock == at


def test_a_step_while_the_database_is_away_is_kept(wall, monkeypatch):
    def away(*_):
        raise OperationalError("connection refused")

    watched = Clock()
    wall.tick(-HOUR)
    with connection.execute_wrapper(away):
        watched.look()
    watched.look_at = 0
    watched.look()
    assert Notice.objects.count() == 1


def test_the_steady_clock_is_put_nowhere(wall):
    before = clock.steady()
    wall.tick(-HOUR)
    assert 0 <= clock.steady() - before < 60
    assert time.time() < timezone.now().timestamp() + 1


def test_where_web_and_workers_run_apart_one_of_them_tells():
    assert serve.beside({"web_only": True}) == []
    assert len(serve.beside({"web_only": False})) == 1
