"""Workers run what is declared, whatever a row of django-q2's tables says."""

import inspect
import pickle
import re
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import signing
from django.db.models.signals import post_save
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.brokers import get_broker
from django_q.models import OrmQ, Schedule, Success, Task
from django_q.scheduler import scheduler
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from sophia import jobs, schedules
from sophia.alarms import CHORES, set_alarm
from sophia.broker import read

pytestmark = pytest.mark.django_db
ALARMS = re.compile(r'(?:set_alarm|async_task)\(\s*"([\w.]+)"')
SWEEP = "publishing.tasks.sweep"


class Bomb:
    """What runs when somebody unpickles it."""

    def __reduce__(self):
        return Path.touch, (Path("/tmp/sophia-bomb"),)


@pytest.fixture(autouse=True)
def bomb():
    fuse = Path("/tmp/sophia-bomb")
    fuse.unlink(missing_ok=True)
    yield
    assert not fuse.exists()


def queue(payload):
    OrmQ.objects.create(key=CHORES, payload=payload, lock=timezone.now())


def taken():
    """The functions that a worker is given."""
    OrmQ.objects.update(lock=timezone.now() - timedelta(seconds=1))
    found = get_broker(CHORES).dequeue() or []
    return [read(payload)["func"] for _, payload in found]


def test_every_job_is_one_function_that_takes_ids_and_times():
    for path in jobs.DECLARED:
        parameters = inspect.signature(import_string(path)).parameters.values()
        assert {each.annotation for each in parameters} <= {int, str}, path


def test_what_is_declared_is_what_the_code_wakes():
    folders = [settings.BASE_DIR / name for name in ("sophia", "publishing", "approval")]
    code = "".join(file.read_text() for folder in folders for file in folder.rglob("*.py"))
    assert {*ALARMS.findall(code), *(rhythm.path for rhythm in schedules.RHYTHMS)} == jobs.DECLARED


def test_no_alarm_is_set_for_another_function():
    with pytest.raises(ValueError, match="does not declare"):
        set_alarm("os.system", "true", at=timezone.now())


def test_what_is_declared_reaches_the_workers():
    set_alarm(SWEEP, at=timezone.now())
    assert taken() == [SWEEP]


@pytest.mark.parametrize(
    "job",
    [
        {"func": "os.system", "args": ["touch /tmp/sophia-bomb"]},
        {"func": SWEEP, "hook": "os.system"},
        {"func": SWEEP, "chain": [["os.system", ["true"]]]},
        {"func": SWEEP, "timeout": 10**9},
        {"func": SWEEP, "kwargs": {"x": 1}},
        {"func": SWEEP, "args": [["a list"]]},
        {"func": SWEEP, "sync": True},
        {"func": ["os.system"]},
        {},
    ],
    ids=str,
)
def test_another_signed_job_is_thrown_away(job):
    queue(SignedPackage.dumps(job))
    assert taken() == []
    assert not OrmQ.objects.exists()


def test_a_signed_pickle_is_not_opened():
    """As older versions queued them, and as whoever has the key would."""

    class Pickled:
        dumps = staticmethod(pickle.dumps)

    payload = signing.dumps({"func": SWEEP, "args": [Bomb()]}, salt="sophia", serializer=Pickled)
    queue(payload)
    assert taken() == []
    assert not OrmQ.objects.exists()


def test_an_unsigned_job_is_thrown_away():
    queue("nonsense")
    assert taken() == []
    assert not OrmQ.objects.exists()


@pytest.mark.parametrize("columns", [{"func": "os.system"}, {"func": SWEEP, "hook": "os.system"}], ids=str)
def test_a_row_of_the_schedule_runs_nothing_else(columns, monkeypatch):
    monkeypatch.setattr("django_q.scheduler.close_old_django_connections", int)
    past = timezone.now() - timedelta(seconds=1)
    Schedule.objects.create(schedule_type=Schedule.ONCE, args="'true'", next_run=past, **columns)
    scheduler(broker=get_broker(CHORES))
    assert OrmQ.objects.exists()
    assert taken() == []


def test_the_result_of_a_job_is_read_and_not_run():
    rigged = b64encode(pickle.dumps(Bomb())).decode()
    row = Task.objects.create(id="x", name="x", func=SWEEP, started=timezone.now(), stopped=timezone.now())
    Success.objects.filter(pk="x").update(result=rigged, args=rigged, kwargs=rigged)
    row.refresh_from_db()
    assert row.result == rigged


def test_a_row_that_names_a_hook_calls_nothing():
    assert not post_save.has_listeners(Task)


def test_a_rhythm_goes_through():
    async_task(SWEEP, q_options={"broker": get_broker(CHORES), "group": "sweep"})
    assert taken() == [SWEEP]
