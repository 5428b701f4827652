"""Figures for whoever watches over the desk, and for nobody else."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from publishing.models import Publication
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from sophia.models import Heartbeat
from tests import make

TOKEN = "a-token-of-more-than-twenty-signs"


@pytest.fixture
def asked(client, db, settings):
    """The figures, read as Prometheus reads them: `name` or `name{label}`."""
    settings.SOPHIA_METRICS_TOKEN = TOKEN

    def ask():
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
        families = text_string_to_metric_families(answer.content.decode())
        return {
            "/".join([sample.name, *sample.labels.values()]): sample.value
            for family in families
            for sample in family.samples
        }

    return ask


def test_without_a_token_in_the_settings_there_is_no_such_page(client, db):
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer tökén"])
def test_another_token_gets_nothing(client, db, settings, sent):
    settings.SOPHIA_METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"Authorization": sent})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert b"sophia_" not in answer.content


def test_an_empty_desk_has_every_figure(asked):
    figures = asked()
    assert figures["sophia_publications/queued"] == 0
    assert figures["sophia_attempts_last_hour/published"] == 0
    assert figures["sophia_jobs/publish"] == 0
    assert figures["sophia_heartbeat_seconds/publish"] == float("inf")
    assert figures["sophia_sound"] == 0


def test_what_waits_fails_and_goes_out_is_counted(asked, page, author, operator):
    make.published(make.draft(page, author, text="Out."), operator)
    memory.fail_next("commit", PlatformError(Kind.REJECTED, "No."))
    failing = make.approved(make.draft(page, author, text="Fails."), operator)
    failing.publish()
    make.approved(make.draft(page, author, text="Waits."), operator, at=timezone.now() + timedelta(days=1))
    Heartbeat.note("machine publish", timedelta())
    figures = asked()
    assert (figures["sophia_publications/queued"], figures["sophia_publications/failed"]) == (1, 1)
    assert (figures["sophia_attempts_last_hour/published"], figures["sophia_attempts_last_hour/rejected"]) == (1, 1)
    assert figures["sophia_publications_due"] == 0
    assert figures["sophia_jobs/publish"] > 0
    assert figures["sophia_heartbeat_seconds/publish"] < 60


def test_it_costs_the_same_with_more_to_count(asked, page, author, operator, django_assert_max_num_queries):
    def fill(number):
        for _ in range(number):
            make.approved(make.draft(page, author), operator)
        Publication.objects.update(publish_at=timezone.now() - timedelta(minutes=6))

    fill(1)
    with CaptureQueriesContext(connection) as one:
        asked()
    fill(4)
    with django_assert_max_num_queries(len(one)):
        asked()
    assert len(one) <= 56


def test_a_database_that_is_down_is_an_answer(client, db, settings):
    settings.SOPHIA_METRICS_TOKEN = TOKEN

    def refuse(*_):
        raise OperationalError("The server closed the connection.")

    with connection.execute_wrapper(refuse):
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 503
