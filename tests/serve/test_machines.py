"""Several `serve` on one database. SQLite stands in for PostgreSQL: to the queues it is the same."""

import pytest

from sophia.alarms import CHORES, PUBLISH, QUEUES
from tests.serve.served import Served, run

pytestmark = pytest.mark.crash

JOBS = """
from datetime import datetime, UTC
from django_q.tasks import async_task
from sophia.alarms import EtaBroker
for path, arg, queue in {jobs!r}:
    async_task(path, arg, q_options={{"broker": EtaBroker(datetime.now(UTC), queue)}})
"""
DONE = "SELECT count(*), count(DISTINCT name) FROM django_q_task WHERE func = 'builtins.abs'"
ALIVE = "SELECT count(*) FROM sophia_heartbeat WHERE name <> 'sweep'"


@pytest.fixture
def other(environment, tmp_path):
    served = Served(environment, tmp_path / "other.log")
    yield served
    served.clean_up()


def test_two_groups_of_workers_share_the_work_and_double_nothing(serve, other):
    serve.start("--workers-only")
    other.start("--workers-only")
    assert serve.greeting == other.greeting == "Sophia is ready: the workers\n"
    assert not serve.web()
    assert "Workers on another machine need PostgreSQL" in serve.log.read_text()
    assert serve.rows(ALIVE) == [(2 * len(QUEUES),)]
    serve.shell(
        JOBS.format(jobs=[("builtins.abs", -number, queue) for number in range(20) for queue in (CHORES, PUBLISH)])
    )
    serve.until(lambda: serve.rows(DONE) == [(40, 40)])
    assert serve.rows("SELECT name, count(*) FROM django_q_schedule GROUP BY name HAVING count(*) > 1") == []
    for group in (serve, other):
        group.process.terminate()
    for group in (serve, other):
        assert group.process.wait(90) == 0
        assert not group.family()
    assert serve.rows(ALIVE) == [(0,)]


def test_publishing_goes_on_while_chores_are_blocked(serve):
    serve.start("--workers-only")
    serve.shell(JOBS.format(jobs=[("time.sleep", 20, CHORES)] * 4))
    serve.until(lambda: serve.queued().count("running") >= 2)
    serve.shell(JOBS.format(jobs=[("builtins.abs", -1, PUBLISH)]))
    serve.until(lambda: serve.rows(DONE) == [(1, 1)])
    assert serve.rows("SELECT count(*) FROM django_q_task WHERE func = 'time.sleep'") == [(0,)]


def test_the_web_runs_without_workers(serve):
    serve.start("--web-only")
    assert serve.answers()
    assert not serve.workers()
    assert serve.stop() == 0


def test_a_machine_without_the_media_folder_does_not_start(environment, tmp_path):
    claim = "from django.db import transaction\nfrom sophia import media\nwith transaction.atomic(): media.claim()"
    assert run(environment, "shell", "-v0", "-c", claim).returncode == 0
    answer = run(environment | {"SOPHIA_MEDIA": str(tmp_path / "not mounted")}, "serve", "--workers-only")
    assert answer.returncode == 1
    assert answer.stderr.startswith("CommandError: The media folder")
    assert "is not the one of this desk" in answer.stderr
