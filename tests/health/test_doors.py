import json
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publishing.models import Publication
from sophia import schedules
from sophia.health import figures
from sophia.health.signs import QUEUES
from sophia.models import Heartbeat
from tests import make
from tests.commands.conftest import command  # noqa: F401


@pytest.fixture
def working(db):
    schedules.sync()
    for name in ("sweep", *(f"machine {queue}" for queue in QUEUES)):
        Heartbeat.note(name, timedelta())


def test_a_desk_that_works_says_so_to_anybody_and_nothing_else(client, working):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "sound", "problems": []})
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_figures_are_for_people_of_the_desk_and_for_who_has_the_token(client, working, viewer, stranger, settings):
    settings.SOPHIA_METRICS_TOKEN = "a-token-of-more-than-twenty-signs"
    sent = {"Authorization": f"Bearer {settings.SOPHIA_METRICS_TOKEN}"}
    assert set(client.get("/healthz", headers=sent).json()["heartbeats"]) == set(QUEUES)
    for person, sees_them in [(stranger, False), (viewer, True)]:
        client.force_login(person)
        assert ("overdue" in client.get("/healthz").json()) == sees_them


def test_an_empty_token_opens_nothing(client, working):
    assert "overdue" not in client.get("/healthz", headers={"Authorization": "Bearer "}).json()


@pytest.mark.parametrize("gone", ["sweep", *(f"machine {queue}" for queue in QUEUES)])
def test_workers_that_are_quiet_are_told(client, working, gone):
    Heartbeat.objects.filter(name=gone).update(seen_at=timezone.now() - timedelta(hours=1))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert len(answer.json()["problems"]) == 1


def test_a_desk_that_never_worked_is_not_sound(client, db):
    assert client.get("/healthz").status_code == 503


def test_what_is_overdue_is_told(desk, working, publication):
    make.behind_the_back(publication, publish_at=timezone.now() - timedelta(minutes=6))
    answer = desk.get("/healthz")
    assert (answer.status_code, answer.json()["overdue"], answer.json()["problems"]) == (503, 1, ["overdue"])


def test_what_is_stuck_is_told(client, working, publication):
    publication.claim()
    make.behind_the_back(publication, claimed_until=timezone.now() - timedelta(minutes=5))
    assert client.get("/healthz").json()["problems"] == ["stuck"]


def test_what_waits_for_a_person_is_counted_and_no_illness(desk, working, publication):
    late = timezone.now() - timedelta(minutes=31)
    make.behind_the_back(publication, slot_at=late, publish_at=late, scheduled_at=late)
    publication.refresh_from_db()
    publication.publish()
    answer = desk.get("/healthz")
    assert (answer.status_code, answer.json()["missed"]) == (200, 1)


def test_a_database_that_is_down_is_the_answer(client, db):
    def refuse(*_):
        raise OperationalError("The server closed the connection.")

    with connection.execute_wrapper(refuse):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "ill", "problems": ["database"]})


def test_it_costs_the_same_with_a_longer_queue(client, working, page, author, operator, django_assert_max_num_queries):
    def fill(number):
        for _ in range(number):
            make.approved(make.draft(page, author), operator)
        Publication.objects.update(publish_at=timezone.now() - timedelta(minutes=6))

    fill(1)
    with CaptureQueriesContext(connection) as one:
        client.get("/healthz")
    fill(4)
    with django_assert_max_num_queries(len(one)):
        client.get("/healthz")
    assert len(one) <= 36


def test_the_doctor_finds_nothing_in_a_sound_house(command, working):  # noqa: F811
    answer = command("doctor", "--json")
    assert (answer.code, answer.json["findings"]) == (0, [])
    assert "as it should be" in command("doctor").out


def test_the_doctor_says_what_to_do(command, working, publication):  # noqa: F811
    make.behind_the_back(publication, text="Something else.")
    answer = command("doctor", "--json", "--deep")
    assert answer.code == 1
    (finding,) = json.loads(answer.out)["findings"]
    assert finding["key"] == f"seal:{publication.pk}"
    assert "approve it again" in finding["to_do"]


def test_the_page_shows_findings_and_their_cure(client, working, operator, publication):
    client.force_login(operator)
    assert "Everything is as it should be" in client.get("/health/").content.decode()
    make.behind_the_back(publication, text="Something else.")
    assert "approve it again" in client.get("/health/").content.decode()


def test_the_page_is_for_people_of_the_desk(client, stranger):
    assert client.get("/health/").status_code == 302
    client.force_login(stranger)
    assert client.get("/health/").status_code == 403


def test_strangers_who_ask_again_and_again_cost_nothing(client, working, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(figures, "KEPT", 60.0)
    assert client.get("/healthz").status_code == 200
    Heartbeat.objects.all().delete()
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200
    figures.latest.until = 0.0
    assert client.get("/healthz").status_code == 503
