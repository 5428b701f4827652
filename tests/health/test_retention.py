"""What is old and no evidence goes. What proves something stays for ever."""

import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_eventstream.models import Event, EventCounter
from django_q.models import OrmQ, Task

from approval.clientlinks.models import Visit
from publishing.dossier import collect
from publishing.models import Publication
from sophia import retention
from sophia.models import Heartbeat
from sophia.notifications.models import Delivery, Notice, Subscription
from sophia.signin.models.tries import SignInTry, What
from tests import make
from tests.publishing.test_archive import KEPT, archived  # noqa: F401

YEARS = timedelta(days=800)


@pytest.fixture
def everything(db, operator, page, settings):
    """One row of each kind that is forgotten, made now."""
    now = timezone.now()
    settings.SOPHIA_NOTICE_HOSTS = ["127.0.0.1"]
    page.calls.create(at=now, verb="read", method="GET", path="x", milliseconds=1)
    Notice.objects.tell("account.connected", "Told.")
    Task.objects.create(id=uuid.uuid4().hex, name="x", func="x", started=now, stopped=now, success=False)
    for number in (7, 8):
        Event.objects.create(channel="desk", type="message", data="{}", eid=number)
    EventCounter.objects.update_or_create(name="desk", defaults={"value": 8})
    link, _ = make.client_link(page.client, operator, days=300)
    link.visits.create(at=now)
    Session.objects.create(session_key="x", expire_date=now + timedelta(days=1))
    token, _ = make.token(operator)
    token.answers.create(key="x", at=now)
    SignInTry.objects.create(what=What.PASSWORD, who="x", at=now)
    Heartbeat.note("machine publish", timedelta())
    make.image()
    return page


def test_each_kind_goes_when_it_is_old(everything, clock):
    clock.tick(YEARS)
    gone = retention.prune()
    assert {name for name, count in gone.items() if count == 0} == {"uploads"}
    assert set(retention.prune().values()) == {0}
    assert Event.objects.filter(eid=8).exists()


def test_what_is_fresh_stays(everything):
    assert set(retention.prune().values()) == {0}


def test_no_dossier_loses_a_word(archived, clock):  # noqa: F811
    def dossier():
        return collect.document(Publication.objects.get(pk=archived.pk), [b""])

    clock.tick(YEARS)
    before = dossier()
    assert retention.prune()["calls"] > 0
    assert dossier() == before


def test_nothing_that_proves_something_is_in_the_list():
    models = {kind.rows().model for kind in retention.FORGOTTEN}
    pointing = {field.related_model for model in models for field in model._meta.related_objects}
    assert not models & set(KEPT)
    assert pointing <= {*models, Delivery, *(apps.get_model("django_q", name) for name in ("Success", "Failure"))}


def test_what_a_client_was_shown_of_a_draft_stays(draft, page, operator, clock):
    link, _ = make.client_link(page.client, operator)
    link.visits.create(draft=draft, digest=draft.digest())
    clock.tick(YEARS)
    retention.prune()
    assert Visit.objects.count() == 1


def test_a_notice_that_a_channel_waits_for_stays(db, operator, settings, clock):
    settings.SOPHIA_NOTICE_HOSTS = ["127.0.0.1"]
    Subscription.objects.subscribe(by=operator, name="Team", url="json://127.0.0.1/x", preset="everything")
    Notice.objects.tell("account.connected", "Waits.")
    clock.tick(YEARS)
    assert retention.prune()["notices"] == 0
    Delivery.objects.waiting().skip("Enough.")
    assert retention.prune()["notices"] == 1


def test_what_is_too_much_for_one_job_is_left_to_the_next(everything, clock, monkeypatch):
    clock.tick(YEARS)
    monkeypatch.setattr(retention, "ENOUGH", -1.0)
    retention.prune()
    assert everything.calls.exists()
    assert OrmQ.objects.filter(lock=timezone.now() + timedelta(minutes=1)).exists()
