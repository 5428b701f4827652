import pytest
from django.db import DatabaseError
from django_eventstream.models import Event
from redis.exceptions import ConnectionError as RedisAway

from sophia import live

pytestmark = pytest.mark.django_db


def test_an_event_is_a_row_that_every_process_can_read():
    live.publish("desk", "draft.approved", {"draft": 7})
    assert Event.objects.get(eid=1).channel == "desk"


def test_a_database_that_fails_does_not_disturb_what_was_told(monkeypatch, caplog):
    def fail(*args):
        raise DatabaseError("locked")

    monkeypatch.setattr(live.Storage, "append_event", fail)
    live.publish("desk", "draft.approved", {})
    assert "draft.approved" in caplog.text


def test_without_redis_running_the_event_is_kept_all_the_same(settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    live.publish("desk", "draft.approved", {})
    assert Event.objects.filter(eid=1).exists()
    assert issubclass(caplog.records[0].exc_info[0], RedisAway)
