from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ
from freezegun import freeze_time

from sophia.alarms import CHORES, NOTICES, PUBLISH, TAKEDOWN, set_alarm
from tests.draining import drain

pytestmark = pytest.mark.django_db

RUNG = []


def ring(*args):
    RUNG.append(args)


@pytest.fixture(autouse=True)
def silence(settings):
    settings.SOPHIA_JOBS = {"tests.serve.test_alarms.ring"}
    RUNG.clear()


def test_an_alarm_rings_at_its_second_and_once():
    with freeze_time("2026-05-01 09:00:00") as now:
        set_alarm("tests.serve.test_alarms.ring", 7, "2026-05-01", at=timezone.now() + timedelta(seconds=30))
        now.tick(29)
        assert drain() == 0
        now.tick(1)
        assert drain() == 1
        assert drain() == 0
    assert RUNG == [(7, "2026-05-01")]


def test_an_alarm_that_is_rolled_back_does_not_ring():
    with transaction.atomic():
        set_alarm("tests.serve.test_alarms.ring", at=timezone.now())
        transaction.set_rollback(True)
    assert drain() == 0


@pytest.mark.parametrize("arg", [timezone.now(), uuid4(), None, 1.5, b"token", ["id"]])
def test_an_alarm_carries_only_ids_and_text(arg):
    with pytest.raises(TypeError, match="ids and ISO times"):
        set_alarm("tests.serve.test_alarms.ring", arg, at=timezone.now())
    assert not OrmQ.objects.exists()


def test_an_alarm_is_a_chore_unless_it_publishes():
    set_alarm("tests.serve.test_alarms.ring", 1, at=timezone.now())
    set_alarm("tests.serve.test_alarms.ring", 2, at=timezone.now(), queue=PUBLISH)
    assert sorted(OrmQ.objects.values_list("key", flat=True)) == [PUBLISH, CHORES]
    assert drain() == 2


def test_each_queue_has_a_cluster():
    assert settings.Q_CLUSTER["name"] == CHORES
    assert list(settings.Q_CLUSTER["ALT_CLUSTERS"]) == [PUBLISH, TAKEDOWN, NOTICES]
