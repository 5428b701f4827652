from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Schedule

from sophia import schedules
from sophia.alarms import PUBLISH

pytestmark = pytest.mark.django_db


def declared():
    return {rhythm.name for rhythm in schedules.RHYTHMS}


def test_every_rhythm_has_one_row():
    schedules.sync()
    schedules.sync()
    assert sorted(Schedule.objects.values_list("name", flat=True)) == sorted(declared())


def test_the_sweep_runs_every_minute_for_ever():
    schedules.sync()
    sweep = Schedule.objects.get(name="sweep")
    assert (sweep.func, sweep.schedule_type, sweep.minutes) == ("publishing.tasks.sweep", Schedule.MINUTES, 1)
    assert (sweep.repeats, sweep.args, sweep.kwargs) == (-1, None, None)
    assert sweep.next_run <= timezone.now()


@pytest.mark.parametrize("path", [rhythm.path for rhythm in schedules.RHYTHMS])
def test_every_rhythm_names_a_function_that_exists(path):
    assert callable(import_string(path))


def test_a_row_that_would_stop_all_others_is_repaired():
    Schedule.objects.create(name="sweep", func="os.system", args="(not python", repeats=0, cluster="elsewhere")
    schedules.sync()
    sweep = Schedule.objects.get(name="sweep")
    assert (sweep.func, sweep.args, sweep.repeats, sweep.cluster) == ("publishing.tasks.sweep", None, -1, PUBLISH)


def test_what_is_not_declared_is_removed():
    Schedule.objects.create(name="yesterday's idea", func="os.system", args="(not python")
    Schedule.objects.create(name="sweep", func="publishing.tasks.sweep")
    Schedule.objects.create(name="sweep", func="publishing.tasks.sweep")
    schedules.sync()
    assert {row.name for row in Schedule.objects.all()} == declared()


def test_what_wakes_all_others_waits_behind_no_chore_that_hangs():
    schedules.sync()
    apart = Schedule.objects.filter(cluster=PUBLISH).values_list("name", flat=True)
    assert set(apart) == {"sweep", "deliveries", "doctor"}
    assert set(Schedule.objects.exclude(cluster=PUBLISH).values_list("cluster", flat=True)) <= {None}


def test_a_restart_does_not_push_a_rhythm_back():
    schedules.sync()
    Schedule.objects.update(next_run=timezone.now() - timedelta(minutes=3))
    before = Schedule.objects.get(name="sweep").next_run
    schedules.sync()
    assert Schedule.objects.get(name="sweep").next_run == before
