"""The sweep sets each alarm once, and anew where it was lost or taken by a worker that died."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from publishing.tasks import sweep
from sophia.alarms import PUBLISH
from tests import make

MINUTE = timedelta(minutes=1)


@pytest.fixture
def due(draft, operator, clock):
    """Approved, in two minutes."""
    return make.approved(draft, operator, at=timezone.now() + 2 * MINUTE)


def signed(job):
    return SignedPackage.dumps(job)


def alarms():
    """For what, as far as its row knows, and when."""
    rows = OrmQ.objects.filter(key=PUBLISH).order_by("pk")
    return [(row.task["func"].rpartition(".")[2], row.lock - timezone.now()) for row in rows]


def test_what_is_set_is_not_set_again(due, clock):
    before = alarms()
    sweep()
    assert alarms() == before
    clock.tick(10 * MINUTE)
    sweep()
    sweep()
    assert sorted(name for name, _ in alarms()) == ["prepare", "publish"]


def test_what_was_lost_is_set_again(due):
    OrmQ.objects.all().delete()
    sweep()
    assert ("publish", 2 * MINUTE) in alarms()


def test_what_a_worker_took_is_set_again(due, clock):
    clock.tick(3 * MINUTE)
    OrmQ.objects.update(lock=timezone.now() + 4 * MINUTE)
    sweep()
    assert alarms()[-1] == ("publish", -MINUTE)


def test_an_alarm_for_another_time_is_none(due, operator):
    OrmQ.objects.update(lock=due.publish_at + MINUTE)
    sweep()
    assert ("publish", 2 * MINUTE) in alarms()


def test_an_alarm_that_goes_off_too_early_is_none(due, clock):
    OrmQ.objects.update(lock=timezone.now())
    sweep()
    assert ("publish", 2 * MINUTE) in alarms()


def test_the_alarm_of_another_post_is_none(due, page, author, operator):
    other = make.approved(make.draft(page, author, text="Rolls."), operator, at=due.publish_at)
    row = next(row for row in OrmQ.objects.all() if other.pk in row.task["args"] and "publish" in row.task["func"])
    row.delete()
    sweep()
    assert len([name for name, _ in alarms() if name == "publish"]) == 2


def test_what_no_worker_would_run_stops_no_sweep(due):
    OrmQ.objects.all().delete()
    payloads = ["x", signed({}), signed({"func": "os.system", "args": [{}]})]
    odd = [OrmQ(key=PUBLISH, payload=payload, lock=lock) for payload in payloads for lock in (None, due.publish_at)]
    last = OrmQ.objects.bulk_create(odd)[-1]
    sweep()
    assert [row.task["args"] for row in OrmQ.objects.filter(pk__gt=last.pk, lock=due.publish_at)] == [[due.pk]]
