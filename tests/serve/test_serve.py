import os
import signal
from contextlib import closing

import pytest

from sophia.alarms import CHORES, PUBLISH
from tests.health.listening import Listener
from tests.serve.served import run

pytestmark = pytest.mark.crash


def test_it_says_where_it_answers(serve):
    serve.start()
    assert serve.greeting == f"Sophia is ready: http://127.0.0.1:{serve.port}/\n"
    assert serve.answers()
    assert serve.get("/static/admin/css/base.css").status_code == 200


def test_a_stop_leaves_nothing_behind(serve):
    serve.start()
    assert serve.stop() == 0
    assert not serve.family()


def test_a_running_job_may_finish(serve):
    serve.start()
    serve.shell("from django_q.tasks import async_task; async_task('time.sleep', 2)")
    serve.until(lambda: serve.queued() == ["running"])
    assert serve.stop() == 0
    assert serve.queued() == []


def test_a_second_signal_stops_at_once(serve):
    serve.start()
    serve.kill(serve.idle_worker())  # a frozen cluster would not stop by itself
    serve.process.send_signal(signal.SIGINT)
    serve.until(lambda: "Ctrl-C again" in serve.log.read_text())
    serve.process.send_signal(signal.SIGINT)
    assert serve.process.wait(60) == 0
    assert not serve.family()


def test_somebody_outside_hears_that_it_began(serve):
    with closing(Listener(200, "OK")) as outside:
        serve.environment["SOPHIA_PING_URL"] = f"{outside.url}/a-secret"
        serve.start()
        outside.until(lambda: outside.paths == ["/a-secret/start"])


def test_a_killed_web_comes_back(serve):
    serve.start()
    before = set(serve.workers())
    serve.kill(serve.web()[0])
    serve.until(lambda: "the web has stopped" in serve.log.read_text())
    serve.until(serve.answers)
    assert set(serve.workers()) == before


@pytest.mark.parametrize("victim", ["main", "sentinel"])
def test_a_killed_cluster_is_replaced_by_exactly_one(serve, victim):
    serve.start()
    before, others = set(serve.workers(PUBLISH)), set(serve.workers(CHORES))
    serve.kill(serve.main() if victim == "main" else serve.sentinel())
    serve.until(lambda: serve.is_complete() and not before & set(serve.workers()))
    assert others == set(serve.workers(CHORES))
    assert serve.answers()


def test_a_frozen_cluster_is_restarted_and_the_other_left_alone(serve):
    serve.start()
    before, others = set(serve.workers(PUBLISH)), set(serve.workers(CHORES))
    serve.kill(serve.idle_worker())
    serve.until(lambda: "the cluster “publish” finished nothing for 15 s" in serve.log.read_text())
    serve.until(lambda: serve.is_complete() and not before & set(serve.workers()))
    assert others == set(serve.workers(CHORES))


def test_idle_clusters_are_left_alone(serve):
    serve.start()
    before = set(serve.workers())
    with pytest.raises(AssertionError, match="in vain"):
        serve.until(lambda: not before <= set(serve.workers()), seconds=7)


def test_a_killed_serve_takes_everything_with_it(serve):
    serve.start()
    serve.kill(serve.process.pid)
    serve.process.wait()
    serve.until(lambda: not serve.family())


def test_serve_and_its_cluster_killed_together_leave_no_orphan(serve):
    serve.start()
    main = serve.main()
    serve.kill(serve.process.pid)
    serve.kill(main)
    serve.process.wait()
    serve.until(lambda: not serve.family())


def test_it_can_be_started_from_any_folder(serve, tmp_path):
    serve.folder = tmp_path
    serve.start()
    assert serve.answers()


def test_it_says_that_the_port_is_taken(serve, environment):
    serve.start()
    answer = run(environment, "serve", "--port", str(serve.port))
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"CommandError: Port {serve.port} is taken.")


def test_it_asks_for_bin_setup_when_tables_are_missing(tmp_path):
    answer = run(os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite3'}"}, "serve", "--port", "18999")
    assert answer.returncode == 1
    assert "Run bin/setup." in answer.stderr


def test_a_page_hears_what_another_process_publishes(serve):
    serve.start()
    told = "from sophia import live; live.publish('desk', 'draft.submitted', {'word': 'hello'})"
    with serve.signed_in_stream() as tab:
        serve.shell(told)
        assert tab.hear()[1]["word"] == "hello"
